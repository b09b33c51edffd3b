"""One company of a task, with everything that is known of it: grades, proof, facts, and how it was found."""

from collections.abc import Sequence
from typing import Any

from longlist.model.company import Sighting
from longlist.model.criterion import Criterion, HandGrade
from longlist.serve.plain import plain
from longlist.serve.web.shells import link
from longlist.serve.wire import timestamp
from longlist.serve.words import known_facts, readable, where
from longlist.store.store import GridRow, Result

Json = dict[str, Any]
LONG = 4_000  # characters of a text that a panel shows


def company_json(
    row: GridRow, result: Result | None, criteria: tuple[Criterion, ...], sightings: Sequence[Sighting] = ()
) -> Json:
    """What the panel of a company shows; without a profile, what its candidate says."""
    shown: Json = {
        "id": row.id,
        "stage": row.stage,
        "company_name": plain(row.name)[:LONG] or row.domain or "(no name)",
        "company_website": plain(row.domain),
        "link": link(f"https://{row.domain}") if row.domain else "",
        "description": plain(row.description)[:LONG],
        "reason": plain(row.reason),
        "verdict": row.verdict,
        "qualified": row.is_qualified,
        "relevance": None,
        "facts": [],
        "pages": [],
        "found": [],
        "grades": [],
    }
    if result is None:
        return shown
    candidate, profile = result.candidate, result.profile
    full = profile.full_description if profile.full_description != profile.description else ""
    by_hand = {said.criterion_key: said for said in result.by_hand}
    grades = {grade.criterion_key: grade for grade in result.grades}
    return shown | {
        "relevance": result.relevance,
        "full_description": plain(full)[:LONG],
        "facts": [plain(fact) for fact in known_facts(profile.facts)],
        "kind": profile.kind,
        "aliases": [plain(alias) for alias in profile.aliases[:10]],
        "found": [plain(step)[:LONG] for sighting in sightings for step in _steps(sighting)]
        + ([plain(candidate.snippet)[:LONG]] if candidate.snippet else []),
        "found_link": link(candidate.url),
        "pages": [
            {
                "where": plain(page.url or page.record or ""),
                "link": link(page.url),
                "read_at": timestamp(page.read_at),
                "size": len(page.text),
            }
            for page in profile.pages[:50]
        ],
        "grades": [
            {
                "key": criterion.key,
                "name": plain(criterion.name),
                "criterion": plain(criterion.text),
                "grade": grade.score,
                "explanation": plain(readable(grade.why, profile.pages))[:LONG],
                "evidence": [
                    {
                        "quote": plain(proof.quote)[:LONG],
                        "where": plain(where(proof, profile.pages)),
                        "link": link(proof.url),
                        "read_at": timestamp(proof.read_at),
                    }
                    for proof in grade.evidence
                ],
                "by_hand": _said(by_hand.get(criterion.key)),
            }
            for criterion in criteria
            if (grade := grades.get(criterion.key)) is not None
        ],
    }


def _steps(sighting: Sighting) -> list[str]:
    """How a source came upon it, a step a line."""
    asked = [f"asked for “{sighting.found_by}”"] if sighting.found_by and not sighting.path else []
    return [" → ".join([sighting.source, *asked, *sighting.path])]


def _said(by_hand: HandGrade | None) -> Json | None:
    if by_hand is None:
        return None
    return {"grade": by_hand.score, "note": plain(by_hand.note), "given_at": timestamp(by_hand.given_at)}
