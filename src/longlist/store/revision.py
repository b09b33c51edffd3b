"""Which tables this version of Longlist works with: known without loading what makes them."""

import re
from functools import cache
from pathlib import Path

VERSIONS = Path(__file__).parent / "migrations" / "versions"
_FOLLOWS = re.compile(r'^down_revision = "(\w+)"$', re.MULTILINE)


def known() -> frozenset[str]:
    """The revisions this version can work with: files are named for theirs, "0001_what_it_does.py"."""
    return frozenset(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


@cache
def newest() -> str:
    """The revision of the newest migration: the one that no other builds on."""
    builds_on = re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)
    texts = (file.read_text(encoding="utf-8") for file in VERSIONS.glob("[0-9]*_*.py"))
    return max(known() - {found[1] for text in texts if (found := builds_on.search(text))})
