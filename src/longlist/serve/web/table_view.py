"""A page of a table: which rows, in which order, and its cells small enough to be shown and watched.

`page` from 1 · `sort` the key of a column, with - downwards · `q` words · `f.KEY` words that a column has to say, or one of
`:answered`, `:empty`, `:failed` · `hide` keys of columns. Sorting and filtering are done here, over all rows, so that a table
of any size shows the same.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from longlist.language.words import fold
from longlist.model.table import NOT_FOUND, Column, Row, Table
from longlist.serve.plain import plain, shortened
from longlist.store.sql import batches
from longlist.store.table_store import TableStore

PAGE = 250
SHOWN = 200  # characters of an answer in the grid
MARK = "●"  # stands for what has no short form
STATES = {":answered": "has an answer", ":empty": "has no answer", ":failed": "failed"}
"""What a column can be filtered by besides words, and how that is said."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TableView:
    """What is asked for; what cannot be understood is left out."""

    page: int = 1
    sort: str = ""
    words: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    """Keys of columns with what each has to say: words, or one of `STATES`."""
    hide: tuple[str, ...] = ()

    @property
    def is_narrow(self) -> bool:
        """Whether rows may be left out."""
        return bool(self.words or self.filters)

    def address(self, **other: Any) -> str:
        """The view, or one that differs from it, as the query of an address."""
        given = {"page": self.page, "sort": self.sort, "q": self.words}
        given |= {f"f.{key}": said for key, said in self.filters} | {"hide": ",".join(self.hide)} | other
        return urlencode({key: value for key, value in given.items() if value and (key, value) != ("page", 1)})


def table_view_of(given: Mapping[str, str], table: Table) -> TableView:
    """The view that an address asks for."""
    page, sort = given.get("page", ""), given.get("sort", "")
    known = table.column(sort.removeprefix("-")) is not None
    number = int(page) if page.isdecimal() and len(page) < 7 else 1
    keys = [column.config.key for column in table.columns]
    filters = [(key, given.get(f"f.{key}", "").strip()[:200]) for key in keys]
    hidden = set(given.get("hide", "").split(",")) & set(keys)
    return TableView(
        page=max(1, number),
        sort=sort if known else "",
        words=given.get("q", "")[:200],
        filters=tuple((key, said) for key, said in filters if said),
        hide=tuple(key for key in keys if key in hidden) if len(hidden) < len(keys) else (),
    )


async def page_of(store: TableStore, table: Table, view: TableView) -> tuple[list[Row], int]:
    """The rows of a page, and how many rows the view has on all pages."""
    first = (view.page - 1) * PAGE
    if not view.sort and not view.is_narrow:
        count = (await store.tally(table.id)).rows
        return [row async for some in store.rows(table.id, first, PAGE) for row in some], count
    ids = await _arranged(table, view, store.rows(table.id))
    wanted = ids[first : first + PAGE]
    found: dict[str, Row] = {}
    for some in batches(wanted):
        found |= await store.rows_of(some)
    return [found[row_id] for row_id in wanted if row_id in found], len(ids)


async def _arranged(table: Table, view: TableView, rows: AsyncIterator[list[Row]]) -> list[str]:
    """The ids of all rows that the view shows, in its order; rows without a value come last."""
    column = table.column(view.sort.removeprefix("-")) if view.sort else None
    words = fold(view.words).split()
    asked = [(one, said) for key, said in view.filters if (one := table.column(key)) is not None]
    valued: list[tuple[Any, str]] = []
    without: list[str] = []
    async for some in rows:
        for row in some:
            if words and not _says(table.columns, row, words):
                continue
            if not all(_passes(one, row, said) for one, said in asked):
                continue
            value = None if column is None else _sortable(answer_of(column, row))
            if value is None:
                without.append(row.id)
            else:
                valued.append((value, row.id))
    valued.sort(key=lambda one: one[0], reverse=view.sort.startswith("-"))
    return [row_id for _, row_id in valued] + without


def _says(columns: Sequence[Column], row: Row, words: Sequence[str]) -> bool:
    said = fold(" ".join(text_of(answer_of(column, row)) for column in columns))
    return all(word in said for word in words)


def _passes(column: Column, row: Row, asked: str) -> bool:
    if asked not in STATES:
        return _says([column], row, fold(asked).split())
    cell = row.cells.get(column.id)
    has_failed = cell is not None and cell.status == "failed"
    has_answer = not has_failed and text_of(answer_of(column, row)) not in {"", NOT_FOUND}
    return {":answered": has_answer, ":empty": not has_answer and not has_failed, ":failed": has_failed}[asked]


def _sortable(value: Any) -> tuple[int, float, str] | None:
    """Numbers before texts, each among themselves."""
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (0, float(value), "")
    return (1, 0.0, fold(text_of(value)))


def answer_of(column: Column, row: Row) -> Any:
    """What a cell says, None for nothing."""
    if column.config.is_input:
        return row.data.get(column.id)
    cell = row.cells.get(column.id)
    return None if cell is None or cell.value is None else cell.value.answer


def text_of(value: Any) -> str:
    """An answer in one line."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool() | int() | float():
            return str(value)
        case list():
            return ", ".join(text_of(one) for one in value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def column_json(column: Column) -> Json:
    """A column as its page needs it."""
    config = column.config
    agent = config.agent
    return {
        "id": column.id,
        "key": config.key,
        "name": plain(config.name),
        "kind": config.kind,
        "is_input": config.is_input,
        "prompt": agent.prompt if agent else config.criterion,
        "format": agent.format if agent else "",
        "agent": agent.type if agent else "",
        "labels": list(agent.labels) if agent else [],
        "schema": dict(agent.schema) if agent and agent.schema else None,
        "needs": list(agent.needs) if agent else [],
    }


def cells_json(table: Table, rows: Sequence[Row]) -> list[Json]:
    """Rows with their cells by id of the column."""
    return [{"id": row.id, "cells": {column.id: _cell(column, row) for column in table.columns}} for row in rows]


def _cell(column: Column, row: Row) -> Json:
    text = shortened(text_of(answer_of(column, row)), SHOWN)
    if column.config.is_input:
        return {"status": "done" if text else None, "answer": text, "n": 0, "error": ""}
    cell = row.cells.get(column.id)
    if cell is None:
        return {"status": None, "answer": "", "n": 0, "error": ""}
    value = cell.value
    if value is not None and not text and value.context:
        text = MARK
    count = len({proof.hash for proof in value.evidence} | set(value.sources)) if value else 0
    return {"status": cell.status, "answer": text, "n": count, "error": plain(cell.error)}
