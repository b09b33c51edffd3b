"""Two tasks side by side: which results are new, which are gone, which are graded differently."""

from collections.abc import Mapping, Sequence
from typing import Any

from longlist.model.criterion import passes_needed
from longlist.serve.web.grid import row_json
from longlist.serve.web.views import View, arranged, given
from longlist.store.store import GridRow, TaskChange

Json = Mapping[str, Any]


def compared(before: TaskChange, after: TaskChange) -> Json:
    """New, gone and changed results, by company; grades are compared on the criteria that both have."""
    old, new = _results(before), _results(after)
    shared = [c for c in after.task.criteria or () if c.key in {b.key for b in before.task.criteria or ()}]
    old_rows, new_rows = _all(before), _all(after)
    both = [key for key in new_rows if key in old_rows]
    changed = []
    for key in both:
        differing = [
            {"name": c.name, "before": given(old_rows[key], c.key), "after": given(new_rows[key], c.key)}
            for c in shared
            if given(old_rows[key], c.key) != given(new_rows[key], c.key)
        ]
        if differing:
            changed.append({"row": new_rows[key], "grades": differing})
    return {
        "before": before.task,
        "after": after.task,
        "new": [row for key, row in new.items() if key not in old],
        "gone": [row for key, row in old.items() if key not in new],
        "stayed": len([key for key in new if key in old]),
        "changed": changed,
        "shared": [c.name for c in shared],
    }


def _results(change: TaskChange) -> dict[str, Json]:
    task = change.task
    rows = _keyed(change.rows)
    shown = arranged(list(rows.values()), View("qualified"), passes_needed(len(task.criteria or ())), task.spec.wanted)
    ids = {row["id"]: key for key, row in rows.items()}
    return {ids[row["id"]]: row for row in shown}


def _all(change: TaskChange) -> dict[str, Json]:
    return _keyed([row for row in change.rows if row.stage == "evaluated"])


def _keyed(rows: Sequence[GridRow]) -> dict[str, Json]:
    return {row.key: row_json(row) for row in rows}
