"""What understands queries."""

from longlist.plan.rule_planner import RulePlanner
from longlist.wiring.clock import now


def rule_planner() -> RulePlanner:
    """The planner that needs neither data nor model."""
    return RulePlanner(today=lambda: now().date())
