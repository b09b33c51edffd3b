"""TableKit: the parts that cells are made with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from longlist.enrich.enrich import Enricher
from longlist.grade.cascade import Cascade
from longlist.grade.grader import Grader
from longlist.model.call import Caps
from longlist.model.company import Candidate
from longlist.plan.planner import Planner
from longlist.tables.answering import Answerer

FindCompany = Callable[[str], Awaitable[Candidate | None]]
"""The company that a name means, when it can only mean one."""


@dataclass(frozen=True, slots=True)
class TableKit:
    """The parts that cells are made with; chosen in `wiring`, replaced by doubles in tests.

    `answerers` are by the agent, or the kind of column, that they answer for. `asks_outside` says whether that takes
    calls: then fewer rows are worked on in one go, and more of them at once.
    """

    planner: Planner
    enricher: Enricher
    records: Enricher  # what is known without asking outside, for when the enricher has nothing
    grader: Grader
    cascade: Cascade | None  # grades in place of `grader`, where a model does
    answerers: Mapping[str, Answerer]
    find_company: FindCompany
    caps: Caps | None = None
    asks_outside: bool = False
