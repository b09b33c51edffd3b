"""What a page says of its company, block by block, without what surrounds it on every page.

Taken off: navigation, cookie and newsletter notices, testimonials and customers' logos, teasers of a blog, forms,
copyright lines. What is left are the words that may be quoted, each block a line, in reading order and verbatim (runs of
white space become one space). Hidden text is no text of the page, but is kept apart: it may hold what a page hides from
people and means for machines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_NODES = 40_000  # of a page that are looked at
MOST_CHARACTERS = 40_000  # of a page that are kept
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer h1 h2 h3 "
    "h4 h5 h6 header hr li main ol p pre section summary table tbody tfoot thead tr ul br".split()
)
_CELLS = frozenset({"td", "th", "dt"})  # parts of a line that stand apart
_SILENT = frozenset(
    "script style template svg iframe form button select option textarea nav dialog video audio canvas object embed head "
    "blockquote noscript link meta".split()
)
_ROLES = frozenset({"navigation", "menu", "menubar", "dialog", "alertdialog", "search", "tablist"})
_NAMES = frozenset(
    "cookie cookies consent gdpr newsletter testimonial testimonials review reviews breadcrumb breadcrumbs sidebar menu "
    "navbar nav navigation related teaser teasers blog news posts popup modal logos logowall clients share".split()
)
_HEADS = re.compile(
    r"what (?:our )?(?:customers|clients|users|people|they) (?:say|are saying|think)|testimonials?\b|customer (?:stories|love|quotes)|"
    r"from (?:the|our) blog|latest (?:news|posts|articles|stories)|(?:trusted|loved|used|chosen) by\b|read next|recent posts|"
    r"related (?:posts|articles)|in the (?:news|press)|das sagen|kundenstimmen|ils nous font confiance|lo que dicen",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\bcookies?\b.*\b(?:accept|agree|consent|preferences|experience|analytics|manage)\b|\baccept all\b.*\bcookies?\b"
    r"|[”\"»]\s?[—–-]{1,2}\s?\S"
    r"|^(?:trusted|used|loved|chosen|backed) by\b(?:.*,){2}"
    r"|^(?:©|\(c\)|copyright\b)|\ball rights reserved\b|\balle rechte vorbehalten\b|\btous droits réservés\b"
    r"|^(?:subscribe|sign up) (?:to|for) (?:our|the) newsletter|^skip to (?:main )?content|\benable javascript\b"
    r"|^(?:read more|learn more|log in|sign in|sign up|contact us|get started|book a demo|accept all)\W*$",
    re.IGNORECASE,
)
_FOOTER_FACT = re.compile(
    r"\b(?:founded|established|est\.|since|headquarter\w*|registered|gegründet|sitz|siège|sede|hq|office)\b",
    re.IGNORECASE,
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?:[;\s]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class OwnText:
    """A page, cut up. `lines` are the quotable text; `pairs` its labelled values, each with the line that holds it;
    `addresses` postal addresses; `hidden` what people do not see; `headings` the first-level ones; `owner` who holds the
    copyright, as a footer says.
    """

    lines: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str, str], ...] = ()
    addresses: tuple[str, ...] = ()
    hidden: str = ""
    headings: tuple[str, ...] = ()
    owner: str = ""

    @property
    def text(self) -> str:
        """The lines, one under the other."""
        return "\n".join(self.lines)


def own_text(tree: LexborHTMLParser) -> OwnText:
    """The blocks of a parsed page. Never fails: whatever the markup, something is read or nothing."""
    body = tree.body or tree.root
    if body is None:
        return OwnText()
    walk = _Walk(len(_text_of(body)))
    walk.through(body)
    return OwnText(
        lines=tuple(walk.lines),
        pairs=tuple(_pairs(body)),
        addresses=tuple(_short(body, "address")),
        hidden=" ".join(walk.hidden)[:MOST_CHARACTERS],
        headings=tuple(_short(body, "h1")),
        owner=walk.owner,
    )


def is_aside(line: str) -> bool:
    """Whether a line says nothing of the company itself: cookies, praise by others, copyright, calls to click."""
    return _ASIDE.search(line) is not None


class _Walk:
    """A walk over a page in reading order, with no recursion: pages nest as deep as they like."""

    def __init__(self, length: int) -> None:
        self.lines: list[str] = []
        self.hidden: list[str] = []
        self.owner = ""
        self._length = length
        self._kept = 0
        self._line: list[str] = []
        self._linked = 0
        self._in_link = 0
        self._in_footer = 0

    def through(self, body: LexborNode) -> None:
        node: LexborNode | None = body
        for _ in range(MOST_NODES):
            if node is None or self._kept >= MOST_CHARACTERS:
                break
            child = self._enter(node, is_top=node == body)
            if child is not None:
                node = child
                continue
            while node is not None:
                self._leave(node)
                if node == body:
                    node = None
                elif node.next is not None:
                    node = node.next
                    break
                else:
                    node = node.parent
        self._end_line()

    def _enter(self, node: LexborNode, *, is_top: bool) -> LexborNode | None:
        """The first child to look at, None when there is none or the node is passed over."""
        tag = node.tag
        if tag == "-text":
            self._say(node.text_content or "")
            return None
        if tag is None or tag in _SILENT or tag.startswith(("-", "!")):
            return None
        if not is_top and self._is_passed_over(node, tag):
            return None
        if tag in _BLOCKS and tag != "dd":  # a definition goes on after its term
            self._end_line()
        self._in_link += tag == "a"
        self._in_footer += tag == "footer"
        return node.child

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag
        if tag in _CELLS:
            self._line.append(" ")
        if tag in _BLOCKS and tag not in _CELLS:
            self._end_line()
        if node.child is not None and tag == "a":
            self._in_link = max(0, self._in_link - 1)
        if tag == "footer":
            self._in_footer = max(0, self._in_footer - 1)

    def _is_passed_over(self, node: LexborNode, tag: str) -> bool:
        attributes = node.attributes
        if (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or _HIDING.search(attributes.get("style") or "")
        ):
            self.hidden.append(_text_of(node)[:MOST_CHARACTERS])
            return True
        if tag == "header":
            return node.css_first("h1") is None
        if tag in {"main", "article", "footer", "h1", "h2"}:
            return False
        if (attributes.get("role") or "") in _ROLES:
            return True
        named = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".lower()
        if named != " " and not _NAMES.isdisjoint(re.split(r"[^a-z]+", named)):
            return self._is_small(node)
        if tag in {"section", "aside"}:
            head = node.css_first("h1, h2, h3, h4")
            return head is not None and _HEADS.search(_text_of(head)) is not None and self._is_small(node)
        return False

    def _is_small(self, node: LexborNode) -> bool:
        """Whether a part is not most of the page: a blog's own page is not passed over whole."""
        return len(_text_of(node)) <= self._length * 0.6

    def _say(self, text: str) -> None:
        self._line.append(text)
        if self._in_link:
            self._linked += len(text.strip())

    def _end_line(self) -> None:
        line = " ".join("".join(self._line).split())
        linked, self._line, self._linked = self._linked, [], 0
        if not line:
            return
        if self._in_footer or line.startswith("©"):
            self.owner = self.owner or _owner(line)
            if self._in_footer and not _FOOTER_FACT.search(line):
                return
        if is_aside(line) or (linked > 0.8 * len(line) and len(line.split()) <= 6):
            return
        self.lines.append(line)
        self._kept += len(line) + 1


def _owner(line: str) -> str:
    """Who holds the copyright: "© 2019-2024 Acme Inc. All rights reserved." gives "Acme Inc"."""
    match = re.search(
        r"(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:copyright\s*)?(?:\d{4}(?:\s?[-–—]\s?(?:\d{4}|present))?,?\s*)?(?:by\s+)?(.{2,80}?)"
        r"(?=\.?\s*(?:all rights|alle rechte|tous droits|todos los|\d{4}|\||·|•|—|–|$)|\.(?:\s|$))",
        line,
        re.IGNORECASE,
    )
    return match[1].strip(" ,.-|") if match else ""


def _pairs(body: LexborNode) -> Iterator[tuple[str, str, str]]:
    """(label, value, line) of rows with two short cells, and of definition lists."""
    for row in body.css("tr")[:400]:
        cells = [cell for cell in row.iter() if cell.tag in {"td", "th"}]
        if len(cells) == 2:
            label, value = (_flat(_text_of(cell)) for cell in cells)
            if 0 < len(label) <= 40 and 0 < len(value) <= 160:
                yield label.rstrip(" :"), value, f"{label} {value}"
    for term in body.css("dt")[:200]:
        value_node = term.next
        while value_node is not None and value_node.tag == "-text":
            value_node = value_node.next
        if value_node is not None and value_node.tag == "dd":
            label, value = _flat(_text_of(term)), _flat(_text_of(value_node))
            if 0 < len(label) <= 40 and 0 < len(value) <= 160:
                yield label.rstrip(" :"), value, f"{label} {value}"


def _short(body: LexborNode, tag: str) -> Iterator[str]:
    for node in body.css(tag)[:10]:
        text = _flat(_text_of(node))
        if 0 < len(text) <= 300:
            yield text


def _text_of(node: LexborNode) -> str:
    return node.text(deep=True, separator="") or ""


def _flat(text: str) -> str:
    return " ".join(text.split())
