"""Places: what a headquarters string says, whether one place lies in another, what a short name means.

`mentions` (from `language.mentions`) finds the places named in running text.
"""

import re
from functools import lru_cache

from longlist.language.gazetteer import FIELDS, Entry, PlaceField, gazetteer, key, meanings
from longlist.language.mentions import Mention, mentions
from longlist.model.company import Place

__all__ = ["Mention", "PlaceField", "country_name", "locate", "mentions", "place_matches", "region_countries"]


def country_name(text: str) -> str | None:
    """The country a short text names ("UK", "Deutschland", "Korea, Republic of", "FR"), or None. Not for sentences."""
    stripped = text.strip(" .,;()[]\t\n")
    data = gazetteer()
    if stripped.isupper() and len(stripped) in {2, 3} and stripped in data.codes:
        return data.codes[stripped]
    found = data.countries.get(key(stripped))
    return found or data.countries.get(key(stripped.removeprefix("the ").removeprefix("The ")))


def region_countries(name: str) -> frozenset[str]:
    """The countries of a supranational region ("DACH", "LatAm"); empty when it is not one."""
    for entry in gazetteer().index.get(key(name), ()):
        if entry.kind == "region":
            return entry.countries
    return frozenset()


_COORDINATES = re.compile(r"\d+\s*°.*$", re.DOTALL)
_MORE_THAN_ONE = re.compile(
    r"\((?:operational|legal|global|headquarters|hq|corporate|registered|operations|us|administrative)[^)]*\)|;|\n",
    re.IGNORECASE,
)
_PARENTHESES = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_DIVISION = re.compile(
    r"^(?:canton of |county |province of |state of )?(.+?)\s+(?:prefecture|province|voivodeship|county|region|oblast|state|"
    r"governorate|canton|district|department|parish)$|^(?:canton|province|state|county|region) (?:of )?(.+)$",
    re.IGNORECASE,
)
_REMOTE = re.compile(
    r"^(?:fully |partly )?(?:remote|hybrid|worldwide|distributed|global|virtual|online)\b", re.IGNORECASE
)


def locate(text: str) -> Place:
    """Read a headquarters or location string; parts it does not name stay None. Of several places the first counts.

    "Lincolnshire, Illinois , U.S." gives all three; "Georgia" alone is the country, "Atlanta, Georgia" the state.
    """
    for chunk in _MORE_THAN_ONE.split(_COORDINATES.sub("", text)):
        parts = [p.strip(" .\ufeff/") for p in _PARENTHESES.sub(" ", chunk).split(",")]
        parts = [p for p in parts if p and not _REMOTE.match(p)]
        if parts:
            return _locate(parts)
    return Place()


def _locate(parts: list[str]) -> Place:
    data = gazetteer()
    country: str | None = None
    state: str | None = None
    while parts and len(parts) >= 1 and country is None:
        last = parts[-1]
        georgia = key(last) == "georgia"
        if georgia and len(parts) > 1:
            cities = [e for e in meanings(parts[-2]) if e.kind == "city"]
            in_country = any("Georgia" in e.countries for e in cities)
            country, state = ("Georgia", None) if in_country else ("United States", "Georgia")
        else:
            code = last if last.isupper() and len(last) in {2, 3} else ""
            us_state = data.state_codes.get(("United States", code)) or data.state_codes.get(("Canada", code))
            named = country_name(last)
            if us_state and len(parts) > 1 and not (named and len(code) == 3):
                known = [e for e in meanings(parts[-2]) if e.kind == "city"]
                if (
                    named
                    and known
                    and all(e.state != us_state for e in known)
                    and any(named in e.countries for e in known)
                ):
                    country = named
                else:
                    country = "United States" if ("United States", code) in data.state_codes else "Canada"
                    state = us_state
            elif named:
                country = named
            else:
                break
        parts = parts[:-1]
        while parts and country_name(parts[-1]) == country and len(parts) > 1:
            parts = parts[:-1]
    if not parts:
        return Place(country=country)
    if country is not None and state is None:
        found = _state(parts[-1], country)
        if found is not None and (len(parts) > 1 or not _is_city(parts[-1], country)):
            state = found
            parts = parts[:-1]
        elif len(parts) > 1 and re.fullmatch(r"[A-Z]{2,3}|\d[\d -]*", parts[-1]):
            parts = parts[:-1]
    if state == "District of Columbia":
        return Place(country=country, state=state, city="Washington, D.C.")
    if not parts:
        return Place(country=country, state=state)
    return _place_of(parts, country, state)


def _state(part: str, country: str) -> str | None:
    data = gazetteer()
    if (country, part) in data.state_codes:
        return data.state_codes[country, part]
    bare = re.sub(r"\s+\d[\d-]*$", "", part)
    for entry in meanings(bare):
        if entry.kind == "state" and country in entry.countries:
            return entry.name
    if key(bare) == "new york" and country == "United States":
        return "New York State"
    match = _DIVISION.match(bare)
    if match:
        inner = (match.group(1) or match.group(2)).strip()
        known = next((e.name for e in meanings(inner) if e.kind == "state" and country in e.countries), None)
        return known or bare
    return None


def _is_city(part: str, country: str) -> bool:
    return any(e.kind == "city" and country in e.countries for e in meanings(part))


def _place_of(parts: list[str], country: str | None, state: str | None) -> Place:
    candidates: list[tuple[int, Entry]] = []
    for back, part in enumerate(reversed(parts)):
        bare = re.sub(
            r"^(?:greater|city of|metro)\s+|\s+(?:area|metropolitan area|city|\d[\d-]*)$", "", part, flags=re.IGNORECASE
        )
        for entry in (*meanings(part), *(meanings(bare) if bare != part else ())):
            if entry.kind == "city" and (country is None or country in entry.countries):
                if state is None or not entry.state or entry.state == state or back == 0:
                    candidates.append((back, entry))
            elif entry.kind in {"state", "area"} and country is None and len(parts) > 1:
                return _locate_in(parts[:-1], entry)
            elif entry.kind in {"region", "state", "area"} and len(parts) == 1 and not candidates and state is None:
                if entry.kind == "region":
                    continue
                return Place(country=next(iter(entry.countries)), state=entry.name)
    if not candidates:
        words = parts[-1]
        return Place(country=country, state=state, city=words if country or len(parts) > 1 else None)
    matching = [c for c in candidates if state and c[1].state == state] or candidates
    back, city = min(matching, key=lambda c: (c[0], -c[1].population))
    return Place(
        country=country or next(iter(city.countries)),
        state=state or city.state or None,
        city=city.name,
    )


def _locate_in(parts: list[str], holder: Entry) -> Place:
    country = next(iter(holder.countries))
    return _place_of(parts, country, holder.name if holder.kind == "state" else None)


def place_matches(place: Place, names: tuple[str, ...], field: PlaceField) -> bool | None:
    """Whether a headquarters lies in one of the named places: True, False, or None when the facts cannot tell.

    `field` says how an ambiguous name is meant ("Georgia" as a country or a region). A country answers for the regions it
    lies in; that only the country is known, and it is the right one, cannot answer for a state or a city.
    """
    answers = [_matches(place, name, field) for name in names]
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _matches(place: Place, name: str, field: PlaceField) -> bool | None:
    entries = meanings(name)
    preferred = [e for e in entries if FIELDS[e.kind] == field]
    if not preferred and entries:
        preferred = list(entries)
    if not preferred:
        return _same(name, place)
    answers = [_in_entry(place, entry) for entry in preferred]
    if True in answers:
        return True
    return None if None in answers else False


def _same(name: str, place: Place) -> bool | None:
    """A name the gazetteer does not have: equal to a stated part, or unknown."""
    stated = [key(p) for p in (place.city, place.state, place.country) if p]
    if key(name) in stated:
        return True
    return False if len(stated) == 3 else None


def _in_entry(place: Place, entry: Entry) -> bool | None:
    if place.country is None and place.city is None and place.state is None:
        return None
    if entry.kind in {"country", "region"}:
        return place.country in entry.countries if place.country else None
    if place.country and place.country not in entry.countries:
        return False
    if entry.kind == "state":
        if place.state:
            return key(place.state) == key(entry.name)
        return _city_state(place, entry)
    if entry.kind == "area":
        if entry.states:
            if place.state:
                return place.state in entry.states
            return None
        if place.city:
            return key(place.city) in entry.cities
        return False if place.state and not _area_in_state(entry, place.state) else None
    if place.city:
        return _city_keys(place.city).isdisjoint(_city_keys(entry.name)) is False
    if place.state and entry.state and key(place.state) != key(entry.state):
        return False
    return None


def _city_state(place: Place, entry: Entry) -> bool | None:
    if not place.city:
        return None
    known = [e for e in meanings(place.city) if e.kind == "city" and e.countries <= entry.countries]
    if len(known) == 1:
        return known[0].state == entry.name
    return None


def _area_in_state(area: Entry, state: str) -> bool:
    return any(e.kind == "city" and e.state == state for c in area.cities for e in gazetteer().index.get(c, ()))


@lru_cache(maxsize=4096)
def _city_keys(name: str) -> frozenset[str]:
    """All the names a city goes by: "Bombay" and "Mumbai" are one."""
    return frozenset({key(name), *(key(e.name) for e in meanings(name) if e.kind == "city")})


def city_key(name: str, country: str | None = None) -> str:
    """One form for all the names a city goes by ("Bombay", "MUMBAI"); of several cities that of the country, if known."""
    cities = [e for e in meanings(name) if e.kind == "city"]
    near = next((e for e in cities if country in e.countries), cities[0] if cities else None)
    return key(near.name) if near else key(name) or name.strip().lower()


def city_keys(name: str) -> frozenset[str]:
    """The `city_key` of every city that a name may mean; the name's own when it is in no list."""
    cities = frozenset(key(e.name) for e in meanings(name) if e.kind == "city")
    return cities | {city_key(name), key(name)} - {""}
