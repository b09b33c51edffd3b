"""Profiles for candidates as they come: while others are still looked for, and without waiting for sites that are slow.

Where nothing is asked outside there is nothing to wait for: then all are done at once, batch by batch.
"""

import asyncio
from functools import partial
from typing import Self

from longlist.engine.kit import Kit, OnProgress
from longlist.engine.stages import enrich_missing, errand_of, put_profiled, tell, wanted_stop
from longlist.enrich.enrich import Profiled
from longlist.errors import BudgetSpent
from longlist.model.company import Candidate
from longlist.model.plan import Plan
from longlist.model.web import Errand

AT_ONCE = 48  # companies; what looks for more has calls left beside them
LATE_SHARE = 0.1  # of the companies of a round: so many may be late without the round waiting for them
LATE, LATE_SHARE_OF_FEW = 3, 1 / 3  # so many may always be late, as long as they are no larger a share


class Enriching:
    """The candidates of a run that are being enriched; to be opened. What is under way when it closes stays to be done.

    Each profile is kept as soon as it is there, together with those that became ready while others were kept.
    """

    def __init__(self, kit: Kit, task_id: str, on_progress: OnProgress | None) -> None:
        self._kit = kit
        self._task_id = task_id
        self._on_progress = on_progress
        self._room = asyncio.Semaphore(AT_ONCE)
        self._keeping = asyncio.Lock()
        self._works: dict[str, asyncio.Task[None]] = {}
        self._since: dict[str, float] = {}  # when work on a company began, on the clock of the loop
        self._ready: list[Profiled] = []
        self._fresh: set[str] = set()  # begun in this round, done or not
        self._spent: BudgetSpent | None = None
        self._fault: BaseException | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        works = list(self._works.values())
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    @property
    def has_late(self) -> bool:
        """Whether work on some companies is under way."""
        return bool(self._works)

    async def take(self, number: int) -> None:
        """Begin with all that lack a profile by now; `number` is the round.

        Nothing when the user wants the run to end, no more may be asked, or nothing is asked outside.
        """
        if (
            not self._kit.asks_outside
            or self._spent is not None
            or self._fault is not None
            or await wanted_stop(self._kit, self._task_id)
        ):
            return
        errand = await errand_of(self._kit, self._task_id, "enrich", number)
        plan = await self._kit.store.plan(self._task_id)
        # Before rows are read: there, whoever is done meanwhile still lacks a profile.
        known = self._fresh | self._works.keys()
        for candidate in await self._kit.store.unprofiled(self._task_id):
            if candidate.key not in known:
                work = asyncio.create_task(self._one(candidate, errand, plan))
                self._works[candidate.key] = work
                self._fresh.add(candidate.key)
                work.add_done_callback(partial(self._over, candidate.key))

    async def settled(self, number: int, *, with_late: bool = False) -> BudgetSpent | None:
        """Do all that lack a profile, but do not wait for those whose sites are slow; for these as well `with_late`.

        Returns why no more could be asked, if so: those that lack a profile then keep lacking it. Raises what went wrong.
        """
        if not self._kit.asks_outside:
            return await enrich_missing(self._kit, self._task_id, number, self._on_progress)
        await self.take(number)
        while (works := list(self._works.values())) and (with_late or not self._are_late()):
            await asyncio.wait(works, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
            if self._fault is not None:
                break
        self.check()
        self._fresh.clear()
        return self._spent

    def check(self) -> None:
        """Raise what went wrong with a company so far."""
        if self._fault is not None:
            raise self._fault

    async def _one(self, candidate: Candidate, errand: Errand, plan: Plan | None) -> None:
        async with self._room:
            self._since[candidate.key] = asyncio.get_running_loop().time()
            try:
                made = await self._kit.enricher.enrich([candidate], errand, plan)
            except BudgetSpent as error:
                self._spent = error
                return
            finally:
                self._since.pop(candidate.key, None)
        self._ready += made
        async with self._keeping:
            some, self._ready = self._ready, []
            if some:
                await put_profiled(self._kit, self._task_id, some)
                await tell(self._kit, self._task_id, self._on_progress)

    def _over(self, key: str, work: asyncio.Task[None]) -> None:
        self._works.pop(key, None)
        if not work.cancelled() and (error := work.exception()) is not None and self._fault is None:
            self._fault = error

    def _are_late(self) -> bool:
        """Whether all that is left of this round is slow, and little; who is late from an earlier one is not looked at."""
        left = self._fresh & self._works.keys()
        few = min(LATE, LATE_SHARE_OF_FEW * len(self._fresh))
        if len(left) > max(few, LATE_SHARE * len(self._fresh)):
            return False
        now = asyncio.get_running_loop().time()
        return all(now - self._since.get(key, now) >= self._kit.patience for key in left)
