"""Conditions on the seat of the company: countries, regions, states, cities; those of its customers are passed over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from longlist.language.places import Mention, PlaceField, mentions
from longlist.plan.clauses import Clauses, Found
from longlist.plan.customers import STRONG
from longlist.plan.nouns import COMPANY

_LIST = re.compile(
    r"^\s*(?:-based|based)?\s*(?:,|/|&|\+|or|and|nor|and/or|,\s*(?:and|or|nor)|-)\s*(?:(?:in|the|from|also|in the|the rest of|rest of|not in|or in|wider|even|maybe)\s+)*$|^/$|^-$"
)
_INSIDE = re.compile(r"^\s*,\s*$|^\s+\($|^\s+$")
_IN = r"(?:in|on|across|throughout|within|around|near|from|at|inside|out of|outside|outside of|of|all over|anywhere in|over|close to|beyond|everywhere in)"
_FILLER = r"(?:(?:the|all of|all|either|both|parts of|most of|greater|downtown|central|mainland|continental|rural|northern|southern|eastern|western|north|south|east|west|any of|one of|countries in|the state of|state of|cities in|cities like|countries of|region of|city of|country of|area of|wider|whole|entire|rest of|the rest of)\s+)*"
_PREPOSITION = re.compile(rf"(?:^|[\s(,;:-])(?P<prep>{_IN})\s+{_FILLER}$")
_SEATED = re.compile(
    r"\b(?:based|headquartered|head-?quartered|hq(?:'?e?d)?|headquarters?|head offices?|main office|located|domiciled|incorporated|registered|seated|situated|operating|operate[sd]?|active|present|focus(?:ed|ing|es)?|founded|started|established|launched|born|doing business|do business|working|works|stationed|sitting|home|rooted|be|is|are|legal seat|seat|resident|originating|come|comes|coming|hail(?:s|ing)?|companies|offices? only|native)(?:\s+(?:is|are|must be|should be|in fact|mainly|primarily|mostly|only|exclusively|anywhere|somewhere|out|here|all|both|strictly|currently|right|their business|either|on|must|to be|be))*\s*$"
)
_LABEL = re.compile(
    r"\b(?:hq|headquarters|country|countries|location|locations|region|regions|geo|geography|geographies|city|cities|state|place|market focus|based in|where|base|hq country|hq location|area|office|seat)\s*(?:is|are|=|:|-|in|–|should be|must be)?\s*(?:in |the )*$"
)
_OTHER_PLACE = re.compile(
    r"\b(?:customers?|clients?|users?|patients?|consumers?|buyers?|shoppers?|subscribers?|audiences?|(?<!family )(?<!law )offices?(?! only)|branches?|operations?|presence|factory|factories|plants?|warehouses?|subsidiar(?:y|ies)|footprints?|teams"
    r"|projects?|investments?|sales|expansion|interests?|experience|expertise|speciali[sz](?:es|ed|ing)|specialists?|experts?|invest(?:s|ed|ing)?|sold|sold (?:in|at|through|via) [\w-]+|with (?:employees|staff|workers)|sell(?:s|ing)?|used|available|made|manufactur(?:ed|ing|e)|produc(?:ed|ing|e)|sourced|grown|born and raised|assembled"
    r"|hir(?:e|es|ing)|recruit(?:s|ing)?|expand(?:s|ed|ing)?|launching|launches|popular|travel(?:s|ling|ing)?|trips?|holidays?|tours?|vacations?|sourcing|import(?:s|ing|ed)?|export(?:s|ing|ed)?|ship(?:s|ping|ped)?|buy(?:s|ing)?|bought|orders?|flights?|properties|real estate|homes|land|mines?|students?|deliver(?:s|y|ies|ing)?|property|elections?|taxes|wars?|history|refugees|immigrants|visas?|jobs?|compliance|licensed|regulated|listed|trade[sd]?|trading|quoted|tested|approved|study(?:ing)?|work permits?|studies|events?|people living|workers?|reserves|deposits|fields|citizens|speakers|funds? raised|backed by investors|investors?)"
    r"(?:\s+(?:only|mainly|and offices|stores|both|primarily|all|also|partly|to|products?|goods))*\s+$"
)
_OWNING = re.compile(
    r"\b(?:with|has|have|having|own|owns|owning)\s+(?!headquarter|hq|head )(?:(?!employees|people|staff|funding)[a-z-]+\s+){1,3}$"
)
_OF_NOUN = re.compile(rf"{COMPANY}\s+of\s+{_FILLER}$")
_MARKET_BEHIND = re.compile(
    r"^(?:[\s-](?:style|inspired|made|speaking|language|themed|accented)\b|\s+(?:(?:policy|regulations?|grants?|immigration|customs|accent)\b|customers\b|clients\b|users\b|consumers\b|shoppers?\b|buyers?\b|patients?\b|students\b|households?|families|travell?ers?|tourists?|citizens|immigrants?|expats?|visas?|tax(?:es|payers?)?|law(?! (?:firms?|practices?|offices?)\b)|dollars?|stocks?|equities|bonds?|government|military|army|navy|embass|passports?|elections?|history|art\b|culture|music|wine\b|wines\b|tea\b|audiences?|listings?|shares|real estate|retirees|voters|seniors|kids|children|women|men|landlords?|renters|farmers|teachers|people|residents|investors?|diaspora|origin|leather|rugs?|steel imports|goods|imports|exports|products\b))"
)
_NOUNS_LEFT = re.compile(
    r"(?:^|\b(?:is|are|be|being|was|were|an?|the|any|all|some|every|other|and|or|but|not|no|only|also|than|both|either|from|non|top|leading|best|biggest|largest|small|smaller|large|larger|big|mid-?sized?|medium-?sized?|medium|tiny|young|new|newer|old|older|established|long-established|public|publicly|listed|traded|private|privately|held|owned|independent|active|still|defunct|closed|acquired|bankrupt|bootstrapped"
    r"|self-funded|funded|seed|stage|seed-stage|early-stage|late-stage|growth-stage|series|venture-backed|vc-backed|b2b|b2c|d2c|dtc|saas|software|open-source|family-owned|family-run|family|women-led|female-led|fast-growing|growing|profitable|emerging|innovative|niche|specialist|specialised|specialized|traditional|modern|local|regional|global|international|similar|relevant|unlisted|boutique|micro|industrial|small-cap|mid-cap|large-cap|startups?|never|avoid|avoiding|exclude|excluding|excludes|without|except|minus|find|show|list|get|need|want|me|us|with|promising|like|those|just|mainly|primarily|mostly|ideally|preferably|interested|in|hq|country|location|region|where|active|b|a|c|d|premium|luxury|leading|hot|up-and-coming|well-known|nyse-listed|nasdaq-listed|stock|exchange|smes?|recently|founded|newly|long-standing|remote|unicorn|ecommerce|e-commerce|online|digital|hardware|nonprofit|vertical|enterprise|[\d,.+-]+|person|employee|years?|old|century-old|decades-old|year-old)[\s,/]*[-]?\s*)$"
)
_HARD_LEFT = re.compile(
    r"\b(?:for|to|with|by|of|on|from|about|into|via|against|between|among|using|through|toward|towards|at|as|[a-z]+ing|sells?|sold|makes?|offers?|provides?|helps?|serves?|buys?|imports?|exports?|uses?|targets?|supplies|builds?|teaches?|teach|learn|sell|make|offer|provide|help|serve|buy|import|export|use|supply|brew|grow|trade|enter|enters|acquire|acquires|acquired|cover|covers|support|supports|translate|speak|speaks|invests?|delivers?|deliver|ship|ships|distribute|distributes|produce|produces|reach|reaches|cook|bake|roast|process|processes|recycle|refurbish|collect|organi[sz]e)\s+(?:[\w&'/+-]+\s+){0,6}?$"
)
_ING_NOUNS = re.compile(
    r"\b(?:manufacturing|engineering|consulting|advertising|marketing|accounting|banking|gaming|shipping|mining|trading|publishing|clothing|staffing|recruiting|outsourcing|computing|printing|packaging|fast-growing|growing|long-standing|housing|building|fishing|farming|lending|clearing|catering|hosting|testing|training|cleaning|brewing|emerging|leading|existing|operating|interesting|promising|looking|searching|hunting|excluding|avoiding|processing|tracking|scheduling|billing|invoicing|pricing|e-signing|being|ticketing|booking|3d-printing|wedding|dating|cycling|skiing|streaming|learning|nearshoring|crowdfunding|financing|leasing|budgeting|planning|heating|cooling|lighting|coating|welding|casting|machining)\s"
)
_LOOKING = re.compile(
    r"\b(?:(?:looking|search|searching|hunting|hunt|look)\s+for|(?:candidates|targets|leaders|options|names)\s+among)\s+"
)
_BASED = re.compile(
    r"^[\s-]*(?:based|headquartered|hq(?:'?d)?|domiciled|incorporated|registered|founded|born|native|-only\b)(?![\w])"
)
_ONLY = re.compile(r"^[\s-]*(?:only|preferred|please|ideally|region|area|market only)\b")
_MARKETS = re.compile(
    r"^\s+(?:countries|cities|states|markets?|regions?|capitals|nations|economies|union|soil|territory|area)\b"
)


_CITY_STATES = frozenset({"Singapore", "Hong Kong", "Macau", "Monaco", "Luxembourg"})


@dataclass(frozen=True, slots=True)
class _Group:
    """Places named together: "Germany, Austria or Switzerland"."""

    mentions: tuple[Mention, ...]
    inside: frozenset[int]

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def end(self) -> int:
        return self.mentions[-1].end


def places(clauses: Clauses) -> Iterator[Found]:
    """Conditions on the company's seat, several places of one list in one condition each field."""
    found = [m for m in mentions(clauses.text) if not clauses.exemplary(m.start)]
    seated = [(group, seat) for group in _groups(clauses, found) if (seat := _seat(clauses, group)) is not None]
    seats = [clauses.flat[start:end] for _, (start, end) in seated]
    for group, (start, end) in seated:
        wanted = not clauses.negated(group.start)
        if wanted and any(_REGISTERED.match(s) for s in seats) and any(_HEADQUARTERED.match(s) for s in seats):
            if _REGISTERED.match(clauses.flat[start:end]):
                continue
        elif wanted and len(seated) > 1 and _SELLING_IN.search(clauses.left(start)):
            continue
        yield from _conditions(clauses, group, start, end)


_REGISTERED = re.compile(r"(?:incorporated|registered|domiciled)\b")
_HEADQUARTERED = re.compile(r"(?:head|hq|based|run from)")
_SELLING_IN = re.compile(
    r"\b(?:sells?|selling|exports?|exporting|ships?|shipping|delivers?|delivering|distributes?|distributing)\s+(?:[\w-]+\s+){1,3}$"
)
"""Where something is sold says less of the seat than another place in the text does."""


def _groups(clauses: Clauses, found: list[Mention]) -> Iterator[_Group]:
    current: list[Mention] = []
    inside: set[int] = set()
    for mention in found:
        if current:
            gap = clauses.flat[current[-1].end : mention.start]
            part_of = _part_of(current[-1], mention) and bool(_INSIDE.match(gap))
            same = clauses.negated(current[-1].start) == clauses.negated(mention.start)
            if same and (part_of or _LIST.match(gap) or (gap.isspace() and _alike(current[-1], mention))):
                if part_of:
                    inside.add(len(current))
                current.append(mention)
                continue
            yield _Group(tuple(current), frozenset(inside))
        current, inside = [mention], set()
    if current:
        yield _Group(tuple(current), frozenset(inside))


def _alike(a: Mention, b: Mention) -> bool:
    """Places in a row without a comma: "Florida Georgia Alabama"."""
    return a.field == b.field and not a.adjective and not b.adjective


def _part_of(part: Mention, whole: Mention) -> bool:
    """As in "Austin" and "TX", "Bavaria" and "Germany": the second says where the first is."""
    order = {"city": 0, "region": 1, "country": 2}
    if part.field == "region" and len(part.countries) > 1:
        return False
    return (
        not whole.adjective
        and order[part.field] < order[whole.field]
        and part.countries <= whole.countries
        and len(whole.countries) == 1
    )


def _conditions(clauses: Clauses, group: _Group, start: int, end: int) -> Iterator[Found]:
    names: dict[PlaceField, list[str]] = {}
    holders: dict[PlaceField, list[str]] = {}
    for number, mention in enumerate(group.mentions):
        kept = holders if number in group.inside else names
        kept.setdefault(mention.field, []).append(mention.name)
    if len(names) > 1 and not clauses.negated(group.mentions[0].start):
        # Alternatives of several kinds ("the US or Western Europe") are one condition: as two, both would have to hold.
        towns = all(m.field == "city" or m.name in _CITY_STATES for m in group.mentions)
        mixed: PlaceField = "city" if towns else "region" if "region" in names else "country"
        names = {mixed: [m.name for n, m in enumerate(group.mentions) if n not in group.inside]}
    if any(len(v) > 1 for v in names.values()):
        holders = {f: v for f, v in holders.items() if f not in names}
    at = start if clauses.negated(group.mentions[0].start) is clauses.negated(start) else group.mentions[0].start
    for field, values in (*names.items(), *((f, v) for f, v in holders.items() if not clauses.negated(group.start))):
        yield Found(field, "in", tuple(dict.fromkeys(values)), at, end)


def _seat(clauses: Clauses, group: _Group) -> tuple[int, int] | None:
    """The words that place the company there, or None when the place is somebody else's."""
    flat, first, last = clauses.flat, group.mentions[0], group.mentions[-1]
    left = clauses.left(first.start, comma=False)
    near = left[-70:]
    behind = flat[last.end : last.end + 40]
    based = _BASED.match(behind)
    end = last.end + (based.end() if based else 0)
    if based:
        begin = first.start
        return None if _customers_directly(clauses, begin) else (begin, end)
    label = _LABEL.search(near)
    if label:
        return first.start - len(label.group()), end
    preposition = _PREPOSITION.search(near)
    if preposition is None:
        return _as_adjective(clauses, group, left, behind)
    prep = preposition["prep"]
    before = near[: preposition.start("prep")]
    start = first.start - (len(near) - preposition.start("prep"))
    seated = _SEATED.search(before)
    if prep == "on" and not (seated and "focus" in seated.group()) and not first.name.endswith(("Coast", "Seaboard")):
        return None
    if seated and not re.search(
        r"\b(?:customers?|clients?|users?)\s+(?:are |is |be |who are )?$", before[: seated.start()] + " "
    ):
        word = seated.group().split()[0]
        if word in {
            "is",
            "are",
            "be",
            "active",
            "working",
            "works",
            "companies",
            "come",
            "comes",
        } and _customers_directly(clauses, start):
            return None
        if clauses.negated(first.start) or not _customers_directly(clauses, start - len(seated.group())):
            return start - len(seated.group()), end
        return None
    if first.adjective and not _last_noun_is_place(flat, last.end):
        return _adjective_behind_preposition(clauses, group, prep, behind, end)
    if clauses.negated(first.start) and not clauses.negated(start - 1) and prep in {"outside", "outside of", "beyond"}:
        return start, end
    if prep == "of" and not _OF_NOUN.search(near):
        return None
    if _OTHER_PLACE.search(before + (" " if before and not before.endswith(" ") else "")) and not (
        clauses.negated(first.start) and prep.startswith("outside")
    ):
        return None
    if prep == "from" and re.match(
        r"\s+(?:importers?|sellers?|distributors?|traders?|dealers?|buyers?|resellers?)\b", behind
    ):
        return None
    if _OWNING.search(before) and not clauses.negated(first.start):
        return None
    markets = _MARKETS.match(behind)
    return (
        None if _helped_there(clauses, start) else (start, end + (markets.end() if markets and first.adjective else 0))
    )


def _last_noun_is_place(flat: str, at: int) -> bool:
    """As in "in African markets", "in European countries"."""
    return bool(_MARKETS.match(flat[at : at + 24]))


def _adjective_behind_preposition(
    clauses: Clauses, group: _Group, prep: str, behind: str, end: int
) -> tuple[int, int] | None:
    """As in "from German banks", "outside European ones": only an exclusion places the company."""
    if clauses.negated(group.start) and (
        prep in {"outside", "outside of", "beyond", "from", "of"}
        or clauses.flat[: group.start].endswith("interested in ")
    ):
        return group.start, end
    head = re.match(rf"\s+(?:[\w-]+\s+){{0,2}}?{COMPANY}", behind)
    return (group.start, end) if prep == "from" and head and not clauses.of_customers(group.start) else None


def _customers_directly(clauses: Clauses, at: int) -> bool:
    """As in "for US-based companies", "helps Berlin-based landlords"."""
    left = clauses.left(at)
    return clauses.of_customers(at) and not _LOOKING.search(left)


def _helped_there(clauses: Clauses, at: int) -> bool:
    """As in "helps farmers in Kenya", "sells to clinics in Germany"; in a criterion also "software for clinics in Germany"."""
    if clauses.negated(at):
        return False
    left = clauses.left(at)
    if _LOOKING.search(left):
        return False
    strong = STRONG.search(left)
    if strong and not re.match(r"(?:import|sourc)", strong.group()):
        return True
    if re.search(
        r"\bfor\s+(?:\w+\s+){0,2}(?:customers?|clients?|users?|patients?|consumers?|people|individuals|families|students?|shoppers?|buyers?|residents|citizens|everyone|children|kids|women|seniors|workers|immigrants|expats|freelancers|homeowners|renters|tenants|parents|tourists|taxpayers|veterans|teachers|nurses|gamers)\s+(?:living |located |based )?$",
        left,
    ):
        return True
    return (
        clauses.role == "criterion"
        and bool(re.search(r"\b(?:for|to)\s+(?:[\w&'/-]+\s+){1,4}$", left))
        and bool(
            re.match(
                r"\s*(?:the company |it |they )?(?:must |should )?(?:also )?(?:provides?|offers?|sells?|makes?|builds?|develops?|supplies|serves?|delivers?|runs?|has|markets?)\b",
                left,
            )
        )
    )


def _as_adjective(clauses: Clauses, group: _Group, left: str, behind: str) -> tuple[int, int] | None:
    """A demonym or a place name in front of a noun: "German banks", "UK fintechs", "Berlin startups"."""
    first, last = group.mentions[0], group.mentions[-1]
    only = _ONLY.match(behind)
    end = last.end + (only.end() if only else 0)
    segment = left.rpartition(",")[2] if "," in left else left
    segment = _LOOKING.sub(" ", segment)
    if clauses.negated(first.start):
        return first.start, end
    if _MARKET_BEHIND.match(behind):
        return None
    bare = segment.strip()
    if clauses.opening and first.start <= clauses.opening:
        bare = ""
    if not bare and re.match(r"\s*(?:$|[.,;:)])", behind) and not _stands_alone(clauses, group):
        return None
    verbs = _ING_NOUNS.sub(" ", segment + " ")
    if _HARD_LEFT.search(verbs if verbs.endswith(" ") else verbs + " ") and not _RELATIVE.search(verbs):
        return None
    if not bare or _NOUNS_LEFT.search(segment):
        return first.start, end
    head = re.match(rf"\s+(?:(?:[\w&-]+)\s+)?{COMPANY}(?![\w-])", behind)
    if head or (
        first.field != "city"
        and re.match(r"\s*$|\s*[,.;]", behind)
        and not first.adjective
        and _stands_alone(clauses, group)
    ):
        return first.start, end
    if not first.adjective and (re.match(r"\s*(?:$|[,.;])", behind) or not _FUNCTION_WORD.search(segment)):
        return first.start, end
    return None


# In a telegram such as "edtech africa seed" a place stands anywhere between nouns.
_FUNCTION_WORD = re.compile(
    r"\b(?:of|for|to|with|by|in|on|at|from|that|which|who|the|a|an|and|or|about|into|via|as|is|are|like)\b"
)
_RELATIVE = re.compile(r"\b(?:that|which|who) (?:are|is)\s+$")


def _stands_alone(clauses: Clauses, group: _Group) -> bool:
    """A place between commas ("drone makers, Germany, 50+ employees")."""
    return bool(re.search(r"(?:^|[,;:.(\n/-])\s*(?:in |the )?$", clauses.flat[: group.start]))
