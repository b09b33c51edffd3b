"""Numbers as people write them: "5k", "1.2 million", "five thousand", "10 000", "$5M", "10-50", "a dozen".

`NUMBER` and `MONEY` are fragments for other patterns (they match levelled text and have no groups); `value` and
`dollars` read what they matched.
"""

import re
from dataclasses import dataclass

_SCALES = {
    "hundred": 100,
    "k": 1_000,
    "thousand": 1_000,
    "tsd": 1_000,
    "lakh": 100_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "mm": 1_000_000,
    "mil": 1_000_000,
    "mio": 1_000_000,
    "million": 1_000_000,
    "crore": 10_000_000,
    "b": 1_000_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
    "tn": 1_000_000_000_000,
    "trillion": 1_000_000_000_000,
}
_UNITS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split()
    )
}
_TENS = {word: (n + 2) * 10 for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
_DOZENS = {"dozen": 12, "couple": 2, "score": 20}
_WORD_SCALE = "hundred|thousand|million|billion|trillion|dozen"
_WORD = "|".join(sorted([*_UNITS, *_TENS], key=len, reverse=True))
_SPELLED = (
    rf"(?:(?:a|half a|{_WORD})[ -](?:(?:{_WORD})[ -])?(?:{_WORD_SCALE})(?:[ -](?:and[ -])?(?:{_WORD})(?![a-z])|[ -](?:{_WORD_SCALE})(?![a-z]))*"
    rf"|(?:{'|'.join(_TENS)})[ -](?:{'|'.join(list(_UNITS)[1:10])})|{_WORD})(?![a-z])"
)
_SCALE = r"(?:\s?(?:k|m|mn|mm|mil|mio|bn|b|tn|tsd|lakh|crore)(?![a-z])|\s?-?(?:hundred|thousand|million|billion|trillion)s?(?![a-z]))"
_FIGURE = rf"(?<![\w.,])(?:\d{{1,3}}(?:[ ,.'\u00a0\u202f]\d{{3}})+(?!\d|,\d)|\d+(?:[.,]\d{{1,2}})?){_SCALE}?(?!\d)"
NUMBER = rf"(?:{_FIGURE}|(?<![\w]){_SPELLED})"
_CURRENCIES = {
    # Rounded to what a search for companies needs; a rate of the day would make the same query differ from day to day.
    "$": 1.0,
    "us$": 1.0,
    "usd": 1.0,
    "dollar": 1.0,
    "buck": 1.0,
    "€": 1.1,
    "eur": 1.1,
    "euro": 1.1,
    "£": 1.3,
    "gbp": 1.3,
    "pound": 1.3,
    "chf": 1.1,
    "cad": 0.75,
    "aud": 0.65,
    "inr": 0.012,
    "rs": 0.012,
    "₹": 0.012,
    "¥": 0.007,
    "jpy": 0.007,
    "sek": 0.1,
}
_SYMBOL = r"(?:us\$|usd|eur|gbp|chf|cad|aud|inr|jpy|sek|rs\.?|[$€£₹¥])"
_NAME = r"(?:usd|eur|gbp|chf|cad|aud|inr|us dollars?|dollars?|euros?|pounds?|bucks|[$€£])"
_PLAIN = r"(?:\d{1,3}(?:[ ,.'\u00a0]\d{3})+(?!\d|,\d)|\d+(?:[.,]\d{1,2})?)" + _SCALE + r"?"
MONEY = rf"(?:{_SYMBOL}\s?{_PLAIN}(?:\s?{_NAME}(?![a-z]))?|{NUMBER}\s?{_NAME}(?![a-z]))"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text: `low` to `high` (equal for one number; `high` None for "or more"), at `text[start:end]`.

    `money` says that it is an amount, given in US dollars.
    """

    low: int
    high: int | None
    start: int
    end: int
    money: bool = False


def value(text: str) -> int | None:
    """The whole number a short text writes, or None. Fractions are rounded after scaling ("1.2 million")."""
    flat = text.lower().strip().replace("\u00a0", " ").replace("\u202f", " ")
    match = re.fullmatch(r"(\d[\d ,.']*?)\s?-?([a-z]*?)s?", flat)
    if match:
        scale = _SCALES.get(match[2], 1 if not match[2] else 0)
        number = _figure(match[1].strip())
        return round(number * scale) if scale and number is not None else None
    return _spelled(flat)


def _figure(text: str) -> float | None:
    if re.fullmatch(r"\d{1,3}(?:[ ,.']\d{3})+", text):
        return float(re.sub(r"\D", "", text))
    bare = text.replace(" ", "").replace(",", ".").rstrip(".")
    return float(bare[:18]) if re.fullmatch(r"\d+(?:\.\d+)?", bare) else None


def _spelled(text: str) -> int | None:
    total, part, seen = 0, 0, False
    half = text.startswith("half a ")
    for word in re.split(r"[ -]+", text.removeprefix("half ")):
        if word in {"a", "and", "an"}:
            continue
        if word in _UNITS or word in _TENS:
            part, seen = part + (_UNITS[word] if word in _UNITS else _TENS[word]), True
        elif word in _DOZENS:
            part, seen = max(part, 1) * _DOZENS[word], True
        elif word in _SCALES and len(word) > 2:
            if word == "hundred":
                part = max(part, 1) * 100
            else:
                total, part = total + max(part, 1) * _SCALES[word], 0
            seen = True
        else:
            return None
    if not seen:
        return None
    return (total + part) // 2 if half else total + part


def dollars(text: str) -> int | None:
    """The amount a short text writes ("$5M", "10 million euros"), in whole US dollars at rounded rates, or None."""
    flat = text.lower()
    rate = next((r for mark, r in _CURRENCIES.items() if mark in flat), 1.0)
    bare = re.sub(rf"{_SYMBOL}|us dollars?|{_NAME}", "", flat).strip()
    number = value(bare)
    return None if number is None else round(number * rate)


_RANGE = re.compile(
    rf"(?:between\s+|from\s+)?(?P<low>{MONEY}|{NUMBER})\s*(?:-|–|—|\bto\b|\band\b)\s*(?P<high>{MONEY}|{NUMBER})"
)
_ONE = re.compile(rf"(?P<number>{MONEY}|{NUMBER})(?P<more>\s?\+|\s+or more\b)?")
_VAGUE = re.compile(
    r"\b(?P<digits>single|double|two|triple|three|four|five)[- ]digit\b|\b(?P<plural>dozens|hundreds|thousands|millions|tens of thousands|hundreds of thousands)\b"
)
_DIGITS = {"single": (1, 9), "double": (10, 99), "two": (10, 99), "triple": (100, 999), "three": (100, 999), "four": (1000, 9999), "five": (10_000, 99_999)}  # fmt: skip
_PLURALS = {
    "dozens": 24,
    "hundreds": 200,
    "thousands": 2_000,
    "millions": 2_000_000,
    "tens of thousands": 20_000,
    "hundreds of thousands": 200_000,
}
_IS_MONEY = re.compile(rf"{_SYMBOL}|{_NAME}")


def quantities(text: str) -> list[Quantity]:
    """Every number, range and amount in a text, in order. "and" joins a range only after "between"."""
    flat = text.lower()
    found: list[Quantity] = []
    at = 0
    while at < len(flat):
        found_range = _RANGE.search(flat, at)
        one = _ONE.search(flat, at)
        vague = _VAGUE.search(flat, at)
        matches = [m for m in (found_range, one, vague) if m]
        if not matches:
            break
        match = min(matches, key=lambda m: (m.start(), -m.end()))
        at = max(match.end(), at + 1)
        quantity = _quantity(match, flat)
        if quantity is None and match is found_range and one is not None:
            at = max(one.end(), at if one.start() > match.start() else one.end())
            quantity = _quantity(one, flat)
        if quantity:
            found.append(quantity)
    return found


def _quantity(match: re.Match[str], flat: str) -> Quantity | None:
    groups = match.groupdict()
    if groups.get("digits"):
        return Quantity(*_DIGITS[groups["digits"]], match.start(), match.end())
    if groups.get("plural"):
        return Quantity(_PLURALS[groups["plural"]], None, match.start(), match.end())
    money = bool(_IS_MONEY.search(match.group()))
    read = dollars if money else value
    if groups.get("low"):
        middle = flat[match.end("low") : match.start("high")].strip()
        if middle == "and" and not match.group().startswith("between"):
            return None
        low, high = scaled_pair(groups["low"], groups["high"])
        if low is None or high is None or low > high:
            return None
        rate = (dollars(groups["high"]) or 1) / (value(re.sub(rf"{_SYMBOL}|{_NAME}", "", groups["high"]).strip()) or 1)
        return Quantity(
            round(low * rate) if money else low,
            round(high * rate) if money else high,
            match.start(),
            match.end(),
            money,
        )
    number = read(groups["number"])
    if number is None:
        return None
    return Quantity(number, None if groups.get("more") else number, match.start(), match.end(), money)


def scaled_pair(low: str, high: str) -> tuple[int | None, int | None]:
    """Both ends of a range; the scale behind the second also holds for the first where it has none ("1-5k")."""
    first = re.sub(rf"{_SYMBOL}|{_NAME}", "", low.lower()).strip()
    second = re.sub(rf"{_SYMBOL}|{_NAME}", "", high.lower()).strip()
    a, b = value(first), value(second)
    scale = re.search(r"(?<=\d)\s?-?([a-z]+)s?$", second)
    if a is not None and b is not None and scale and re.fullmatch(r"[\d.,]+", first) and scale[1] in _SCALES:
        scaled = value(first + scale[1])
        if scaled is not None and scaled <= b:
            a = scaled
    return a, b
