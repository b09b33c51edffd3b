"""What is left of a text once its conditions are taken out, and whether that says anything."""

import re
from collections.abc import Sequence

from longlist.language.places import mentions
from longlist.language.words import STOP_WORDS, words
from longlist.model.plan import Constraint
from longlist.plan.clauses import Clauses, Found, Role

_PLACE_FIELDS = frozenset({"country", "region", "city"})

# Words of the conditions themselves and of their subject: left alone they say nothing of what a company does.
_FRAME = frozenset(
    """
    company companies firm firms business businesses startup startups vendor vendors provider providers organisation
    organization organisations organizations based headquartered located headquarters head office offices hq founded
    established started launched employees employee staff people workers headcount team size country countries region
    city must should currently still active operating status private public listed traded held privately publicly
    enterprise enterprises group main primarily mainly seat year years old age new state stated fewer least
    number total including raised funding stage round incorporated registered find list show looking ones entity
    entities market markets player players sell sells serve serves mainly itself independently operate operates stored field says stated whatever does only either today now recently world shares
    """.split()
)
# Words of a criterion that tell no company from another ("sells its products to customers").
_GENERIC = frozenset(
    """
    accept actually allow allows already area base big buy buyer buyers category chain clear clearly client clients core
    customer customers deal delivery directly field focus focused handle help helps include includes kind large lead line
    lines location locations maker makers making manufacturer manufacturers mean means need needs offer offered offering
    offerings offers operator operators part parts party position positioned present primary produce producer producers
    produces product products provide provided provides purpose release run runs service services show shows
    similar sold solution solutions something substantial supplier suppliers supplies supply take takes text type
    types usable user users work working works young
    """.split()
)
_SUBJECT = re.compile(
    r"\s*(?:the|its|their|this|that|every|each|it|they)\b(?P<words>[^.;,:()]{0,60}?)\s*\b"
    r"(?:is|was|are|were|has|have|had|must|should|employs?|raised|does|do|did|cannot|can)(?:n't)?\b"
)


def content(positive: str, text: str, constraints: Sequence[Constraint], role: Role) -> list[str]:
    """The words of what is left that say what a company does; those of a criterion's subject do not ("The bank was …")."""
    named = {w for c in constraints if isinstance(c.value, tuple) for name in c.value for w in words(str(name))}
    idle = _FRAME | named
    if role == "criterion" and constraints:
        idle |= _GENERIC
    if role == "criterion" and (subject := _SUBJECT.match(text.lower())):
        idle |= frozenset(words(subject["words"]))
    return [w for w in words(positive) if w not in STOP_WORDS and w not in idle and not w.isdigit()]


_MARK = "\x00"
_TAIL = 24
"""Characters at an end that are looked at for one joining word: more than the longest has."""
_GLUE_BEFORE = re.compile(
    r"(?:[\s,;:(&/-]|\b(?:companies that|that|which|who|whose|are|is|was|were|be|been|being|has|have|had|having|with|in|from|at|of|and|or|but|by|the|a|an|to|it|they|must|should|currently|also|still|both|all|only|located|based|headquartered|mainly|not|no))$"
)
_LEADING = re.compile(r"(?:[\s,.;:)&-]|(?:and|or|but|that|which|in|with|of|are|is)\b(?=\s))+", re.IGNORECASE)
_TRAILING = re.compile(
    r"(?:[\s,;:(&-]|\s(?:and|or|but|that|which|in|with|of|are|is|the|a|by|from|at|have|has|to be|must be))$",
    re.IGNORECASE,
)
_GLUE_BEHIND = re.compile(
    rf"(?<={_MARK})(?:\s*[,;:)]|\s+(?:and|or|but|that|which|are|is|with|in|only|companies|of)\b(?=\s*(?:{_MARK}|$|[.,;)])))+"
)
_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]")


def rest(clauses: Clauses, found: Sequence[Found]) -> tuple[str, str]:
    """The words to look for and the excluded words, conditions taken out of both."""
    text = clauses.text
    drop = bytearray(len(text))
    for f in found:
        if not f.keep:
            drop[f.start : f.end] = b"\x01" * (f.end - f.start)
    for note in clauses.notes:
        drop[note.start : note.end] = b"\x01" * (note.end - note.start)
    for span in clauses.examples:
        if any(f.field in _PLACE_FIELDS for f in found) and mentions(text[span.inner : span.end]):
            drop[span.start : span.end] = b"\x01" * (span.end - span.start)
    excluded = bytearray(len(text))
    cue = bytearray(len(text))
    for span in clauses.excluded:
        excluded[span.start : span.end] = b"\x01" * (span.end - span.start)
        cue[span.start : span.inner] = b"\x01" * (span.inner - span.start)
    kept: list[str] = []
    unwanted: list[str] = []
    for i, char in enumerate(text):
        if i < clauses.opening:
            continue
        kept.append(_MARK if drop[i] or excluded[i] else char)
        if excluded[i]:
            unwanted.append(_MARK if drop[i] or cue[i] else char)
        elif unwanted and unwanted[-1] != _MARK:
            unwanted.append(_MARK)
    excluded_words = re.sub(r"\s+nor\b(?: (?:mainly|only|just))?", " or", "".join(unwanted), flags=re.IGNORECASE)
    return _tidy("".join(kept)), _tidy(excluded_words).rstrip(".")


def _tidy(text: str) -> str:
    squeezed = re.sub(rf"{_MARK}(?:\s*{_MARK})*", _MARK, text)
    *pieces, last = squeezed.split(_MARK)
    squeezed = f" {_MARK}".join([*(_without_end(piece, _GLUE_BEFORE) for piece in pieces), last])
    squeezed = _GLUE_BEHIND.sub(" ", squeezed)
    squeezed = _BRACKETS.sub(" ", squeezed.replace(_MARK, " "))
    squeezed = " ".join(squeezed.split())
    squeezed = re.sub(r"\s+([,.;:)])", r"\1", squeezed)
    squeezed = re.sub(r"([,;:])(?:\s*[,;:.])+", r"\1", squeezed)
    squeezed = squeezed[leading.end() :] if (leading := _LEADING.match(squeezed)) else squeezed
    return _without_end(squeezed, _TRAILING).strip()


def _without_end(text: str, ending: re.Pattern[str]) -> str:
    """The text without what `ending` matches at its end, again and again; linear in the text."""
    end = len(text)
    while match := ending.search(text[max(0, end - _TAIL) : end]):
        end -= len(match.group())
    return text[:end]
