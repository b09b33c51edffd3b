"""Which of several statements about a fact is believed, and how far.

Every statement has a confidence of its own, by the manner in which it is made (`CONFIDENCE`). Statements that agree
support each other: together they are wrong only if all are, so their doubts multiply. The value with the most support
is the fact; what contradicts it takes from its confidence. docs/profiles.md has the rules in full.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from longlist.language.places import city_key
from longlist.model.company import Claim, Employees, Facts, Manner, Place

CONFIDENCE: dict[Manner, float] = {
    "structured": 0.9,
    "table": 0.9,
    "embedded": 0.85,
    "prose": 0.8,
    "address": 0.6,
    "record": 0.7,
    "wikidata": 0.7,
    "model": 0.6,
}
"""How often a statement made so is right: what the site says for machines or in a labelled field before what its sentences
say, the company itself before others.
"""

_ORDER: dict[Manner, int] = {manner: rank for rank, manner in enumerate(CONFIDENCE)}


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim with its value in a form that can be compared."""

    claim: Claim
    value: Any


def resolve(statements: Sequence[Statement]) -> tuple[Facts, tuple[Claim, ...]]:
    """The facts that the statements come to, and all claims, those that agree with the facts marked as used."""
    values: dict[str, Any] = {}
    quotes: dict[str, str] = {}
    confidence: dict[str, float] = {}
    claims: list[Claim] = []
    for fact in dict.fromkeys(one.claim.fact for one in statements):
        said = [one for one in statements if one.claim.fact == fact]
        agrees = _AGREEMENT.get(fact, _equal)
        chosen = _chosen(said, agrees)
        supporting = [one for one in said if agrees(one.value, chosen.value)]
        values[fact] = _fullest(chosen, supporting) if fact == "hq" else chosen.value
        quotes[fact] = chosen.claim.quote
        against = [one for one in said if one not in supporting]
        confidence[fact] = round(_support(supporting) * (1 - 0.5 * _support(against)), 2)
        claims += [replace(one.claim, is_used=one in supporting) for one in said]
    return Facts(**values, quotes=quotes, confidence=confidence), tuple(claims)


def _chosen(said: Sequence[Statement], agrees: Callable[[Any, Any], bool]) -> Statement:
    """The statement with the most support; of equal ones that made in the better manner, then the first."""

    def weight(one: Statement) -> tuple[float, float, int]:
        support = _support([other for other in said if agrees(other.value, one.value)])
        return round(support, 3), one.claim.confidence, -_ORDER[one.claim.manner]

    best = max(said, key=weight)
    near = [one for one in said if weight(one) == weight(best)]
    return max(near, key=lambda one: _detail(one.value))


def _support(said: Sequence[Statement]) -> float:
    """1 - the product of the doubts, each sentence counted once however many pages repeat it."""
    doubt = 1.0
    for quote in dict.fromkeys(one.claim.quote for one in said):
        doubt *= 1 - max(one.claim.confidence for one in said if one.claim.quote == quote)
    return 1 - doubt


def _fullest(chosen: Statement, supporting: Sequence[Statement]) -> Place:
    """The chosen place, with a city or state that an agreeing statement adds."""
    place: Place = chosen.value
    for one in sorted(supporting, key=lambda one: -one.claim.confidence):
        other: Place = one.value
        if place.city is None and other.city is not None and place.state in (None, other.state):
            place = Place(place.country, place.state or other.state, other.city)
        elif place.state is None and other.state is not None and other.city == place.city:
            place = replace(place, state=other.state)
    return place


def _detail(value: Any) -> int:
    return sum(part is not None for part in (value.country, value.state, value.city)) if isinstance(value, Place) else 0


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other)


def _same_year(one: int, other: int) -> bool:
    return abs(one - other) <= 1


def _same_size(one: Employees, other: Employees) -> bool:
    return one.bucket == other.bucket


def _same_seat(one: Place, other: Place) -> bool:
    """One country, and not two cities of it."""
    if one.country != other.country:
        return False
    if one.city is None or other.city is None:
        return one.state is None or other.state is None or one.state == other.state
    return city_key(one.city, one.country) == city_key(other.city, other.country)


_AGREEMENT: dict[str, Callable[[Any, Any], bool]] = {
    "founded": _same_year,
    "employees": _same_size,
    "hq": _same_seat,
}
