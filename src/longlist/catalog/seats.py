"""The seat of a company out of the headquarters prose of a company box, which may name several and their roles."""

import re

from longlist.language.places import country_name, locate, mentions
from longlist.model.company import Place

_COORDINATES = re.compile(r"\s*\d+(?:\.\d+)?\s?°.*$")
_ROLE = r"(?:legal|registered|statutory|tax|incorporat|domicile|seat|corporate|headquarters|head office|main office|operation|executive|principal|global|group)"
_ROLE_AFTER = re.compile(rf"\s*\(\s*((?:[\w&-]+ )*?{_ROLE}[^()]*)\)\s*", re.IGNORECASE)
_ROLE_BEFORE = re.compile(
    rf"(?:^|(?<=\s))\(?\s*((?:{_ROLE}\w*|[A-Z]\w+) (?:head )?(?:office|headquarters|seat))\s*\)?\s*:\s*", re.IGNORECASE
)
_ON_PAPER = re.compile(r"\b(?:legal|registered|statutory|tax|incorporat\w*|domicile|seat)\b", re.IGNORECASE)
_COUNTRIES = (
    r"U\.\s?S\.(?:\s?A\.)?|USA|US|UK|U\.K\.|United States|United Kingdom|Australia|Belgium|Bermuda|Canada|China|France|"
    r"Germany|Hong Kong|Ireland|Israel|Italy|Japan|Luxembourg|Mexico|Netherlands|Singapore|Spain|Sweden|Switzerland"
)
_NEXT_SEAT = re.compile(rf"(?<=, )({_COUNTRIES})\.?(?:\s+and\s+|\s+)(?=[A-Z][^,]*,)|\s*;\s*")
_NO_COMMA = re.compile(rf"(?<=[\w.]) (?=(?:{_COUNTRIES})\.?$)")
_ADDRESS = re.compile(
    r"\d|\b(?:tower|towers|building|plaza|cent(?:er|re)|street|st\.|avenue|ave\.?|boulevard|blvd|road|drive|square|house|"
    r"campus|floor|headquarters|court|quay|place)\b",
    re.IGNORECASE,
)
_NOT_A_SEAT = re.compile(r"^(?:no headquarters|none|n/?a|formerly)\b", re.IGNORECASE)


def tidy(headquarters: str) -> str:
    """The prose as it is shown: no coordinates, no blanks before commas."""
    return re.sub(r"\s+([,;])", r"\1", _COORDINATES.sub("", headquarters)).strip(" ,;")


def _plain(text: str) -> str:
    return re.sub(r"\s+incorporated in .*$|\s*\b\d{3}[-–]\d{4}\b", "", text, flags=re.IGNORECASE)


def seat(headquarters: str) -> Place:
    """The place a tidied headquarters text names: of several the one the company works from, else the first."""
    if _NOT_A_SEAT.match(headquarters):
        return Place()
    seats = _seats(headquarters)
    working = [text for text, role in seats if not _ON_PAPER.search(role)]
    for text in [*working, *(text for text, role in seats if _ON_PAPER.search(role))]:
        place = locate(_without_address(text))
        if place.country:
            return place
    return Place()


def headquarters_place(headquarters: str, country: str) -> Place:
    """The place of a company: its headquarters text first, the `country` field only for what that leaves open."""
    place = seat(headquarters)
    if place.country or not country:
        return place
    stated = locate(country)
    fallback = stated if stated.country else Place(country=country_name(country))
    if headquarters and fallback.country and not _NOT_A_SEAT.match(headquarters):
        combined = locate(f"{_without_address(_seats(headquarters)[0][0])}, {fallback.country}")
        if combined.country == fallback.country and combined.city and not re.search(r"\d", combined.city):
            return Place(country=fallback.country, state=combined.state or fallback.state, city=combined.city)
    return fallback


def _seats(headquarters: str) -> list[tuple[str, str]]:
    """(text, role) of each seat named, in order; the role is "" when none is given."""
    found: list[tuple[str, str]] = []
    pieces = _ROLE_BEFORE.split(headquarters)
    for before, block in zip(["", *pieces[1::2]], pieces[0::2], strict=True):
        parts = _ROLE_AFTER.split(block)
        for text, role in zip(map(_plain, parts[0::2]), [*parts[1::2], ""], strict=True):
            singles = [single for single in _split_countries(text) if single]
            found += [(single, before) for single in singles[:-1]]
            found += [(singles[-1], f"{before} {role}".strip())] if singles else []
    return found or [(headquarters, "")]


def _split_countries(text: str) -> list[str]:
    """Cut after each country that another place follows ("Paris, France and Milan, Italy")."""
    seats: list[str] = []
    start = 0
    for match in _NEXT_SEAT.finditer(text):
        seats.append(text[start : match.end(1) if match[1] else match.start()])
        start = match.end()
    return [part.strip(" ,;") for part in (*seats, text[start:])]


def _without_address(text: str) -> str:
    """Street and building in front of a city name taken off; a comma put before a country that lacks one."""
    comma = _NO_COMMA.sub(
        ", ", text.strip(" .,;") + ("." if text.rstrip().endswith(("U.S.", "U.S.A.", "U.K.")) else "")
    )
    for mention in mentions(comma):
        if mention.field != "city":
            continue
        part_start = comma.rfind(",", 0, mention.start) + 1
        before, behind = comma[part_start : mention.start], comma[mention.end :].lstrip()
        if before.strip() and _ADDRESS.search(before) and (not behind or behind.startswith(",")):
            return comma[mention.start :]
    return comma
