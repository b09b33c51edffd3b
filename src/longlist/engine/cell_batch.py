"""Some rows of a table, and the cells that are to be made in them: column by column, each after those it needs.

A cell that fails says why and stops no other. What is made is handed on at once, so that a crash costs what was under way.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog

from longlist.engine.table_cells import company_cell, scores_cell
from longlist.engine.table_columns import FROM_THE_COMPANY, in_order
from longlist.engine.table_grades import grade_cells
from longlist.engine.table_kit import TableKit
from longlist.engine.table_people import find_people
from longlist.engine.table_subjects import RowWork, subjects_of
from longlist.errors import Closed, LonglistError, StoreError
from longlist.model.table import NOT_FOUND, Agent, CellValue, Column, Table, filled
from longlist.model.web import Errand
from longlist.store.table_store import CellEnd, ClaimedCell, TableStore
from longlist.tables.answering import Question
from longlist.tables.forms import shown

CELL_SECONDS = 300.0
MOST_ATTEMPTS = 10  # a cell whose row so many workers did not survive is given up
STEP = "tables"

_PLAIN = Agent("linkedin", "", "text")  # of columns that ask a provider

log = structlog.get_logger()
Put = Callable[[CellEnd], Awaitable[None]]


class CellBatch:
    """Claimed cells of one table. `put` keeps how a cell ended."""

    def __init__(
        self, store: TableStore, kit: TableKit, table: Table, claimed: Sequence[ClaimedCell], put: Put
    ) -> None:
        self._store = store
        self._kit = kit
        self._table = table
        self._put = put
        self._claimed = {(cell.row_id, cell.column_id): cell for cell in claimed}
        self._failed: dict[tuple[str, str], str] = {}  # by row and key of the column
        self._works: dict[str, RowWork] = {}

    async def make(self) -> None:
        """Make all cells. Closed, when the process is being ended, and StoreError are let through."""
        await self._give_up_hopeless()
        rows = await self._store.rows_of({row_id for row_id, _ in self._claimed})
        for key in [key for key in self._claimed if key[0] not in rows]:
            del self._claimed[key]  # deleted meanwhile
        if not self._claimed:
            return
        first = next(iter(self._claimed.values()))
        errand = Errand(first.run_id, STEP, first.freshness)
        try:
            self._works = await subjects_of(self._store, self._kit, self._table, list(rows.values()), errand)
        except (Closed, StoreError):
            raise
        except LonglistError as error:
            await asyncio.gather(*(self._end(cell, None, str(error)) for cell in list(self._claimed.values())))
            return
        except Exception as error:  # the edge of a batch: given back, it would come again at once
            log.exception("cells_faulted", table=self._table.id)
            why = f"A fault in Longlist ended it ({type(error).__name__}: {error})."
            await asyncio.gather(*(self._end(cell, None, why) for cell in list(self._claimed.values())))
            return
        for row in rows.values():
            for column in self._table.columns:
                before = row.cells.get(column.id)
                if before is not None and before.status == "failed":
                    self._failed[row.id, column.config.key] = before.error
        for column in in_order(self._table.columns):
            cells = [cell for (_, column_id), cell in self._claimed.items() if column_id == column.id]
            if cells:
                await self._make_column(column, cells)
        for cell in list(self._claimed.values()):  # of columns that are gone
            await self._end(cell, None, "The column was deleted meanwhile.")

    async def _give_up_hopeless(self) -> None:
        for key, cell in list(self._claimed.items()):
            if cell.attempts > MOST_ATTEMPTS:
                del self._claimed[key]
                why = f"The worker ended {cell.attempts - 1} times while it made this cell. Run failed cells to try again."
                await self._put(CellEnd(cell.row_id, cell.column_id, "failed", error=why))

    async def _make_column(self, column: Column, cells: list[ClaimedCell]) -> None:
        lacking = {cell.row_id: self._lacking(column, cell.row_id) for cell in cells}
        ready = [cell for cell in cells if not lacking[cell.row_id]]
        hopeless = [cell for cell in cells if lacking[cell.row_id]]
        await asyncio.gather(*(self._end(cell, column, lacking[cell.row_id]) for cell in hopeless))
        agent = column.config.agent
        if column.config.kind == "criterion_grade" or (agent is not None and agent.answers == "grade"):
            await self._grade(column, ready)
            return
        outcomes = await asyncio.gather(*(self._one(column, cell) for cell in ready), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    def _lacking(self, column: Column, row_id: str) -> str:
        """Why a cell cannot be made: something it needs failed, or has no value; "" when nothing is lacking."""
        for key in column.config.needs:
            needed = self._table.column(key)
            if key in column.config.does_without:
                continue
            if needed is None or needed.config.is_input or needed.config.kind in FROM_THE_COMPANY:
                continue
            if (row_id, key) in self._failed:
                return f"It needs {needed.config.name!r}, which failed: {self._failed[row_id, key]}"
            if key not in self._works[row_id].values:
                return f"It needs {needed.config.name!r}, which has no value; run that column first."
        return ""

    async def _one(self, column: Column, cell: ClaimedCell) -> None:
        """Make one cell, whatever happens; only the end of the process and a lost store are let through."""
        try:
            async with asyncio.timeout(CELL_SECONDS):
                end = await self._made(column, cell)
        except (Closed, StoreError):
            raise
        except TimeoutError:
            await self._end(cell, column, f"It took longer than {CELL_SECONDS / 60:.0f} minutes.")
        except LonglistError as error:
            await self._end(cell, column, str(error))
        except Exception as error:  # the edge of a cell: one that goes wrong must not end the others
            log.exception("cell_faulted", table=self._table.id, column=column.config.key)
            await self._end(cell, column, f"A fault in Longlist ended it ({type(error).__name__}: {error}).")
        else:
            await self._done(cell, column, end)

    async def _made(self, column: Column, cell: ClaimedCell) -> CellEnd:
        work = self._works[cell.row_id]
        errand = Errand(cell.run_id, STEP, cell.freshness)
        config = column.config
        if config.kind in FROM_THE_COMPANY:
            return _end_of(cell, company_cell(config.kind, work))
        if config.kind == "discovery_scores":
            return _end_of(cell, await self._scores(work))
        if config.finder is not None:
            return _end_of(cell, await find_people(self._store, self._table, work, config.finder))
        kind = config.agent.kind if config.agent is not None else config.kind
        answerer = self._kit.answerers[kind]
        if config.agent is None:
            agent, prompt = _PLAIN, work.values.get(config.email_key, "") if config.email_key else config.name
        else:
            agent, prompt = config.agent, filled(config.agent.prompt, work.values)
        question = Question(config.key, config.name, prompt, agent, work.about(), errand)
        found = await answerer.answer(question)
        return CellEnd(cell.row_id, cell.column_id, "done", found.value, pages=found.pages)

    async def _grade(self, column: Column, cells: list[ClaimedCell]) -> None:
        if not cells:
            return
        try:
            works = [self._works[cell.row_id] for cell in cells]
            errand = Errand(cells[0].run_id, STEP, cells[0].freshness)
            async with asyncio.timeout(CELL_SECONDS):
                values = await grade_cells(self._store, self._kit, self._table, column, works, errand)
        except (Closed, StoreError):
            raise
        except TimeoutError:
            values = [f"It took longer than {CELL_SECONDS / 60:.0f} minutes."] * len(cells)
        except LonglistError as error:
            values = [str(error)] * len(cells)
        except Exception as error:  # the edge of a cell
            log.exception("cell_faulted", table=self._table.id, column=column.config.key)
            values = [f"A fault in Longlist ended it ({type(error).__name__}: {error})."] * len(cells)
        ends = [
            self._end(cell, column, value) if isinstance(value, str) else self._done(cell, column, _end_of(cell, value))
            for cell, value in zip(cells, values, strict=True)
        ]
        await asyncio.gather(*ends)

    async def _scores(self, work: RowWork) -> CellValue:
        """What the task that a row came from made of its company."""
        metadata: Mapping[str, Any] = work.row.metadata or {}
        task_id, result_id = str(metadata.get("task_id", "")), str(metadata.get("result_id", ""))
        found = (
            (await self._store.results_with_ids(task_id, [result_id])).get(result_id) if task_id and result_id else None
        )
        return scores_cell(found) if found is not None else CellValue(NOT_FOUND, "The row did not come from a task.")

    async def _done(self, cell: ClaimedCell, column: Column, end: CellEnd) -> None:
        self._claimed.pop((cell.row_id, cell.column_id), None)
        if end.value is not None and (text := shown(end.value.answer)):
            self._works[cell.row_id].values[column.config.key] = text
        self._failed.pop((cell.row_id, column.config.key), None)
        await self._put(end)

    async def _end(self, cell: ClaimedCell, column: Column | None, why: str) -> None:
        self._claimed.pop((cell.row_id, cell.column_id), None)
        if column is not None:
            self._failed[cell.row_id, column.config.key] = why
        await self._put(CellEnd(cell.row_id, cell.column_id, "failed", error=why[:2_000]))


def _end_of(cell: ClaimedCell, value: CellValue) -> CellEnd:
    return CellEnd(cell.row_id, cell.column_id, "done", value)
