"""Kit: the parts the flow is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from longlist.discover.angles import ChooseAngles, best_angles
from longlist.discover.choice import ChooseSources, every_source
from longlist.discover.source import Source
from longlist.enrich.encyclopaedia import Completer
from longlist.enrich.enrich import Enricher
from longlist.grade.cascade import Cascade
from longlist.grade.grader import Grader
from longlist.model.call import Caps
from longlist.model.task import Progress
from longlist.plan.planner import Planner
from longlist.store.store import FlowStore

OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Kit:
    """The parts the flow is made of; chosen in `wiring`, replaced by doubles in tests."""

    store: FlowStore
    planner: Planner
    sources: Callable[[Sequence[str] | None], Mapping[str, Source]]  # by name; None: all that are of use
    enricher: Enricher
    grader: Grader
    completer: Completer | None = None  # adds what others know about companies before they are graded
    cascade: Cascade | None = None  # grades in place of `grader`: a model, for those that may qualify
    caps: Caps | None = None  # what each task may spend; None: what was set for it stays
    freshness: Callable[[], str] = lambda: ""  # how fresh answers must be, chosen as a round begins
    choose_angles: ChooseAngles = best_angles
    choose_sources: ChooseSources = every_source  # of those there are, where the user leaves it open
    patience: float = 4.0  # seconds; a round does not wait longer for a company, as long as few are so slow
    asks_outside: bool = False  # whether profiles take calls: then several batches are worked on at once
    grades_outside: bool = False  # whether grades do; a grader that only computes gets all at once
