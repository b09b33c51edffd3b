"""What the doors say in sentences: facts, places of proof, why a search ended and what was missing."""

from collections.abc import Mapping, Sequence

from longlist.engine.reader import Report
from longlist.engine.service import DEFAULT_MORE
from longlist.model.company import OUT_OF_REACH, Claim, Facts, Page
from longlist.model.criterion import Evidence
from longlist.model.task import SourceState, Task
from longlist.serve.plain import plain, shortened
from longlist.store.store import Result

NAME_LENGTH = 60  # characters of a record's name


def known_facts(facts: Facts) -> list[str]:
    """What is stated about a company, a few words each."""
    seat = [facts.hq.city, facts.hq.state, facts.hq.country]
    known = [
        ", ".join(dict.fromkeys(part for part in seat if part)),
        f"{facts.employees.bucket} people" if facts.employees else "",
        f"founded {facts.founded}" if facts.founded else "",
        "listed" if facts.listed else "",
        facts.status if facts.status and facts.status != "active" else "",
        facts.funding_stage or "",
        f"${facts.funding_amount:,} raised" if facts.funding_amount else "",
    ]
    return [part for part in known if part]


CLAIM_LENGTH = 120  # characters of a quotation behind a fact


def claim_lines(claims: Sequence[Claim], confidence: Mapping[str, float]) -> list[str]:
    """What states each fact, and what contradicts it, a line each: "founded 2014, confidence 0.98: “…” https://…"."""
    lines: list[str] = []
    for fact in dict.fromkeys(claim.fact for claim in claims):
        said = sorted((c for c in claims if c.fact == fact), key=lambda c: (not c.is_used, -c.confidence))
        sure = f", confidence {confidence[fact]:.2f}" if fact in confidence else ""
        for number, claim in enumerate(one for one in said if one.is_used or one.quote != said[0].quote):
            name = fact.replace("_", " ")
            head = (
                f"{name} {claim.value}{sure}"
                if number == 0
                else ("also" if claim.is_used else f"not believed: {claim.value}")
            )
            quote = f" “{shortened(claim.quote, CLAIM_LENGTH)}”" if claim.quote else ""
            lines.append(plain(f"{head}:{quote} {claim.url or claim.record or ''}".rstrip(" :")))
    return lines


def where(evidence: Evidence, pages: Sequence[Page]) -> str:
    """Where a quotation stands, for people: the address of a page, or "catalogue: Shopify (wappalyzer)"."""
    return evidence.url or record_name(evidence.record or "", pages)


def record_name(record: str, pages: Sequence[Page]) -> str:
    """A record's key, for people: the set it is in, and the name that its first line gives."""
    source, _, rest = record.partition(":")
    text = next((page.text for page in pages if page.record == record), "")
    name = shortened(text.split("\n", 1)[0], NAME_LENGTH) or rest.rpartition(":")[2]
    if source == "catalog":
        return f"catalogue: {name} ({rest.partition(':')[0]})"
    return f"{source}: {name}"


def readable(why: str, pages: Sequence[Page]) -> str:
    """An explanation with the keys of records in it replaced by their names for people."""
    for record in sorted((page.record for page in pages if page.record), key=len, reverse=True):
        why = why.replace(record, record_name(record, pages))
    return why


def stop_lines(report: Report) -> list[str]:
    """Why the search ended, what was missing, and what to do next, in sentences."""
    task, progress, wanted = report.task, report.progress, report.task.spec.wanted
    name = task.id[:8]
    found = f"{progress.qualified or 'no'} {'company qualifies' if progress.qualified == 1 else 'companies qualify'}"
    unasked = any(state.outcome == "unavailable" for state in task.source_states)
    ended = "the sources have no more"
    if not task.is_exhausted:
        ended = "not every source could be asked" if unasked else "the last rounds brought no more that qualify"
    reasons = {
        "target_met": f"Done: {found}, as many as wanted.",
        "exhausted": f"Done: {ended}; {found}, {wanted} were wanted.",
        "budget": f"Done: the budget is spent; {found}, {wanted} were wanted.",
        "paused": f"Paused: {found} so far. `longlist resume {name}` goes on.",
        "stopped": f"Stopped on request: {found}. `longlist resume {name}` goes on.",
        "failed": f"Failed: {task.failure_reason} What was found is kept; `longlist resume {name}` tries again.",
    }
    unfinished = f"Not finished: {found} so far. `longlist resume {name}` goes on."
    lines = [reasons.get(task.stop_reason or "", unfinished)]
    unread = unread_lines((*report.results, *report.near_misses))
    if not (unread and only_catalogue(task)):  # without a network what to set up is no help
        lines += source_lines(task)
    lines += unread
    if progress.qualified < wanted and task.stop_reason == "exhausted":
        lines += missing_lines(report)
        if not (task.is_exhausted or task.rounds_settled):  # who looked further already found nothing by it
            lines.append(f"To look further: longlist resume {name} --more {DEFAULT_MORE}")
    return lines


def only_catalogue(task: Task) -> bool:
    """Whether, of all that were open to the automatic choice, the catalogue alone answered."""
    states = task.source_states
    answered = {state.source for state in states if state.outcome in ("found", "nothing")}
    return task.spec.sources is None and answered == {"catalog"} and len(states) > 1


def source_lines(task: Task) -> list[str]:
    """What is worth knowing of the sources: which could not be asked, and why the automatic choice took which."""
    states = task.source_states
    if only_catalogue(task):
        others = [state for state in states if state.source != "catalog"]
        return [" ".join(("Only the catalogue was searched.", *unasked_sentences(others)))]
    lines = []
    for state in states:
        if state.outcome == "unavailable":
            gave = f"gave {state.found} companies, then nothing more" if state.found else "gave nothing"
            lines.append(f"Source {state.source} {gave}: {state.reason}")
        elif state.reason and state.outcome != "left_out":
            lines.append(f"Source {state.source}: {state.reason}")
    return lines


def unread_lines(results: Sequence[Result]) -> list[str]:
    """That companies were not confirmed on their own sites, if so."""
    if not any(OUT_OF_REACH in result.profile.remarks for result in results):
        return []
    return ["The web was out of reach: companies come from the catalogue, and were not confirmed on their own sites."]


def unasked_sentences(states: Sequence[SourceState]) -> list[str]:
    """Why sources that a search could have asked gave nothing; maps that the query has no use for are passed over."""
    said = [f"{state.source}: {state.reason}" for state in states if state.outcome == "unavailable"]
    unset = [state for state in states if state.outcome == "left_out" and state.source != "maps"]
    off = {state.reason for state in unset if "LONGLIST_WEB" in state.reason}
    if off:
        return [*said, *sorted(off)]
    names = " and ".join(state.source for state in unset)
    return [*said, f"For {names} no provider is set up: `longlist sources` tells what to set."] if unset else said


def missing_lines(report: Report) -> list[str]:
    """What kept more companies from qualifying, and how to see more."""
    lines: list[str] = []
    tallies = [t for t in report.tallies if t.evaluated]
    if tallies:
        hardest = min(tallies, key=lambda t: t.passed)
        silent = f", and the texts about {hardest.silent} do not say" if hardest.silent else ""
        lines.append(
            f"Missing: of {hardest.evaluated} companies graded, {hardest.passed} pass “{hardest.criterion.text}”{silent}."
        )
    if report.plan is not None and report.plan.query.not_understood:
        lines.append(f"Not understood, so not checked: {', '.join(report.plan.query.not_understood)}.")
    lines.append(
        "To see more: the embedded catalogue knows vendors of web software and listed companies; `longlist catalog "
        "import FILE` adds your own lists, and `longlist sources` shows what else can be searched."
    )
    return lines


def next_lines(report: Report) -> list[str]:
    """What one can do with the results."""
    if not report.results:
        return []
    name = report.task.id[:8]
    first = report.results[0].profile
    return [
        f"All about one company: longlist show {name} {first.domain or repr(first.name)}",
        f"Check every quotation: longlist verify {name}",
        f"Export: longlist show {name} -o list.xlsx",
    ]
