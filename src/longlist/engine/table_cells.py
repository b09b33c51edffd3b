"""Cells that follow from what is known already: the company of a row, and the scores of the task it came from."""

from typing import Any

from longlist.engine.table_subjects import RowWork
from longlist.model.company import CompanyProfile
from longlist.model.table import NOT_FOUND, CellValue, ColumnKind
from longlist.store.store import Result
from longlist.tables.answering import page_with, proven, read_addresses


def company_cell(kind: ColumnKind, work: RowWork) -> CellValue:
    """The name, the domain, or all that is known of a row's company."""
    profile = work.subject.profile
    if profile is None:
        return CellValue(NOT_FOUND, work.subject.why_unknown)
    if kind == "company_profile":
        return _whole(profile)
    text = profile.name if kind == "company_name" else profile.domain
    if not text:
        return CellValue(NOT_FOUND, "The company has no site of its own.")
    page = page_with(text, profile.pages)
    if page is not None:
        return proven(text, "As it is stated.", [(text, page)]).value
    return CellValue(text, "Known of the company.", read_addresses(profile.pages))


def _whole(profile: CompanyProfile) -> CellValue:
    facts = profile.facts
    context: dict[str, Any] = {
        "short_description": profile.description or None,
        "full_description": profile.full_description or None,
        "products_services": ", ".join(profile.tags) or None,
        "use_cases": None,
        "target_audience": None,
        "founding_year": facts.founded,
        "employee_count": facts.employees.bucket if facts.employees else None,
        "hq_country": facts.hq.country,
        "hq_state_province": facts.hq.state,
        "hq_city": facts.hq.city,
        "hq_full_address": profile.address or None,
        "social_profiles": dict(profile.social_profiles),
    }
    quoted = [(profile.description, page_with(profile.description, profile.pages))]
    quoted += [(quote, page_with(quote, profile.pages)) for quote in facts.quotes.values()]
    quotes = [(quote, page) for quote, page in dict.fromkeys(quoted) if page is not None]
    made = proven(profile.description or profile.name, "What its pages and records say.", quotes).value
    sources = read_addresses(profile.pages) or made.sources
    return CellValue(made.answer, made.explanation, sources, made.evidence, context)


def scores_cell(result: Result) -> CellValue:
    """The scores of a result, by key of the criterion, as the task's results have them."""
    scores = {
        grade.criterion_key: {
            "grade": 3 if grade.score is None else grade.score,
            "explanation": grade.why,
            "sources": list(dict.fromkeys(proof.url for proof in grade.evidence if proof.url)),
            "no_evidence": grade.score is None,
        }
        for grade in result.grades
    }
    passed = sum(1 for grade in result.grades if grade.score is not None and grade.score >= 4)
    evidence = tuple(proof for grade in result.grades for proof in grade.evidence)
    sources = tuple(dict.fromkeys(proof.url for proof in evidence if proof.url))
    return CellValue(scores, f"{passed} of {len(result.grades)} criteria are met.", sources, evidence)
