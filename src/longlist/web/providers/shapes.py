"""Reading answers in JSON that may be missing parts, or be something else altogether."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from longlist.web.providers.about import About
from longlist.web.providers.verdicts import misshapen

LONGEST_TITLE, LONGEST_SNIPPET, LONGEST_URL = 300, 2_000, 2_000
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def mapping(about: About, data: Any) -> dict[str, Any]:
    """The answer as an object; BadAnswer when it is none."""
    if not isinstance(data, dict):
        raise misshapen(about, f"a {type(data).__name__} where an object was due")
    return data


def items(about: About, data: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of the list at `path`, none when it is missing; BadAnswer when something else is there."""
    here: Any = data
    for name in path:
        if not isinstance(here, dict):
            raise misshapen(about, f"a {type(here).__name__} in place of what holds {name!r}")
        here = here.get(name)
        if here is None:
            return []
    if not isinstance(here, list):
        raise misshapen(about, f"{'.'.join(path) or 'the answer'} is a {type(here).__name__}, not a list")
    return [item for item in here if isinstance(item, dict)]


def text(value: Any, longest: int = LONGEST_SNIPPET) -> str:
    """A text in one line, "" for what is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = f"{value}"
    if not isinstance(value, str):
        return ""
    whole = value.encode(errors="replace").decode().replace("\0", "")
    return " ".join(whole.split())[:longest]


def plain(value: Any, longest: int = LONGEST_SNIPPET) -> str:
    """A text of which parts are marked in HTML, without the marks."""
    return text(unescape(_TAG.sub("", value)), longest) if isinstance(value, str) else ""


def web_address(value: Any) -> str:
    """An address of the web, "" for anything else."""
    url = text(value, LONGEST_URL)
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and host else ""


def number(value: Any) -> float | None:
    """A number, also one written as a text; None for what is none."""
    try:
        found = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None
    except ValueError:
        return None
    return found if found is not None and abs(found) < 1e15 else None
