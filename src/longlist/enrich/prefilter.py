"""Which companies are worth reading further, judged by their home page alone: cheap, and only ever about pages to come.

Whoever is cut here is graded all the same, by what was read. A company could qualify unless its home page contradicts a
condition that must hold, or shares next to no words with what is looked for.
"""

from collections.abc import Sequence

from longlist.enrich.claims import Statement
from longlist.enrich.site_page import SitePage
from longlist.language.places import place_matches
from longlist.language.tongues import is_foreign
from longlist.language.words import terms
from longlist.model.company import Employees, Place
from longlist.model.plan import Constraint, Plan

FEW = 2  # words shared with the query and its criteria
# Words of nearly every query and site: sharing them says nothing.
_COMMON = frozenset(
    terms(
        "company companies business businesses product products service services customer customers team software platform "
        "provide provides offer offers help helps make makes sell sells build builds work works new best world online web"
    )
)


class Prefilter:
    """What a plan looks for, as words and conditions. Without a plan everybody could qualify."""

    def __init__(self, plan: Plan | None) -> None:
        texts = plan.search_texts() if plan is not None else ()
        self._wanted = {term for text in texts for term in terms(text)} - _COMMON
        self._constraints = plan.must_hold() if plan is not None else ()

    def could_qualify(self, page: SitePage, snippet: str, statements: Sequence[Statement]) -> bool:
        """Whether reading on may make this company a result, by its home page and what a search said of it."""
        if any(_contradicts(constraint, statements) for constraint in self._constraints):
            return False
        return self.shares_words(f"{page.page.title}\n{page.citable.text}\n{snippet}")

    def shares_words(self, text: str) -> bool:
        """Whether a text shares enough words with what is looked for; one in another language than English cannot tell."""
        return len(self._wanted) < FEW or len(self._wanted & set(terms(text))) >= FEW or is_foreign(text)


def _contradicts(constraint: Constraint, statements: Sequence[Statement]) -> bool:
    """Whether a stated fact rules the constraint out; only facts that a page states plainly are asked."""
    if constraint.field in {"country", "region", "city"} and isinstance(constraint.value, tuple):
        names = tuple(str(name) for name in constraint.value)
        for one in statements:
            if isinstance(one.value, Place):
                inside = place_matches(one.value, names, constraint.field)
                return inside is not None and inside is not (constraint.op == "in")
    if isinstance(constraint.value, int) and constraint.field in {"founded", "employees"}:
        for one in statements:
            if one.claim.fact == constraint.field:
                low, high = _range(one.value)
                return (
                    (high is not None and high < constraint.value) if constraint.op == "min" else low > constraint.value
                )
    return False


def _range(value: object) -> tuple[int, int | None]:
    if isinstance(value, Employees):
        return value.low, value.high
    assert isinstance(value, int)
    return value, value
