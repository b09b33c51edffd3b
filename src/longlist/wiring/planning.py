"""What understands queries."""

from datetime import UTC, datetime

from longlist.plan.rule_planner import RulePlanner


def now() -> datetime:
    """The current time, UTC."""
    return datetime.now(tz=UTC)


def rule_planner() -> RulePlanner:
    """The planner that needs neither data nor model."""
    return RulePlanner(today=lambda: now().date())
