"""What a query is about, taken apart: what is offered, of which kind the offer is, and whom it is for.

The parts do not overlap: of "email marketing software for online shops" the subject is "email marketing", the kind is
software, the customers are online shops.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from longlist.language.places import mentions
from longlist.language.vocabulary import MODEL_WORDS
from longlist.plan.customers import NEEDS, NOT_A_USER

_FLAGS = re.IGNORECASE | re.DOTALL
_GENERIC = (
    r"(?:compan(?:y|ies)|firms?|business(?:es)?|start-?ups?|scale-?ups?|vendors?|players|organi[sz]ations?|ones|corporations?|enterprises"
    r"|outfits|unicorns|technolog(?:y|ies)|technology vendors|tech)"
)
_KINDS: tuple[tuple[str, str], ...] = (
    (
        "software",
        r"software|saas|platforms?|tools?|apps?|applications?|apis?|systems?|suites?|plugins?|sdks?|bots?|dashboards?",
    ),
    ("maker", r"makers?|manufacturers?|producers?|builders?|factories|mills|foundries"),
    (
        "service",
        r"agenc(?:y|ies)|consultanc(?:y|ies)|consultants|services?|providers?|contractors?|installers?|bureaus?|outsourcers?|suppliers?",
    ),
)
_THAT = re.compile(
    r"^(?P<what>.*?)\s*(?<!with )(?<!by )(?<!for )(?<!in )(?<!on )(?<!from )(?<!of )(?<!to )\b(?:that|which|who)\s+(?P<does>(?!are\b|is\b|were\b|was\b)\S.*)$",
    _FLAGS,
)
_PLAIN = re.compile(
    rf"^(?P<what>{_GENERIC})\s+(?P<does>(?:make|sell|offer|build|produce|provide|do|develop|supply|run|help|manufacture|serve|design|operate)\b.*)$",
    _FLAGS,
)
"""As in the question "which companies make solar pumps"."""
_WHOSE = re.compile(r"^(?P<what>.*?)\s*\bwhose\s+(?P<does>\S.*)$", _FLAGS)
_NEEDED = re.compile(
    rf"^(?P<what>\S.*?)\s+(?:that|which)\s+(?!{NOT_A_USER}\b)(?P<who>(?:[\w&'/-]+,?\s+){{1,7}}?){NEEDS}\b(?P<rest>.*)$",
    _FLAGS,
)
_DOING = re.compile(
    r"^(?P<what>.*?)\s*\b(?P<does>(?:making|selling|building|offering|providing|developing|running|operating|producing|helping|doing|manufacturing"
    r"|working|using|speciali[sz]ing|digiti[sz]ing|replacing|designing|delivering|distributing|growing|teaching|letting|enabling|turning|automating)\b.*)$",
    _FLAGS,
)
_OF = re.compile(r"^(?P<head>[\w-]+)\s+of\s+(?P<what>\S.*)$", _FLAGS)
_SERVED = re.compile(
    r"\s(?P<cue>for|used by|aimed at|targeting|serving|sold to|bought by|selling (?:\w+ ){0,2}to)\s+(?P<who>[^.;:]{3,110})$",
    _FLAGS,
)
_PEOPLE = re.compile(
    r"\b(?:people|famil(?:y|ies)|children|kids|women|men|adults|parents|students?|patients?|consumers?|shops?|stores?|hotels?|restaurants?|cafes|bars|clinics?|hospitals?|practices|offices"
    r"|schools?|universit(?:y|ies)|colleges|banks?|unions|lawyers|law firms|firms|compan(?:y|ies)|business(?:es)?|start-?ups|agencies|teams?|brands?|merchants?|smes|smbs|charities|nonprofits|churches"
    r"|governments?|authorities|cities|municipalities|councils|airlines|airports|utilities|gyms|studios|salons|farms|plants|factories|warehouses|fleets|sites|everyone|seniors|athletes|attractions|freelancers"
    r"|(?!(?:comput|sens|contain|mot|print|trail|elevat|react|transform|pap|numb|ord|off|lett|flow|tow|pow|weath|convert|comp|conn|trans|filt|boil|pow)(?:ers|ors)\b)[a-z]{3,}(?:ers|ors|ists|ians))\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^(?:be|make|sell|help|build|get|do|use|reduce|improve|manage|increase|save|find|create|track|automate|buy|keep|run)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SHORTLISTED = re.compile(
    rf"^(?P<what>(?:[\w-]+\s+)?{_GENERIC})\s+(?P<who>(?:[\w&'/-]+\s+){{1,8}}?)(?:would|could|can|might|may)\s+\w+(?P<rest>\s+(?:for|to)\s.*)$",
    _FLAGS,
)
"""As in "vendors a compliance team would shortlist for identity checks"."""
_SERVING = re.compile(
    r"^(?:serves?|serving|targets?|targeting|caters? to|sells? to|selling to|focus on serving)\s+(?P<who>[^,;]{3,110})$",
    _FLAGS,
)
_THEIR_CUSTOMERS = re.compile(
    r"^(?:main |primary |paying |typical |core )*(?:customers?|clients?|users?|buyers?)\s+are\s+(?:mainly |mostly )?(?P<who>.+)$",
    _FLAGS,
)
_LOOSE_ADJECTIVES = re.compile(
    r"^(?:(?:vertical|commercial|innovative|modern|large|larger|small|smaller|big|mid-?sized?|tiny|leading|top|best|young|new|other|any|all|specialist|speciali[sz]ed|dedicated)(?:\s+|$))+",
    re.IGNORECASE,
)
_JOINED_BEFORE = re.compile(r"(?:\s|^)(?:and|or|&)\s*$|,\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Topic:
    """The parts of a query's words; each "" when not said.

    `subject` is what the offer is about, or what the company is; `does` is what it does, a phrase with a verb ("making
    drones", "lend money"); `purpose` is what its customers use it to do. `kind` is "software", "maker", "service" or "".
    `field` says that the subject is a field of work ("crop insurance"), not a noun for companies ("banks").
    """

    subject: str = ""
    does: str = ""
    purpose: str = ""
    kind: str = ""
    customers: str = ""
    field: bool = False


def topic(positive: str, models: Collection[str] = ()) -> Topic:
    """Take apart what is looked for; words of the business `models` that are said elsewhere are left out."""
    text = positive.strip(" ,;:.")
    head, colon, details = text.partition(":")
    if not colon or not _LETTERS.search(head) or len(head) > 120:
        head, details = text, ""
    does = purpose = customers = ""
    if details and (served := re.match(r"for\s+(.+)$", head, _FLAGS)):
        return replace(topic(details, models), customers=_trim(served[1]))
    if needed := _NEEDED.match(head) or _SHORTLISTED.match(head):
        head, customers, rest = needed["what"], needed["who"], needed["rest"].strip()
        purpose = rest.removeprefix("to ") if rest.startswith("to ") else ""
        details = details or (rest.removeprefix("for ") if rest.startswith("for ") else "")
    elif whose := _WHOSE.match(head):
        head = whose["what"]
        theirs = _THEIR_CUSTOMERS.match(whose["does"])
        does, customers = ("", theirs["who"]) if theirs else (f"its {whose['does']}", "")
    elif doing := _PLAIN.match(head) or _THAT.match(head) or _DOING.match(head):
        head, does = doing["what"], doing["does"]
        if serving := _SERVING.match(does):
            does, customers = "", serving["who"]
    if not does and not customers:
        head, customers = _customers(head)
    subject, kind, field = _kind(*_without(head, models))
    subject = _LOOSE_ADJECTIVES.sub("", subject)
    details = details.strip(" ,;:.")
    if _LETTERS.search(details):
        field = field or not subject
        subject = f"{subject}: {details}" if _LETTERS.search(subject) else details
    return Topic(
        _lowered(_trim(subject), text),
        _lowered(_trim(does), text),
        _trim(purpose),
        kind,
        _lowered(_trim(customers), text),
        field,
    )


def _customers(text: str) -> tuple[str, str]:
    match = _SERVED.search(text)
    if match is None or _PURPOSE.match(match["who"]) or not text[: match.start()].strip():
        return text, ""
    if match["cue"].lower() == "for" and not _PEOPLE.search(match["who"]):
        return text, ""
    return text[: match.start()], match["who"]


def _without(text: str, models: Collection[str]) -> tuple[str, bool]:
    """The text without words for the models, and whether its head was one of them."""
    headless = False
    for model, pattern in MODEL_WORDS:
        if model not in models or model in {"hardware", "services"}:
            continue
        for match in reversed(list(re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w])", text, re.IGNORECASE))):
            if not re.search(r"\s(?:and|or)\s", text[: match.start()]):
                headless = headless or not text[match.end() :].strip()
                text = f"{text[: match.start()]} {text[match.end() :]}"
    text = " ".join(text.split())
    bare = re.sub(r"^(?:(?:online|digital|two-sided)\s+)?(?:of|for|and|in|,|&)\s+", "", text, flags=re.IGNORECASE)
    return bare, headless or bare != text


def _kind(text: str, field: bool) -> tuple[str, str, bool]:
    """The subject without the noun for a kind of company or product, the kind, and whether the subject is a field."""
    bare = re.sub(rf"(?:^|\s+){_GENERIC}\s*$", "", text, flags=re.IGNORECASE)
    bare = re.sub(rf"^((?:[\w-]+\s+){{0,2}}?){_GENERIC}\s+(?:in|of|within|around)\s+", r"\1", bare, flags=re.IGNORECASE)
    field = field or bare != text
    if of := _OF.match(bare):
        for kind, pattern in _KINDS:
            if re.fullmatch(pattern, of["head"], re.IGNORECASE):
                return of["what"], kind, True
    for kind, pattern in _KINDS:
        rest = re.sub(rf"(?:^|\s+)(?:{pattern})\s*$", "", bare, flags=re.IGNORECASE)
        if rest != bare and not _JOINED_BEFORE.search(rest):
            return rest, kind, True
    return bare, "", field or not re.search(r"(?<![su])(?<!i)(?<!ic)s$", bare.lower())


def _trim(text: str) -> str:
    short = re.sub(
        r"^(?:(?:the|a|an|any|all|and|or|of)\s+)+|\s+(?:and|or|of|for|in|the|to|with)$",
        "",
        " ".join(text.split()).strip(" ,;:."),
        flags=re.IGNORECASE,
    )
    if not _LETTERS.search(short):
        return ""
    return short


def _lowered(text: str, sentence: str) -> str:
    """Words that began a sentence, fit to stand inside one; names of places and acronyms keep their capitals."""
    first = text.partition(" ")[0]
    begins = sentence.startswith(first) and first[1:].islower() and first.isalpha() and not mentions(first)
    return text[:1].lower() + text[1:] if begins else text
