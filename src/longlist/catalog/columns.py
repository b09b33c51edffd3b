"""The facts of companies as one memory-mapped column file, and which rows a constraint rules out.

A fact that is not stated is -1 (0 for business models). Names (countries, cities, stages, models) are numbered in the
order they first come up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longlist.catalog.hits import Mask
from longlist.language.places import city_key, place_matches
from longlist.model.company import Facts, Place, RecordKind
from longlist.model.plan import Constraint

FACTS = np.dtype(
    [
        ("models", "<i8"),  # one bit a business model
        ("funding_amount", "<i8"),
        ("employees_low", "<i4"),
        ("employees_high", "<i4"),
        ("city", "<i4"),
        ("country", "<i2"),
        ("founded", "<i2"),
        ("funding_stage", "<i2"),
        ("status", "<i1"),
        ("listed", "<i1"),
        ("kind", "<i1"),
        ("alive", "<i1"),  # 0 once deleted or replaced
    ]
)
STATUSES = ("active", "acquired", "closed")
KINDS: tuple[RecordKind, ...] = ("company", "product", "project")
UNKNOWN = -1
_MAX_MODELS = 63
OR_MORE = 2**31 - 1
_MAX_AMOUNT = 2**62

_COLUMNS = {
    "country": "country",
    "region": "country",
    "city": "country",
    "employees": "employees_low",
    "founded": "founded",
    "status": "status",
    "listed": "listed",
    "funding_stage": "funding_stage",
    "funding_amount": "funding_amount",
}

Column = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Names:
    """The names that numbers in the columns stand for, in order. Grows while companies are added, never otherwise.

    Cities are kept as `city_key` has them, of which there may be many; all others as they are stated.
    """

    countries: dict[str, int] = field(default_factory=dict)
    cities: dict[str, int] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)
    models: dict[str, int] = field(default_factory=dict)


def fact_row(facts: Facts, kind: RecordKind, names: Names) -> tuple[int, ...]:
    """The facts of one company in the order of FACTS; new names are numbered."""
    models = 0
    for model in facts.business_models:
        if model in names.models or len(names.models) < _MAX_MODELS:
            models |= 1 << _number(names.models, model)
    size = facts.employees
    high = UNKNOWN if size is None else OR_MORE if size.high is None else min(size.high, OR_MORE)
    amount = UNKNOWN if facts.funding_amount is None else min(max(facts.funding_amount, 0), _MAX_AMOUNT)
    year = UNKNOWN if facts.founded is None else facts.founded
    return (
        models,
        amount,
        UNKNOWN if size is None else min(max(size.low, 0), OR_MORE),
        high,
        UNKNOWN if facts.hq.city is None else _number(names.cities, city_key(facts.hq.city, facts.hq.country)),
        UNKNOWN if facts.hq.country is None else _number(names.countries, facts.hq.country),
        year if 0 <= year < 2**15 else UNKNOWN,
        UNKNOWN if facts.funding_stage is None else _number(names.stages, facts.funding_stage),
        UNKNOWN if facts.status is None else STATUSES.index(facts.status),
        UNKNOWN if facts.listed is None else int(facts.listed),
        KINDS.index(kind),
        1,
    )


def _number(names: dict[str, int], name: str) -> int:
    return names.setdefault(name, len(names))


class FactColumns:
    """The columns of `count` companies, by field name: `columns["founded"]` and so on, see FACTS."""

    def __init__(self, file: Path, count: int, names: Names) -> None:
        self._table: Column = np.empty(0, FACTS)
        if count:
            self._table = np.asarray(np.memmap(file, FACTS, "r", shape=(count,)))
        self.names = names

    def __getitem__(self, name: str) -> Column:
        column: Column = self._table[name]
        return column

    def __len__(self) -> int:
        return len(self._table)

    def known(self, constraint: Constraint) -> Mask:
        """True for the rows that state the fact a constraint is about; for a place, a country."""
        column = _COLUMNS.get(constraint.field)
        return np.zeros(len(self), np.bool_) if column is None else np.asarray(self[column] != UNKNOWN)

    def mask(self, constraints: Sequence[Constraint]) -> Mask:
        """True for the rows that no constraint is known to rule out: silence about a fact never rules out.

        Places are judged by country alone, so a city or state only rules out companies of other countries. A wanted
        business model rules out nothing (a company states some of its models, seldom all); an unwanted one does.
        """
        allowed = np.ones(len(self._table), np.bool_)
        for constraint in constraints:
            excluded = self._excluded(constraint)
            if excluded is not None:
                np.logical_and(allowed, ~excluded, out=allowed)
        return allowed

    def _excluded(self, constraint: Constraint) -> Mask | None:
        value, wanted = constraint.value, constraint.op == "in"
        if isinstance(value, int):
            return self._outside(constraint, value)
        if constraint.op not in ("in", "not_in"):
            return None
        texts = tuple(str(name) for name in value)
        match constraint.field:
            case "country" | "region" | "city":
                verdicts = [
                    place_matches(Place(country=name), texts, constraint.field) for name in self.names.countries
                ]
                return self._having("country", [verdict is (not wanted) for verdict in verdicts])
            case "status":
                return self._having("status", [(name in texts) is not wanted for name in STATUSES])
            case "funding_stage":
                return self._having("funding_stage", [(name in texts) is not wanted for name in self.names.stages])
            case "listed":
                return self._having("listed", [(known in value) is not wanted for known in (False, True)])
            case "business_model" if not wanted:
                bits = sum(1 << index for index, name in enumerate(self.names.models) if name in texts)
                return np.asarray((self["models"] & np.int64(bits)) != 0)
            case _:
                return None

    def _having(self, name: str, bad: Sequence[bool]) -> Mask:
        """The rows whose number in a column is a bad one; the unknown (-1) is the last entry of the table, and good."""
        table = np.array([*bad, False], np.bool_)
        return np.asarray(table[self[name]])

    def _outside(self, constraint: Constraint, value: int) -> Mask | None:
        low, high = {
            "employees": ("employees_low", "employees_high"),
            "founded": ("founded", "founded"),
            "funding_amount": ("funding_amount", "funding_amount"),
        }.get(constraint.field, ("", ""))
        if not low:
            return None
        if constraint.op == "min":
            return np.asarray((self[high] != UNKNOWN) & (self[high] < value))
        if constraint.op == "max":
            return np.asarray(self[low] > value)
        return None
