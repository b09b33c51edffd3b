"""Markup: a page's HTML, parsed once. What it says, where it links to, what data it carries. Pure: asks nobody.

    markup = Markup(page.html)
    markup.links(page.url)     every link with its words and what stands around it
    markup.linked_data()       JSON-LD objects
    markup.meta                metadata by name: "description", "og:site_name", …
    markup.embedded()          JSON that the page's scripts start from
    markup.text()              what a reader sees, a line a block

Safe for hostile pages: nesting is cut at `DEEPEST_TAGS`, sizes and counts are bounded, nothing raises. A page that was too
much for the reader comes with `html` "" and costs nothing here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from longlist.web.blocks import Block, Part, blocks_of
from longlist.web.embedded import assigned, linked_data, parsed

DEEPEST_TAGS = 400  # browsers stop at 512
MOST_LINKS = 5_000
LONGEST_CONTEXT = 400  # characters
LONGEST_VALUE = 5_000  # characters of one piece of metadata
LONGEST_URL = 2_000

_REFRESH = re.compile(r"\s*(\d{0,6})[\d.]*\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
_FEW_TAGS = 2_000  # below, nesting cannot hurt
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_UNNESTED = frozenset(  # have no end tag, or need none
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot option "
    "optgroup colgroup html head body rp rt path circle rect line polygon polyline ellipse use stop script style".split()
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an http or https address, without its fragment. `text` is what is written on it.

    `context` is the block it stands in; after a heading also what follows it, so that the entries of a list bring their
    blurbs along. At most 400 characters. `part` says where on the page. `rel` is as written, in lower case.
    """

    url: str
    text: str
    context: str
    part: Part
    rel: str


class Markup:
    """One page. Everything is worked out when it is first asked for."""

    def __init__(self, html: str) -> None:
        self._html = shallow(html)

    def __str__(self) -> str:
        """The HTML itself."""
        return self._html

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed page, for selectors of your own."""
        return LexborHTMLParser(self._html.encode("utf-8", "replace"), options=LexborDocumentOptions.WO_EVENTS.value)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Headings, paragraphs, items and rows in reading order; those with empty text only hold links of menus."""
        body = self.tree.body or self.tree.root
        return tuple(blocks_of(body)) if body is not None else ()

    def text(self) -> str:
        """What a reader sees, a line a block, each line once where the same one follows itself."""
        lines: list[str] = []
        for block in self.blocks:
            if block.text and (not lines or lines[-1] != block.text):
                lines.append(block.text)
        return "\n".join(lines)

    @cached_property
    def title(self) -> str:
        """The title; else OpenGraph's, else the first heading; else ""."""
        node = self.tree.css_first("head > title") or self.tree.css_first("title")
        named = _one_line(node.text() if node is not None else "") or self.meta.get("og:title", "")
        return (named or next((block.text for block in self.blocks if block.kind == "heading"), ""))[:500]

    @cached_property
    def language(self) -> str:
        """The declared language as two or three letters ("en"); "" when none is declared."""
        node = self.tree.css_first("html")
        declared = (node.attributes.get("lang") if node is not None else "") or self.meta.get("content-language", "")
        code = re.split(r"[-_,; ]", (declared or "").strip().lower())[0]
        return code if re.fullmatch(r"[a-z]{2,3}", code) else ""

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """Metadata by lower-case name, property or http-equiv; the first of each, at most 5,000 characters."""
        found: dict[str, str] = {}
        for node in self.tree.css("meta[content]")[:500]:
            attributes = node.attributes
            name = attributes.get("property") or attributes.get("name") or attributes.get("http-equiv") or ""
            if name and (content := _one_line(attributes.get("content") or "")[:LONGEST_VALUE]):
                found.setdefault(name.strip().lower()[:100], content)
        return MappingProxyType(found)

    def base(self, url: str) -> str:
        """What relative links are relative to, when the page was read at `url`."""
        node = self.tree.css_first("base[href]")
        return absolute(url, (node.attributes.get("href") or "") if node is not None else "") or url

    def canonical(self, url: str) -> str:
        """The address that the page calls its own; "" when it names none."""
        node = self.tree.css_first('link[rel="canonical"][href]')
        return absolute(self.base(url), node.attributes.get("href") or "") if node is not None else ""

    def refresh(self, url: str) -> str:
        """Where the page at `url` sends its readers within five seconds; "" when it does not."""
        match = _REFRESH.match(self.meta.get("refresh", ""))
        target = absolute(self.base(url), match[2]) if match and float(match[1] or 0) <= 5 else ""
        return "" if target == url else target

    def links(self, url: str) -> tuple[Link, ...]:
        """Every link of the page at `url`, in order, at most 5,000; the same address may come more than once."""
        base, found = self.base(url), list[Link]()
        for number, block in enumerate(self.blocks):
            if not block.anchors:
                continue
            context = self._context(number)
            for anchor in block.anchors:
                if len(found) >= MOST_LINKS:
                    return tuple(found)
                if target := absolute(base, anchor.href):
                    found.append(Link(target, anchor.text[:LONGEST_CONTEXT], context, anchor.part, anchor.rel))
        return tuple(found)

    def linked_data(self) -> tuple[dict[str, Any], ...]:
        """JSON-LD objects, those of `@graph` and lists one by one; never deeper than 24, at most 500."""
        return linked_data(self._scripts('script[type*="ld+json"]'))

    def embedded(self) -> tuple[Any, ...]:
        """JSON that scripts start from: `application/json` and assignments to the like of `__INITIAL_STATE__`."""
        found = [parsed(script) for script in self._scripts('script[type="application/json"]')]
        for script in self._scripts("script:not([src]):not([type])"):
            if "__" in script:
                found += assigned(script)
        return tuple(value for value in found if value)

    def unscripted(self) -> str:
        """What the page says to those who run no scripts."""
        nodes = self.tree.css("noscript")[:20]
        return "\n".join(line for node in nodes for block in blocks_below(node) if (line := block.text))

    def _scripts(self, selector: str) -> list[str]:
        return [text for node in self.tree.css(selector)[:200] if (text := node.text(deep=True).strip())]

    def _context(self, number: int) -> str:
        block = self.blocks[number]
        text = block.text
        if block.kind == "heading":
            for following in self.blocks[number + 1 : number + 4]:
                if following.kind == "heading" or len(text) > LONGEST_CONTEXT:
                    break
                text = f"{text}\n{following.text}" if following.text else text
        return text[:LONGEST_CONTEXT]


def blocks_below(node: LexborNode) -> list[Block]:
    """The blocks of what is in an element, whatever the element itself is."""
    found: list[Block] = []
    child = node.first_child
    while child is not None:
        found += blocks_of(child)
        child = child.next
    return found


def shallow(html: str) -> str:
    """The page, cut where it is nested deeper than `DEEPEST_TAGS`: parsing takes time with the square of the depth."""
    if html.count("<") < _FEW_TAGS:
        return html
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() in _UNNESTED:
            continue
        if match[1]:
            depth -= depth > 0
        elif (depth := depth + 1) > DEEPEST_TAGS:
            return html[: match.start()]
    return html


def absolute(base: str, href: str) -> str:
    """The absolute http or https address of a link; "" for anything else."""
    try:
        url = urldefrag(urljoin(base, href.strip())).url
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > LONGEST_URL:
            return ""
    except ValueError:
        return ""
    return url


def _one_line(text: str) -> str:
    return " ".join(text.split())
