"""Operators of search engines in a text (`site:`, `-site:`), for engines that take domains in fields of their own."""

import re

_SITE = re.compile(r"(?<!\S)(-?)site:(\S+)", re.IGNORECASE)


def without_operators(query: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The words, the sites to look in, the sites to leave out. A site may have a path (linkedin.com/company)."""
    found = _SITE.findall(query)
    words = " ".join(_SITE.sub(" ", query).split())
    return words, tuple(s for sign, s in found if not sign), tuple(s for sign, s in found if sign)
