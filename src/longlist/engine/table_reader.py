"""Looking at tables from the command line: finding one, its sheet, and whether what its cells say is proven."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Protocol

from longlist.engine.reader import LAST, is_task_id
from longlist.engine.verify import fault_of
from longlist.errors import InvalidInput, NotFound
from longlist.language.quotes import folded
from longlist.model.company import text_hash
from longlist.model.table import Table
from longlist.store.store import TaskStore
from longlist.store.table_store import Narrowing, TableStore
from longlist.tables import export

RECENT = 10_000


class ReaderStore(TableStore, TaskStore, Protocol):
    """What looking at tables asks of the store."""


@dataclass(frozen=True, slots=True)
class Unproven:
    """A quotation that does not stand in the text it is said to: of which row and column, and why."""

    row_id: str
    column: str
    quote: str
    reason: str


@dataclass(frozen=True, slots=True)
class TableProof:
    """What checking a table came to: how many quotations there are, and those that are not proven."""

    checked: int
    failures: tuple[Unproven, ...]


async def find_table(store: TableStore, prefix: str) -> Table:
    """The table with this id, the only one whose id begins with it or that is called so, or the newest for "last".

    NotFound when there is none, InvalidInput when it may be several.
    """
    if is_task_id(prefix):
        return await store.table(prefix.lower())
    listed, _ = await store.tables(None, Narrowing(), 0, RECENT)
    if prefix == LAST and listed:
        return await store.table(listed[0].table.id)
    wanted = prefix.lower().strip()
    found = [one.table for one in listed if one.table.name.lower() == wanted]
    found = found or [one.table for one in listed if wanted.strip("-") and one.table.id.startswith(wanted)]
    if len(found) > 1:
        raise InvalidInput(
            f"{len(found)} tables are called or begin with {prefix}; give more of the id.", field="table"
        )
    if not found:
        raise NotFound(f"There is no table {prefix[:100]}; `longlist tables list` lists them.")
    return await store.table(found[0].id)


def sheet_head(table: Table) -> list[str]:
    """The names of the columns of a table's sheet."""
    return export.head(table)


async def sheet_lines(store: TableStore, table: Table) -> AsyncIterator[list[Any]]:
    """The lines of a table's sheet, read as they are asked for."""
    async for rows in store.rows(table.id):
        for row in rows:
            yield export.line(table, row)


async def verify_table(store: ReaderStore, table: Table) -> TableProof:
    """Check every quotation of a table's cells against the stored texts, offline."""
    checked = 0
    failures: list[Unproven] = []
    async for rows in store.rows(table.id):
        proofs = [
            (row.id, column.config.key, proof)
            for row in rows
            for column in table.columns
            if (cell := row.cells.get(column.id)) is not None and cell.value is not None
            for proof in cell.value.evidence
        ]
        texts = await store.page_texts({proof.hash for _, _, proof in proofs})
        sound = {digest: folded(text) for digest, text in texts.items() if text_hash(text) == digest}
        for row_id, key, proof in proofs:
            checked += 1
            if reason := fault_of(proof, texts, sound):
                failures.append(Unproven(row_id, key, proof.quote, reason))
    return TableProof(checked, tuple(failures))
