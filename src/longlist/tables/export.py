"""Tables as sheets: a head, and one list of values a row. Numbers stay numbers; each answer has its reason and proof beside it."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

from longlist.model.table import Cell, Column, ColumnConfig, Row, Table
from longlist.tables.forms import shown

BESIDE = ("explanation", "quote", "where", "sources")
ONLY_VALUE = frozenset({"company_name", "company_website"})


def head(table: Table) -> list[str]:
    """The names of the columns of a sheet, each once: one that an earlier column has gets a number behind it.

    A column `site_quote` beside a column `site`, which has its quotation beside it, comes to `site_quote_2`.
    """
    names: dict[str, None] = {}
    for name in (name for column in table.columns for name in _names(column.config)):
        free = (f"{name}_{number}" for number in itertools.count(2))
        names[name if name not in names else next(one for one in free if one not in names)] = None
    return list(names)


def line(table: Table, row: Row) -> list[Any]:
    """The values of a row, as many as `head` has names; None where there is none."""
    return [value for column in table.columns for value in _values(column, row)]


def _names(config: ColumnConfig) -> list[str]:
    names = [config.key]
    if config.agent is not None and config.agent.answers == "money":
        names.append(f"{config.key}_currency")
    if config.is_input or config.kind in ONLY_VALUE:
        return names
    return [*names, *(f"{config.key}_{part}" for part in BESIDE)]


def _values(column: Column, row: Row) -> Iterator[Any]:
    config = column.config
    if config.is_input:
        yield flat(row.data.get(column.id))
        return
    cell = row.cells.get(column.id)
    answer = None if cell is None or cell.value is None else cell.value.answer
    if config.agent is not None and config.agent.answers == "money":
        money = answer if isinstance(answer, dict) and "amount" in answer else {}
        yield money["amount"] if money else flat(answer)
        yield money.get("currency")
    else:
        yield flat(answer)
    if config.kind not in ONLY_VALUE:
        yield from _beside(cell)


def _beside(cell: Cell | None) -> Iterator[Any]:
    value = None if cell is None else cell.value
    failed = cell.error if cell is not None and cell.status == "failed" else ""
    yield f"failed: {failed}" if failed else (value.explanation or None if value is not None else None)
    proof = value.evidence[0] if value is not None and value.evidence else None
    yield proof.quote if proof is not None else None
    yield (proof.url or proof.record) if proof is not None else None
    yield " ".join(value.sources) or None if value is not None else None


def flat(value: Any) -> Any:
    """A value for one cell of a sheet: numbers and texts as they are, lists joined, objects as JSON."""
    if value is None or (isinstance(value, int | float | str) and not isinstance(value, bool)):
        return value
    if isinstance(value, list | tuple) and all(isinstance(one, str | int | float) for one in value):
        return "; ".join(shown(one) for one in value)
    if isinstance(value, bool):
        return shown(value)
    return json.dumps(value, ensure_ascii=False)
