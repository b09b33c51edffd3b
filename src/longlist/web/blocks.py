"""Blocks: a page in reading order, as headings, paragraphs, list items and table rows, each with its links.

What a reader does not see is left out: scripts, styles, hidden parts, menus, buttons, cookie banners. Links are kept even
from menus. Knows nothing of addresses or of companies.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from selectolax.lexbor import LexborNode

BlockKind = Literal["heading", "item", "row", "text"]
Part = Literal["main", "nav", "header", "footer", "aside"]

_CELL = "\x1f"  # stands between the cells of a row until the row is whole
MOST_NODES = 150_000  # of one page; what comes after is not read
_LABEL_LENGTH = 40  # a first cell no longer than this names what the second one says
_UNSEEN = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]+")

_SKIPPED = frozenset(
    "script style template noscript svg math iframe object embed canvas video audio select option datalist textarea "
    "map head".split()
)
_MUTED = frozenset(("nav", "button", "menu"))  # not read out, but their links count
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_KINDS: dict[str, BlockKind] = {"li": "item", "tr": "row", **dict.fromkeys(_HEADINGS, "heading")}
_BLOCKS = _HEADINGS | frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer "
    "form header hgroup hr legend li main menu nav ol p pre search section summary table tbody tfoot thead tr ul".split()
)
_PARTS: dict[str, Part] = {"nav": "nav", "header": "header", "footer": "footer", "aside": "aside"}
_ROLES: dict[str, Part] = {"navigation": "nav", "menu": "nav", "menubar": "nav", "contentinfo": "footer"}
_BANNER = re.compile(
    r"cookie[-_ ]?(?:banner|consent|notice|bar|popup|law|policy|message|dialog|overlay|modal|info|wall)"
    r"|(?:consent|gdpr)[-_ ]?(?:banner|manager|popup|bar|dialog|modal|notice|overlay)"
    r"|onetrust|cybot|cookiebot|didomi|usercentrics|iubenda|\bcmp[-_]|\bcc-window\b|\bcky-",
    re.IGNORECASE,
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:[^.\d]|$)|opacity\s*:\s*0(?:[^.\d]|$)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Anchor:
    """A link as it stands in the page: its address unresolved, the words on it, and in which part it is."""

    href: str
    rel: str = ""
    text: str = ""
    part: Part = "main"


@dataclass(slots=True)
class Block:
    """One line of the page: its text (white space as one space; "" when it only holds unread links), and its links.

    `level` is 1 to 6 for headings, else 0.
    """

    kind: BlockKind
    text: str
    part: Part
    anchors: list[Anchor] = field(default_factory=list)
    level: int = 0


@dataclass(slots=True)
class _Frame:
    """What entering an element changed, to be undone when it is left."""

    node: LexborNode
    is_block: bool = False
    is_muted: bool = False
    part: Part | None = None
    kind: BlockKind | None = None
    anchor: Anchor | None = None


class _Walk:
    """Collects blocks while nodes are entered and left."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._anchors: list[Anchor] = []
        self._open: list[tuple[Anchor, list[str]]] = []
        self._parts: list[Part] = ["main"]
        self._kinds: list[tuple[BlockKind, int]] = [("text", 0)]
        self._muted = 0

    def words(self, text: str) -> None:
        for _, pieces in self._open:
            pieces.append(text)
        if not self._muted:
            self._pieces.append(text)

    def enter(self, node: LexborNode, tag: str) -> _Frame | None:
        """Begin an element; None when nothing in it is to be seen."""
        if tag in _SKIPPED:
            return None
        if tag == "br":
            self.flush()
            return None
        if tag == "img":
            if self._open and (alt := node.attrs.get("alt")):
                self._open[-1][1].append(f" {alt[:200]} ")
            return None
        frame = _Frame(node, is_block=tag in _BLOCKS, part=_PARTS.get(tag))
        if tag in {"td", "th"}:
            if self._pieces:
                self._pieces.append(_CELL)
        elif tag == "a":
            self._enter_anchor(frame)
        if tag not in {"html", "body", "main", "article"}:
            self._look_at_attributes(frame, tag)
        if tag in _MUTED or frame.part == "nav":
            frame.is_muted = True
        if frame.is_block or frame.is_muted:
            self.flush()
        if kind := _KINDS.get(tag):
            frame.kind = kind
            self._kinds.append((kind, int(tag[1]) if kind == "heading" else 0))
        if frame.part:
            self._parts.append(frame.part)
        self._muted += frame.is_muted
        return frame

    def leave(self, frame: _Frame) -> None:
        if frame.is_block or frame.is_muted:
            self.flush()
        if frame.kind:
            self._kinds.pop()
        if frame.part:
            self._parts.pop()
        self._muted -= frame.is_muted
        if frame.anchor is not None:
            anchor, pieces = self._open.pop()
            anchor.text = _tidy("".join(pieces)) or anchor.text

    def flush(self) -> None:
        """End the block that is being gathered."""
        for _, pieces in self._open:
            pieces.append(" ")
        if not self._pieces and not self._anchors:
            return
        text = _cells("".join(self._pieces))
        if text or self._anchors:
            kind, level = self._kinds[-1]
            self.blocks.append(Block(kind, text, self._parts[-1], self._anchors, level))
            self._anchors = []
        self._pieces = []

    def _enter_anchor(self, frame: _Frame) -> None:
        attributes = frame.node.attrs
        href = attributes.get("href")
        if href:
            label = attributes.get("aria-label") or attributes.get("title") or ""
            frame.anchor = Anchor(href.strip(), (attributes.get("rel") or "").lower(), label[:200], self._parts[-1])
            self._anchors.append(frame.anchor)
            self._open.append((frame.anchor, []))

    def _look_at_attributes(self, frame: _Frame, tag: str) -> None:
        """Hidden parts and banners are muted; roles say in which part we are."""
        attributes = frame.node.attributes
        if not attributes:
            return
        names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}"
        style = attributes.get("style")
        frame.is_muted = (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or bool(style and _HIDING.search(style))
            or (tag != "a" and len(names) > 1 and bool(_BANNER.search(names)))
        )
        if frame.part is None and (role := attributes.get("role")):
            frame.part = _ROLES.get(role)


def blocks_of(root: LexborNode) -> list[Block]:
    """The blocks under a node, in reading order. Without recursion, so that deep nesting is no danger."""
    walk = _Walk()
    frames: list[_Frame] = []
    node: LexborNode | None = root
    for _ in range(MOST_NODES):
        if node is None:
            break
        below: LexborNode | None = None
        if node.is_text_node:
            walk.words(node.text_content or "")
        elif node.is_element_node and (frame := walk.enter(node, node.tag or "")) is not None:
            below = node.first_child
            if below is None:
                walk.leave(frame)
            else:
                frames.append(frame)
        if below is not None:
            node = below
            continue
        if not frames:
            break
        following = node.next
        while following is None and frames:
            frame = frames.pop()
            walk.leave(frame)
            following = frame.node.next if frames else None
        node = following
    while frames:
        walk.leave(frames.pop())
    walk.flush()
    return walk.blocks


def _tidy(text: str) -> str:
    return " ".join((text if text.isascii() else _UNSEEN.sub("", text)).split())


def _cells(text: str) -> str:
    """A line; the cells of a table row as "label: value" when there are two and the first is short, else with bars."""
    if _CELL not in text:
        return _tidy(text)
    cells = [cell for part in text.split(_CELL) if (cell := _tidy(part))]
    if len(cells) == 2 and len(cells[0]) <= _LABEL_LENGTH and cells[0][-1].isalnum():
        return f"{cells[0]}: {cells[1]}"
    return " | ".join(cells)
