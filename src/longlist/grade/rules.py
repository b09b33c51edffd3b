"""Rules: what a stated fact says about a constraint. When the record holds the fact, a rule is nearly an oracle."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from longlist.language.places import Mention, country_name, mentions, place_matches, region_countries
from longlist.language.words import sentences
from longlist.model.company import CompanyProfile, Employees, Page
from longlist.model.criterion import PASSING_SCORE
from longlist.model.plan import Constraint, Reading

# Top-level domains that companies of any country use, so that they say nothing about where one is.
_WORLDWIDE_TLDS = frozenset(
    "ac ai am as bz cc cd cf co cx dj fm ga gg gl gq im io is la li ly me ms mu nu pw re sc sh so st tk to tv vc vg ws".split()
)
_COUNTRY_TLD = re.compile(r"\.([a-z]{2})$")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the facts say: a score of 1-5, or None when they are silent; why, and the words that prove it."""

    score: int | None
    why: str
    proofs: tuple[tuple[str, Page], ...] = ()

    @property
    def quote(self) -> str:
        """The first of the quotations, "" when there is none."""
        return self.proofs[0][0] if self.proofs else ""


def judge(reading: Reading, profile: CompanyProfile) -> Verdict | None:
    """The verdict on all constraints of one criterion; None when it has none that facts can decide.

    All must hold: the lowest counts, silence counts as silence unless something is contradicted. Where they are
    alternatives, the highest counts.
    """
    verdicts = [_RULES[c.field](c, profile) for c in reading.constraints if c.field in _RULES]
    if not verdicts:
        return None
    known = [v for v in verdicts if v.score is not None]
    if not known:
        return verdicts[0]
    if reading.either:
        return max(known, key=lambda v: v.score or 0)
    worst = min(known, key=lambda v: v.score or 0)
    silent = next((v for v in verdicts if v.score is None), None)
    if silent is not None and (worst.score or 0) >= 3:
        return silent
    if (worst.score or 0) < PASSING_SCORE:
        return worst
    proofs = tuple(dict.fromkeys(proof for v in known for proof in v.proofs))
    return Verdict(worst.score, " ".join(dict.fromkeys(v.why for v in known)), proofs)


def _place(constraint: Constraint, profile: CompanyProfile) -> Verdict:
    names = tuple(str(v) for v in constraint.value) if isinstance(constraint.value, tuple) else ()
    wanted = constraint.op == "in"
    hq, field = profile.facts.hq, constraint.field
    assert field in ("country", "region", "city")
    seat = ", ".join(part for part in (hq.city, hq.state, hq.country) if part)
    inside = place_matches(hq, names, field)
    where = " or ".join(names)
    if inside is not None:
        meets = inside is wanted
        verb = "is in" if inside else "is not in"
        return _stated(profile, "hq", 5 if meets else 1, f"The stated seat, {seat}, {verb} {where}.")
    if seat and wanted:
        return _stated(profile, "hq", 3, f"The stated seat, {seat}, does not tell whether it is in {where}.")
    return _named_place(profile, names, field, wanted=wanted)


def _named_place(profile: CompanyProfile, names: Sequence[str], field: str, *, wanted: bool) -> Verdict:
    """No seat is stated: places named in the text, then the country of the domain."""
    where = " or ".join(names)
    countries = _countries_of(tuple(names), field)
    inside: tuple[str, Page] | None = None
    outside: tuple[str, Page] | None = None
    both: tuple[str, Page] | None = None
    for page in profile.pages:
        for sentence, named_there in _places(page.text):
            here = [named for named in named_there if _lies_in(named, names, countries)]
            elsewhere = [
                named
                for named in named_there
                if named.countries and not (countries & named.countries) and not _is_namesake(named, here, sentence)
            ]
            # Countries beside one another are markets as often as seats; of a city, its own country is named beside it.
            if here and (not elsewhere or not countries or any(named.field == "city" for named in here)):
                inside = inside or (sentence, page)
            elif here:
                both = both or (sentence, page)
            elif elsewhere:
                outside = outside or (sentence, page)
    good, bad = (inside, outside) if wanted else (outside, inside)
    if good:
        side = "in" if wanted else "outside"
        return Verdict(4, f"No seat is stated, but the text names a place {side} {where}.", (good,))
    address = _address(profile, countries, wanted=wanted)
    if both and not (address is not None and (address.score or 0) >= PASSING_SCORE):
        return Verdict(3, f"No seat is stated; one sentence names places in {where} and elsewhere.", (both,))
    if bad and not both:
        side = "outside" if wanted else "in"
        return Verdict(2, f"No seat is stated; the text names a place {side} {where}.", (bad,))
    return address or Verdict(None, f"The texts do not say where the company is, so whether it is in {where} is open.")


def _lies_in(named: Mention, names: Sequence[str], countries: frozenset[str]) -> bool:
    """Whether a place lies in those that are asked for, given by their countries, or by name where they are smaller."""
    return bool(named.countries and named.countries <= countries) if countries else named.name in names


def _is_namesake(named: Mention, here: Sequence[Mention], sentence: str) -> bool:
    """Whether what stands behind a name says that it is not the place it is better known as: "Paris, Texas"."""
    return any(sentence[named.end : other.start].strip() == "," for other in here if other.start >= named.end)


def _address(profile: CompanyProfile, countries: frozenset[str], *, wanted: bool) -> Verdict | None:
    """What the country of the web address says, where the texts give the address; None when that is nothing."""
    country = _domain_country(profile.domain)
    if not country or not countries:
        return None
    meets = (country in countries) is wanted
    for page in profile.pages:
        quote = next((s for s in sentences(page.text) if profile.domain in s.lower()), "")
        if quote:
            said = f"No seat is stated; the web address is one of {country}."
            return Verdict(4 if meets else 2, said, ((quote, page),))
    return None


@lru_cache(maxsize=2048)
def _places(text: str) -> tuple[tuple[str, tuple[Mention, ...]], ...]:
    """The sentences of a page that name places, with the places."""
    found = ((sentence, tuple(mentions(sentence))) for sentence in sentences(text))
    return tuple((sentence, places) for sentence, places in found if places)


@lru_cache(maxsize=256)
def _countries_of(names: tuple[str, ...], field: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    if field == "city":
        return found
    for name in names:
        country = country_name(name) if field == "country" else None
        found |= frozenset({country}) if country else region_countries(name)
    return found


def _domain_country(domain: str) -> str | None:
    match = _COUNTRY_TLD.search(domain)
    return country_name(match[1].upper()) if match and match[1] not in _WORLDWIDE_TLDS else None


def _range(
    constraint: Constraint, profile: CompanyProfile, fact: str, low: int, high: int | None, shown: str
) -> Verdict:
    bound = constraint.value
    assert isinstance(bound, int)
    ask = f"{'at least' if constraint.op == 'min' else 'at most'} {bound if fact == 'founded' else f'{bound:,}'}"
    if constraint.op == "min":
        score = 5 if low >= bound else 1 if high is not None and high < bound else 3
    else:
        score = 5 if high is not None and high <= bound else 1 if low > bound else 3
    text = {5: "which meets", 1: "which does not meet", 3: "which may or may not meet"}[score]
    return _stated(profile, fact, score, f"{shown}, {text} “{ask}”.")


def _employees(constraint: Constraint, profile: CompanyProfile) -> Verdict:
    size = profile.facts.employees
    if size is None:
        return Verdict(None, "The texts do not state a head-count.")
    return _range(constraint, profile, "employees", size.low, size.high, f"{_people(size)} people are stated")


def _people(size: Employees) -> str:
    if size.high is None:
        return f"{size.low:,} or more"
    return f"{size.low:,}" if size.low == size.high else f"{size.low:,} to {size.high:,}"


def _founded(constraint: Constraint, profile: CompanyProfile) -> Verdict:
    year = profile.facts.founded
    if year is None:
        return Verdict(None, "The texts do not state a founding year.")
    return _range(constraint, profile, "founded", year, year, f"The stated founding year is {year}")


def _status(constraint: Constraint, profile: CompanyProfile) -> Verdict:
    facts = profile.facts
    status, fact = facts.status, "status"
    if status is None and facts.listed:
        status, fact = "active", "listed"
    if status is None and (living := _living(constraint, profile)) is not None:
        return living
    if status is None:
        return Verdict(None, "The texts do not say whether the company is active, acquired or closed.")
    return _choice(constraint, profile, fact, status, f"The stated status is {status}")


def _living(constraint: Constraint, profile: CompanyProfile) -> Verdict | None:
    """A site of its own that was read, offers something and says nothing of an end: the company is active, most likely."""
    page = next((page for page in profile.pages if page.url), None)
    asked = constraint.value if isinstance(constraint.value, tuple) else ()
    said = next((s for s in sentences(page.text)[1:] if len(s.split()) >= 4), "") if page is not None else ""
    if page is None or not said:
        return None
    meets = ("active" in asked) is (constraint.op == "in")
    why = f"Its own site answered on {page.read_at:%Y-%m-%d}, and nothing there says that it was acquired or closed."
    return Verdict(4 if meets else 2, why, ((said, page),))


def _listed(constraint: Constraint, profile: CompanyProfile) -> Verdict:
    listed = profile.facts.listed
    if listed is None:
        return Verdict(None, "The texts do not say whether the company is listed on an exchange.")
    return _choice(
        constraint, profile, "listed", listed, f"The company is stated to be {'listed' if listed else 'private'}"
    )


def _stage(constraint: Constraint, profile: CompanyProfile) -> Verdict:
    stage = profile.facts.funding_stage
    if stage is None:
        return Verdict(None, "The texts do not state a funding stage.")
    return _choice(
        constraint, profile, "funding_stage", stage, f"The stated funding stage is {stage.replace('_', ' ')}"
    )


def _amount(constraint: Constraint, profile: CompanyProfile) -> Verdict:
    amount = profile.facts.funding_amount
    if amount is None:
        return Verdict(None, "The texts do not state how much money was raised.")
    return _range(constraint, profile, "funding_amount", amount, amount, f"${amount:,} raised are stated")


def _choice(constraint: Constraint, profile: CompanyProfile, fact: str, value: object, shown: str) -> Verdict:
    asked = constraint.value if isinstance(constraint.value, tuple) else ()
    meets = (value in asked) is (constraint.op == "in")
    return _stated(profile, fact, 5 if meets else 1, f"{shown}.")


def _stated(profile: CompanyProfile, fact: str, score: int, why: str) -> Verdict:
    """A verdict on a stated fact, with the words that state it and the page they stand on."""
    quote = profile.facts.quotes.get(fact, "")
    page = next((p for p in profile.pages if quote and quote in p.text), None)
    return Verdict(score, why, ((quote, page),) if page else ())


_RULES: dict[str, Callable[[Constraint, CompanyProfile], Verdict]] = {
    "country": _place,
    "region": _place,
    "city": _place,
    "employees": _employees,
    "founded": _founded,
    "status": _status,
    "listed": _listed,
    "funding_stage": _stage,
    "funding_amount": _amount,
}
