"""What a company's own site says of itself, in the first person and in short: "Since 2014 we …", "Our 40-person team".

`facts_from_prose` reads descriptions written by anybody; here the speaker is known to be the company, so more may be
believed. English, and the commonest turns of German, French, Spanish, Portuguese and Italian.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from longlist.language.facts import employees, facts_from_prose, founded_year
from longlist.language.places import locate
from longlist.language.words import sentences
from longlist.model.company import Employees, Facts, Place, Status

LONGEST = 600  # characters of a sentence that is read; longer ones are run-on lists
_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)(?![\d%]|[.,]\d)"
_NUMBER = r"(?P<number>\d{1,3}(?:[,.’'\u00a0\u202f ]\d{3})+|\d{1,7})(?P<more>\+?)"
_ROUGHLY = r"(?:about |around |over |more than |nearly |almost |approximately |some |currently |now |~ ?)*"
_PEOPLE = (
    r"(?:people|persons|employees|colleagues|staff(?: members)?|team ?members|teammates|team-mates|professionals|"
    r"specialists|experts|employés|salariés|collaborateurs|empleados|colaboradores|funcionários|dipendenti|"
    r"Mitarbeiter(?:n|innen|\*innen|:innen)?(?: und Mitarbeiter(?:innen)?)?|Beschäftigte[n]?|medewerkers)"
)
_FOUNDED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:and |then |so )?(?:we|our founders) (?:first )?(?:started|founded|launched|created|established|incorporated|set up|opened)(?: (?!with\b|to\b)[^.;,]{{1,50}}?)? (?:back )?in (?:the )?(?:(?:spring|summer|autumn|fall|winter) of )?(?:[a-z]{{3,9}} )?{_YEAR}",
        rf"^(?:our|the) (?:story|journey|company|business|firm) (?:began|begins|started|starts|was born)(?: back)?,? in {_YEAR}",
        rf"^(?:ever )?since {_YEAR},? (?:we|our|the company|the team)\b",
        rf"\bwe(?:'ve| have) been (?:in business|around|operating|doing this|building|working|making|serving|helping)\b[^.;,]{{0,60}}? since {_YEAR}",
        rf"^(?:year )?(?:of )?(?:founded|established|est|incorporated|founding year|foundation)\.?:? {_YEAR}\.?$",
        rf"\b(?:gegründet|fondée?|fundad[ao]|creée?|créée?|opgericht|fondata|constituid[ao])(?: (?:wurde|worden))?(?: (?:im jahre?|im|en|em|in|nel|el año))? {_YEAR}",
        rf"\bwurde[^.;]{{0,60}} (?:im jahre? )?{_YEAR}[^.;]{{0,60}} gegründet\b",
        rf"^(?:seit|depuis|desde|dal) {_YEAR}\b",
    )
)
_STAFF = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:our|a|the|as a|we're a|we are a) (?:\w+ )?{_NUMBER}[- ](?:person|people|member|strong|head|employee)(?: \w+)? (?:team|company|startup|crew|studio|agency|firm|business|organi[sz]ation|workforce)",
        rf"^(?:today |currently |now )?(?:,? )?{_ROUGHLY}{_NUMBER} (?:full-time |talented |dedicated )*{_PEOPLE}(?: [\w-]+){{0,2}} (?:work|are at work|make up|are part of|build|are employed|call|keep|at work)\b",
        rf"\bwe (?:now |currently |today )?(?:have|employ|count|number) {_ROUGHLY}{_NUMBER} (?:full-time |talented |dedicated )*{_PEOPLE}\b",
        rf"\bteam (?:of|with) {_ROUGHLY}{_NUMBER}(?= {_PEOPLE}|[.!]?$)",
        rf"^(?:number of )?(?:employees|team size|company size|head-?count|staff|mitarbeiter|effectif|empleados):? {_ROUGHLY}{_NUMBER}\.?$",
        rf"\b(?:mit|avec|con|com|met) (?:rund |etwa |über |environ |plus de |más de |mais de |cerca de |unos |circa )?{_NUMBER} {_PEOPLE}\b",
        rf"\bwe are (?:now |currently )?{_ROUGHLY}{_NUMBER} {_PEOPLE}\b",
    )
)
_PLACE = r"(?P<place>(?:the )?[A-ZÀ-Ý][\w.'’À-ÿ-]*(?:(?:,? | - )(?:(?:and|of|de|do|da|la|el|the|am|upon|&) )?[A-ZÀ-Ý][\w.'’À-ÿ-]*){0,6})"
_SEAT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i:\b(?:our|the company's) (?:home|headquarters|headquarter|hq|head office|main office|global headquarters) (?:is|are)(?: located| based)?(?: in| at)? ){_PLACE}",
        rf"(?i:^(?:headquarters|headquartered|hq|head office|hauptsitz|sitz|siège(?: social)?|sede(?: central)?):? (?:in )?){_PLACE}",
        rf"(?i:\b(?:we|we're|we are|our team|our company)(?: are| is)? (?:proudly |currently )?(?:based|located|headquartered) (?:out of |in |at )){_PLACE}",
        rf"(?i:\b(?:with (?:its |our )?headquarters in|mit (?:haupt)?sitz in|ayant son siège à|basée? à|con sede en|com sede em|con sede a|gevestigd in) ){_PLACE}",
    )
)
_ACQUIRED = re.compile(
    r"^\W*(?:(?:note|update|news|announcement)\W+)?(?:(?:we|it|the company|our (?:company|team|product))(?:'ve|'re)?\b[^.;]{0,40}?"
    r"\b(?:(?:have|has|were|was|been|got) (?:now |recently |since |been )*(?:acquired|bought)\b|(?:have|has) (?:now |recently )?joined (?:forces with )?[A-Z]"
    r"|(?:are|is) now (?:a )?(?:proud )?part of (?:the )?[A-Z])|acquired (?:by|in)\b|now (?:a )?part of [A-Z])",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"^\W*(?:(?:note|update|news|announcement)\W+)?(?:we|it|the company|our (?:company|product|service))(?:'ve|'re)?\b[^.;]{0,40}?"
    r"\b(?:shut ?down|closed (?:down|our doors|for good|its doors)|ceased (?:operations|trading|to exist)|went out of business|wound down|"
    r"(?:are|is) (?:now )?(?:no longer (?:operating|in business|in operation|available|active)|defunct|closed))\b",
    re.IGNORECASE,
)
_ENDS: tuple[tuple[re.Pattern[str], Status], ...] = ((_ACQUIRED, "acquired"), (_CLOSED, "closed"))
_OF_OTHERS = re.compile(
    r"\b(?:that|who|which|when|if|after|before|help\w*|companies|startups|businesses|customers|clients|not|never)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:if|when|unless|imagine|customers?|clients?|companies|businesses|teams like|for teams|investors?|backed by|"
    r"founders? previously|previously|my|his|her|their|ex-|alumni|used to|formerly|offices? in|partner)\b",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"\d|\bhome is|headquarter|\bhq\b|based|located|office|sitz|siège|sede|gevestigd|part of|joined|acquired|shut|closed",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Saying:
    """What one sentence states, verbatim in `sentence`: the facts of `facts` that are not empty."""

    sentence: str
    facts: Facts = field(default_factory=Facts)


def sayings(text: str, name: str = "") -> Iterator[Saying]:
    """Every sentence of a company's own page that states a fact about the company, in order, with what it states.

    `name` is the company's: sentences that begin with it speak of the company as "we" does.
    """
    for sentence in sentences(text):
        if len(sentence) <= LONGEST and _HINT.search(sentence):
            facts = _read(sentence, name)
            if facts != Facts():
                yield Saying(sentence, facts)


def _read(sentence: str, name: str) -> Facts:
    spoken = _as_we(sentence, name)
    said = facts_from_prose(sentence)
    founded = said.founded or _year(spoken)
    size = said.employees or _staff(spoken)
    hq = said.hq if said.hq != Place() else _seat(spoken)
    return Facts(
        founded=founded,
        employees=size,
        hq=hq,
        status=_status(spoken),
        funding_stage=said.funding_stage,
        funding_amount=said.funding_amount,
    )


def _as_we(sentence: str, name: str) -> str:
    """The sentence with the company's name in front replaced by "we", as long as the name is one."""
    if name and sentence.lower().startswith(name.lower()) and sentence[len(name) : len(name) + 1] in {" ", ","}:
        return f"We{sentence[len(name) :]}"
    return sentence.replace(f" {name} ", " it ", 1) if len(name) > 2 else sentence


def _year(sentence: str) -> int | None:
    for pattern in _FOUNDED:
        match = pattern.search(sentence)
        if match is not None and not _HEDGED.search(sentence[: match.start()]):
            return founded_year(match["year"])
    return None


def _staff(sentence: str) -> Employees | None:
    for pattern in _STAFF:
        match = pattern.search(sentence)
        if match is None or _HEDGED.search(sentence[max(0, match.start() - 60) : match.start()]):
            continue
        count = employees(match["number"] + match["more"])
        if count is not None and not (len(match["number"]) == 4 and 1900 <= count.low <= 2100):
            return count
    return None


def _status(sentence: str) -> Status | None:
    for pattern, status in _ENDS:
        match = pattern.search(sentence)
        if match is not None and not _OF_OTHERS.search(match.group()):
            return status
    return None


def _seat(sentence: str) -> Place:
    for pattern in _SEAT:
        match = pattern.search(sentence)
        if match is not None and not _HEDGED.search(sentence[max(0, match.start() - 60) : match.start()]):
            place = locate(match["place"].removeprefix("the ").split(" and ", 1)[0].rstrip(".,"))
            if place.country:
                return place
    return Place()
