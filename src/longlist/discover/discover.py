"""One round of discovery: every source asked at once, each one's outcome reported, companies merged by key."""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from longlist.discover.source import Question, Source
from longlist.errors import InvalidInput, LonglistError
from longlist.language.domains import own_domain
from longlist.model.company import Candidate
from longlist.model.task import SourceState

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one round brought: candidates, one per company, in the sources' order; and what each source did."""

    candidates: tuple[Candidate, ...]
    states: tuple[SourceState, ...]


async def discover(sources: Mapping[str, Source], question: Question) -> Finding:
    """Ask all sources; one that fails is reported beside the others' results and never ends the round.

    Candidates alternate between sources so that none pushes the others out; the first of a company's keys stays.
    """
    answers = await asyncio.gather(*(_ask(name, source, question) for name, source in sources.items()))
    merged: dict[str, Candidate] = {}
    for rank in range(max((len(found) for found, _ in answers), default=0)):
        for found, _ in answers:
            if rank < len(found):
                merged.setdefault(found[rank].key, found[rank])
    return Finding(tuple(merged.values()), tuple(state for _, state in answers))


async def _ask(name: str, source: Source, question: Question) -> tuple[list[Candidate], SourceState]:
    found: list[Candidate] = []
    fault = ""
    try:
        async for candidate in source.search(question):
            try:
                found.append(_usable(candidate, name))
            except InvalidInput as error:
                fault = fault or str(error)
            if len(found) >= question.limit:
                break
    except LonglistError as error:
        return found, SourceState(name, "unavailable", len(found), str(error))
    except Exception as error:  # noqa: BLE001  the edge of the step: a stranger's source must not end the search
        log.warning("source_failed", source=name, error=repr(error))
        return found, SourceState(name, "unavailable", len(found), f"{type(error).__name__}: {error}"[:300])
    return found, SourceState(name, "found" if found else "nothing", len(found), fault)


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
