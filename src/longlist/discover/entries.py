"""The companies a page lists: whatever stands there again and again, with a name, perhaps a link, and some words about it.

Lists are made of headings, bullets, table rows, cards, paragraphs, or of JSON inside the page; the links lead to the
company, over a redirect, to a profile, or nowhere. Pure: a page's HTML in, entries out. Nothing of it is believed yet.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from longlist.discover.names import is_address, listed_name, squeezed
from longlist.language.domains import own_domain, registered_domain
from longlist.web.html import Markup

MOST_ENTRIES = 400  # of one page
LONGEST_TEXT = 600  # characters kept of what is said about an entry
MOST_JSON = 20_000  # values looked at

_FRAME = "script, style, template, svg, nav, footer, aside, form, iframe, noscript, button, select, [role=navigation], [role=dialog], [aria-hidden=true], [hidden]"
_FRAME_CLASSES = re.compile(
    r"\b(?:cookie|consent|sidebar|side-bar|related|read-next|breadcrumb|newsletter|comments?|share|social|menu|navbar|pagination)\b",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_URL_KEYS = (
    "website",
    "websiteurl",
    "website_url",
    "homepage",
    "homepage_url",
    "homepageurl",
    "domain",
    "company_url",
    "companyurl",
    "site",
    "web",
    "external_url",
    "sameas",
    "url",
    "link",
    "href",
)
_NAME_KEYS = ("name", "company", "company_name", "companyname", "title", "organization", "label", "brand")
_TEXT_KEYS = (
    "tagline",
    "description",
    "one_liner",
    "oneliner",
    "short_description",
    "shortdescription",
    "summary",
    "blurb",
    "about",
    "pitch",
    "headline",
    "subtitle",
    "hq",
    "city",
    "location",
    "country",
    "industry",
    "category",
)
_PAGE_PARAMETERS = ("page", "p", "pg", "paged", "pageno", "offset", "start")
_NEXT_WORDS = re.compile(
    r"^(?:next(?: page)?|older|more results|weiter|nächste(?: seite)?|suivant|siguiente|próxima|›|»|→|>)(?:\s*[›»→>])?$",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"^(?P<name>[A-Z0-9][\w.&'’-]*(?:\s+(?:of|and|&|by|for|the|[A-Z0-9][\w.&'’-]*)){0,5}?)(?:,\s+(?:based|headquartered|founded|a|an|the|which|whose)\b|\s+(?:is|has|describes|announced|announces|offers|provides|makes|builds|develops"
    r"|sells|helps|raised|raises|lets|says|was founded|claims|specialises|specializes|operates|runs)\b)"
)
_OPENERS = frozenset(
    "the this that these those it its we our they he she who what when where why how in on at with as if but and or for from while after before since there here investors analysts customers people many most some both each every".split()
)
_LEAD = re.compile(r"\s+[–—-]\s+|:\s+|\s*[|•·]\s*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One company as a page lists it. `url` is where its link leads, absolute, "" when it has none; `text` is what is said of it."""

    name: str
    url: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a page lists, and the page that continues it ("" for none)."""

    title: str
    entries: tuple[Entry, ...]
    following: str = ""


def listed(html: str, url: str) -> Listed:
    """The entries of a page at this address, in order, each name and link once."""
    markup = Markup(html)
    tree = markup.tree
    title = _text(tree.css_first("h1")) or markup.title
    following = _following(tree, url)
    found = [entry for data in (*markup.embedded(), *markup.linked_data()) for entry in _items(data, url)]
    if len(found) < 3:
        _strip(tree)
        found = _in_html(tree, url) + found
    return Listed(title, _once(found, url), following)


def target(url: str) -> str:
    """Where a link leads as far as its address says: redirects and trackers carry it in a parameter or in the path."""
    for _ in range(3):
        inner = _carried(url)
        if not inner:
            break
        url = inner
    return url


def _carried(url: str) -> str:
    parts = urlsplit(url)
    values = [value for _, value in parse_qsl(parts.query)] + [
        unquote(piece) for piece in [parts.path[1:], parts.fragment] if "http" in piece[:12]
    ]
    for value in values:
        text = unquote(value).strip()
        if re.match(r"https?:/{1,2}[^/\s]+\.[^/\s]+", text) and registered_domain(text) not in {
            "",
            registered_domain(url),
        }:
            return re.sub(r"^(https?):/(?=[^/])", r"\1://", text)
    return ""


# -- what stands in the page as text


def _strip(tree: LexborHTMLParser) -> None:
    for node in tree.css(_FRAME):
        node.decompose()
    for node in tree.css("header"):
        if node.css_first("h1") is None and node.css_first("h2") is None:
            node.decompose()
    for node in tree.css("[class], [style]"):
        attributes = node.attributes
        if (
            _FRAME_CLASSES.search(attributes.get("class") or "") and node.tag not in {"body", "main", "article", "html"}
        ) or _HIDDEN.search(attributes.get("style") or ""):
            node.decompose()


def _in_html(tree: LexborHTMLParser, url: str) -> list[Entry]:
    """Of each way to make a list what it gives; the richest comes first, and the rest adds what it lacks."""
    root = tree.css_first("main") or tree.css_first("article") or tree.body
    if root is None:
        return []
    ways = (("h2", _of_heading), ("h3", _of_heading), ("h4", _of_heading), ("tr", _of_row), ("li", _of_bullet))
    groups = [
        [entry for node in root.css(tag)[:MOST_ENTRIES] if (entry := way(node, url)) is not None] for tag, way in ways
    ]
    groups.append(_of_paragraphs(root.css("p")[:MOST_ENTRIES], url))
    kept = [group for group in sorted(groups, key=len, reverse=True) if len(group) >= 3]
    names = {squeezed(entry.name) for group in kept for entry in group}
    loose = [entry for entry in _loose_links(root, url) if squeezed(entry.name) not in names]
    return [entry for group in kept for entry in group] + loose


def _of_heading(node: LexborNode, url: str) -> Entry | None:
    name = listed_name(_text(node))
    link = _link(node, url)
    said: list[str] = []
    beside = node.next
    while beside is not None and len(" ".join(said)) < LONGEST_TEXT:
        if beside.tag in {"h1", "h2", "h3", "h4", "hr"} or (
            beside.tag == "div" and beside.css_first("h2, h3") is not None
        ):
            break
        if words := _text(beside):
            said.append(words)
        link = link or _outside_link(beside, url)
        beside = beside.next
    if not link and node.parent is not None and node.parent.tag == "a":
        link = _link(node.parent, url)
    if not name or not (said or link):
        return None
    return Entry(name, link, " ".join(said)[:LONGEST_TEXT])


def _of_row(node: LexborNode, url: str) -> Entry | None:
    cells = [child for child in node.iter() if child.tag == "td"]
    if not cells or (len(cells) < 2 and node.css_first("a") is None):
        return None
    texts = [_text(cell) for cell in cells]
    linked = next(
        (n for n, cell in enumerate(cells) if cell.css_first("a") is not None and listed_name(_text(cell))), None
    )
    lead = (
        linked
        if linked is not None
        else next((n for n, text in enumerate(texts) if listed_name(text) and not text.isdigit()), None)
    )
    if lead is None or len(texts[lead]) > 80:
        return None
    link = _link(cells[lead], url) or next((found for cell in cells if (found := _outside_link(cell, url))), "")
    return Entry(
        listed_name(texts[lead]),
        link,
        " ".join(t for n, t in enumerate(texts) if n != lead and not t.isdigit())[:LONGEST_TEXT],
    )


def _of_bullet(node: LexborNode, url: str) -> Entry | None:
    if len(node.css("li")) > 1:  # itself is among what it finds
        return None
    text = _text(node)
    lead_node = node.css_first("b, strong, a, h2, h3, h4, h5")
    lead = _text(lead_node) if lead_node is not None else ""
    if not lead or not text.startswith(lead) or len(lead) > 80:
        pieces = _LEAD.split(text, maxsplit=1)
        lead = pieces[0] if len(pieces) == 2 else ""
    name = listed_name(lead)
    link = _outside_link(node, url) or _link(node, url)
    rest = text.removeprefix(lead).strip(" –—-:|")
    if not name or not (link or rest):
        return None
    if not rest and link and registered_domain(link) == registered_domain(url) and not _is_profile_path(link):
        return None
    return Entry(name, link, rest[:LONGEST_TEXT])


def _of_paragraphs(nodes: Sequence[LexborNode], url: str) -> list[Entry]:
    """Paragraphs about one company each: its name is linked or bold, or stands where the others' stands."""
    found: list[tuple[int, Entry]] = []
    leads: Counter[str] = Counter()
    plain: list[tuple[int, str]] = []
    for number, node in enumerate(nodes):
        text = _text(node)
        mark = node.css_first("a, b, strong")
        words = _text(mark) if mark is not None else ""
        before, middle, after = text.partition(words) if words else (text, "", "")
        if middle and len(before) <= 40 and listed_name(words):
            leads[before.strip()] += 1
            found.append(
                (
                    number,
                    Entry(
                        listed_name(words),
                        _outside_link(node, url) or _link(node, url),
                        after.strip(" –—-:,|").lstrip(". ")[:LONGEST_TEXT],
                    ),
                )
            )
        elif text:
            plain.append((number, text))
    leads.update(_openings([text for _, text in plain]))
    for lead, count in leads.items():
        if count < 2 or not lead:
            continue
        for number, text in plain:
            if text.startswith(f"{lead} "):
                name, rest = _up_to_stop(text[len(lead) :].strip())
                if name and rest:
                    found.append((number, Entry(name, "", rest[:LONGEST_TEXT])))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


def _openings(texts: Sequence[str]) -> Counter[str]:
    """The words that three or more paragraphs begin with before a capital ("Then there is Acme."), and how many do."""
    found: Counter[str] = Counter()
    for text in texts:
        words = text.split()[:6]
        for size in range(2, len(words)):
            if words[size][:1].isupper() or words[size][:1].isdigit():
                found[" ".join(words[:size])] += 1
    return Counter({lead: count for lead, count in found.items() if count >= 3})


def spoken_of(html: str) -> tuple[Entry, ...]:
    """The companies an article speaks of: those its paragraphs begin with, and the linked ones; no list is needed."""
    tree = Markup(html).tree
    _strip(tree)
    root = tree.css_first("article") or tree.css_first("main") or tree.body
    if root is None:
        return ()
    found = []
    for node in root.css("p, li")[:MOST_ENTRIES]:
        text = _text(node)
        if (
            (match := _SPOKEN.match(text))
            and (name := listed_name(match["name"]))
            and name.split()[0].lower() not in _OPENERS
        ):
            found.append(Entry(name, "", text[:LONGEST_TEXT]))
    return _once(found, "")


def _up_to_stop(text: str) -> tuple[str, str]:
    """A name and the rest, where the name ends its sentence or a comma or dash stands behind it."""
    match = re.match(r"(?P<name>\S(?:.{0,60}?\S)?)(?:\.\s+|,\s+|\s+[–—-]\s+|:\s+)(?P<rest>\S.*)$", text, re.DOTALL)
    return (listed_name(match["name"]), match["rest"]) if match else ("", "")


def _loose_links(root: LexborNode, url: str) -> Iterator[Entry]:
    """Links to companies anywhere in the text, each with the block it stands in."""
    here = registered_domain(url)
    for node in root.css("a[href]")[: 4 * MOST_ENTRIES]:
        link = _absolute(node, url)
        if not link or registered_domain(link) == here or not own_domain(target(link)):
            continue
        name = listed_name(_text(node))
        block = node.parent
        while block is not None and block.tag in {"b", "strong", "em", "i", "span", "u"}:
            block = block.parent
        if block is not None and block.tag in {"h2", "h3", "h4"} and (entry := _of_heading(block, url)) is not None:
            yield replace(entry, url=link)
            continue
        text = _text(block)[:LONGEST_TEXT] if block is not None and block.tag not in {"body", "main", "article"} else ""
        if name and not is_address(name):
            yield Entry(name, link, text)


# -- what stands in the page as data


def _items(data: Any, url: str) -> Iterator[Entry]:
    """Every list of things that have a name and an address or a description, wherever it stands."""
    todo: list[Any] = [data]
    looked = 0
    while todo and looked < MOST_JSON:
        value = todo.pop()
        looked += 1
        if isinstance(value, dict):
            todo += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            found = [entry for item in value[:MOST_ENTRIES] if (entry := _of_item(item, url)) is not None]
            if len(found) >= 3:
                yield from found
            else:
                todo += [inner for inner in value[:MOST_ENTRIES] if isinstance(inner, dict | list)]


def _of_item(item: Any, url: str) -> Entry | None:
    if not isinstance(item, dict):
        return None
    inner = next(
        (
            item[key]
            for key in ("item", "node", "company", "organization", "attributes", "fields", "_source")
            if isinstance(item.get(key), dict)
        ),
        None,
    )
    if inner is not None:
        return _of_item(inner, url)
    values = {str(key).lower(): value for key, value in item.items()}
    name = next(
        (listed_name(value) for key in _NAME_KEYS if isinstance(value := values.get(key), str) and listed_name(value)),
        "",
    )
    if not name:
        return None
    links = [
        text
        for key in _URL_KEYS
        for value in [values.get(key)]
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str) and text
    ]
    link = next((text for text in links if own_domain(text) and registered_domain(text) != registered_domain(url)), "")
    if not link and (relative := next((text for text in links if text.startswith("/")), "")):
        link = urljoin(url, relative)
    if link and "://" not in link:
        link = f"https://{link.lstrip('/')}"
    said = " ".join(
        str(values[key]) for key in _TEXT_KEYS if isinstance(values.get(key), str | int) and values[key] != name
    )
    return Entry(name, link, " ".join(said.split())[:LONGEST_TEXT]) if link or said else None


# -- links


def _following(tree: LexborHTMLParser, url: str) -> str:
    """The page that continues this one: what it calls next, on the same host."""
    for node in tree.css("a[rel~=next], link[rel~=next]"):
        if (found := _absolute(node, url)) and found != url and registered_domain(found) == registered_domain(url):
            return found
    for node in tree.css("a[href]")[:2_000]:
        words = _text(node) or (node.attributes.get("aria-label") or "")
        if (
            _NEXT_WORDS.match(words.strip())
            and (found := _absolute(node, url))
            and found != url
            and urlsplit(found).hostname == urlsplit(url).hostname
        ):
            return found
    return ""


def _absolute(node: LexborNode, url: str) -> str:
    href = (node.attributes.get("href") or "").strip()
    if not href or href.startswith(("#", "mailto:", "tel:", "javascript:", "data:")):
        return ""
    try:
        found = urljoin(url, href)
        return found if urlsplit(found).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _link(node: LexborNode, url: str) -> str:
    anchor = node if node.tag == "a" else node.css_first("a[href]")
    return _absolute(anchor, url) if anchor is not None else ""


def _outside_link(node: LexborNode, url: str) -> str:
    """The first link that leaves the site to what could be a company."""
    here = registered_domain(url)
    anchors = [node] if node.tag == "a" else node.css("a[href]")[:20]
    for anchor in anchors:
        link = _absolute(anchor, url)
        if link and registered_domain(link) not in {"", here} and own_domain(target(link)):
            return link
    return ""


def _is_profile_path(url: str) -> bool:
    return bool(
        re.search(
            r"/(?:compan(?:y|ies)|organi[sz]ations?|profiles?|startups?|vendors?|products?|brands?|members?)/[^/]+/?$",
            urlsplit(url).path,
        )
    )


def _text(node: LexborNode | None) -> str:
    return " ".join(node.text(separator=" ").split()) if node is not None else ""


def _once(found: Sequence[Entry], url: str) -> tuple[Entry, ...]:
    """Each name once, under the first spelling; a link or a text that only a later one has is taken over."""
    kept: dict[str, Entry] = {}
    here = registered_domain(url)
    for entry in found:
        key = squeezed(entry.name)
        known = kept.get(key)
        if known is None:
            if key and len(kept) < MOST_ENTRIES:
                kept[key] = entry
        elif (
            (not known.url or registered_domain(known.url) == here)
            and entry.url
            and registered_domain(entry.url) != here
        ):
            kept[key] = replace(known, url=entry.url)
        elif not known.text and entry.text:
            kept[key] = replace(known, text=entry.text)
    return tuple(kept.values())
