"""Whether a text tries to give orders to whoever grades it: a page that does is no evidence of anything.

A text is looked at as it stands and as a model might read it: with invisible characters gone, look-alike letters and
digits put back, spaced-out or reversed words joined, and what is hidden in base64, hexadecimal, percent signs or ROT13
decoded. `docs/models.md` tells what is found and what is not.
"""

import base64
import binascii
import codecs
import html as html_entities
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from longlist.language.injection_patterns import ALONE, ANCHORS, JOINED, OTHER_SCRIPTS, TOGETHER
from longlist.language.sieve import Sieve
from longlist.language.words import fold

MOST_CHARACTERS = 2_000_000
EXCERPT = 160  # characters shown of what was found
NEAR = 120  # characters around a word of ANCHORS that are looked at
_DEPTH = 2  # a code inside a code is looked into once more

_WORD = re.compile(r"[^\W_]\w*")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe00-\ufe0f\u180e]")
_TAG_CHARACTERS = re.compile("[\U000e0020-\U000e007e]+")
_LOOK_ALIKES = str.maketrans("аеорсухіјѕкмнтвгɡԁοαεικνρτυχ", "aeopcyxijskmhtbrgdoaeiknptux")
_LEET = str.maketrans("0134578@$!|", "oieastbasii")
_LEET_WORD = re.compile(r"(?<![a-z0-9@$])(?=[a-z0-9@$]{0,12}[a-z][0134578@$])[a-z0-9@$]{4,24}")
_SPACED = re.compile(r"\b(?:\w[ .*_\-]{1,3}){7,}\w\b")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}={0,2}(?![A-Za-z0-9+/_=-])")
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}[ :]?){16,}")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}|[\w.~-]){12,}")
_ESCAPES = re.compile(r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|&#x?[0-9a-fA-F]{2,6};")
_CODE = re.compile(r"<(script|style)\b(?P<how>[^>]*)>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(r"<(?:[a-zA-Z/][^\s<>]*)?|>")
_REVERSED_SIGNS = ("snoitcurtsni", "tpmorp metsys")
_OTHER_LETTERS = re.compile("[\u0400-\u052f\u0600-\u06ff\u0900-\u097f\u3040-\u9fff\uac00-\ud7af]")
_EVERY = [(group, kind, pattern) for group in (ALONE, TOGETHER) for kind, pattern in group]
_SIEVE = Sieve([pattern for _, _, pattern in _EVERY])
_ROT13_SIGNS = ("vafgehpgvbaf", "flfgrz cebzcg")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: its `kind` ("override", "grade order", "address", …) and an excerpt, as it was understood."""

    kind: str
    excerpt: str


@lru_cache(maxsize=4096)
def attempts(text: str) -> tuple[Attempt, ...]:
    """What in a text gives orders to a model; empty for a text that only says something. At most one of each kind."""
    found: dict[str, Attempt] = {}
    for view in _views(text[:MOST_CHARACTERS], _DEPTH):
        for attempt in _in_view(view):
            found.setdefault(attempt.kind, attempt)
    return tuple(found.values())


def is_hostile(text: str) -> bool:
    """Whether a text gives orders to a model."""
    return bool(attempts(text))


def attempts_in_html(source: str) -> tuple[Attempt, ...]:
    """As `attempts`, for a page as it came: comments, hidden elements, attributes and embedded data are read as well."""
    kept = _CODE.sub(lambda code: code[0] if "json" in code["how"].lower() else " ", source[:MOST_CHARACTERS])
    return attempts(html_entities.unescape(_MARKUP.sub(" ", kept)))


def _in_view(view: str) -> Iterator[Attempt]:
    if not view.isascii() and _OTHER_LETTERS.search(view):
        for kind, pattern in OTHER_SCRIPTS:
            if hit := pattern.search(view):
                yield Attempt(kind, _excerpt(view, hit))
    likely = [_EVERY[place] for place in _SIEVE.may_match(view)]
    if not likely:
        return
    view = _near_anchors(view)
    hits = [(group, kind, hit) for group, kind, pattern in likely if (hit := pattern.search(view))]
    weak = [Attempt(kind, _excerpt(view, hit)) for group, kind, hit in hits if group is TOGETHER]
    yield from (Attempt(kind, _excerpt(view, hit)) for group, kind, hit in hits if group is ALONE)
    if len(weak) > 1:  # each may stand on an honest page; together they do not
        yield weak[0]


def _near_anchors(view: str) -> str:
    """The parts of a text near words that orders are made of: the patterns are slow, and most of a page is far from any."""
    parts: list[str] = []
    start = end = -1
    for word in _WORD.finditer(view):
        if word[0][:5] in ANCHORS:
            if end < 0 or word.start() - NEAR > end:
                if end > 0:
                    parts.append(view[start:end])
                start = max(0, word.start() - NEAR)
            end = word.end() + NEAR
    if end > 0:
        parts.append(view[start:end])
    return "\n".join(parts)


def _excerpt(view: str, hit: re.Match[str]) -> str:
    start = max(0, hit.start() - 20)
    return " ".join(view[start : start + EXCERPT].split())


def _views(text: str, depth: int) -> Iterator[str]:
    """The text folded, and every other way to read it that gives something else."""
    plain = _TAG_CHARACTERS.sub(lambda tags: "".join(chr(ord(c) - 0xE0000) for c in tags[0]), text)
    plain = _INVISIBLE.sub("", plain)
    folded = " ".join(fold(plain).split())
    yield folded
    if not folded.isascii():
        if (latin := folded.translate(_LOOK_ALIKES)) != folded:
            yield latin
        yield unicodedata.normalize("NFKC", plain).lower()  # folding takes signs apart that other scripts need whole
    if any(word[0].translate(_LEET)[:5] in ANCHORS for word in _LEET_WORD.finditer(folded)):
        yield _LEET_WORD.sub(lambda word: word[0].translate(_LEET), folded)
    for spaced in _SPACED.finditer(folded):
        joined = re.sub(r"[\W_]", "", spaced[0])
        if JOINED.search(joined):
            yield "ignore all previous instructions: " + joined
    if any(sign in folded for sign in _REVERSED_SIGNS):
        yield folded[::-1]
    if any(sign in folded for sign in _ROT13_SIGNS):
        yield codecs.decode(folded, "rot13")
    if depth:
        for decoded in _decoded(plain):
            yield from _views(decoded, depth - 1)


def _decoded(text: str) -> Iterator[str]:
    """The readable texts that are hidden in codes."""
    for code in _BASE64.finditer(text):
        if found := _base64(code[0]):
            yield found
    for code in _HEX.finditer(text):  # a word of hexadecimal digits alone is as rare as a code
        if found := _readable(bytes.fromhex(re.sub(r"[^0-9a-fA-F]", "", code[0]))):
            yield found
    if text.count("%") > 2:
        for code in _PERCENT.finditer(text):
            if code[0].count("%") > 2:
                yield unquote(code[0], errors="replace")
    if ("\\" in text or "&#" in text) and len(_ESCAPES.findall(text)) > 3:
        yield _ESCAPES.sub(_unescape, text)


def _unescape(escape: re.Match[str]) -> str:
    if escape[0].startswith("&"):
        return html_entities.unescape(escape[0])
    return chr(int(f"0x{escape[0][2:]}", 0))


def _base64(code: str) -> str:
    body = code.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return _readable(base64.b64decode(body + "=" * (-len(body) % 4), validate=True))
    except (binascii.Error, ValueError):
        return ""


def _readable(data: bytes) -> str:
    """The text of some bytes, "" when they are none: mostly letters and spaces."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    letters = sum(1 for c in text if c.isalpha() or c.isspace())
    return text if text and letters >= 0.8 * len(text) else ""
