"""Tables as sheets."""

from datetime import UTC, datetime

from longlist.model.table import Agent, Cell, CellValue, Column, ColumnConfig, Row, Table
from longlist.tables.export import head, line

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_no_two_columns_of_a_sheet_have_one_name_so_that_none_is_lost() -> None:
    configs = (
        ColumnConfig("agent", "site", "Site", Agent("llm", "?", "text")),
        ColumnConfig("input", "site_quote", "Quote"),
        ColumnConfig("agent", "sum", "Sum", Agent("llm", "?", "money")),
        ColumnConfig("input", "sum_currency", "Currency"),
        ColumnConfig("input", "site_quote_2", "Quote again"),
    )
    columns = tuple(Column(config.key, NOW, config) for config in configs)
    table = Table("t", "me", "generic", "T", NOW, NOW, columns=columns)
    data = {"site_quote": "by hand", "sum_currency": "CHF", "site_quote_2": "again"}
    row = Row("r", "t", 1, NOW, data, cells={"site": Cell("done", CellValue("a.com"))})
    sheet = dict(zip(head(table), line(table, row), strict=True))
    assert len(sheet) == len(head(table)) == len(line(table, row))
    assert (sheet["site"], sheet["site_quote"], sheet["site_quote_2"]) == ("a.com", None, "by hand")
    assert (sheet["site_quote_2_2"], sheet["sum_currency"], sheet["sum_currency_2"]) == ("again", None, "CHF")
