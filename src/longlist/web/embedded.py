"""Data inside a page: JSON-LD, and the JSON that a page's scripts start from. Whatever is in it came from a stranger.

Nothing here raises for what a page holds: broken JSON is mended where it is cheap, else left out.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

DEEPEST = 24  # what lies deeper is left out
LARGEST_SCRIPT = 1_000_000  # characters
MOST_OBJECTS = 500
MOST_LINES = 2_000
MOST_TEXT = 200_000  # characters

_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_ASSIGNED = re.compile(r"(?:window\.|self\.|var\s+|globalThis\.)?__[A-Z][A-Z_]{2,40}__\s*=\s*(?=[{\[])")
_TECHNICAL = re.compile(
    r"^(?:id|_id|uuid|guid|slug|href|url|uri|src|srcset|path|page|route|locale|lang|build_?id|asset_?prefix|class_?name|class"
    r"|style|color|colour|icon|image|img|logo|avatar|thumbnail|width|height|hash|key|token|nonce|query|type|__typename|kind"
    r"|template|layout|component|variant|theme|target|rel|etag|version|env|runtime_?config|gssp|gsp|is_?fallback|script_?loader"
    r"|created_?at|updated_?at|published_?at)$",
    re.IGNORECASE,
)
_WORDY = re.compile(r"[^\W\d_]{2,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[_-]+")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")


def parsed(script: str) -> Any:
    """The JSON of a script, cut at `DEEPEST`; None when it is none, or too large."""
    if len(script) > LARGEST_SCRIPT:
        return None
    text = _WRAPPING.sub("", script).strip()
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return pruned(json.loads(candidate, strict=False))
        except (ValueError, RecursionError):
            continue
    return None


def assigned(script: str) -> Iterator[Any]:
    """JSON that a script assigns to a name such as `__INITIAL_STATE__`; at most three."""
    if len(script) > LARGEST_SCRIPT:
        return
    decoder = json.JSONDecoder(strict=False)
    for count, match in enumerate(_ASSIGNED.finditer(script)):
        if count == 3:
            return
        try:
            yield pruned(decoder.raw_decode(script, match.end())[0])
        except (ValueError, RecursionError):
            continue


def pruned(value: Any, depth: int = 0) -> Any:
    """The same, without what lies deeper than `DEEPEST`, so that whoever walks it needs no care."""
    if isinstance(value, dict):
        return {} if depth >= DEEPEST else {key: pruned(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [] if depth >= DEEPEST else [pruned(item, depth + 1) for item in value]
    return value


def linked_data(scripts: Iterable[str]) -> tuple[dict[str, Any], ...]:
    """The objects of JSON-LD scripts, those of lists and of `@graph` one by one; at most `MOST_OBJECTS`."""
    found: list[dict[str, Any]] = []
    waiting: list[Any] = [parsed(script) for script in scripts]
    waiting.reverse()
    while waiting and len(found) < MOST_OBJECTS:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            graph = value.get("@graph")
            if isinstance(graph, list):
                waiting += reversed(graph)
            if graph is None or len(value) > 2:
                found.append({key: item for key, item in value.items() if key != "@graph"})
    return tuple(found)


def lines_of(value: Any) -> list[str]:
    """What embedded data says, in its order: running text as it stands, short facts as "team size: 25".

    Names of things only a program needs (addresses, identifiers, colours) are left out. A small object of facts is one
    line: "headquarters: city: Oslo, country: Norway". Markup inside values is dropped.
    """
    lines: list[str] = []
    size = 0
    for line in _lines("", value):
        size += len(line)
        if len(lines) >= MOST_LINES or size > MOST_TEXT:
            break
        lines.append(line)
    return lines


def _lines(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        items = [
            (name, item)
            for name, item in value.items()
            if not _TECHNICAL.match(name) and item not in (None, "", [], {})
        ]
        short = [_fact(name, item) for name, item in items]
        if items and len(items) <= 8 and all(short) and not any(_is_prose(item) for _, item in items):
            label = f"{_name(key)}: " if key else ""
            yield label + ", ".join(short)
            return
        for name, item in items:
            yield from _lines(name, item)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) and not _is_prose(item) and _is_said(item) for item in value):
            yield (f"{_name(key)}: " if key else "") + ", ".join(_plain(item) for item in value)
            return
        for item in value:
            yield from _lines(key, item)
    elif isinstance(value, str) and _is_prose(value):
        yield _plain(value)
    elif fact := _fact(key, value):
        yield fact


def _fact(key: str, value: Any) -> str:
    """A short text or a number as "key: value"; "" for anything else."""
    if isinstance(value, bool) or not key:
        return ""
    if isinstance(value, int | float):
        return f"{_name(key)}: {value}"
    if isinstance(value, str) and _is_said(value):
        return f"{_name(key)}: {_plain(value)}"
    return ""


def _is_prose(value: Any) -> bool:
    return isinstance(value, str) and value.count(" ") >= 4 and _is_said(value)


def _is_said(text: str) -> bool:
    """Whether people would say it: words, and not an address, a code or a style."""
    if not _WORDY.search(text) or text.startswith(("http://", "https://", "/", "#", "{", "[", "data:", "rgb")):
        return False
    return " " in text or len(text) <= 30


def _name(key: str) -> str:
    return _CAMEL.sub(" ", key).lower().strip()


def _plain(text: str) -> str:
    return " ".join(_TAG.sub(" ", text).split())
