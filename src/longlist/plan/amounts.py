"""Bounded numbers in a text: "more than 5,000", "10-50", "up to $2M", "200 or fewer"; what they count is for others.

Bounds are made inclusive: "more than 5,000" is 5,001 and up, "fewer than 5,000" is 4,999 and down.
"""

import re
from dataclasses import dataclass

from longlist.language.numbers import MONEY, NUMBER, dollars, scaled_pair, value

AROUND = 0.25
"""How far "around 200" reaches to either side: people round, and a count a year old is off by as much."""

_BOUNDS = {
    "more": r"(?:(?:is |are |was )?(?:more|greater|larger|bigger|higher|longer|older) (?:than|then)|over|above|exceeds?|exceeding|in excess of|north of|upwards? of more than|>(?!=))",
    "least": r"(?:at least|at minimum|a minimum of|minimum(?: of)?|min\.?(?: of)?|(?:no|not) (?:fewer|less|smaller|lower|younger) than|not (?:under|below)|upwards? of|starting (?:at|from)|>=|=>|≥)",
    "less": r"(?:(?:fewer|less|lower|smaller|younger|shorter) (?:than|then)|under|below|sub-?|short of|south of|<(?!=))",
    "most": r"(?:at most|at maximum|up to|a max(?:imum)? of|maximum(?: of)?|max\.?(?: of)?|(?:no|not) (?:more|larger|bigger|greater|older|higher) than|not (?:over|above|exceeding)|capped at|<=|=<|≤)",
    "around": r"(?:around|about|approximately|approx\.?|roughly|circa|ca\.?|~|some|nearly|almost|close to|in the region of)",
    "exact": r"(?:exactly|precisely)",
}
_BOUND = "|".join(rf"(?P<{name}>{pattern})" for name, pattern in _BOUNDS.items())
_ANY = rf"(?:{MONEY}|{NUMBER})"
_AMOUNT = re.compile(
    rf"(?<![a-z0-9.])(?:(?:{_BOUND})\s*(?:a |the )?(?:total of |staff of |team of )?)?"
    rf"(?:(?P<between>between |from )?(?P<low>{_ANY})\s*(?P<joint>-|–|—|~|to\b|and\b|through\b|up to\b)\s*(?P<high>{_ANY})|(?P<one>{_ANY}))"
    r"(?P<plus>\s?\+|\s?plus\b|\s(?:or|and) (?:more|above|over|up|upwards?|larger|bigger|greater)\b|\s?(?:minimum|min)\b(?! wage)|\sat least\b|\sat minimum\b)?"
    r"(?P<minus>\s(?:or|and) (?:fewer|less|under|below|smaller|lower)\b|\s?(?:maximum|max|tops)\b|\sat most\b)?"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its bounds, both inclusive, None when open; `bare` when a single number stands alone.

    `number` is the figure as written (the lower of a range); `money` amounts are in US dollars.
    """

    start: int
    end: int
    low: int | None
    high: int | None
    number: int
    bare: bool = False
    money: bool = False
    around: bool = False

    @property
    def bounds(self) -> tuple[tuple[str, int], ...]:
        """The bounds as ("min", n) and ("max", n)."""
        low = () if self.low is None else (("min", self.low),)
        return low if self.high is None else (*low, ("max", self.high))

    def rounded(self) -> "Amount":
        """A bare number, or one that is "around", widened by AROUND to either side."""
        if not (self.bare or self.around):
            return self
        reach = self.number * AROUND
        return Amount(self.start, self.end, round(self.number - reach), round(self.number + reach), self.number)

    def at_least(self) -> "Amount":
        return Amount(self.start, self.end, self.number, None, self.number, money=self.money)

    def at_most(self) -> "Amount":
        return Amount(self.start, self.end, None, self.number, self.number, money=self.money)


def amounts(flat: str) -> tuple[Amount, ...]:
    """Every number of a levelled text with its bounds, in order."""
    found: list[Amount] = []
    at = 0
    while True:
        match = _AMOUNT.search(flat, at)
        if match is None:
            return tuple(found)
        amount, at = _amount(match)
        at = max(at, match.start() + 1)
        if amount is not None:
            found.append(amount)


def _amount(match: re.Match[str]) -> tuple[Amount | None, int]:
    start, end = match.span()
    groups = match.groupdict()
    if groups["low"]:
        joined_by_and = groups["joint"].startswith("and")
        between = groups["between"] == "between "
        if not joined_by_and or between:
            low, high = scaled_pair(groups["low"], groups["high"])
            if low is not None and high is not None and low < high:
                money = _is_money(groups["low"]) or _is_money(groups["high"])
                rate = _rate(groups["high"]) if _is_money(groups["high"]) else _rate(groups["low"]) if money else 1.0
                return Amount(start, end, round(low * rate), round(high * rate), low, money=money), end
        number = groups["low"]
        end = match.end("low")
    else:
        number = groups["one"]
    money = _is_money(number)
    read = dollars(number) if money else value(number)
    if read is None:
        return None, end
    if groups["plus"] and end == match.end():
        return Amount(start, end, read, None, read, money=money), end
    if groups["minus"] and end == match.end():
        return Amount(start, end, None, read, read, money=money), end
    if groups["more"]:
        return Amount(start, end, read + 1, None, read, money=money), end
    if groups["least"]:
        return Amount(start, end, read, None, read, money=money), end
    if groups["less"]:
        return Amount(start, end, None, max(0, read - 1), read, money=money), end
    if groups["most"]:
        return Amount(start, end, None, read, read, money=money), end
    around = bool(groups["around"])
    return Amount(
        start, end, read, read, read, bare=not around and not groups["exact"], money=money, around=around
    ), end


def _is_money(text: str) -> bool:
    return bool(re.search(r"[$€£₹¥]|usd|eur|gbp|chf|dollar|pound|buck|cad|aud|inr|jpy|sek", text))


def _rate(text: str) -> float:
    bare = re.sub(r"[^\d.,kmbn ]", "", text).strip()
    plain = value(bare)
    return (dollars(text) or 0) / plain if plain else 1.0
