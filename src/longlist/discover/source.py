"""Source: where candidates come from. One provider, one file, one line in the registry."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from longlist.model.company import Candidate
from longlist.model.plan import Plan


@dataclass(frozen=True, slots=True)
class About:
    """What a source is. `kind` is what the wire calls it: catalog, web_search, linkedin or maps."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a source is asked in one round.

    `round` counts from 1: a source that was asked before goes on where it ended, so that the same question always
    gets the same answer. `limit` is the most candidates it should give in this round.
    """

    plan: Plan
    round: int = 1
    limit: int = 300


class Source(Protocol):
    """Gives candidates, best first. Raises Unavailable, with a reason, when it cannot work right now."""

    about: About

    def search(self, question: Question) -> AsyncIterator[Candidate]:
        """Candidates for one round; none when it has no more."""
        ...
