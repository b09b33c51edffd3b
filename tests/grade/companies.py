"""Made-up companies with pages, plans over them, and what models say of them, for the tests of grading by a model."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from longlist.model.company import CompanyProfile, Facts, Page
from longlist.model.criterion import Criterion
from longlist.model.plan import Plan
from longlist.plan.rule_planner import RulePlanner

READ_AT = datetime(2026, 1, 2, tzinfo=UTC)
CRITERIA = (
    Criterion("bakes_bread", "Bakes bread", "The company bakes bread for shops and restaurants."),
    Criterion("own_ovens", "Own ovens", "The company runs ovens of its own rather than buying bread."),
)


def plan(query: str = "bakeries that supply restaurants", criteria: Sequence[Criterion] = CRITERIA) -> Plan:
    return RulePlanner(today=lambda: date(2026, 1, 2)).understand(query, tuple(criteria))


def company(number: int, *pages: str) -> CompanyProfile:
    domain = f"bakery-{number}.com"
    texts = pages or (
        f"Bakery {number} bakes bread for restaurants every night.\nWe run {number + 2} ovens of our own.",
    )
    return CompanyProfile(
        key=domain,
        name=f"Bakery {number}",
        domain=domain,
        description=texts[0].splitlines()[0],
        full_description="",
        tags=(),
        facts=Facts(),
        pages=tuple(Page(text, READ_AT, url=f"https://{domain}/{n}") for n, text in enumerate(texts)),
    )


def graded(*given: tuple[str, int, str]) -> dict[str, Any]:
    """An answer: (key, score, quote) each."""
    return {
        "grades": [
            {"key": key, "numbers": [1], "quote": quote, "reason": f"Reason for {key}.", "score": score}
            for key, score, quote in given
        ]
    }
