"""People that a company's pages name with their roles: read by rule from lists such as "Key people: A (CEO), B (CFO)"."""

import re
from collections.abc import Iterable, Sequence

from longlist.language.words import fold, sentences, terms
from longlist.model.company import Page
from longlist.model.criterion import Evidence
from longlist.model.table import Person

DEFAULT_MOST = 10
_NAME = r"(?P<name>[A-ZÀ-Þ][\w.'’À-ÿ-]+(?: (?:(?:van|von|de|der|den|di|da|del|la|le|bin|al)\b ?)*[A-ZÀ-Þ][\w.'’À-ÿ-]*){1,3})"
_TITLE = (
    r"(?P<role>(?:Co-?)?(?:Founder|Chief [A-Z][\w&-]+(?: [A-Z]?[\w&-]+){0,3} Officer|C[EFOTMIPR]O|CISO|President|Vice President|VP|Chair(?:man|woman|person)?|"
    r"Managing Director|Executive Director|Director|Partner|Owner|Head|Secretary|Treasurer|General Manager|Geschäftsführer(?:in)?)"
    r"(?:(?: (?:of|for|and|&) |, |/| )(?:[A-Z][\w&/-]+|of|and|the|&)){0,6})"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NAME} ?\((?P<role>[^()]{{2,80}})\)",
        rf"{_NAME}(?:,| -| –| —|:| \||, our| is (?:the|our)) {_TITLE}",
        rf"{_TITLE}(?::| -| –| —) ?{_NAME}",
        rf"\b{_TITLE} {_NAME}",
    )
)
_FOUNDED_BY = re.compile(
    rf"\b[Ff]ounded (?:in \d{{4}} )?by {_NAME}(?:(?:,| and|, and) (?P<second>{_NAME.replace('?P<name>', '')}))?"
)
_SAME = (
    ("ceo", "chief executive officer", "chief executive", "geschaftsfuhrer", "managing director"),
    ("cfo", "chief financial officer", "finance"),
    ("cto", "chief technology officer", "chief technical officer"),
    ("coo", "chief operating officer"),
    ("cmo", "chief marketing officer", "marketing"),
    ("founder", "co-founder", "cofounder"),
    ("chairman", "chair", "chairwoman", "chairperson"),
    ("vp", "vice president"),
)  # fmt: skip
_NO_NAMES = frozenset(
    {"key people", "chief executive", "managing director", "vice president", "read more", "learn more"}
)


def people_in(pages: Iterable[Page], roles: Sequence[str], most: int | None) -> list[Person]:
    """People in these roles whom the pages name, in the order in which they come; each with the words that name them."""
    found: dict[str, Person] = {}
    for page in pages:
        for line in sentences(page.text):
            for name, role in _named(line):
                if fold(name) not in found and fits(role, roles):
                    proof = Evidence(line, page.hash, page.read_at, url=page.url, record=page.record)
                    found[fold(name)] = Person(name, " ".join(role.split()).strip(" ,"), evidence=(proof,))
    return list(found.values())[: most or DEFAULT_MOST]


def _named(line: str) -> list[tuple[str, str]]:
    pairs = [
        (match["name"], match["role"])
        for pattern in _PATTERNS
        for match in pattern.finditer(line)
        if _is_role(match["role"])
    ]
    for match in _FOUNDED_BY.finditer(line):
        pairs += [(name, "Founder") for name in (match["name"], match["second"]) if name]
    return [(name.rstrip(" .,-’'"), role) for name, role in pairs if fold(name) not in _NO_NAMES]


def _is_role(text: str) -> bool:
    return re.match(_TITLE, text.strip()) is not None


def fits(role: str, wanted: Sequence[str]) -> bool:
    """Whether a role is one of those wanted, by its words or another name of the same."""
    said = f" {fold(role)} "
    for one in wanted:
        asked = fold(one).strip()
        names = next((same for same in _SAME if asked in same), (asked,))
        if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) for name in names):
            return True
        words = set(terms(asked))
        if words and words <= set(terms(role)):
            return True
    return False
