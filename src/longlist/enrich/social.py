"""The company's own pages on social networks, from its JSON-LD and from the links of its site."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from longlist.enrich.site_page import SitePage
from longlist.enrich.structured import is_of
from longlist.language.domains import registered_domain

_NETWORKS: dict[str, tuple[str, re.Pattern[str]]] = {
    "linkedin.com": ("linkedin", re.compile(r"^/(?:company|school|showcase)/[^/]+/?$")),
    "x.com": ("x", re.compile(r"^/(?!share$|intent\b|home$|search$|i/)\w{1,15}/?$")),
    "twitter.com": ("x", re.compile(r"^/(?!share$|intent\b|home$|search$|i/)\w{1,15}/?$")),
    "facebook.com": ("facebook", re.compile(r"^/(?!sharer|share\b|dialog\b|plugins\b|tr$)[\w.-]+(?:/\d+)?/?$")),
    "instagram.com": ("instagram", re.compile(r"^/(?!p/|reel/|explore\b)[\w.]+/?$")),
    "youtube.com": ("youtube", re.compile(r"^/(?:@[\w.-]+|c/[\w.-]+|channel/[\w-]+|user/[\w.-]+)/?$")),
    "tiktok.com": ("tiktok", re.compile(r"^/@[\w.]+/?$")),
    "github.com": ("github", re.compile(r"^/[\w-]+/?$")),
    "crunchbase.com": ("crunchbase", re.compile(r"^/organization/[\w-]+/?$")),
    "xing.com": ("xing", re.compile(r"^/(?:companies|pages)/[\w.-]+/?$")),
    "mastodon.social": ("mastodon", re.compile(r"^/@\w+/?$")),
    "bsky.app": ("bluesky", re.compile(r"^/profile/[\w.:-]+/?$")),
}


def social_profiles(pages: Iterable[SitePage], domain: str, names: Sequence[str]) -> dict[str, str]:
    """Network -> address; the first of each network, what the data about the company names before what its site links to."""
    found: dict[str, str] = {}
    later: list[str] = []
    for page in pages:
        for organization in page.organizations:
            stated = organization.get("sameAs")
            if stated is not None and is_of(organization, domain, names):
                _add(found, [stated.value] if isinstance(stated.value, str) else stated.value)
        later += [link.url for link in page.links]
    _add(found, later)
    return found


def _add(found: dict[str, str], urls: object) -> None:
    for url in urls if isinstance(urls, list) else []:
        if not isinstance(url, str) or len(url) > 300:
            continue
        try:
            parts = urlsplit(url.strip())
            host = parts.hostname or ""
        except ValueError:
            continue
        network = _NETWORKS.get(registered_domain(host))
        if network is not None and parts.scheme in {"http", "https"} and network[1].match(parts.path):
            found.setdefault(network[0], f"https://{host}{parts.path.rstrip('/')}")
