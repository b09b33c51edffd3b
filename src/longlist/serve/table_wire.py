"""Tables in the words of the wire format: contract §3."""

from collections.abc import Mapping
from typing import Any

from longlist.model.table import PEOPLE_RELATION, Cell, CellValue, Column, ColumnConfig, Row, Run, Table, Tally
from longlist.serve.wire import Json, evidence_json, timestamp
from longlist.store.table_store import Summary


def config_json(config: ColumnConfig) -> Json:
    """A column config."""
    value: Json | None = None
    more: Json = {}
    if config.agent is not None:
        agent = config.agent
        value = {"agent_type": agent.type, "prompt": agent.prompt, "output_format": agent.format}
        value |= {"labels": list(agent.labels) or None, "output_schema": agent.schema}
        value |= {"extra_dependencies": list(agent.needs) or None}
    elif config.finder is not None:
        finder = config.finder
        value = {"roles": list(finder.roles), "provider": finder.provider, "max_results": finder.most}
    elif config.kind == "criterion_grade":
        value = {"criterion": config.criterion}
    elif config.email_key:
        more = {"email_column_key": config.email_key}
    return {"kind": config.kind, "key": config.key, "name": config.name} | more | ({"value": value} if value else {})


def column_json(column: Column) -> Json:
    """A column object."""
    return {"id": column.id, "created_at": timestamp(column.created_at), "config": config_json(column.config)}


def table_json(table: Table, owner: Json) -> Json:
    """A table header; `owner` is its owner as `{id, email}`."""
    above = [] if table.parent_id is None else [table.parent_id]
    return {
        **_head(table),
        "columns": [column_json(column) for column in table.columns],
        "owner": owner,
        "child_relationships": [_relation(child) for child in table.child_ids],
        "parent_relationships": [_relation(parent) for parent in above],
    }


def summary_json(summary: Summary, owner: Json) -> Json:
    """A table in a list."""
    return {
        **_head(summary.table),
        "settings": {"exclude_from_search": False},
        "scope": "personal",
        "owner": owner,
        "num_rows": summary.rows,
    }


def status_json(table: Table, tally: Tally) -> Json:
    """The counts of a table."""
    inputs = sum(1 for column in table.columns if column.config.is_input)
    return {
        "num_rows": tally.rows,
        "num_columns": len(table.columns),
        "num_input_columns": inputs,
        "num_output_columns": len(table.columns) - inputs,
        "num_cells_completed": tally.done,
        "num_cells_in_progress": tally.waiting,
        "num_cells_failed": tally.failed,
        "run_status": "running" if tally.waiting else "idle",
    }


def row_json(table: Table, row: Row, parent_data: Json | None) -> Json:
    """A row object; `parent_data` holds the cells of the row above, where there is one."""
    return {
        "id": row.id,
        "created_at": timestamp(row.created_at),
        "parent_row_id": row.parent_row_id,
        "company_profile_id": row.profile_id,
        "data": data_json(table, row),
        "metadata": None if row.metadata is None else dict(row.metadata),
        "parent_data": parent_data,
    }


def data_json(table: Table, row: Row) -> Json:
    """The cells of a row by key of the column."""
    return {column.config.key: _cell_json(column, row) for column in table.columns}


def row_status(row: Row) -> str:
    """Whether cells of the row are being made."""
    return "running" if any(cell.status in ("requested", "in_progress") for cell in row.cells.values()) else "idle"


def run_json(run: Run, status: str) -> Json:
    """A run object."""
    return {
        "id": run.id,
        "created_at": timestamp(run.created_at),
        "status": status,
        "rows": None if run.rows is None else list(run.rows),
        "columns": None if run.columns is None else list(run.columns),
        "num_requested_cells": run.requested,
        "mode": run.mode,
    }


def value_json(value: CellValue) -> Json:
    """What a produced cell came to."""
    context: Mapping[str, Any] | None = value.context
    return {
        "answer": value.answer,
        "explanation": value.explanation,
        "sources": list(value.sources),
        "evidence": [evidence_json(one) for one in value.evidence],
        **({"context": dict(context)} if context is not None else {}),
    }


def _cell_json(column: Column, row: Row) -> Json:
    if column.config.is_input:
        value = row.data.get(column.id)
        return {"value": value, "status": None if value is None else "done", "error": None}
    cell = row.cells.get(column.id, _EMPTY)
    if cell is _EMPTY:
        return {"value": None, "status": None, "error": None}
    value = None if cell.value is None else value_json(cell.value)
    return {"value": value, "status": cell.status, "error": cell.error or None}


_EMPTY = Cell("requested")


def _head(table: Table) -> Json:
    return {
        "id": table.id,
        "created_at": timestamp(table.created_at),
        "updated_at": timestamp(table.updated_at),
        "name": table.name,
        "description": table.description,
        "tags": None if table.tags is None else list(table.tags),
        "kind": table.kind,
    }


def _relation(table_id: str) -> Json:
    return {"table_id": table_id, "relationship_type": PEOPLE_RELATION}
