"""Which sources a query is asked of, where the user leaves that open; and why those, and why not the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from longlist.discover.maps import places
from longlist.discover.source import Source
from longlist.discover.unavailable import UnavailableSource
from longlist.language.local_business import local_question
from longlist.model.plan import Plan
from longlist.model.task import SourceState


@dataclass(frozen=True, slots=True)
class Choice:
    """The sources to ask; `why` is a sentence for those chosen for a reason of this query, `left_out` one for the rest."""

    sources: Mapping[str, Source]
    why: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

    def states(self, found: tuple[SourceState, ...]) -> tuple[SourceState, ...]:
        """What each source did, with why it was asked; and those that were not."""
        told = [_with(state, self.why.get(state.source, "")) for state in found]
        return (*told, *(SourceState(name, "left_out", 0, reason) for name, reason in self.left_out.items()))


ChooseSources = Callable[[Plan, Mapping[str, Source]], Choice]


def every_source(plan: Plan, sources: Mapping[str, Source]) -> Choice:
    """All of them."""
    del plan
    return Choice(sources)


def automatic(plan: Plan, sources: Mapping[str, Source]) -> Choice:
    """The catalogue and what other packages bring, always; the web where somebody is set up to search it; maps for local
    business in a place. A source that has nobody to ask is left out, with what to set.
    """
    chosen: dict[str, Source] = {}
    why: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for name, source in sources.items():
        reason = ""
        if isinstance(source, UnavailableSource) and source.about.kind in LEAVABLE:
            left_out[name] = source.reason
            continue
        if source.about.kind == "maps":
            question = local_question(plan.query.text, *places(plan))
            if question is None:
                left_out[name] = "The query does not name a kind of local business and a place."
                continue
            reason = f"Asked since the query names {' and '.join(question.kinds)} in {question.where}."
        chosen[name] = source
        if reason:
            why[name] = reason
    return Choice(chosen, why, left_out)


LEAVABLE = ("web_search", "linkedin", "maps")
"""Kinds that a search can do without; a package that cannot be started is reported as unavailable instead."""


def _with(state: SourceState, why: str) -> SourceState:
    return replace(state, reason=" ".join(part for part in (why, state.reason) if part)) if why else state
