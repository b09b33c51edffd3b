"""Grader: the seam between the flow and whatever judges companies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from longlist.model.company import CompanyProfile
from longlist.model.criterion import Grade
from longlist.model.plan import Plan
from longlist.model.web import NO_ERRAND, Errand


@dataclass(frozen=True, slots=True)
class Assessment:
    """One company, judged: a grade per criterion in the plan's order, and `rank_score` (0-1), which orders results."""

    rank_score: float
    grades: tuple[Grade, ...]


class Grader(Protocol):
    """Judges companies on all criteria of a plan.

    What is usual among `reference` (the candidates of the first round) tells how much a match says; so the answer
    for a company depends on the plan, the reference and that company alone, never on which others are asked about.
    """

    async def grade(
        self,
        plan: Plan,
        reference: Sequence[CompanyProfile],
        profiles: Sequence[CompanyProfile],
        errand: Errand = NO_ERRAND,
    ) -> list[Assessment]:
        """An assessment for each of `profiles`, in order.

        BudgetSpent of a call may be let through: profiles are then asked for one by one, and those that cannot be graded
        stay without grades. Better is to grade them by other means.
        """
        ...
