"""Examples of answers about tables for the OpenAPI file, made as the others are."""

from datetime import UTC, datetime
from typing import Any

from longlist.model.company import text_hash
from longlist.model.criterion import Evidence
from longlist.model.table import (
    Agent,
    Cell,
    CellValue,
    Column,
    ColumnConfig,
    Row,
    Run,
    Table,
    Tally,
)
from longlist.serve.table_wire import (
    column_json,
    row_json,
    run_json,
    status_json,
    summary_json,
    table_json,
)
from longlist.serve.wire import Json
from longlist.store.table_store import Summary

_MADE = datetime(2026, 3, 2, 9, 41, 7, 310000, UTC)
_TABLE = "7c1e5a52-90d4-4a64-8f0e-3b1d6f2a9c85"
_ROW = "e2f4b6d8-1a3c-4e5f-8091-a2b3c4d5e6f7"
_QUOTE = "Founded in Porto in 2009."
_OWNER = {"id": "8d2f5c0e-2c7b-4c55-9a0f-0e1d2c3b4a59", "email": "ana@localhost"}
_ASKS = Agent("research_pro", "In which year was {company_name} founded?", "numeric")


def _columns() -> tuple[Column, ...]:
    configs = (
        ColumnConfig("input", "input", "Input"),
        ColumnConfig("company_name", "company_name", "Company name"),
        ColumnConfig("agent", "founded", "Founded", _ASKS),
    )
    return tuple(
        Column(f"{number}b3a5c7d-9e1f-4a2b-8c3d-4e5f6a7b8c9d", _MADE, one) for number, one in enumerate(configs, 1)
    )


def table_answers(task: Json) -> dict[str, Any]:
    """An example of the answer of each route about tables, by the name of the route; `task` is a task that is done."""
    columns = _columns()
    table = Table(_TABLE, _OWNER["id"], "company", "Cold chain in Iberia", _MADE, _MADE, None, ("logistics",), columns)
    proof = Evidence(_QUOTE, text_hash(_QUOTE), _MADE, url="https://frostline.example/about")
    row = Row(
        id=_ROW,
        table_id=_TABLE,
        seq=0,
        created_at=_MADE,
        data={columns[0].id: "frostline.example"},
        key="frostline.example",
        profile_id="4f1c2b3a-7d6e-5f80-91a2-b3c4d5e6f708",
        cells={
            columns[1].id: Cell("done", CellValue("Frostline", "The name on its own site.")),
            columns[2].id: Cell("done", CellValue(2009, "Stated on its own site.", (str(proof.url),), (proof,))),
        },
    )
    header, shown = table_json(table, _OWNER), row_json(table, row, None)
    begun = row_json(table, Row(_ROW, _TABLE, 0, _MADE, row.data, cells={columns[2].id: Cell("requested")}), None)
    status = {"status": status_json(table, Tally(1, 2, 0, 0))}
    run = Run("5d7f9b1c-3e5a-4c7d-9f1b-2a4c6e8f0a1b", _TABLE, _MADE, "new", None, None, 2)
    return {
        "list_tables": [summary_json(Summary(table, 1), _OWNER)],
        "create_table": header,
        "get_table": header | status,
        "update_table": header,
        "delete_table": header,
        "clone_table": header | {"id": "1a2b3c4d-5e6f-4708-9a1b-2c3d4e5f6a7b", "name": "Copy of Cold chain in Iberia"},
        "run_table": run_json(run, "in_progress"),
        "get_table_data": header | status | {"rows": [shown], "discovery_tasks": [task | {"table_id": _TABLE}]},
        "add_rows": [begun],
        "change_rows": [shown],
        "delete_rows": [_ROW],
        "get_row": shown | {"status": "idle", "columns": [column_json(column) for column in columns]},
        "add_columns": [column_json(columns[2])],
        "replace_column": column_json(columns[2]),
        "delete_column": column_json(columns[2]),
    }
