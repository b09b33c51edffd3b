"""One round of discovery: every source asked at once, each one's outcome reported, companies merged by key."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from longlist.discover.source import Question, Source
from longlist.errors import BudgetSpent, InvalidInput, LonglistError, NotFound, Stopped, StoreError
from longlist.language.domains import own_domain
from longlist.model.company import Candidate
from longlist.model.task import SourceState
from longlist.together import together

LONGEST_REASON = 1_000  # characters

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one round brought: candidates, one per company, in the sources' order; and what each source did.

    `again` are the same companies as other sources gave them. `end` is set when the task may ask no more.
    """

    candidates: tuple[Candidate, ...]
    states: tuple[SourceState, ...]
    again: tuple[Candidate, ...] = ()
    end: BudgetSpent | Stopped | None = None


async def discover(sources: Mapping[str, Source], question: Question) -> Finding:
    """Ask all sources; one that fails is reported beside the others' results and never ends the round.

    Candidates alternate between sources so that none pushes the others out; the first of a company's keys stays.
    A task that may spend no more, or was paused, ends it with what was found by then. StoreError and NotFound of
    `question.early` are let through.
    """
    answers = await together(_ask(name, source, question) for name, source in sources.items())
    merged: dict[str, Candidate] = {}
    again: list[Candidate] = []
    for rank in range(max((len(answer.found) for answer in answers), default=0)):
        for answer in answers:
            if rank < len(answer.found):
                candidate = answer.found[rank]
                if merged.setdefault(candidate.key, candidate) is not candidate:
                    again.append(candidate)
    ends = [answer.end for answer in answers if answer.end is not None]
    end = next((one for one in ends if isinstance(one, Stopped)), next(iter(ends), None))
    return Finding(tuple(merged.values()), tuple(answer.state for answer in answers), tuple(again), end)


@dataclass(frozen=True, slots=True)
class _Answer:
    found: list[Candidate]
    state: SourceState
    end: BudgetSpent | Stopped | None = None


async def _ask(name: str, source: Source, question: Question) -> _Answer:
    found: list[Candidate] = []
    told: list[str] = []

    def usable(some: Sequence[Candidate]) -> list[Candidate]:
        kept = []
        for candidate in some:
            try:
                kept.append(_usable(candidate, name))
            except InvalidInput as error:
                if not told:
                    told.append(str(error))
        return kept

    async def early(some: Sequence[Candidate]) -> None:
        await question.early(usable(some))

    try:
        async for candidate in source.search(replace(question, tell=told.append, early=early)):
            found += usable([candidate])
            if len(found) >= question.limit:
                break
    except (BudgetSpent, Stopped) as error:
        reason = _said([*told, str(error)])
        return _Answer(found, SourceState(name, "found" if found else "nothing", len(found), reason), error)
    except (StoreError, NotFound):  # of the store, when candidates were given early: no fault of the source
        raise
    except LonglistError as error:
        return _Answer(found, SourceState(name, "unavailable", len(found), _said([*told, str(error)])))
    except Exception as error:  # noqa: BLE001  the edge of the step: a stranger's source must not end the search
        log.warning("source_failed", source=name, error=repr(error))
        reason = f"{type(error).__name__}: {error}"[:300]
        return _Answer(found, SourceState(name, "unavailable", len(found), reason))
    return _Answer(found, SourceState(name, "found" if found else "nothing", len(found), _said(told)))


def _said(reasons: Sequence[str]) -> str:
    """What went wrong, each thing once."""
    return " ".join(dict.fromkeys(reason for reason in reasons if reason))[:LONGEST_REASON]


def _usable(candidate: Candidate, source: str) -> Candidate:
    """The candidate under its source's name; InvalidInput when it has no key or name, or texts that cannot be kept."""
    if not isinstance(candidate, Candidate):
        raise InvalidInput(f"{source} gave a {type(candidate).__name__} in place of a Candidate.")
    texts = (
        candidate.key,
        candidate.name,
        candidate.domain,
        candidate.url or "",
        candidate.snippet,
        candidate.found_by,
        *candidate.path,
    )
    if not (candidate.key and candidate.name):
        raise InvalidInput(f"{source} gave a candidate without a key or a name.")
    if not math.isfinite(candidate.score):
        raise InvalidInput(f"{source} gave {candidate.name[:100]!r} the score {candidate.score}.")
    for text in texts:
        if "\0" in text or not _is_whole(text):
            raise InvalidInput(f"{source} gave {candidate.name[:100]!a} with a text that holds no characters.")
    domain = own_domain(candidate.domain or candidate.url or "")
    return replace(candidate, source=source, domain=domain, key=domain or candidate.key)


def _is_whole(text: str) -> bool:
    """Whether a text can be written down: no half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
