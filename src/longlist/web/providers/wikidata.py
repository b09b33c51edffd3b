"""Wikidata, facts about companies by their websites or names. https://www.wikidata.org/wiki/Wikidata:SPARQL_query_service"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from longlist.language.domains import own_domain
from longlist.model.web import Errand, Listing
from longlist.web.health import Health
from longlist.web.providers.about import About
from longlist.web.providers.provider import Provider
from longlist.web.providers.request import Request
from longlist.web.providers.shapes import items, mapping, number, text, web_address

MOST_DOMAINS = 40  # in one query; each is asked for in eight spellings
ORGANISATION = "Q43229"
NAMES = 5

ABOUT = About(
    name="wikidata",
    title="Wikidata",
    kinds=("facts",),
    url="https://query.wikidata.org/sparql",
    needs="",
    policy=(
        "Five requests at once and a minute of its time each minute, an honest User-Agent, answers kept and not asked "
        "again: https://www.mediawiki.org/wiki/Wikidata_Query_Service/User_Manual#Query_limits"
    ),
    attribution="Wikidata, CC0",
    a_second=2.0,
    at_once=2,
    timeout_seconds=65.0,
    attempts=2,  # it only adds to what is known: nobody should wait for it
)

FACTS = """
  OPTIONAL { ?item wdt:P571 ?inception }
  OPTIONAL { ?item wdt:P576 ?dissolved }
  OPTIONAL { ?item p:P1128 ?counted . ?counted ps:P1128 ?employees . OPTIONAL { ?counted pq:P585 ?at } }
  OPTIONAL { ?item wdt:P17 ?country . ?country rdfs:label ?countryLabel FILTER(LANG(?countryLabel) = "en") }
  OPTIONAL {
    ?item wdt:P159 ?seat . ?seat rdfs:label ?seatLabel FILTER(LANG(?seatLabel) = "en")
    OPTIONAL { ?seat wdt:P17 ?seatCountry . ?seatCountry rdfs:label ?seatCountryLabel FILTER(LANG(?seatCountryLabel) = "en") }
    OPTIONAL { ?seat wdt:P131 ?in . ?in rdfs:label ?inLabel FILTER(LANG(?inLabel) = "en") }
  }
  OPTIONAL { ?item wdt:P452 ?branch . ?branch rdfs:label ?branchLabel FILTER(LANG(?branchLabel) = "en") }
  OPTIONAL { ?item wdt:P4264 ?linkedin }
  OPTIONAL { ?item rdfs:label ?name FILTER(LANG(?name) = "en") }
  OPTIONAL { ?item rdfs:label ?anyName FILTER(LANG(?anyName) IN ("mul", "de", "fr", "es", "pt")) }
  OPTIONAL { ?item schema:description ?description FILTER(LANG(?description) = "en") }
"""


class Wikidata:
    """A `longlist.web.seams.Encyclopaedia`."""

    name = ABOUT.name

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @property
    def health(self) -> Health:
        """How it is doing."""
        return self._provider.health

    async def look_up(self, domains: Sequence[str], errand: Errand) -> Mapping[str, Listing]:
        """See `Encyclopaedia`. Companies that share a website: the one with the most facts."""
        wanted = [domain for domain in dict.fromkeys(domains) if re.fullmatch(r"[a-z0-9.-]+", domain)]
        found: dict[str, Listing] = {}
        for start in range(0, len(wanted), MOST_DOMAINS):
            data = await self._provider.ask(request(wanted[start : start + MOST_DOMAINS]), errand)
            for listing in sorted(parse(data), key=_worth):
                if (domain := own_domain(listing.website)) in wanted:
                    found[domain] = listing
        return found

    async def by_name(self, name: str, errand: Errand) -> Sequence[Listing]:
        """See `Encyclopaedia`. What is no organisation is left out."""
        data = await self._provider.ask(request_by_name(name), errand)
        return tuple(parse(data))


def request(domains: Iterable[str]) -> Request:
    """What is known of the organisations that have one of these domains as their official website."""
    spelled = " ".join(
        f"<{scheme}://{www}{domain}{slash}>"
        for domain in domains
        for scheme in ("https", "http")
        for www in ("", "www.")
        for slash in ("", "/")
    )
    return _query(
        f"VALUES ?website {{ {spelled} }}\n  ?item wdt:P856 ?website .\n"
        f"  FILTER EXISTS {{ ?item wdt:P31/wdt:P279* wd:{ORGANISATION} }}"
    )


def request_by_name(name: str) -> Request:
    """The organisations found by a name."""
    quoted = '"' + " ".join(re.sub(r'["\\]', " ", name).split())[:120] + '"'
    return _query(
        f"""SERVICE wikibase:mwapi {{
    bd:serviceParam wikibase:endpoint "www.wikidata.org"; wikibase:api "EntitySearch";
      mwapi:search {quoted}; mwapi:language "en"; wikibase:limit {NAMES} .
    ?item wikibase:apiOutputItem mwapi:item . ?rank wikibase:apiOrdinal true .
  }}
  ?item wdt:P31/wdt:P279* wd:{ORGANISATION} .
  OPTIONAL {{ ?item wdt:P856 ?website }}""",
        order=" ORDER BY ?rank",
    )


def _query(where: str, order: str = "") -> Request:
    query = f"SELECT * WHERE {{\n  {where}{FACTS}}}{order} LIMIT 2000"
    return Request(form={"query": query, "format": "json"}, headers={"Accept": "application/sparql-results+json"})


def parse(data: Any) -> tuple[Listing, ...]:
    """Its items, each once, in the order they came: a query repeats an item for each combination of its facts."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in items(ABOUT, mapping(ABOUT, data), "results", "bindings"):
        values = {name: text(cell.get("value")) for name, cell in row.items() if isinstance(cell, dict)}
        if item := values.get("item", "").rpartition("/")[2]:
            rows.setdefault(item, []).append(values)
    return tuple(_listing(item, values) for item, values in rows.items())


def _listing(item: str, rows: list[dict[str, str]]) -> Listing:
    def first(*names: str) -> str:
        return next((row[name] for name in names for row in rows if row.get(name)), "")

    years = sorted(year for row in rows if (year := _year(row.get("inception", ""))))
    counts = sorted((row.get("at", ""), n) for row in rows if (n := number(row.get("employees"))) and n >= 1)
    employees = int(counts[-1][1]) if counts else None
    branches = dict.fromkeys(row["branchLabel"] for row in rows if row.get("branchLabel"))
    linkedin = first("linkedin")
    return Listing(
        id=item,
        name=first("name", "anyName"),
        provider=ABOUT.name,
        website=web_address(first("website")),
        url=f"https://www.wikidata.org/wiki/{item}",
        linkedin=f"linkedin.com/company/{linkedin}" if linkedin else "",
        text=first("description"),
        industry=next(iter(branches), ""),
        tags=tuple(branches),
        country=first("seatCountryLabel", "countryLabel"),
        state=first("inLabel"),
        city=first("seatLabel"),
        founded=years[0] if years else None,
        employees_low=employees,
        employees_high=employees,
        is_closed=bool(first("dissolved")),
    )


def _year(value: str) -> int | None:
    match = re.match(r"(\d{4})-", value)
    return int(match[1]) if match and match[1] != "0000" else None


def _worth(listing: Listing) -> int:
    facts = (listing.founded, listing.employees_low, listing.country, listing.city, listing.text, listing.industry)
    return sum(fact not in (None, "") for fact in facts)
