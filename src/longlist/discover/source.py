"""Source: where candidates come from. One provider, one file, one line in the registry."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from longlist.model.company import Candidate
from longlist.model.plan import Angle, Plan
from longlist.model.web import NO_ERRAND, Errand


@dataclass(frozen=True, slots=True)
class About:
    """What a source is. `kind` is what the wire calls it: catalog, web_search, linkedin or maps."""

    name: str
    kind: str
    description: str


def _untold(_: str) -> None:
    """Nobody wants to know."""


async def _not_early(_: Sequence[Candidate]) -> None:
    """Nobody begins before all are there."""


async def _wanted() -> bool:
    """Nobody takes a question back."""
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """What a source is asked in one round.

    `round` counts from 1: a source that was asked before goes on where it ended, so that the same question always
    gets the same answer. `limit` is the most candidates it should give in this round. `angles` are what to ask in this
    round, best first; they may be others than those of the plan. `errand` goes with every call to the outside.
    `known` are the keys of the companies that earlier rounds gave: they need not be given again. `tell` takes what the
    user should know though the source goes on: a provider that failed, say. It is shown beside what the source found.
    `early` takes candidates that are certain while the source goes on looking, so that work on them can begin; they are given
    again with the others, but what was said of them first counts. `is_wanted` says whether the user still wants the answer:
    who waits for long asks it now and then.
    """

    plan: Plan
    round: int = 1
    limit: int = 300
    errand: Errand = NO_ERRAND
    angles: tuple[Angle, ...] = ()
    known: frozenset[str] = frozenset()
    tell: Callable[[str], None] = _untold
    early: Callable[[Sequence[Candidate]], Awaitable[None]] = _not_early
    is_wanted: Callable[[], Awaitable[bool]] = _wanted


class Source(Protocol):
    """Gives candidates, best first. Raises Unavailable, with a reason, when it cannot work right now."""

    about: About

    def search(self, question: Question) -> AsyncIterator[Candidate]:
        """Candidates for one round; none when it has no more.

        BudgetSpent and Stopped of a call are let through: they end the round, and what was given so far is kept.
        """
        ...
