"""Angles: differently worded things to ask the sources, each with the reason why it may find what others miss."""

import re
from collections.abc import Iterator, Sequence

from longlist.language.words import terms
from longlist.model.criterion import Criterion
from longlist.model.plan import Angle, Reading

MOST_ANGLES = 8
_READ = 600
"""Characters of the query that angles are made from."""
_LONGEST = 240
"""Characters of an angle: what a search engine takes, roughly."""

_LIST = re.compile(r"(?P<items>(?:[^,;:()]+,\s*)+(?:and|or|&)?\s*[^,;:()]+|[^,;:()]+\s(?:and|or)\s[^,;:()]+)")
_OTHER_WORDS: tuple[tuple[str, str], ...] = (
    (r"\bbuy now,? pay later\b|\bbnpl\b", "pay in instalments consumer credit at checkout"),
    (r"\bonline (?:shops?|stores?|retailers?)\b|\be-?commerce\b", "online merchants"),
    (r"\bhr\b|\bhuman resources\b", "human resources people management"),
    (r"\bpayroll\b", "salary and wage processing"),
    (r"\bcrm\b", "customer relationship management"),
    (r"\berp\b", "enterprise resource planning"),
    (r"\bneobanks?\b|\bchallenger banks?\b", "digital bank mobile banking"),
    (r"\binsurtechs?\b", "insurance technology"),
    (r"\bfintechs?\b", "financial technology payments lending banking"),
    (r"\bproptechs?\b", "real estate technology property"),
    (r"\bedtechs?\b", "education technology learning"),
    (r"\bagri-?techs?\b|\bagtechs?\b", "agriculture technology farming"),
    (r"\bmedtechs?\b", "medical devices health technology"),
    (r"\bhealth ?techs?\b|\bdigital health\b|\btelehealth\b|\btelemedicine\b", "digital health care telemedicine"),
    (r"\bmartechs?\b|\bmarketing automation\b", "marketing technology campaigns"),
    (r"\bad ?techs?\b", "advertising technology programmatic"),
    (r"\bclean ?techs?\b|\bclimate tech\b", "clean energy carbon climate technology"),
    (r"\blegal ?techs?\b", "legal technology law firms contracts"),
    (r"\bcyber ?security\b|\binfosec\b", "information security threat detection"),
    (r"\blive ?chat\b|\bcustomer support\b|\bhelp ?desk\b", "customer service chat help desk"),
    (r"\bbooking\b|\bscheduling\b|\bappointments?\b", "appointment scheduling reservations booking"),
    (r"\banalytics\b", "data analysis dashboards reporting"),
    (r"\blogistics\b|\bfreight\b", "shipping freight transport supply chain"),
    (r"\bai\b|\bartificial intelligence\b", "artificial intelligence machine learning"),
    (r"\be-?signatures?\b", "electronic signature document signing"),
    (r"\bdrones?\b", "unmanned aerial vehicles uav"),
    (r"\bfraud\b", "fraud detection risk identity verification"),
    (r"\bloyalty\b", "rewards customer retention loyalty"),
    (r"\bpayments?\b", "payment processing gateway checkout"),
    (r"\brecruit\w*\b|\bhiring\b", "recruiting talent acquisition applicant tracking"),
    (r"\bmicro-?merchants?\b|\bmom-and-pop\b", "small shops corner stores"),
    (r"\bevs?\b|\belectric vehicles?\b", "electric vehicles charging mobility"),
    (r"\bsemiconductors?\b|\bchips?\b", "semiconductor integrated circuits wafers"),
    (r"\bpharma\w*\b", "pharmaceutical drugs medicines"),
    (r"\binsur\w+\b", "insurance underwriting policies"),
)
_COMPILED = tuple((re.compile(p, re.IGNORECASE), words) for p, words in _OTHER_WORDS)


def angles(
    query: Reading, criteria: Sequence[Criterion], readings: Sequence[Reading], *, inferred: bool
) -> tuple[Angle, ...]:
    """Three to eight angles where the words allow it, at least one; no two with the same words."""
    kept: list[Angle] = []
    seen: set[frozenset[str]] = set()
    for angle in _all(query, criteria, readings, inferred=inferred):
        words = frozenset(terms(angle.text))
        text = " ".join(angle.text.split())[:_LONGEST].strip(" ,;:.")
        if text and words not in seen and (words or not kept):
            seen.add(words)
            kept.append(Angle(text, angle.why))
        if len(kept) == MOST_ANGLES:
            break
    return tuple(kept) or (Angle(" ".join(query.text.split())[:_LONGEST] or "companies", "the query as it stands"),)


def _all(
    query: Reading, criteria: Sequence[Criterion], readings: Sequence[Reading], *, inferred: bool
) -> Iterator[Angle]:
    topic = query.positive[:_READ]
    yield Angle(topic, "what is looked for, without the conditions that facts decide")
    for segment in _segments(topic):
        yield Angle(segment, "one of the kinds the query lists")
    for pattern, words in _COMPILED:
        if pattern.search(topic):
            yield Angle(pattern.sub(words, topic), f"other words for the same thing: {words}")
            break
    if not inferred:
        for criterion, reading in zip(criteria, readings, strict=True):
            if reading.positive and not reading.constraint_only:
                yield Angle(reading.positive, f"the words of the criterion “{criterion.name}”")
    core = " ".join(w for w in re.findall(r"[\w'&/-]+", topic) if not _FRAME.fullmatch(w))
    yield Angle(core, "the bare subject words")
    places = [
        str(v)
        for c in query.constraints
        if c.field in {"country", "region", "city"} and c.op == "in" and isinstance(c.value, tuple)
        for v in c.value
    ]
    if places and core:
        yield Angle(f"{core} {' '.join(places[:4])}", "the subject with the place, for sources that index places")
    if not inferred:
        for criterion, reading in zip(criteria, readings, strict=True):
            if not reading.constraint_only:
                yield Angle(
                    f"{criterion.name} {core}"[:_LONGEST], f"the subject seen from the criterion “{criterion.name}”"
                )
    if not core:
        return
    yield Angle(f"{core} company", "the subject as a company would describe itself")
    calls_itself = "software platform tools" if "software" in topic.lower() else "provider supplier"
    yield Angle(f"{core} {calls_itself}", "what such companies call themselves")


_FRAME = re.compile(
    r"(?i:compan(?:y|ies)|firms?|business(?:es)?|startups?|vendors?|providers?|that|which|who|for|the|a|an|and|or|of|to|in|with|their|are|is|make|makes|making|sell|sells|selling|offer|offers|offering|provide|provides|providing|help|helps|helping|do|doing|build|building|builds|by|on|from|it|its|they|mainly)"
)


def _segments(topic: str) -> Iterator[str]:
    """As in "software for restaurants, cafes and bars" once for each kind."""
    match = _LIST.search(topic)
    if match is None or ("," not in match["items"] and len(match["items"].split()) > 12):
        return
    items = [i.strip() for i in re.split(r",\s*(?:and |or |& )?|\s(?:and|or)\s", match["items"]) if i.strip()]
    if not 2 <= len(items) <= 5 or any(len(i.split()) > 7 for i in items[1:]):
        return
    first = items[0].split()
    own = next(
        (
            n
            for n in range(len(first) - 1, -1, -1)
            if first[n].lower() in {"for", "of", "to", "in", "selling", "making", "offering", "about"}
        ),
        None,
    )
    head = " ".join(first[: own + 1]) if own is not None else ""
    last = items[-1].split()
    tail = next((n for n, w in enumerate(last) if n > 0 and w.lower() in {"for", "that", "which", "with"}), None)
    ending = " ".join(last[tail:]) if tail is not None else ""
    for number, item in enumerate(items):
        words = item
        if number == 0 and own is not None:
            words = " ".join(first[own + 1 :])
        if number == len(items) - 1 and tail is not None:
            words = " ".join(last[:tail])
        yield " ".join(part for part in (topic[: match.start()].strip(), head, words, ending) if part)
