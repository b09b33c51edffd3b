"""What a web search is asked: the round's angles in the words that find companies' sites, and those that find lists of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from longlist.language.words import STOP_WORDS, stem, terms, words
from longlist.model.plan import Angle, Plan

MOST_CORE = 7  # words
_FRAME = frozenset(
    stem(word)
    for word in (
        "company companies startup startups vendor vendors business businesses firm firms provider providers offer offers offering sell sells selling sold build builds building help helps helping"
        " main mainly core active young based large small paying someone anything whether rather including includes include etc like outside inside conventionally supplies gives lets buy could would run"
    ).split()
)
_PIECES = re.compile(r"[,;:()•|/]|\s(?:or|and|such as|including|like|e\.g\.|i\.e\.|rather than|not)\s", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:the |its? |their |core |main |paying |offering |product |products |service |customers? |users? |company |companies |is |are |for |to |of |in |with |by |that |which |used |sells? |sold |makes? |helps? |handles |supplies )+",
    re.IGNORECASE,
)


def first_queries(angles: Sequence[Angle], plan: Plan) -> list[str]:
    """What is asked in any case: each angle, and the subject as lists of companies are titled."""
    subject = core(plan)
    lists = [f"top {subject} companies", f"list of {subject} companies and startups"] if subject else []
    return _different([*(angle.text for angle in angles), *lists])


def further_queries(angles: Sequence[Angle], plan: Plan) -> list[str]:
    """What is asked as well where that brought little: one part of what is looked for at a time, beside the subject."""
    subject = core(plan)
    parts = [
        list(_segments(text))
        for text in (plan.query.positive, *(r.positive for r in plan.readings if not r.constraint_only))
    ]
    pieces = [piece for row in zip_longest(*parts) for piece in row if piece]
    mixed = [_beside(piece, subject) for piece in pieces]
    lists = (
        [
            f"best {subject} startups",
            f"{subject} vendors compared",
            f"{subject} market landscape",
            f"{subject} directory",
        ]
        if subject
        else []
    )
    asked = {frozenset(terms(text)) for text in first_queries(angles, plan)}
    ordered = chain.from_iterable(pair for pair in zip_longest(mixed, lists) if pair)
    return [text for text in _different(text for text in ordered if text) if frozenset(terms(text)) not in asked]


def core(plan: Plan) -> str:
    """The bare subject: the words of the query that carry weight, in their order, at most seven."""
    kept = [word for word in words(plan.query.positive) if word not in STOP_WORDS and stem(word) not in _FRAME]
    return " ".join(list(dict.fromkeys(kept))[:MOST_CORE])


def _segments(text: str) -> Iterator[str]:
    """The things a text enumerates, each one to five words that say something."""
    for piece in _PIECES.split(text):
        bare = _OPENING.sub("", piece.strip(" .")).strip(" .")
        said = [word for word in words(bare) if word not in STOP_WORDS and stem(word) not in _FRAME]
        if 1 <= len(said) <= 5:
            yield " ".join(said)


def _beside(piece: str, subject: str) -> str:
    """A part, and the words of the subject that it does not have, four of them."""
    have = set(terms(piece))
    others = [word for word in subject.split() if stem(word) not in have]
    return " ".join([piece, *others[:4]])


def _different(texts: Iterable[str]) -> list[str]:
    """The texts, those with the same words once."""
    kept: dict[frozenset[str], str] = {}
    for text in texts:
        if text.strip():
            kept.setdefault(frozenset(terms(text)), text)
    return list(kept.values())
