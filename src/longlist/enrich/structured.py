"""What a site publishes about its company for machines: JSON-LD, and the data that scripts start from.

A statement counts only when it is about the company itself: an organization at the top of the data or what a WebSite or
WebPage is published by, not the reviewers, customers and authors that stand inside. Every statement is quoted as it
stands in the page, name and value, so that the quotation can be found there again.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from longlist.language.domains import own_domain
from longlist.language.words import fold
from longlist.web.embedded import parsed

MOST_SCRIPT = 1_000_000  # characters of a script that are parsed
MOST_OBJECTS = 2_000  # of a page that are looked at
LONGEST_QUOTE = 500  # characters of a statement
MOST_TRIES = 100  # places of a property that are looked at
_DEEPEST = 12

_ORGANIZATION = re.compile(
    r"(?:^|[/:])(?:\w*Organization|Corporation|\w*Business|\w*Company|NGO|Airline|Brand|Restaurant|Store|\w+Store|Hotel|"
    r"Dentist|\w*Clinic|Hospital|\w*School|\w*University|\w*Agent|\w*Service|\w*Shop|Project)$"
)
_HOLDS = (
    "@graph",
    "mainEntity",
    "mainEntityOfPage",
    "publisher",
    "about",
    "provider",
    "sourceOrganization",
    "copyrightHolder",
)
_COMPANY_KEYS = re.compile(
    r"^(?:company|organi[sz]ation|org|business|site|about|brand|firm|startup|profile)", re.IGNORECASE
)
_FOUNDED_KEYS = re.compile(
    r"^(?:founded|founding_?(?:year|date)|founded_?(?:year|in|at|on|date)|year_?founded|established|foundingDate)$",
    re.IGNORECASE,
)
_STAFF_KEYS = re.compile(
    r"^(?:(?:number_?of_?)?employees|employee_?count|team_?size|head_?count|company_?size|staff(?:_?count)?|num_?employees)$",
    re.IGNORECASE,
)
_SEAT_KEYS = re.compile(r"^(?:head_?quarters?|hq(?:_?location)?|head_?office|location|address|seat)$", re.IGNORECASE)
_KEPT = frozenset(
    "name legalName url description slogan foundingDate numberOfEmployees address location sameAs dissolutionDate "
    "foundingLocation".split()
)
_TELLS = re.compile(
    r"description|about|headline|tagline|summary|mission|intro|overview|subtitle|pitch|body|content|text|notice|tags?|features?|products?",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"testimonial|review|quote|customers?$|clients?$|logos?|footnote|cookie|nav|menu|blog|posts?$|news|cta|button|seo|faq",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement: the property's own name, its value as parsed, and the words of the page."""

    key: str
    value: Any
    quote: str


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization described by a page's data. `is_named`: the data says whose it is."""

    name: str
    url: str
    statements: tuple[Stated, ...]
    is_linked_data: bool

    def get(self, *keys: str) -> Stated | None:
        """The first statement with one of these names."""
        return next((s for key in keys for s in self.statements if s.key == key), None)


def organizations(tree: LexborHTMLParser) -> list[Organization]:
    """The organizations that a page's JSON-LD is about, those with most said first."""
    found: list[Organization] = []
    for script in _scripts(tree, "ld+json"):
        data = parsed(script)
        found += [_organization(node, script, is_linked_data=True) for node in _top(data)]
    return sorted(found, key=lambda one: -len(one.statements))


def embedded_company(tree: LexborHTMLParser) -> Organization | None:
    """The company object in the data that a page's scripts start from: the one with most to say, if any."""
    best: Organization | None = None
    for script in _scripts(tree, "application/json"):
        for key, node in _objects(parsed(script)):
            if not (_COMPANY_KEYS.match(key) or _speaks_of_a_company(node)):
                continue
            one = _organization(node, script, is_linked_data=False)
            if best is None or len(one.statements) > len(best.statements):
                best = one
    return best


def embedded_lines(tree: LexborHTMLParser) -> list[str]:
    """The sentences in the data that a page's scripts start from, without what others say: for pages that are nothing else."""
    lines: list[str] = []
    for script in _scripts(tree, "application/json"):
        for key, text in _strings(parsed(script)):
            if _TELLS.search(key) or (len(text.split()) >= 8 and not _OTHERS.search(key)):
                lines += [line for part in text.splitlines() if (line := " ".join(part.split()))]
    return list(dict.fromkeys(lines))


def place_text(value: Any) -> str:
    """The place that an address states, as a text for `locate`: "Porto, Portugal"; "" when it states none."""
    if isinstance(value, list):
        return next((text for item in value[:5] if (text := place_text(item))), "")
    if isinstance(value, str):
        return value if len(value) <= 300 else ""
    if not isinstance(value, Mapping):
        return ""
    if "address" in value and not isinstance(value["address"], bool):
        return place_text(value["address"])
    parts = [
        value.get("addressLocality") or value.get("city"),
        value.get("addressRegion") or value.get("state") or value.get("region"),
    ]
    country = value.get("addressCountry") or value.get("country") or value.get("countryCode")
    if isinstance(country, Mapping):
        country = country.get("name") or country.get("identifier")
    return ", ".join(str(part).strip() for part in (*parts, country) if isinstance(part, str) and part.strip())


def street_text(value: Any) -> str:
    """The whole postal address, "" when there is no street in it."""
    if isinstance(value, list):
        return next((text for item in value[:5] if (text := street_text(item))), "")
    if not isinstance(value, Mapping) or not isinstance(value.get("streetAddress"), str):
        return ""
    code = value.get("postalCode")
    parts = (value["streetAddress"], str(code) if isinstance(code, str | int) else "", place_text(value))
    return ", ".join(part.strip() for part in parts if part.strip())


def figure(value: Any) -> Any:
    """The number or text of a quantity, which may be wrapped: {"@type": "QuantitativeValue", "value": 40}."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, Mapping):
        low, high = value.get("minValue"), value.get("maxValue")
        if low is not None and high is not None:
            return f"{low}-{high}"
        return value.get("value", low)
    return value


def _scripts(tree: LexborHTMLParser, kind: str) -> Iterator[str]:
    for node in tree.css(f'script[type*="{kind}"]')[:50]:
        text = node.text(deep=True)
        if text and len(text) <= MOST_SCRIPT:
            yield text


def _top(data: Any) -> Iterator[dict[str, Any]]:
    """The organizations at the top of JSON-LD, or what a page there is about or published by."""
    waiting: list[tuple[Any, int]] = [(data, 0)]
    seen = 0
    while waiting and seen < MOST_OBJECTS:
        node, depth = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting += [(item, depth) for item in node[:200]]
        elif isinstance(node, dict):
            if _is_organization(node):
                yield node
            elif depth < 3 and not _is_about_others(node):
                waiting += [(node[key], depth + 1) for key in _HOLDS if isinstance(node.get(key), dict | list)]


def _is_organization(node: Mapping[str, Any]) -> bool:
    return any(_ORGANIZATION.search(kind) for kind in _types(node))


def _is_about_others(node: Mapping[str, Any]) -> bool:
    """A review, a job or an article may be about, or from, anybody."""
    return any(re.search(r"Review|Rating|Article|Posting|Event|ItemList|Offer", kind) for kind in _types(node))


def _types(node: Mapping[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _organization(node: Mapping[str, Any], script: str, *, is_linked_data: bool) -> Organization:
    statements = tuple(
        Stated(_known(key), value, quote)
        for key, value in node.items()
        if _known(key) in _KEPT and value not in (None, "", [], {}) and (quote := raw_statement(script, key, value))
    )
    name, url = node.get("name") or node.get("legalName"), node.get("url")
    return Organization(
        " ".join(name.split())[:200] if isinstance(name, str) else "",
        url if isinstance(url, str) else "",
        statements,
        is_linked_data,
    )


def _known(key: str) -> str:
    """The JSON-LD name of a property that scripts call otherwise."""
    for pattern, name in ((_FOUNDED_KEYS, "foundingDate"), (_STAFF_KEYS, "numberOfEmployees"), (_SEAT_KEYS, "address")):
        if pattern.match(key):
            return name
    return key


def raw_statement(script: str, key: str, value: Any) -> str:
    """A property as it stands in the script, `"name": value`, whose value is this one; "" when it is too long or not there."""
    decoder = json.JSONDecoder(strict=False)
    pattern = rf"{re.escape(json.dumps(key, ensure_ascii=False))}\s*:\s*"
    for match in islice(re.finditer(pattern, script), MOST_TRIES):
        try:
            found, end = decoder.raw_decode(script, match.end())
        except (ValueError, RecursionError):
            continue
        if found == value:
            quote = script[match.start() : end]
            return quote if len(quote) <= LONGEST_QUOTE else ""
    return ""


def _objects(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Objects with the name they stand under; those in lists are many of a kind, so none of them is the company."""
    waiting: list[tuple[str, Any, int]] = [("", data, 0)]
    seen = 0
    while waiting and seen < MOST_OBJECTS:
        key, node, depth = waiting.pop(0)
        seen += 1
        if isinstance(node, dict) and depth <= _DEEPEST:
            yield key, node
            waiting += [(str(name), item, depth + 1) for name, item in node.items() if isinstance(item, dict)]


def _speaks_of_a_company(node: Mapping[str, Any]) -> bool:
    return "name" in node and sum(bool(p.match(k)) for k in node for p in (_FOUNDED_KEYS, _STAFF_KEYS, _SEAT_KEYS)) >= 2


def _strings(data: Any) -> Iterator[tuple[str, str]]:
    """The texts in some data with the name each stands under, in order."""
    waiting: list[tuple[str, Any, int]] = [("", data, 0)]
    seen = 0
    while waiting and seen < MOST_OBJECTS:
        key, node, depth = waiting.pop()
        seen += 1
        if isinstance(node, str):
            if " " in node.strip() and not node.lstrip().startswith(("<", "{", "http", "/", "M0", "#")):
                yield key, re.sub(r"<[^>]{1,500}>", " ", node)
        elif depth <= _DEEPEST and not _OTHERS.search(key):
            if isinstance(node, dict):
                waiting += [(str(name), item, depth + 1) for name, item in reversed(node.items())]
            elif isinstance(node, list):
                waiting += [(key, item, depth + 1) for item in reversed(node[:200])]


def is_of(one: Organization, domain: str, names: Sequence[str]) -> bool:
    """Whether an organization is the one whose site this is: by its address, else by its name; nameless data is."""
    if one.url and own_domain(one.url):
        return own_domain(one.url) == domain
    said = _plain(one.name)
    return not said or any(said == (plain := _plain(name)) or (len(plain) > 3 and plain in said) for name in names)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(name))
