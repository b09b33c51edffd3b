"""Names of companies: as lists write them, made plain, and compared with each other, with domains and with texts."""

import re
from functools import lru_cache

from cleanco import basename
from rapidfuzz import fuzz

from longlist.language.words import fold

MOST_WORDS, MOST_LETTERS = 7, 70
SAME = 90.0  # of rapidfuzz's 100: "Acme Robotics" and "Acme Robotic" are one, "Acme" and "Acne" are not

_NUMBERED = re.compile(r"^\s*(?:#|no\.?\s*)?\d{1,3}\s*[.):–—-]\s+|^\s*[•·▪◦*–—-]\s+", re.IGNORECASE)
_AWARD = re.compile(
    r"^\s*(?:editor[’']?s['’]?\s+(?:choice|pick)|our\s+(?:top|number\s+\S+)?\s*pick|top pick|best (?:overall|value|for [\w\s-]{2,30})|winner|runner[- ]up"
    r"|honou?rable mention|featured|sponsored|also consider|company|name)\s*[:–—-]\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+[–—|•·-]\s+|\s*[|:]\s+|\s+\((?=[^)]*\)?\s*$)|,\s+(?=(?:inc|llc|ltd|gmbh|corp|co)\b)", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"^(?:conclusion|faqs?|frequently asked questions?|introduction|summary|overview|table of contents|contents|methodology|how we (?:chose|picked|tested|rank\w*)|what is\b.*|what are\b.*"
    r"|why\b.*|how\b.*|who\b.*|when\b.*|read (?:next|more|also)|related\b.*|pricing|pros(?: and cons)?|pros|cons|key features?|features|benefits|verdict|final thoughts|sources|references|share|comments?"
    r"|leave a (?:reply|comment)|about(?: us| the author)?|contact(?: us)?|privacy(?: policy)?|terms\b.*|subscribe|newsletter|sign (?:up|in)|log ?in|home|menu|search|next(?: page)?|previous(?: page)?|page \d+"
    r"|visit(?: website| site)?|website|learn more|see more|view (?:profile|details|all|more)|details|click here|here|link|official (?:web)?site|get started|book a demo|try (?:it )?(?:for )?free|jobs|careers|blog"
    r"|follow us|all rights reserved|company|companies|name|city|location|country|founded|employees|industry|headquarters|status|what they do|description|category|categories|tags?|rating|reviews?"
    r"|best for|last updated.*|updated.*|by [a-z]+ [a-z]+|advertisement|sponsored|top \d+\b.*|best\b.*|the best\b.*|\d+ (?:best|top)\b.*|editor[’']?s (?:choice|pick))$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^(?:https?://|www\.)\S+$|^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}(?:/\S*)?$", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[|–—·•»-]\s+|\s*[|»]\s*|:\s+")
_GENERIC_PART = re.compile(
    r"^(?:home(?: ?page)?|welcome(?: to)?|about(?: us)?|contact(?: us)?|careers|official (?:web)?site|linkedin|crunchbase|wikipedia|company profile.*|overview|pricing|product|blog|login)$",
    re.IGNORECASE,
)
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_FILLER = frozenset(
    "the and of for inc ltd llc co corp company group holdings technologies technology labs hq app get try use go join by".split()
)


def listed_name(text: str) -> str:
    """The name in what a list writes above or before an entry ("3. Acme – best for small teams"), "" when there is none."""
    plain = " ".join(text.split())
    plain = _AWARD.sub("", _NUMBERED.sub("", plain, count=1), count=1)
    head = _TAIL.split(plain, maxsplit=1)[0].strip(' ,;:.–—-|"“”*#')
    if plain.rstrip().endswith("?") or not is_name(head):
        return ""
    return head


def is_name(text: str) -> bool:
    """Whether a text could be a company's name: short, with a capital or a figure, no heading that every page has."""
    if not 2 <= len(text) <= MOST_LETTERS or len(text.split()) > MOST_WORDS or _NO_NAME.match(text):
        return False
    if _ADDRESS.match(text) and "/" in text:
        return False
    return any(c.isupper() or c.isdigit() for c in text) or len(text.split()) <= 2


def is_address(text: str) -> bool:
    """Whether a text is a web address or a host rather than words."""
    return bool(_ADDRESS.match(text.strip()))


@lru_cache(maxsize=50_000)
def plain_name(name: str) -> str:
    """A name to compare by: folded, the legal form and punctuation gone ("Acme Robotics, Inc." -> "acme robotics")."""
    bare = basename(name) or name
    return " ".join(_NOT_LETTERS.sub(" ", fold(bare)).split()) or " ".join(fold(name).split())


def squeezed(text: str) -> str:
    """Letters and digits only."""
    return _NOT_LETTERS.sub("", fold(text))


def same_name(a: str, b: str) -> bool:
    """Whether two names are one company's, legal forms, spaces and small slips aside."""
    left, right = plain_name(a), plain_name(b)
    if not left or not right:
        return False
    if left == right or squeezed(left) == squeezed(right):
        return True
    return min(len(left), len(right)) >= 6 and fuzz.ratio(left, right) >= SAME


def fits_domain(name: str, domain: str) -> float:
    """How well a name fits a registered domain, 0-1: 1 when the label is the name, less when one only holds the other."""
    label = squeezed(domain.split(".", maxsplit=1)[0])
    full = squeezed(plain_name(name))
    if not label or not full:
        return 0.0
    whole = squeezed(domain)  # as in "notion.so" for "Notion SO", "cal.com" for "Cal.com"
    if full in {label, whole} or squeezed(name) in {label, whole}:
        return 1.0
    words = [word for word in plain_name(name).split() if word not in _FILLER] or plain_name(name).split()
    core = "".join(words)
    stripped = _without_filler(label)
    if core and core in {label, stripped}:
        return 0.95
    if len(full) >= 4 and (label.startswith(full) or label.endswith(full)):
        return 0.85 if len(label) - len(full) <= 5 else 0.6
    if len(label) >= 4 and full.startswith(label):
        return 0.8
    if words and len(words[0]) >= 4 and (label.startswith(words[0]) or stripped.startswith(words[0])):
        return 0.6
    if len(words) >= 3 and label == "".join(word[0] for word in words):
        return 0.6
    return 0.5 if fuzz.ratio(core, stripped) >= 85 and len(core) >= 5 else 0.0


def _without_filler(label: str) -> str:
    for prefix in ("get", "try", "use", "go", "join", "with", "my", "the", "hello", "meet"):
        if label.startswith(prefix) and len(label) > len(prefix) + 2:
            label = label.removeprefix(prefix)
            break
    for ending in ("app", "hq", "inc", "labs", "tech", "ai", "io", "group", "co", "health", "software"):
        if label.endswith(ending) and len(label) > len(ending) + 2:
            return label.removesuffix(ending)
    return label


def says_name(name: str, text: str) -> bool:
    """Whether a page's text says the name, as words of its own, or without the spaces as brands are written."""
    plain = plain_name(name)
    if not plain:
        return False
    flat = f" {' '.join(_NOT_LETTERS.sub(' ', fold(text)).split())} "
    if f" {plain} " in flat:
        return True
    tight = squeezed(plain)
    return len(tight) >= 5 and " " in plain and f" {tight} " in flat


def name_in_title(title: str, domain: str) -> str:
    """The company's name in the title of a page of its own site: the part that fits the domain, else the shortest; "" for none."""
    parts = [part.strip(" .,–—-|") for part in _TITLE_PARTS.split(" ".join(title.split()))]
    parts = [
        re.sub(r"^(?:welcome to|about|careers at|contact|home of)\s+", "", part, flags=re.IGNORECASE) for part in parts
    ]
    parts = [part for part in parts if part and not _GENERIC_PART.match(part) and len(part) <= MOST_LETTERS]
    if not parts:
        return ""
    best = max(parts, key=lambda part: (fits_domain(part, domain), -len(part.split()), -len(part)))
    return best if fits_domain(best, domain) > 0 or len(best.split()) <= 4 else ""


def name_of_domain(domain: str) -> str:
    """A name to show for a company of which only the domain is known: "acme-robotics.com" -> "Acme Robotics"."""
    label = domain.split(".", maxsplit=1)[0]
    return " ".join(part.capitalize() for part in label.split("-") if part) or domain
