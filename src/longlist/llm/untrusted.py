"""Text of strangers in a prompt: between marks that no page can write, line by line, each with a number.

The mark holds a number made from all that stands between the marks, so a text that holds the mark would have to know its
own hash; it is made anew, besides, until it stands nowhere in the texts. The same texts always get the same mark: a
question asked again is the same question.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

_BREAKS = re.compile(r"[\s\u0085\u2028\u2029]+")
_SPECIAL = re.compile(r"<(?=[|/])|\[(?=/?INST)")  # what some servers would read as the end of a turn


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Texts between their marks: `block` goes into the prompt, `mark` is named in what explains it."""

    mark: str
    block: str


def enclosed(texts: Sequence[str], name: str = "pages", first: int = 1) -> Enclosed:
    """The texts, numbered from `first`, one a line, between marks that occur in none of them."""
    lines = [f"[{number}] {one_line(text)}" for number, text in enumerate(texts, first)]
    inner = "\n".join(lines)
    salt = 0
    while True:
        mark = f"{name}-{hashlib.sha256(inner.encode() + bytes([salt])).hexdigest()[:16]}"
        if mark not in inner:
            return Enclosed(mark, f"<{mark}>\n{inner}\n</{mark}>")
        salt += 1


def one_line(text: str) -> str:
    """The text as one line: no text can begin a line of its own, or look like the end of a turn."""
    return _SPECIAL.sub(lambda sign: f"{sign[0]} ", _BREAKS.sub(" ", text).strip())
