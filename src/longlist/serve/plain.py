"""Texts of others made fit to print."""

import re

from longlist.language.words import terms

_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # to a terminal


def plain(text: str) -> str:
    """A text that only prints: no control characters, and none that turn the direction of what follows."""
    return _COMMANDS.sub("", text.replace("\n", " ").replace("\t", " "))


def shortened(text: str, length: int, about: str = "") -> str:
    """A text on one line, at most `length` long, cut between words; the part that speaks most of `about` is kept."""
    line = " ".join(plain(text).split())
    if len(line) <= length:
        return line
    words, wanted = line.split(" "), set(terms(about))
    hits = [bool(wanted & set(terms(word))) for word in words]
    best, begin, size = (0, 0), 0, -1
    for end, word in enumerate(words):
        size += len(word) + 1
        while size > length - 2 and begin < end:
            size -= len(words[begin]) + 1
            begin += 1
        best = max(best, (sum(hits[begin : end + 1]), -begin))
    first = -best[1]
    rest = " ".join(words[first:])
    if len(rest) > length - 2:
        rest = rest[: length - 1].rpartition(" ")[0] or rest[: length - 2]
        rest += "…"
    return f"…{rest}" if first else rest
