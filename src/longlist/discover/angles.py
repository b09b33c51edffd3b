"""Which angles a round asks: those of the plan first; later what brought companies that qualify, and what those share.

Pure: the same plan and history choose the same. What was chosen is kept before anything is asked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from longlist.discover.queries import core
from longlist.language.words import terms
from longlist.model.plan import Angle, Plan
from longlist.model.round import Yield

AGAIN, FRESH = 4, 6  # angles of a later round: so many that proved good, so many new ones
LIKE = 3  # companies that are named in a search for others of their kind
DEEPEST = 4  # times as deep as usual


@dataclass(frozen=True, slots=True)
class Shared:
    """What the companies that qualify by now have in common, against those that do not: words of theirs, the most telling
    first; and the names of the best of them.
    """

    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


NOTHING = Shared()

ChooseAngles = Callable[[Plan, int, Sequence[Yield], Shared], tuple[Angle, ...]]
"""Chooses the angles of a round, by its number, from the plan, from what earlier rounds yielded, and from what the companies
that qualify share."""


def planned_angles(plan: Plan, number: int, yields: Sequence[Yield], shared: Shared = NOTHING) -> tuple[Angle, ...]:
    """The angles of the plan, in every round: sources go on where they ended."""
    del number, yields, shared
    return plan.angles


def best_angles(plan: Plan, number: int, yields: Sequence[Yield], shared: Shared = NOTHING) -> tuple[Angle, ...]:
    """Round 1 asks the plan's angles. Each later one asks the best of the earlier ones for more, and new ones made of what
    qualified companies share; where nothing qualified yet, the plan's own go deeper.
    """
    if number == 1:
        return plan.angles
    depth = min(DEEPEST, number)
    again = [
        Angle(text, f"brought {good} that qualify so far; looked at deeper", depth)
        for text, good in islice(proven(yields), AGAIN)
    ]
    asked = {frozenset(terms(angle.text)) for angle in plan.angles} | {frozenset(terms(one.angle)) for one in yields}
    fresh = [angle for angle in _new(plan, shared) if frozenset(terms(angle.text)) not in asked]
    first = (number - 2) * FRESH  # what the words of an earlier round brought is among `yields`, or it brought nothing
    chosen = [*again, *(fresh[:FRESH] or fresh[first : first + FRESH])]
    if not again:
        chosen += [Angle(angle.text, f"{angle.why}; looked at deeper", depth) for angle in plan.angles]
    return tuple(chosen)


def proven(yields: Sequence[Yield]) -> Iterator[tuple[str, int]]:
    """The angles that brought companies that qualify, with how many, the best share first.

    The share is smoothed towards what all angles together brought, so that one hit out of one does not come first.
    """
    found: dict[str, int] = {}
    good: dict[str, int] = {}
    for one in yields:
        found[one.angle] = found.get(one.angle, 0) + one.found
        good[one.angle] = good.get(one.angle, 0) + one.qualified
    usual = sum(good.values()) / max(1, sum(found.values()))

    def share(text: str) -> float:
        return (good[text] + 5 * usual) / (found[text] + 5)

    for text in sorted(found, key=lambda text: (-share(text), -good[text], text)):
        if good[text]:
            yield text, good[text]


def _new(plan: Plan, shared: Shared) -> Iterator[Angle]:
    """Angles nobody thought of before there were results: words that qualified companies share, and companies like them."""
    subject = core(plan)
    have = set(terms(subject))
    words = [word for word in shared.words if not have & set(terms(word))]
    for name in shared.names[:LIKE]:
        yield Angle(f"alternatives to {name}", f"companies of the kind of {name}, which qualifies")
    for start in range(0, len(words), 2):
        pair = " ".join(words[start : start + 2])
        yield Angle(f"{pair} {subject}".strip(), f"words that companies which qualify share: {pair}")
    for name in shared.names[LIKE : 3 * LIKE]:
        yield Angle(f"{name} competitors", f"companies of the kind of {name}, which qualifies")
