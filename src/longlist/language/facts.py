"""Facts from prose: founding year, head-count, status, funding, headquarters.

Two kinds of text: the value of a field ("c. 300,000 (2024)", "28 March 1806 ; 219 years ago"), read by
`founded_year`, `employees`, `status` and `funding_amount`; and running descriptions, read by `facts_from_prose`, which
only takes what is said about the company itself: a wrong fact is worse than a missing one.
"""

import re
from datetime import UTC, datetime

from longlist.language.places import locate, mentions
from longlist.language.words import fold, sentences
from longlist.model.company import EMPLOYEE_BUCKETS, Employees, Facts, Place, Status

EARLIEST_YEAR = 578  # Kongō Gumi, the oldest company on record
MOST_EMPLOYEES = 5_000_000  # above any employer; larger figures are typing errors or customers

_DASH = r"\s*(?:-|–|—|‐|‑|−|to|bis|à)\s*"
_NUMBER = r"\d{1,3}(?:[,.'’ \xa0\u2009\u202f]\d{3})+(?!\d)|\d+(?:\.\d+)?"
_SCALE = r"(?:\s?(?:k|thousand|tsd\.?|m|mn|mm|million|mio\.?)\b)?"
_FIGURE = re.compile(rf"(?<![\w.])(?P<number>{_NUMBER})(?P<scale>{_SCALE})(?![a-z\d])", re.IGNORECASE)
_RANGE = re.compile(
    rf"(?<![\w.])(?P<low>{_NUMBER})(?P<low_scale>{_SCALE}){_DASH}(?P<high>{_NUMBER})(?P<high_scale>{_SCALE})",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"\s*(?:\+|plus\b|or more\b|and more\b|and above\b|and up\b)", re.IGNORECASE)
_AT_LEAST = re.compile(
    r"(?:>|≥|over|more than|above|at least|upwards of|exceeding|über|mehr als|plus de)\s*$", re.IGNORECASE
)
_AT_MOST = re.compile(r"(?:<|≤|fewer than|less than|under|up to|below|at most|max\.?)\s*$", re.IGNORECASE)
_WHOLE_GROUP = re.compile(r"\b(?:consolidated|group|total|worldwide|combined|including subsidiaries)\b", re.IGNORECASE)
_PART_ONLY = re.compile(
    r"\b(?:non-?consolidated|unconsolidated|stand-?alone|holding(?: company)?|parent|alone|bank only)\b", re.IGNORECASE
)
_LABELLED = re.compile(
    rf"(?:[A-Za-z-]+\s*:\s*)?(?:{_NUMBER})(?:(?![A-Za-z-]+\s*:)[^()\d]){{0,40}}(?:\([^()]*\)\s*)*", re.IGNORECASE
)
_CONSOLIDATED = re.compile(
    rf"(?<!non-)(?<!non )\bconsolidated(?: basis)?\s*[:–-]?\s*(?!(?:19|20)\d\d\b)(?P<figure>{_NUMBER})"
    rf"|\((?P<inside>{_NUMBER}) consolidated\b|\([A-Z][\w ]{{0,30}}group:? (?P<named>{_NUMBER})\)",
    re.IGNORECASE,
)
_BUCKET_STARTS = tuple(low for low, _, _ in EMPLOYEE_BUCKETS)
_BUCKET_ENDS = tuple(high for _, high, _ in EMPLOYEE_BUCKETS if high is not None)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_DATE_WORDS = re.compile(
    r"\b(?:(?:as of|as at|at|in|on|end(?: of)?|since|by|stand|fy|fiscal year|q[1-4]|h[12]|average|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?,?\s+)+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?(?:(?:of|in|fy)\s+)?(?:19|20)\d\d\b"
    r"|\b\d{1,2}\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:19|20)\d\d\b"
    r"|\b(?:fy\s?)(?:19|20)?\d\d\b|\b(?:19|20)\d\d-\d\d(?:-\d\d)?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?<![\d.$€£¥#])(?P<circa>c\.\s?)?(?P<year>\d{4}|(?<![,/])\d{3})(?![\d%]|[.,]\d|\s?(?:years?|months?|days?)\b)"
)
_AGO = re.compile(r"\d+\s+(?:years?|months?|weeks?|days?)(?:\s+and\s+\d+\s+\w+)?\s+ago", re.IGNORECASE)
_CENTURY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\s+century\b", re.IGNORECASE)


def this_year() -> int:
    """The current year (UTC): nothing is founded later."""
    return datetime.now(tz=UTC).year


def founded_year(prose: str | float | None) -> int | None:
    """The founding year a field states: the earliest plausible one, or None.

    "28 March 1806 ; 219 years ago ( 1806-03-28 ) as X" is 1806; "1963 (as Walmart), 1945" is 1945; 0 and years to come
    are None.
    """
    if prose is None or isinstance(prose, bool):
        return None
    if isinstance(prose, int | float):
        return _plausible_year(int(prose)) if prose == prose and abs(prose) < 1e6 else None  # noqa: PLR0124 NaN
    text = _AGO.sub(" ", prose[:1_000])
    years: list[int] = []
    for match in _YEAR.finditer(text):
        digits = match["year"]
        if len(digits) == 3 and not (match["circa"] or re.search(r"\bad\b|\bce\b", text, re.IGNORECASE)):
            continue
        year = _plausible_year(int(digits))
        if year is not None:
            years.append(year)
    years += [year for d in re.findall(r"\b(\d{4})\.0\b", text) if (year := _plausible_year(int(d))) is not None]
    return min(years, default=None)


def _plausible_year(year: int) -> int | None:
    return year if EARLIEST_YEAR <= year <= this_year() else None


def employees(prose: str | float | None) -> Employees | None:
    """The head-count a field states, or None.

    Ranges and "+" stay open ("10k+", "11-50"); figures of a whole group are preferred to those of the holding; years
    and what stands in brackets are dropped first; zero is "not stated".
    """
    if prose is None or isinstance(prose, bool):
        return None
    if isinstance(prose, int | float):
        if prose != prose or not 0 < prose <= MOST_EMPLOYEES:  # noqa: PLR0124 NaN
            return None
        return Employees(int(prose), int(prose))
    text = prose[:500].strip()
    return _count(_group_figure(text)) or _count(_DATE_WORDS.sub(" ", text))


def _group_figure(text: str) -> str:
    """The part of a field that holds the figure of the whole company, brackets and dates taken off."""
    labelled = _CONSOLIDATED.search(text)
    if labelled is not None:
        return next(figure for figure in labelled.groups() if figure is not None)
    pieces = [match.group() for match in _LABELLED.finditer(text)]
    if len(pieces) > 1 and any(_PART_ONLY.search(piece) or _WHOLE_GROUP.search(piece) for piece in pieces):
        whole = [piece for piece in pieces if not _PART_ONLY.search(piece)]
        text = next((piece for piece in whole if _WHOLE_GROUP.search(piece)), next(iter(whole), text))
    bare = text
    while (shorter := _BRACKETS.sub(" ", bare)) != bare:
        bare = shorter
    return _DATE_WORDS.sub(" ", bare)


def _count(text: str) -> Employees | None:
    for match in _RANGE.finditer(text):
        low = _value(match["low"], match["low_scale"] or match["high_scale"])
        high = _value(match["high"], match["high_scale"])
        if low is not None and high is not None and low < high and not _is_year_range(match):
            return Employees(max(low, 1), high)
    for match in _FIGURE.finditer(text):
        value = _value(match["number"], match["scale"])
        rest, before = text[match.end() :], text[: match.start()]
        if not value or rest.lstrip().startswith("%") or re.search(r"[$€£¥]\s*$", before):
            continue
        if _OR_MORE.match(rest) or _AT_LEAST.search(before):
            return _or_more(value)
        return Employees(1, value) if _AT_MOST.search(before) else Employees(value, value)
    return None


def _or_more(value: int) -> Employees:
    """Open upwards for "10k+" and other 1, 2 and 5 times a power of ten; "1,400+" is a rounded figure: 1,400-1,499.

    The end of a bucket counts into the next one: "500+" is 501 and more.
    """
    digits = str(value).rstrip("0")
    if value in _BUCKET_ENDS:
        return Employees(value + 1, None)
    if digits in {"1", "2", "5"} or value in _BUCKET_STARTS or value > _BUCKET_ENDS[-1]:
        return Employees(value, None)
    return Employees(value, value + 10 ** (len(str(value)) - len(digits)) - 1)


def _is_year_range(match: re.Match[str]) -> bool:
    return all(re.fullmatch(r"(?:19|20)\d\d", match[part]) for part in ("low", "high"))


def _value(number: str, scale: str | None) -> int | None:
    unit = (scale or "").strip().lower().rstrip(".")
    factor = 1
    if unit in {"k", "thousand", "tsd"}:
        factor = 1_000
    elif unit:
        factor = 1_000_000
    if len(number) > 20:
        return None
    if factor == 1 or re.fullmatch(r"\d{1,3}(?:[,'’ \xa0\u2009\u202f]\d{3})+", number):
        grouped = re.fullmatch(r"\d{1,3}(?:[,.'’ \xa0\u2009\u202f]\d{3})+", number)
        value = float(re.sub(r"\D", "", number)) if grouped else float(number)
    else:
        value = float(re.sub(r"[^\d.]", "", number.replace(",", ".")) or 0)
    total = round(value * factor)
    return total if 0 <= total <= MOST_EMPLOYEES else None


_STATUS_WORDS: tuple[tuple[Status, re.Pattern[str]], ...] = (
    ("closed", re.compile(r"\b(?:inactive|closed|dead|defunct|dissolved|shut\s?down|bankrupt|liquidat\w+|ceased|"
                          r"out of business|deadpooled|struck off|discontinued|insolvent)\b")),
    ("acquired", re.compile(r"\b(?:acquired|merged|acquisition|exited|m&a)\b")),
    ("active", re.compile(r"\b(?:active|operating|operational|live|open|alive|public|ipo|listed|trading|private|"
                          r"independent|registered)\b")),
)  # fmt: skip


def status(prose: str | None) -> Status | None:
    """The status a field states ("Inactive" is closed, "Public" is active), or None."""
    text = fold(prose or "")[:300]
    if re.search(r"\bnot (?:yet )?(?:acquired|closed)\b", text):
        return "active"
    if re.search(r"\b(?:not|no longer|non)[ -]?(?:active|operating|trading)\b", text):
        return "closed"
    return next((name for name, words in _STATUS_WORDS if words.search(text)), None)


def listed(prose: str | None) -> bool | None:
    """Whether a status or company-type field says that shares are traded ("Public", "IPO"), or None."""
    text = fold(prose or "")[:300]
    if re.search(r"\b(?:formerly|delisted|privately|private|nonprofit|subsidiary)\b", text):
        return (
            False if re.search(r"\b(?:delisted|privately|private)\b", text) and "publicly traded" not in text else None
        )
    return True if re.search(r"\b(?:public|publicly|ipo|listed|plc|aktiengesellschaft)\b", text) else None


_STAGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("pre_seed", re.compile(r"\bpre[- ]?seed\b")),
    ("seed", re.compile(r"\bseed\b|\bangel\b")),
    *((f"series_{x}", re.compile(rf"\bseries[ _-]?{x}\d?\b")) for x in "abcdefgh"),
    ("ipo", re.compile(r"\b(?:ipo|initial public offering)\b")),
)
_MONEY = re.compile(
    r"(?P<currency>us\$|usd|\$)\s?(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s?"
    r"(?P<scale>k\b|thousand\b|m\b|mm\b|mn\b|mil\b|million\b|b\b|bn\b|billion\b)?",
    re.IGNORECASE,
)


def funding_stage(prose: str | None) -> str | None:
    """The latest funding stage a field names ("pre_seed", "seed", "series_a" …, "ipo"), or None."""
    text = fold(prose or "")[:500]
    found = [name for name, pattern in _STAGES if pattern.search(text)]
    if "pre_seed" in found and "seed" in found and not re.search(r"(?<!pre)(?<!pre[- ])\bseed\b", text):
        found.remove("seed")
    return found[-1] if found else None


def funding_amount(prose: str | float | None) -> int | None:
    """Whole US dollars a field states, or None; other currencies are not converted."""
    if isinstance(prose, bool) or prose is None:
        return None
    if isinstance(prose, int | float):
        return int(prose) if prose == prose and 0 < prose < 1e13 else None  # noqa: PLR0124 NaN
    text = prose[:500]
    if re.fullmatch(r"\s*[0-9]{1,13}(?:\.[0-9]{1,2})?\s*", text):
        return int(float(text.strip())) or None
    match = _MONEY.search(text)
    if match is None:
        return None
    unit = (match["scale"] or "").lower()[:1]
    factor = {"k": 10**3, "t": 10**3, "m": 10**6, "b": 10**9}.get(unit, 1)
    amount = round(float(match["number"].replace(",", "")[:18]) * factor)
    return amount if 0 < amount < 10**13 else None


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WHEN = rf"(?:(?:the )?(?:early|late|mid|year|spring|summer|autumn|fall|winter)[ -]?(?:of )?)?(?:(?:\d{{1,2}}(?:st|nd|rd|th)? )?{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?,? )?(?P<year>(?:1[5-9]|20)\d\d)(?!\d|s\b)"
_FOUNDED = re.compile(
    rf"(?:^|[.,;(]\s*|\b(?:was|were|company|firm|startup|business|studio|agency|platform|provider|network|service|retailer|manufacturer|and|is|been|brand|team|bank|we|we're|we are|inc\.?|ltd\.?|llc|gmbh) )"
    rf"(?:originally |first |initially )?(?:founded|established|incorporated|formed)"
    rf"(?: (?:back|by [^.;,]{{3,60}}|in [A-Z][^.;,\d]{{2,40}},?|as [^.;,]{{2,40}}))?,? (?:in|on|since) {_WHEN}",
    re.IGNORECASE,
)
_SINCE = re.compile(
    rf"(?:^|[.;]\s*)(?:established|est\.?|founded|serving \w+|in business|operating) (?:since |in |: ?)?{_WHEN}",
    re.IGNORECASE,
)
_PLACE = r"(?P<place>(?:the )?[A-ZÀ-Ý][\w.'’À-ÿ-]*(?:(?:,? | - )(?:(?:and|of|de|do|da|la|el|the|am|upon|&) )?[A-ZÀ-Ý][\w.'’À-ÿ-]*){0,6})"
_BASED = re.compile(
    rf"(?:\b(?i:headquartered|head-quartered|headquarters (?:is|are)(?: located)?|hq(?:'d)? (?:is )?|head office (?:is )?|(?:is|are|company|startup|firm|business|studio|agency|fintech|team|bank) (?:a company )?(?:based|located)|(?:^|[.;,] ?)based)"
    rf" (?:out of|in|at) ){_PLACE}"
)
_BASED_ADJECTIVE = re.compile(
    r"\b(?:is|are|a|an|the|we're)(?: (?:leading|small|new|young|family-owned))? (?P<place>[A-ZÀ-Ý][\w.À-ÿ]*(?:[ -][A-ZÀ-Ý][\w.À-ÿ]*){0,3})[- ](?:based|headquartered)\b"
)
_CAPITAL_PLACES = frozenset({"US", "U.S", "U.S.", "USA", "UK", "U.K", "U.K.", "UAE", "KSA", "NYC"})
_IS_A = re.compile(
    r"\b(?:is|are|was) (?:a|an|the|one of the) (?:(?:leading|largest|biggest|major|popular|first|oldest|independent|listed|"
    r"well-known|top|small|young|multinational|publicly traded|privately held|\w+[- ](?:largest|biggest)) )*(?=[A-Z])"
)
_COMES_FROM = re.compile(
    r"\b(?:is|are) an? [^.;,]{0,60}\b(?:company|platform|provider|solution|startup|vendor|agency|software|developer|tool|"
    r"system|firm|bank|manufacturer|maker) from (?:the )?(?=[A-Z])"
)
_STAFF = re.compile(
    rf"(?:\b(?:team of|staff of|workforce of|employs?|employing|we are|we're)\s+(?:about |around |over |more than |nearly |approximately |some |~ ?)?(?P<a>{_NUMBER})(?P<more>\+?)"
    rf"(?: (?:full-time |talented |dedicated |passionate |skilled |experienced )*(?P<unit>people|employees|engineers|staff|persons|team members|professionals|experts|specialists|workers|colleagues|associates))?"
    rf"|\b(?:with|has|have) (?:about |around |over |more than |nearly |approximately |some |a total of )?(?P<b>{_NUMBER})(?P<more_b>\+?) (?:full-time )?(?:employees|staff(?: members)?|team members)\b)",
    re.IGNORECASE,
)
_ACQUIRED = re.compile(
    r"\b(?:(?:was|were|been|got|is now|being|recently) (?:recently |since |later |subsequently )?(?:acquired|bought|purchased) (?:by|for|in)\b"
    r"|(?:^|[.;(] ?)(?:acquired|bought) by\b|(?:^|[.;(] ?)\(?acq(?:uired|\.) (?:in|by)\b)",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:(?:company|startup|service|business|we|it|has|have|and|was|were|product|platform)(?: (?:has|have|was|were|is|had|been))* "
    r"(?:shut ?down|shutdown|closed down|ceased (?:operations|trading|to exist)|gone out of business|went out of business|dissolved|liquidated|discontinued|wound down|filed for bankruptcy)"
    r"|is (?:now |currently )?(?:defunct|out of business|no longer (?:active|operating|in business|available|in operation|operational))|no longer in business"
    r"|(?:^|[.;(] ?)(?:shut down|closed|ceased operations) in (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:if|when|before|unless|never|not|until|help(?:s|ed|ing)?|customers?|clients?|founders?(?: previously)?|previously|co-?founder|whose|our last|my|his|her|their (?:previous|last|first)|"
    r"ex-|alumni|companies|businesses|organi[sz]ations|enterprises|targeting|investors?|backed|ceo|cto|coo|cfo|partner(?:s|ed)?|formerly|used to|former)\b",
    re.IGNORECASE,
)
_RAISED = re.compile(
    r"\b(?:we(?:'ve| have)?|has|have|company|startup|recently|and|just|which)(?: (?:also|recently|just|already|has|have))* raised\b(?:[^.;]|\.(?=\d)){0,80}",
    re.IGNORECASE,
)


_CHARITY = re.compile(
    r"\bfor (?:charit|causes|our (?:customers|clients|users)|(?:customers|clients|startups|founders|companies|nonprofits)\b)"
)
_HINT = re.compile(
    r"founded|establish|incorporated|formed|\best\b|serving|in business|operating|based|located|headquarter| from |\b(?:is|are|was) (?:a|an|the|one of the) |head office|\bhq\b|"
    r"team of|staff|workforce|employ|team members|we are|we're|acq|bought|purchased|shut|closed|ceased|business|dissolved|"
    r"liquidated|discontinued|wound down|bankruptcy|defunct|no longer|raised",
    re.IGNORECASE,
)
_MOST_PROSE = 20_000
_LONGEST_SENTENCE = 1_500


def facts_from_prose(text: str) -> Facts:
    """What a description says of its company: founding year, head-count, headquarters, status, funding.

    `quotes` maps each field found to the sentence that states it. Sentences that speak of founders' other companies,
    customers or hypotheticals are passed over.
    """
    founded: int | None = None
    size: Employees | None = None
    hq = Place()
    state: Status | None = None
    stage: str | None = None
    amount: int | None = None
    quotes: dict[str, str] = {}
    if not _HINT.search(text):
        return Facts()
    for sentence in sentences(text[:_MOST_PROSE]):
        if len(sentence) > _LONGEST_SENTENCE or not _HINT.search(sentence):
            continue
        if founded is None and (year := _said_year(sentence)):
            founded, quotes["founded"] = year, sentence
        if size is None and (count := _said_staff(sentence)):
            size, quotes["employees"] = count, sentence
        if hq == Place() and (place := _said_place(sentence)) != Place():
            hq, quotes["hq"] = place, sentence
        if state is None and (said := _said_status(sentence)):
            state, quotes["status"] = said, sentence
        raised = _RAISED.search(sentence) if amount is None and "raised" in sentence.lower() else None
        if raised and not _hedged(sentence, raised.start()) and not _CHARITY.search(raised.group()):
            amount, stage = funding_amount(raised.group()), funding_stage(raised.group())
            quotes |= {
                field: sentence for field, fact in (("funding_amount", amount), ("funding_stage", stage)) if fact
            }
    return Facts(
        founded=founded, employees=size, hq=hq, status=state, funding_stage=stage, funding_amount=amount, quotes=quotes
    )


def _hedged(sentence: str, at: int) -> bool:
    return _HEDGED.search(sentence[max(0, at - 60) : at]) is not None


def _said_year(sentence: str) -> int | None:
    match = _FOUNDED.search(sentence) or _SINCE.search(sentence)
    if match is None or _hedged(sentence, match.start()):
        return None
    return _plausible_year(int(match["year"]))


def _said_staff(sentence: str) -> Employees | None:
    match = _STAFF.search(sentence)
    if match is None or _hedged(sentence, match.start()):
        return None
    number = match["a"] or match["b"]
    unit = (match["unit"] or "").lower()
    spoken = match.group().lower()
    if match["a"] and not unit:  # "team of 30." but not "team of 2 PhDs" or "team of 2nd-time founders"
        behind = sentence[match.end() :].lstrip()
        if not spoken.startswith(("team of", "staff of", "workforce of")) or (behind and behind[0] not in ".,;)!"):
            return None
    if spoken.startswith(("we are", "we're")) and unit not in {"people", "employees", "staff", "team members"}:
        return None
    if unit in {"engineers", "experts", "specialists", "workers"} and not spoken.startswith(("team of", "staff of")):
        return None
    count = _value(number, None)
    if not count or (len(number) == 4 and 1900 <= count <= this_year()):
        return None
    return _or_more(count) if match["more"] or match["more_b"] else Employees(count, count)


def _said_place(sentence: str) -> Place:
    match = _BASED.search(sentence) or _BASED_ADJECTIVE.search(sentence)
    if match is None:
        return _nationality(sentence)
    said = match["place"].removeprefix("the ").split(" and ", 1)[0].rstrip(".,")
    if _hedged(sentence, match.start()) or (said.isupper() and said not in _CAPITAL_PLACES):
        return Place()  # "AI-based", "AJAX-based" are not Anguilla and Ajax
    place = locate(said)
    return place if place.country else Place()


def _nationality(sentence: str) -> Place:
    """The country of "X is a leading French maker of …" or "X is a platform from Norway"; no city, no state."""
    found = [match for match in (_IS_A.search(sentence), _COMES_FROM.search(sentence)) if match is not None]
    if not found or _hedged(sentence, found[0].start()):
        return Place()
    for mention in mentions(sentence):
        by = next((match for match in found if match.end() == mention.start), None)
        if by is None or mention.field != "country" or len(mention.countries) > 1:
            continue
        if mention.adjective or by.re is _COMES_FROM:
            return Place(country=mention.name)
    return Place()


def _said_status(sentence: str) -> Status | None:
    for name, pattern in (("acquired", _ACQUIRED), ("closed", _CLOSED)):
        match = pattern.search(sentence)
        if match is not None and not _hedged(sentence, match.start()):
            return "acquired" if name == "acquired" else "closed"
    return None
