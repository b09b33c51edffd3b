"""Rows and tasks as pages get them: small, cleaned, in the words of the wire format."""

from collections.abc import Sequence
from typing import Any

from longlist.model.criterion import passes_needed
from longlist.model.task import Progress, Task
from longlist.serve.plain import plain, shortened
from longlist.serve.web.words import phase, sentence
from longlist.serve.wire import criterion_json, timestamp
from longlist.store.ledger import Spend
from longlist.store.store import GridRow, TaskChange, relevance

NAME, TEXT = 160, 240  # characters a row of the grid carries of a name and of a description

Json = dict[str, Any]


def row_json(row: GridRow) -> Json:
    """A row of the grid; explanations and proof are asked for when it is opened."""
    facts = row.facts
    return {
        "id": row.id,
        "rev": row.rev,
        "stage": row.stage,
        "company_name": shortened(row.name, NAME) or row.domain or "(no name)",
        "company_website": plain(row.domain),
        "company_description": shortened(row.description, TEXT),
        "hq_country": facts.hq.country if facts else None,
        "hq_city": facts.hq.city if facts else None,
        "founding_year": facts.founded if facts else None,
        "employee_count": facts.employees.bucket if facts and facts.employees else None,
        "relevance": None if row.rank_score is None else relevance(row.rank_score),
        "rank": row.rank_score,
        "qualified": row.is_qualified,
        "source": row.source,
        "reason": plain(row.reason),
        "verdict": row.verdict,
        "at": timestamp(row.created_at),
        "grades": {g.criterion_key: {"grade": g.score, "by_hand": g.by_hand} for g in row.grades},
    }


def cost_json(spend: Spend) -> Json:
    """What a task spent. Nothing known to have cost anything is None, never $0."""
    return {"usd": spend.micros / 1e6 if spend.micros else None, "calls": spend.calls, "tokens": spend.tokens}


def task_event(change: TaskChange, spend: Spend, *, has_worker: bool) -> Json:
    """A task as its page shows it."""
    task, progress = change.task, change.progress
    return listed_json(task, progress, has_worker=has_worker) | {
        "rev": task.revision,
        "started_at": timestamp(change.started_at) if change.started_at else None,
        "ended_at": timestamp(change.ended_at) if change.ended_at else None,
        "cost": cost_json(spend),
        "criteria": [criterion_json(criterion) for criterion in task.criteria or ()],
        "needed": passes_needed(len(task.criteria or ())),
        "sources": [
            {"name": s.source, "state": s.outcome, "found": s.found, "reason": plain(s.reason)}
            for s in task.source_states
        ],
        "failure_reason": plain(task.failure_reason or "") or None,
    }


def listed_json(task: Task, progress: Progress, *, has_worker: bool) -> Json:
    """A task as the list of tasks shows it."""
    return {
        "id": task.id,
        "query": plain(task.spec.query),
        "created_at": timestamp(task.created_at),
        "status": task.status,
        "phase": phase(task, progress),
        "sentence": sentence(task, progress, has_worker=has_worker),
        "is_exhausted": task.is_exhausted,
        "discovered": progress.discovered,
        "enriched": progress.enriched,
        "evaluated": progress.evaluated,
        "qualified": progress.qualified,
        "target": task.spec.wanted,
    }


def rows_json(rows: Sequence[GridRow]) -> list[Json]:
    """Rows, in the order given."""
    return [row_json(row) for row in rows]
