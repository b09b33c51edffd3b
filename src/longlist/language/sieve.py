"""Which of many slow patterns may match a text, told in one quick pass.

RE2 looks for all patterns at once, at some hundred megabytes a second, where `re` takes each by itself. It knows no
look-around and other words and boundaries than `re` does, so it is given patterns that match wherever the real ones do and
elsewhere too: what it lets through is looked at with the real ones.
"""

import re
from collections.abc import Sequence

import re2

MEMORY = 64 << 20  # bytes that a set's automaton may take
_MARK = "\x01"  # ends every text: a pass that does not see it has failed, and lets everything through
_WORD = r"0-9A-Za-z_\x{80}-\x{10FFFF}"
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")


class Sieve:
    """Patterns over text in lower case, without flags, with nothing but what `loosened` knows."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        options = re2.Options()
        options.max_mem = MEMORY
        options.log_errors = False
        self._set = re2.Set.SearchSet(options)
        self._size = len(patterns)
        for pattern in patterns:
            self._set.Add(loosened(pattern.pattern))
        self._set.Add(_MARK)
        self._set.Compile()

    def may_match(self, text: str) -> list[int]:
        """The places of the patterns that may match, in order; those left out do not match. Takes any text."""
        found = self._set.Match(f"{text}{_MARK}".encode("utf-8", "replace")) or ()
        if self._size not in found:
            return list(range(self._size))
        return sorted(place for place in found if place != self._size)


def loosened(pattern: str) -> str:
    """A pattern for RE2 that matches every text that this one matches: boundaries and look-around are left out, and any
    sign beyond ASCII may be part of a word.
    """
    out: list[str] = []
    at, in_class = 0, ""
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            if in_class == "^" and pattern[at + 1] in "wsd":
                raise ValueError(f"{pattern[at : at + 2]} cannot be loosened in a class that excludes it.")
            out.append(_escape(pattern[at : at + 2], is_in_class=bool(in_class)))
            at += 2
        elif in_class:
            in_class = "" if sign == "]" else in_class
            out.append(sign)
            at += 1
        elif pattern.startswith(_LOOKS, at):
            at = _end_of_group(pattern, at)
        else:
            out.append("" if sign in "^$" else sign)
            at += 1
            if sign == "[":
                in_class = "^" if pattern.startswith("^", at) else "["
                out.append("^" * (in_class == "^"))
                at += in_class == "^"
    return "".join(out)


def _escape(escape: str, *, is_in_class: bool) -> str:
    if escape == "\\w":
        return _WORD if is_in_class else f"[{_WORD}]"
    if escape == "\\s":
        return r"\s\v\x1c-\x1f\x{80}-\x{10FFFF}" if is_in_class else r"[\s\v\x1c-\x1f\x{80}-\x{10FFFF}]"
    if escape == "\\d":
        return r"\d\x{80}-\x{10FFFF}" if is_in_class else r"[\d\x{80}-\x{10FFFF}]"
    if escape == "\\b":
        return ""
    if escape[1].isalnum() and escape[1] not in "ntr":
        raise ValueError(f"{escape} cannot be loosened.")
    return escape


def _end_of_group(pattern: str, at: int) -> int:
    """Where the group that begins at `at` is over."""
    depth, is_in_class = 0, False
    while at < len(pattern):
        sign = pattern[at]
        at += 2 if sign == "\\" else 1
        if is_in_class:
            is_in_class = sign != "]"
        elif sign == "[":
            is_in_class = True
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if not depth:
                break
    return at
