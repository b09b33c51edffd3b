"""Constraint, Reading, Angle, Plan: what was understood of a query before anything is searched."""

from dataclasses import dataclass
from typing import Literal

from longlist.model.criterion import Criterion, passes_needed

ConstraintField = Literal[
    "country",
    "region",
    "city",
    "employees",
    "founded",
    "status",
    "business_model",
    "listed",
    "funding_stage",
    "funding_amount",
    "industry",
]
Op = Literal["in", "not_in", "min", "max"]
Value = int | tuple[str, ...] | tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A checkable condition on one fact.

    `in` and `not_in` take a tuple of names (of booleans for `listed`); `min` and `max` take an integer and include
    it: employees in people, founded as a year, funding_amount in US dollars.
    """

    field: ConstraintField
    op: Op
    value: Value


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of one text (the query, or one criterion).

    `positive` is what is left to look for once constraints and the excluded part are taken out; `negative` is the
    excluded part ("not marketplaces" leaves "marketplaces"). `either` is true when the constraints are alternatives
    ("founded after 2023 or in a batch of 2024"), false when all must hold. `constraint_only` is true when nothing
    but constraints is said. `not_understood` lists words that look like a condition but could not be used.
    """

    text: str
    positive: str
    negative: str = ""
    constraints: tuple[Constraint, ...] = ()
    either: bool = False
    constraint_only: bool = False
    not_understood: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Angle:
    """One thing to ask the sources, and why. `depth` says how many times as many results as usual to look at."""

    text: str
    why: str
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """A query, understood: `readings` are parallel to `criteria`; `constraints` are all that must hold.

    `inferred` says that the criteria were derived from the query.
    """

    query: Reading
    criteria: tuple[Criterion, ...]
    readings: tuple[Reading, ...]
    constraints: tuple[Constraint, ...]
    angles: tuple[Angle, ...]
    inferred: bool = False

    def must_hold(self) -> tuple[Constraint, ...]:
        """The constraints without which a company cannot qualify: the query's, and those of criteria none may fail.

        Where a criterion may fail (75 % are enough), or offers alternatives, its constraints rule nothing out. Nor do
        business models and industries: records state some of theirs, seldom all, so words must decide.
        """
        readings = [self.query]
        if passes_needed(len(self.criteria)) == len(self.criteria):
            readings += [reading for reading in self.readings if not reading.either]
        held = (c for r in readings if not r.either for c in r.constraints)
        return tuple(dict.fromkeys(c for c in held if c.field not in ("business_model", "industry")))

    def search_texts(self) -> tuple[str, ...]:
        """What to look for in words: the query and each criterion, conditions and excluded parts left out."""
        readings = [self.query, *(r for r in self.readings if not r.constraint_only)]
        found = tuple(dict.fromkeys(r.positive for r in readings if r.positive.strip()))
        return found or (self.query.text,)
