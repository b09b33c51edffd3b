"""Facts that one page of a company's site states, each with the words that state it.

Four manners: data published for machines (JSON-LD), data that scripts start from, labelled values ("Year founded 2014"),
sentences and postal addresses. Only the company's own words are read: testimonials, teasers and copyright years were
taken off before (`own_text`), and data about other organizations is passed over.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from longlist.enrich.claims import CONFIDENCE, Statement
from longlist.enrich.site_page import SitePage
from longlist.enrich.structured import Organization, figure, is_of, place_text
from longlist.language.facts import employees, founded_year, status
from longlist.language.own_words import sayings
from longlist.language.places import country_name, locate
from longlist.model.company import Claim, Employees, Facts, Manner, Place

_SHORT = 14  # words; a sentence no longer than this states a fact and nothing else
_RUNNING = 0.05  # less trust in a fact that a longer sentence mentions on the way
_VAGUE = 0.2  # less in "more than 100 people" than in "130 people"
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("founded", re.compile(r"^(?:year )?(?:founded|established|est\.?|founding year|year of (?:foundation|establishment)|year established|inception|"
                           r"gegründet|gründungsjahr|gründung|fondée?(?: en)?|année de création|création|fundada?(?: en)?|año de fundación|ano de fundação)$", re.IGNORECASE)),
    ("employees", re.compile(r"^(?:(?:number of )?employees|team(?: size)?|company size|head-?count|staff|size|people|mitarbeiter(?:zahl|innen)?|anzahl mitarbeiter|"
                             r"effectifs?|salariés|empleados|funcionários|colaboradores)$", re.IGNORECASE)),
    ("hq", re.compile(r"^(?:headquarters?|hq|head office|based in|hauptsitz|firmensitz|sitz|siège(?: social)?|sede(?: central)?)$", re.IGNORECASE)),
    ("city", re.compile(r"^(?:city|town|stadt|ort|ville|ciudad|cidade)$", re.IGNORECASE)),
    ("state", re.compile(r"^(?:state|province|region|state/province|bundesland|état|estado|provincia)$", re.IGNORECASE)),
    ("country", re.compile(r"^(?:country|land|pays|país)$", re.IGNORECASE)),
    ("status", re.compile(r"^(?:status|company status|operating status)$", re.IGNORECASE)),
)  # fmt: skip


def page_facts(page: SitePage, domain: str, names: Sequence[str]) -> list[Statement]:
    """All statements of a page about the company of this domain and these names, in a stable order."""
    citable = page.citable.text
    found: list[Statement] = []
    for organization in page.organizations:
        if is_of(organization, domain, names):
            found += _stated(page, organization)
    found += _labelled(page)
    found += _said(page, names)
    found += _addressed(page)
    return [one for one in found if one.claim.quote in citable]


def _stated(page: SitePage, organization: Organization) -> Iterator[Statement]:
    manner: Manner = "structured" if organization.is_linked_data else "embedded"
    founded = organization.get("foundingDate")
    if founded is not None and (year := founded_year(founded.value if _is_plain(founded.value) else None)):
        yield _statement(page, "founded", year, str(year), founded.quote, manner)
    staff = organization.get("numberOfEmployees")
    if staff is not None:
        value = figure(staff.value)
        if (count := employees(value if _is_plain(value) else None)) is not None:
            yield _statement(page, "employees", count, shown(count), staff.quote, manner)
    for key in ("address", "location", "foundingLocation"):
        seat = organization.get(key)
        if seat is None or _is_torn(seat.value):
            continue
        place = locate(place_text(seat.value))
        if place.country:
            trust = CONFIDENCE[manner] * (0.6 if key == "foundingLocation" else 1)
            yield _statement(page, "hq", place, shown(place), seat.quote, manner, trust)
            break
    ended = organization.get("dissolutionDate")
    if ended is not None:
        yield _statement(page, "status", "closed", "closed", ended.quote, manner)


def _is_torn(value: Any) -> bool:
    """Whether a list of addresses names several countries: then none of them is the seat."""
    if not isinstance(value, list):
        return False
    return len({locate(place_text(one)).country for one in value[:20]} - {None}) > 1


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _labelled(page: SitePage) -> Iterator[Statement]:
    named: dict[str, tuple[str, str]] = {}
    for label, value, line in page.own.pairs:
        kind = next((kind for kind, pattern in _LABELS if pattern.match(label)), None)
        if kind is not None:
            named.setdefault(kind, (value, line))
    if (pair := named.get("founded")) and (year := founded_year(pair[0])):
        yield _statement(page, "founded", year, str(year), pair[1], "table")
    if (pair := named.get("employees")) and (count := employees(pair[0])) is not None:
        yield _statement(page, "employees", count, shown(count), pair[1], "table")
    if (pair := named.get("status")) and (said := status(pair[0])) is not None:
        yield _statement(page, "status", said, said, pair[1], "table")
    if (pair := named.get("hq")) and (place := locate(pair[0])).country:
        yield _statement(page, "hq", place, shown(place), pair[1], "table")
    elif (pair := named.get("country")) and (country := country_name(pair[0])):
        parts = [named[kind] for kind in ("city", "state") if kind in named]
        whole = locate(", ".join([*(value for value, _ in parts), pair[0]]))
        place = whole if whole.country == country else Place(country)
        quote = _span(page.citable.text, [pair[1], *(line for _, line in parts)])
        yield _statement(page, "hq", place, shown(place), quote or pair[1], "table")


def _span(text: str, lines: Sequence[str]) -> str:
    """The part of a text that holds all the lines, when they stand close together; else ""."""
    starts = [text.find(line) for line in lines]
    if min(starts) < 0:
        return ""
    end = max(start + len(line) for start, line in zip(starts, lines, strict=True))
    return text[min(starts) : end] if end - min(starts) <= 300 else ""


def _said(page: SitePage, names: Sequence[str]) -> Iterator[Statement]:
    name = names[0] if names else ""
    for saying in sayings("\n".join(page.lines), name):
        trust = CONFIDENCE["prose"] - (_RUNNING if len(saying.sentence.split()) > _SHORT else 0)
        for fact, value, text in _values(saying.facts):
            is_vague = isinstance(value, Employees) and value.low != value.high
            yield _statement(page, fact, value, text, saying.sentence, "prose", trust - _VAGUE * is_vague)


def _values(facts: Facts) -> Iterator[tuple[str, Any, str]]:
    if facts.founded is not None:
        yield "founded", facts.founded, str(facts.founded)
    if facts.employees is not None:
        yield "employees", facts.employees, shown(facts.employees)
    if facts.hq != Place():
        yield "hq", facts.hq, shown(facts.hq)
    if facts.status is not None:
        yield "status", facts.status, facts.status
    if facts.funding_stage is not None:
        yield "funding_stage", facts.funding_stage, facts.funding_stage.replace("_", " ")
    if facts.funding_amount is not None:
        yield "funding_amount", facts.funding_amount, f"${facts.funding_amount:,}"


def _addressed(page: SitePage) -> Iterator[Statement]:
    """A postal address tells the seat, unless a page has addresses in several countries. A country only guessed from the
    city counts for less.
    """
    places = [(locate(text), text) for text in page.own.addresses]
    places = [(place, text) for place, text in places if place.country]
    if len({place.country for place, _ in places}) != 1:
        return
    place, text = places[0]
    if place.city and re.match(r"\d", place.city):
        place = Place(place.country, place.state)  # a street
    last = text.rsplit(",", 1)[-1].strip(" .")
    is_told = country_name(last) is not None or re.search(r"\b[A-Z]{2}\b", last) is not None
    trust = CONFIDENCE["address"] - (0 if is_told else 0.2)
    yield _statement(page, "hq", place, shown(place), text, "address", trust)


def _statement(
    page: SitePage, fact: str, value: Any, text: str, quote: str, manner: Manner, trust: float | None = None
) -> Statement:
    confidence = round(CONFIDENCE[manner] if trust is None else trust, 2)
    return Statement(Claim(fact, text, quote, manner, confidence, url=page.page.url), value)


def shown(value: Any) -> str:
    """A fact as people write it."""
    if isinstance(value, Place):
        return ", ".join(part for part in (value.city, value.state, value.country) if part)
    if isinstance(value, Employees):
        if value.high is None:
            return f"{value.low:,} or more"
        return f"{value.low:,}" if value.low == value.high else f"{value.low:,} to {value.high:,}"
    return str(value)
