"""Places named in running text; words that only look like places are left out."""

import itertools
import re
from dataclasses import dataclass

from longlist.language.gazetteer import FIELDS, TOKEN, Entry, PlaceField, gazetteer, level, meanings, token_key


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text: its canonical name, the field it constrains, and where it stands (`text[start:end]`).

    `adjective` is true for "German", false for "Germany"; `countries` are those it lies in or consists of.
    """

    name: str
    field: PlaceField
    start: int
    end: int
    adjective: bool = False
    countries: frozenset[str] = frozenset()


# Weak names that are big cities first of all.
_BIG = frozenset("austin phoenix athens rome valencia cleveland orlando".split())
# Names that are read as places only in capitals and after a word such as "in", or with their state or country behind.
_WEAK = frozenset(
    """
    turkey china jordan chad georgia mali guinea jersey niger polish kiwi polishs reading nice phoenix orange split bath
    bar lens essen tours nancy victoria florence hull cork lincoln madison charlotte jackson chester wells derby lancaster
    columbia independence temple union aurora bend ajax arab bush gary mary clay roma leon man orlando valencia santiago
    santander toyota kawasaki berkeley cambridge oxford stanford dover trinity concord mission hamilton douglas richmond
    austin eugene vista surprise troy tyre normal enterprise commerce industry hub delta
    gulf emirates virgin georgian albany savannah aspen windsor canterbury whistler venice palm granada
    marina eden hope salem bethlehem cordoba kent lima medina apex paradise lakewood brandon logan warren spencer tyler
    carson clinton marion irving arlington franklin jefferson monroe washington lafayette livingston taylor allen lynn
    bengal nova tema vega mesa fargo dell corona laredo ford olympia providence athens rome alexandria memphis
    kingston newport bristol cleveland hastings stirling holland punjab savona parma mercedes palo
    """.split()
)
# Never places on their own, whatever the case; only with their state or country behind ("Mobile, Alabama").
_NEVER = frozenset(
    """
    mobile most enterprise commerce industry surprise normal independence hub sale split gap tours brick university man
    see mission mass van male same best sari offa bend forest oral pest hail wedding mentor reunion sea drama worms rugby
    clay lander ham of many essen here north south east west central union perm ann spring como pare san celle banda ho
    delta lod tema pau gare nada kamen largo vista temple hof hall marine nova lens bar bo male puri puer tula apex
    dell orange sun media gate media palm garden grove plant post signal data star mole base rome_ home marl male enid
    mati mary gary tyler allen lynn kent spencer logan brandon taylor warren carson clinton marion franklin jefferson
    monroe concord_ trinity eden hope paradise marina corona fargo aurora ford toyota columbia santander mercedes ajax
    moga fuji kaya bra brea novi vega lahr ruse teni imus tiel kota arab_ virgin leon eugene mesa lakewood olympia bata
    gent celle genk cary roma guna jena kara kure sarh seto soka taif yola zama ome onda oran orel otsu otta
    hof hub ibb ise itu iwo jos kani kano kati kaya kira kisi labe luik mau maua mito moss muar naga noda pali palu
    pati poa pula pune_ qom reus rewa rize rubi safi saga saki salo sete sibu sumy suez_ suhl taby taiz tama taza tete
    thun toki tver uba ube unna uyo vapi weru wola wuda yei yono
    """.split()
)
# Abbreviations that are places only in capitals.
_CAPITALS = frozenset(
    "sea see mea cis lac ssa bric prc drc bvi amer la sf dc paca nrw gta pnw nola gcc emea apac mena uki rtp caba "
    "eea anz apj sg dxb tlv cee v4 see hcmc usvi amer noram ksa roi nyc".split()
)
_CAPITALS_AFTER_IN = frozenset("la sf dc sea cis gcc nola gta rtp nrw".split())
# Lower-case forms of _CAPITALS that mean nothing else.
_PLAIN_ABBREVIATIONS = frozenset("gcc emea apac mena anz cee eea apj uki nrw pnw ksa nyc".split())

_LOCATING = re.compile(
    r"(?:^|[\s(,;:/-])(?:in|from|near|around|across|throughout|outside|within|inside|excluding|except|beyond|at|"
    r"headquartered|hq|location|country|region|state|located|city of|greater|downtown|avoid|exclude|not)"
    r"(?: of| in)?[\s:=]+(?:the |greater |downtown |central |mainland |either |both |all of |states? of )?$"
)
_LISTING = re.compile(r"^\s*(?:,|/|&|\+|\bor\b|\band\b|,\s*(?:and|or)\b|and/or|nor)\s*(?:the |in )*$")
_BASED_BEHIND = re.compile(r"^[\s-]*(?:based|headquartered|hq|domiciled|incorporated|registered|area)\b")
_COMMA = re.compile(r"^\s*,\s*$|^\s+\($|^ $")
# What a demonym describes when it is not where a company sits: its language, its kitchen, and idioms.
_NOT_A_PLACE_BEHIND = re.compile(
    r"^[\s-]+(?:languages?|speak\w*|lessons?|translat\w+|tutor\w*|cuisine|foods?|dish(?:es)?|recipes?|cooking|grammar|"
    r"literature|subtitles?|learn\w*|classes|courses?|restaurants?|bbq|barbecue|beauty|kitchens?|pubs?|bistros?|"
    r"medicine|massages?|yogh?urts?|pastr(?:y|ies)|toast|fr(?:y|ies)|press(?:es)?|doors?|bulldogs?|shepherds?|ocean|takeaways?|takeouts?|death cleaning|"
    r"football|express|dream|depot|ovens?|waffles?|cheese|army knife|jiu[- ]jitsu|wax|delight|"
    r"roulette|dolls?|rugs?|carpets?|boxing|cats?|leather|letters?|breakfast|ivy|roast|baths?|cigars?|hats?|manicures?"
    r"|sea|times|standard|horn|gpt|letter|nails|native|windows|linen|lavender|elm|spaniels?|goose|dollars?)\b"
)
_NOT_A_PLACE_BEFORE = re.compile(
    r"(?:\b(?:african|native|asian|michael|air|bank of|university of|new|anti|bone|fine)[\s-]+)$"
)
_CROCKERY = re.compile(
    r"[\s-]+(?:cabinets?|plates?|porcelain|tableware|dolls?|sets?|ware|shops?|clay|cups?|patterns?)\b"
)
_IDIOMS = {
    "polish": "remov\\w+|chang\\w+",
    "turkish": "coffee|delight|baths?|towels?",
    "irish": "coffee|setters?|dance|whiske?y|cream|stew",
    "swiss": "rolls?|chard|balls?",
    "belgian": "waffles?|chocolates?|beers?",
    "french": "bulldogs?|horns?|polish|maids?|tips?",
    "american": "football|express|pie",
    "danish": "pastry|pastries|modern",
    "indian": "summer|ink|ocean",
    "greek": "life|letters?|salads?|mythology",
    "thai": "massages?|boxing|curry",
    "english": "muffins?|roses?|breakfast|gardens?|premier",
    "panama": "hats?",
    "phoenix": "framework",
    "cuban": "cigars?|sandwich(?:es)?|heels?",
    "chinese": "medicine|whispers|checkers|zodiac|new year",
    "brazilian": "wax(?:ing)?|butt|blowouts?|nuts?",
}
_US_BEHIND = re.compile(
    r"^(?:[\s-]+(?:based|headquartered|only|domestic|compan\w+|compnies|startups?|start-ups?|firms?|business\w*|makers?|vendors?|"
    r"banks?|manufacturers?|providers?|brands?|retailers?|agenc\w+|market|listed|incorporated|b2b|saas|fintechs?|"
    r"software|tech|small|mid|private|public|publicly|healthcare|citizens|states)\b|\s*(?:/|&|\+|and|or)\s*(?:canada|uk|eu|europe)\b)"
)
_STATE_CODES_AFTER_IN = frozenset("CA TX NY NJ FL WA IL NC MA VA AZ MN TN MD CT UT NV KY SC WI NSW QLD BC".split())
_CODES_AFTER_IN = frozenset(
    "DE FR ES NL SE CH AT DK FI PL PT GB IE SG HK JP KR CN BR MX AU NZ ZA BE CZ GR HU RO BG UA KE NG EG SA USA GBR DEU FRA "
    "ESP ITA NLD SWE CHE AUT DNK FIN POL PRT SGP HKG JPN KOR CHN BRA MEX AUS NZL ZAF BEL CZE ISR IND".split()
)


@dataclass(frozen=True, slots=True)
class _Hit:
    first: int
    last: int
    start: int
    end: int
    entries: tuple[Entry, ...]
    phrase: str


def mentions(text: str) -> list[Mention]:
    """Every place named in a text, in order, without overlaps; words that only look like places are left out.

    Case decides where the text has any: "us", "turkey" and "reading" are no places, "US", "in Turkey", "in Reading" are.
    """
    data = gazetteer()
    flat = level(text)
    tokens = [(m.start(), m.end(), token_key(m.group())) for m in TOKEN.finditer(flat)]
    longest = data.longest
    hits: list[_Hit] = []
    i, n = 0, len(tokens)
    while i < n:
        size = longest.get(tokens[i][2], 0)
        for k in range(min(size, n - i), 0, -1):
            phrase = " ".join(t[2] for t in tokens[i : i + k]) if k > 1 else tokens[i][2]
            entries = data.index.get(phrase)
            if entries and (k == 1 or _joined(flat, tokens[i : i + k])):
                start, end = tokens[i][0], tokens[i + k - 1][1]
                if flat[start:end].endswith("'s"):
                    end -= 2
                hits.append(_Hit(i, i + k - 1, start, end, entries, phrase))
                i += k
                break
        else:
            code = _code(text, flat, tokens[i][0], tokens[i][1], bool(hits) and hits[-1].last == i - 1)
            if code is not None:
                hits.append(_Hit(i, i, tokens[i][0], tokens[i][1], (code,), tokens[i][2]))
            i += 1
    if not hits:
        return []
    return _with_directions(flat, _resolve(text, flat, hits))


def _joined(flat: str, tokens: list[tuple[int, int, str]]) -> bool:
    """No comma, slash or line end between the words of a name (but "Europe, Middle East and Africa" may have one)."""
    gaps = [flat[a[1] : b[0]] for a, b in itertools.pairwise(tokens)]
    return all(
        g in {" ", "-", " - ", ".", ". ", " & ", " + ", "  ", "/", "-\n"} or g.strip() in {"", "&", "-", "."}
        for g in gaps
    ) or (len(tokens) > 3 and all(g.strip() in {"", ",", "&", "/", "-"} for g in gaps))


def _code(text: str, flat: str, start: int, end: int, behind_place: bool) -> Entry | None:
    """A state or country code in capitals: "TX" after "Austin, " or "in", "DE" after "in"."""
    token = text[start:end]
    if not (2 <= end - start <= 3 and token.isupper() and token.isascii()):
        return None
    data = gazetteer()
    for country in ("United States", "Canada", "Australia"):
        name = data.state_codes.get((country, token))
        comma = behind_place and _COMMA.match(flat[max(0, start - 2) : start].lstrip("abcdefghijklmnopqrstuvwxyz."))
        if name and (comma or (token in _STATE_CODES_AFTER_IN and _LOCATING.search(flat[max(0, start - 40) : start]))):
            return Entry("state", name, frozenset({country}), state=name)
    if token in _CODES_AFTER_IN and (behind_place or _LOCATING.search(flat[max(0, start - 40) : start])):
        name = data.codes[token]
        return Entry("country", name, frozenset({name}))
    return None


def _resolve(text: str, flat: str, hits: list[_Hit]) -> list[Mention]:
    cased = any(c.islower() for c in text) and any(c.isupper() for c in text)
    found: list[Mention] = []
    taken: list[tuple[_Hit, Entry]] = []
    us_around = any(
        e.kind in {"state", "country", "area"} and "United States" in e.countries and h.phrase != "georgia"
        for h in hits
        for e in h.entries[:1]
    )
    for number, hit in enumerate(hits):
        before = flat[max(0, hit.start - 48) : hit.start]
        after = flat[hit.end : hit.end + 48]
        following = hits[number + 1] if number + 1 < len(hits) else None
        gap = flat[hit.end : following.start] if following else ""
        inside = following is not None and bool(_COMMA.match(gap))
        entries = hit.entries
        confirmed = False
        if inside and following is not None:
            holders = [e for e in following.entries if e.kind in {"state", "country"} and not e.adjective]
            within = [e for e in entries if e.kind in {"city", "state"} and any(_holds(h, e) for h in holders)]
            if within and (gap.strip() == "," or not following.entries[0].adjective):
                entries, confirmed = tuple(within), True
        between = flat[taken[-1][0].end : hit.start] if taken else ""
        listed = bool(taken) and (
            bool(_LISTING.match(between))
            or (between == " " and taken[-1][1].kind == "state" and any(e.kind == "state" for e in entries))
        )
        held = bool(taken) and bool(_COMMA.match(flat[taken[-1][0].end : hit.start])) and taken[-1][1].kind == "city"
        if held:
            city = taken[-1][1]
            holders_here = tuple(e for e in entries if e.kind in {"state", "country"} and _holds(e, city))
            entries, confirmed = holders_here or entries, confirmed or bool(holders_here)
        entry = entries[0]
        if hit.phrase == "georgia" and not confirmed:
            entry = next((e for e in entries if e.kind == ("state" if us_around else "country")), entry)
        if not confirmed and not _plausible(text, hit, entry, cased=cased, before=before, after=after, listed=listed):
            continue
        taken.append((hit, entry))
        found.append(Mention(entry.name, FIELDS[entry.kind], hit.start, hit.end, entry.adjective, entry.countries))
    return found


_DIRECTION = re.compile(
    r"(?<![a-z])(?P<first>north|south|east|west|central|northern|southern|eastern|western|southeast|sub-saharan)(?P<joint>\s*(?:,|/|&|and|or|,\s*(?:and|or))\s*)(?:(?:the|in)\s+)*$"
)


def _with_directions(flat: str, found: list[Mention]) -> list[Mention]:
    """The first half of "South or Southeast Asia" and "North and South America" as a place of its own."""
    result: list[Mention] = []
    for mention in found:
        words = mention.name.split()
        before = _DIRECTION.search(flat, max(0, mention.start - 40), mention.start)
        if (
            before
            and mention.field == "region"
            and len(words) == 2
            and not (result and result[-1].end > before.start())
        ):
            for name in (f"{before['first']} {words[1]}", f"{before['first']}ern {words[1]}"):
                entry = next((e for e in meanings(name) if e.kind == "region"), None)
                if entry is not None:
                    result.append(
                        Mention(
                            entry.name, "region", before.start("first"), before.end("first"), countries=entry.countries
                        )
                    )
                    break
        result.append(mention)
    return result


def _holds(holder: Entry, part: Entry) -> bool:
    if holder.kind == "country":
        return holder.name in part.countries and holder.name != part.name
    return part.kind == "city" and part.state == holder.name


def _plausible(text: str, hit: _Hit, entry: Entry, *, cased: bool, before: str, after: str, listed: bool) -> bool:
    phrase = hit.phrase
    word = text[hit.start : hit.end]
    if phrase in {"us", "usa"}:
        return _plausible_us(word, cased, before, after)
    idiom = _IDIOMS.get(phrase)
    if idiom and re.match(rf"[\s-]+(?:{idiom})\b", after):
        return False
    if entry.adjective and (_NOT_A_PLACE_BEHIND.match(after) or _NOT_A_PLACE_BEFORE.search(before)):
        return False
    located = bool(_LOCATING.search(before)) or listed or bool(_BASED_BEHIND.match(after))
    capital = cased and word[:1].isupper() and not (hit.start == 0 and phrase in _WEAK)
    if phrase in _CAPITALS:
        if word.isupper() and (cased or phrase in _PLAIN_ABBREVIATIONS):
            return True
        return phrase in _PLAIN_ABBREVIATIONS or (phrase in _CAPITALS_AFTER_IN and located and not word.isupper())
    if phrase in _NEVER:
        return False
    if _NOT_A_PLACE_BEFORE.search(before) and entry.kind != "region":
        return False
    if phrase in _WEAK:
        if _BASED_BEHIND.match(after) or (
            phrase in _BIG and cased and word[:1].isupper() and not _surname(text, hit.end)
        ):
            return True
        if located and (capital or not word[:1].isupper() or not cased):
            return True
        if not capital:
            return (
                entry.adjective
                and phrase == "polish"
                and bool(re.match(r"^[\s-]+[a-z0-9]+", after))
                and not re.search(r"(?:nail|shoe|car|metal|silver|to|and)\s+$", before)
            )
        if entry.adjective:
            return True
        if phrase == "china":
            return not _CROCKERY.match(after)
        return entry.kind in {"country", "state"} and not re.match(r"^\s+[A-Za-z][a-z]+", text[hit.end : hit.end + 20])
    if entry.kind != "city":
        return True
    if located:
        return entry.population >= 30 if capital else entry.population >= 100 and len(phrase) > 3
    if capital and _named_after(text, hit.end):
        return False
    if capital and re.search(r"[,;|(]\s*$", before) and re.match(r"\s*(?:[,;|)]|$)", after):
        return entry.population >= 75
    if capital:
        return entry.population >= (300 if hit.start > 0 or " " in phrase else 400)
    return entry.population >= 500 and len(phrase) > 4 and not (cased and word[:1].islower() and len(phrase) < 6)


_BUSINESS_WORD = re.compile(
    r"\s+(?:Based|Area|Fin|Bio|Tech|Start|Compan|Firm|Software|SaaS|Health|Med|Ed|Insur|Prop|Bank|Agenc|Market|Design|Real|Food|Fashion|Gam|Law|Legal"
    r"|Ventur|Climate|Clean|Logistic|Retail|Restaurant|Hotel|Cyber|Robot|Crypto|Web|Creative|Digital|Media|Advert|Consult|Privat|Public|Series|Seed"
    r"|Headquarter|Business|Brand|Vendor|Maker|Manufactur|Provider|Energy|Security|Data|Cloud|Construct|Travel|Transport|Hospital|Clinic|Only|And|Or|With|In|For)"
)


def _named_after(text: str, end: int) -> bool:
    """Whether the city is half of another name ("Boston Dynamics", "Paris Agreement")."""
    return _surname(text, end) and not _BUSINESS_WORD.match(text, end)


def _surname(text: str, end: int) -> bool:
    """Whether a capitalised word follows, as in "Austin Powers" but not in "Austin Based Startups"."""
    return bool(re.match(r"\s+[A-Z][a-z]+(?!.*\b[A-Z][a-z]+ [A-Z][a-z]+ [A-Z])", text[end : end + 60]))


def _plausible_us(word: str, cased: bool, before: str, after: str) -> bool:
    if "." in word or word.lower() == "usa" or (word == "US" and cased):
        return not after.startswith("$")
    if re.search(r"(?:\b(?:the|non|in|from|outside|across)[\s-]+)$", before) and not re.match(
        r"\s*(?:to|know)\b", after
    ):
        return True
    return bool(_US_BEHIND.match(after)) and (
        not before.strip()
        or not re.search(r"\b(?:about|contact|join|let|with|for|give|help)\s+$", before)
        or bool(re.match(r"[\s-]+based", after))
    )
