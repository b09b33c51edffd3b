"""Our nouns in the words of the wire format. Field names and shapes: the hosted service's, ours added."""

from datetime import UTC, datetime
from typing import Any

from longlist.engine.reader import Report
from longlist.model.criterion import Criterion, Evidence, Grade, HandGrade
from longlist.model.task import Progress, Task
from longlist.store.store import Result

Json = dict[str, Any]


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def criterion_json(criterion: Criterion) -> Json:
    """A CriterionDefinition."""
    return {"key": criterion.key, "name": criterion.name, "criterion": criterion.text}


def task_json(task: Task, progress: Progress) -> Json:
    """A task object."""
    spec = task.spec
    return {
        "id": task.id,
        "created_at": timestamp(task.created_at),
        "status": task.status,
        "query": spec.query,
        "desired_num_results": spec.wanted,
        "is_exhausted": task.is_exhausted,
        "num_results_discovered": progress.discovered,
        "num_results_enriched": progress.enriched,
        "num_results_evaluated": progress.evaluated,
        "num_results": progress.qualified,
        "table_id": task.table_id,
        "auto_data_sources": spec.sources is None,
        "data_sources": list(spec.sources) if spec.sources is not None else None,
        "criteria": [criterion_json(c) for c in task.criteria] if task.criteria is not None else None,
        "exclude_domains": list(spec.exclude_domains) or None,
        "failure_reason": task.failure_reason,
        "stop_reason": task.stop_reason,
        "source_states": [
            {"source": s.source, "state": s.outcome, "found": s.found, "reason": s.reason or None}
            for s in task.source_states
        ],
    }


def evidence_json(evidence: Evidence) -> Json:
    """A quotation and where it stands."""
    return {
        "url": evidence.url,
        "record": evidence.record,
        "quote": evidence.quote,
        "read_at": timestamp(evidence.read_at),
        "hash": evidence.hash,
    }


def score_json(grade: Grade, by_hand: HandGrade | None = None) -> Json:
    """A score object: no evidence shows as a 3 that says so. What a person said stands beside it, if anything."""
    return {
        "grade": 3 if grade.score is None else grade.score,
        "explanation": grade.why,
        "sources": list(dict.fromkeys(e.url for e in grade.evidence if e.url)),
        "evidence": [evidence_json(e) for e in grade.evidence],
        "no_evidence": grade.score is None,
        "by_hand": {"grade": by_hand.score, "note": by_hand.note or None} if by_hand else None,
    }


def result_json(result: Result) -> Json:
    """A result item."""
    profile, facts = result.profile, result.profile.facts
    by_hand = {said.criterion_key: said for said in result.by_hand}
    return {
        "id": result.id,
        "task_id": result.task_id,
        "company_name": profile.name,
        "company_description": profile.description,
        "company_website": profile.domain,
        "relevance": result.relevance,
        "created_at": timestamp(result.created_at),
        "company_profile_id": result.profile_id,
        "source": result.candidate.source,
        "scores": {grade.criterion_key: score_json(grade, by_hand.get(grade.criterion_key)) for grade in result.grades},
        "founding_year": facts.founded,
        "employee_count": facts.employees.bucket if facts.employees else None,
        "hq_country": facts.hq.country,
        "hq_state_province": facts.hq.state,
        "hq_city": facts.hq.city,
        "company_full_description": profile.full_description or None,
    }


def report_json(report: Report) -> Json:
    """A task with its results; `near_misses` are the best companies that do not qualify."""
    return task_json(report.task, report.progress) | {
        "results": [result_json(result) for result in report.results],
        "near_misses": [result_json(result) for result in report.near_misses],
    }
