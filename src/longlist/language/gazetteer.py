"""The gazetteer: countries, regions, states, areas and cities by name, read once from the tables in `data/`.

Knows names, not sentences: `places` reads them in text. Country names are those of pycountry, except where
`data/countries.tsv` gives the everyday one ("Russia"). Cities derive from GeoNames (CC BY 4.0).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import pycountry

Kind = Literal["country", "region", "state", "area", "city"]
PlaceField = Literal["country", "region", "city"]
FIELDS: dict[Kind, PlaceField] = {
    "country": "country",
    "region": "region",
    "state": "region",
    "area": "region",
    "city": "city",
}
"""The constraint field that a kind of place belongs to."""

STATE_ADJECTIVES = {
    "english": "England",
    "scottish": "Scotland",
    "welsh": "Wales",
    "northern irish": "Northern Ireland",
    "bavarian": "Bavaria",
    "catalan": "Catalonia",
    "catalonian": "Catalonia",
    "californian": "California",
    "texan": "Texas",
    "flemish": "Flanders",
    "walloon": "Wallonia",
    "basque": "Basque Country",
    "andalusian": "Andalusia",
    "tuscan": "Tuscany",
    "sicilian": "Sicily",
    "sardinian": "Sardinia",
    "quebecois": "Quebec",
    "ontarian": "Ontario",
    "floridian": "Florida",
    "hawaiian": "Hawaii",
    "alaskan": "Alaska",
    "tasmanian": "Tasmania",
}
CITY_ADJECTIVES = {"parisian": "Paris", "viennese": "Vienna", "milanese": "Milan", "londoner": "London"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a name. `countries` are those it lies in or consists of; `population` is in thousands."""

    kind: Kind
    name: str
    countries: frozenset[str]
    state: str = ""
    population: int = 0
    adjective: bool = False
    states: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()


def level(text: str) -> str:
    """Lower case without accents, character for character: offsets in the result are offsets in `text`."""
    if text.isascii():
        return text.lower()
    return "".join(_level_char(c) for c in text)


@cache
def _level_char(char: str) -> str:
    if char in "’‘`´":
        return "'"
    if char in "‐‑‒":
        return "-"
    base = unicodedata.normalize("NFKD", char)[:1].lower()
    return base if len(base) == 1 else char


TOKEN = re.compile(r"(?<![^\W_])[a-z](?:\.[a-z])+\.?(?![^\W_])|[^\W_]+(?:'[^\W_]+)*")


def token_key(token: str) -> str:
    """The form a levelled token is looked up by: no dots, no apostrophes, no possessive ending."""
    return token.removesuffix("'s").replace(".", "").replace("'", "")


@cache
def key(name: str) -> str:
    """The form a name is looked up by: levelled words with one space between them."""
    return " ".join(token_key(t) for t in TOKEN.findall(level(name)))


def _rows(file: str) -> Iterator[list[str]]:
    text = (files("longlist.language") / "data" / file).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield (line + "\t" * 5).split("\t")[:5]


def _names(cell: str) -> list[str]:
    return [name for name in cell.split(";") if name]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All names. `index` maps a looked-up name to its meanings, most likely first; `longest` a first word to the most words a name has."""

    index: dict[str, tuple[Entry, ...]]
    longest: dict[str, int]
    countries: dict[str, str]
    codes: dict[str, str]
    state_codes: dict[tuple[str, str], str]
    regions: dict[str, frozenset[str]]


_LARGER_THAN_LIFE = 5000
"""A city of so many thousand people comes to mind before the state of the same name ("Delhi")."""


def _order(entry: Entry) -> tuple[int, int]:
    rank = {"country": 0, "region": 1, "area": 2, "state": 4, "city": 5}[entry.kind]
    if entry.kind == "city" and entry.population >= _LARGER_THAN_LIFE:
        rank = 3
    return (rank, -entry.population)


@cache
def gazetteer() -> Gazetteer:
    """The tables, read and indexed (about 40 ms, once)."""
    index: dict[str, list[Entry]] = {}

    def add(name: str, entry: Entry) -> None:
        entries = index.setdefault(key(name), [])
        if entry not in entries:
            entries.append(entry)

    countries: dict[str, str] = {}
    codes: dict[str, str] = {}
    named = {row[0]: row for row in _rows("countries.tsv")}
    iso = {c.alpha_2: c for c in pycountry.countries}
    for code in sorted(set(iso) | set(named)):
        country = iso.get(code)
        _code, own, others, adjectives, _ = named.get(code, [code, "", "", "", ""])
        name = own or getattr(country, "common_name", None) or str(getattr(country, "name", code))
        codes[code] = name
        if country is not None:
            codes[country.alpha_3] = name
        official = [getattr(country, part, "") for part in ("name", "official_name", "common_name")]
        entry = Entry("country", name, frozenset({name}))
        for other in [name, *official, *_names(others)]:
            if other:
                add(other, entry)
                countries[key(other)] = name
        for adjective in _names(adjectives):
            add(adjective, Entry("country", name, frozenset({name}), adjective=True))
            add(f"{adjective}s", Entry("country", name, frozenset({name}), adjective=True))
    regions: dict[str, frozenset[str]] = {}
    for name, others, adjectives, members, _ in _rows("regions.tsv"):
        found: set[str] = set()
        for member in members.split():
            found |= regions[member[1:].replace("_", " ")] if member.startswith("@") else {codes[member]}
        regions[name] = frozenset(found)
        for other in [name, *_names(others)]:
            add(other, Entry("region", name, regions[name]))
        for adjective in _names(adjectives):
            add(adjective, Entry("region", name, regions[name], adjective=True))
    state_codes: dict[tuple[str, str], str] = {}
    for code, name, short, _admin1, others in _rows("states.tsv"):
        entry = Entry("state", name, frozenset({codes[code]}), state=name)
        if short:
            state_codes[codes[code], short] = name
        for other in [name, *_names(others)]:
            add(other, entry)
        for adjective, of in STATE_ADJECTIVES.items():
            if of == name:
                add(adjective, Entry("state", name, frozenset({codes[code]}), state=name, adjective=True))
    for name, others, code, members, _ in _rows("areas.tsv"):
        kind, _colon, listed = members.partition(":")
        inside = frozenset(listed.split("|"))
        entry = Entry(
            "area",
            name,
            frozenset({codes[code]}),
            states=inside if kind == "s" else frozenset(),
            cities=frozenset(key(c) for c in inside) if kind == "c" else frozenset(),
        )
        for other in [name, *_names(others)]:
            add(other, entry)
    for name, code, state, population, others in _rows("cities.tsv"):
        entry = Entry("city", name, frozenset({codes.get(code, code)}), state=state, population=int(population))
        for other in [name, *_names(others)]:
            add(other, entry)
        for adjective, of in CITY_ADJECTIVES.items():
            if of == name and int(population) > 1000:
                add(adjective, Entry("city", name, entry.countries, state, int(population), adjective=True))
    longest: dict[str, int] = {}
    for phrase in index:
        words = phrase.split(" ")
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    ordered = {phrase: tuple(sorted(entries, key=_order)) for phrase, entries in index.items()}
    return Gazetteer(ordered, longest, countries, codes, state_codes, regions)


@lru_cache(maxsize=8192)
def meanings(name: str) -> tuple[Entry, ...]:
    """What a name may mean, most likely first; demonyms are no names."""
    return tuple(e for e in gazetteer().index.get(key(name), ()) if not e.adjective)
