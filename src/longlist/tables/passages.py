"""Sentences of pages that bear on a question, best first. A page that gives orders to its reader is left out whole."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from longlist.language.injections import attempts
from longlist.language.words import sentences, terms
from longlist.model.company import Page

LONGEST = 600  # characters of a passage
MOST_CUT = 4_000  # sentences looked at


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or line of a page, verbatim; `cover` is the share of the question's words that it holds, by weight."""

    text: str
    page: Page
    cover: float = 0.0


def sound(pages: Iterable[Page]) -> tuple[Page, ...]:
    """The pages that only say something."""
    return tuple(page for page in pages if page.text.strip() and not attempts(page.text))


def ranked(pages: Sequence[Page], question: str, ignore: str = "") -> list[Passage]:
    """All passages of pages, those first that hold most of the question's words; words of `ignore` do not count.

    A word weighs the more the fewer sentences hold it (Robertson's idf).
    """
    asked = set(terms(question)) - set(terms(ignore))
    cut = [(line[:LONGEST], page) for page in pages for line in sentences(page.text)][:MOST_CUT]
    held = [set(terms(line)) & asked for line, _ in cut]
    counted = Counter(word for words in held for word in words)
    weight = {word: math.log(1 + len(cut) / (counted[word] or 0.5)) for word in asked}
    total = sum(weight.values()) or 1.0
    scored = [
        Passage(line, page, sum(weight[word] for word in words) / total)
        for (line, page), words in zip(cut, held, strict=True)
    ]
    order = sorted(range(len(scored)), key=lambda number: (-scored[number].cover, number))
    return [scored[number] for number in order]


def spread(pages: Sequence[Page], question: str, ignore: str, most: int) -> list[Passage]:
    """The passages to show a model: how each page begins, then those that bear on the question; at most so many, each once."""
    opening = [Passage(line[:LONGEST], page) for page in pages for line in sentences(page.text)[:3]]
    chosen = {(one.text, one.page.hash): one for one in (*opening[: most // 2], *ranked(pages, question, ignore))}
    return list(chosen.values())[:most]
