"""Answer to page: what a server sent, decoded, recognised, its text taken out. Pure, and the costly part of reading.

It is meant to be run apart (see `worker`), since a stranger's HTML can keep a parser busy for minutes.
"""

from dataclasses import dataclass
from datetime import datetime

from longlist.language.tongues import language_of
from longlist.model.web import PageState, WebPage
from longlist.web.charset import charset_of, decoded
from longlist.web.embedded import lines_of
from longlist.web.html import Markup
from longlist.web.recognise import ENOUGH, READABLE, Finding, by_content, by_status

LARGEST_PAGE = 2_000_000  # bytes of which a page is read; the rest is not fetched
LONGEST_TEXT = 200_000  # characters; what is longer is a book
MOST_NULS = 8  # in the first 1,000 bytes of a text; what has more is none
KEPT_TEXT: frozenset[PageState] = frozenset(("readable", "parked", "closed", "login_wall", "bot_wall"))

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server sent at last: after redirects, unpacked, at most `LARGEST_PAGE` bytes of body."""

    asked: str
    url: str
    status: int
    content_type: str = ""
    retry_after: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a reply. `charset` is "" when the body was not read as text. `moved_to` is where a page that says
    nothing sends its readers itself.
    """

    state: PageState
    why: str = ""
    title: str = ""
    text: str = ""
    language: str = ""
    charset: str = ""
    moved_to: str = ""


def read_reply(reply: Reply) -> Reading:
    """What the page is and says."""
    kind = _kind(reply)
    charset = charset_of(reply.body, reply.content_type) if kind else ""
    html = decoded(reply.body, charset) if kind else ""
    markup = Markup(html) if kind == "html" else None
    finding = by_status(reply.status, markup, reply.retry_after)
    if finding is not None:
        return _reading(finding, markup, markup.text() if markup else "", charset)
    if markup is None:
        if kind == "text" and html.strip():
            text = html[:LONGEST_TEXT].strip()
            return Reading("readable", text=text, language=language_of(text), charset=charset)
        what = reply.content_type.split(";")[0].strip()[:60] or "no kind of document that is known"
        is_empty = kind == "text" or (not reply.body.strip() and not reply.content_type)
        return Reading("unsuited", "The page is empty." if is_empty else f"It is no page of text ({what}).")
    text = markup.text()
    if len(text) < ENOUGH and (moved_to := markup.refresh(reply.url)):
        return Reading("unsuited", "The page sends its readers elsewhere.", moved_to=moved_to)
    finding = by_content(markup, text, reply.asked, reply.url)
    if finding.state == "script_only":
        text = unrendered(markup, text)
        if len(text) >= ENOUGH:
            finding = READABLE
    return _reading(finding, markup, text, charset)


def page_of(reply: Reply, reading: Reading, read_at: datetime, hops: tuple[str, ...] = ()) -> WebPage:
    """The page, put together."""
    return WebPage(
        asked=reply.asked,
        url=reply.url,
        state=reading.state,
        read_at=read_at,
        status=reply.status,
        hops=hops,
        title=reading.title,
        text=reading.text,
        html=decoded(reply.body, reading.charset) if reading.charset and reading.state in KEPT_TEXT else "",
        language=reading.language,
        why=reading.why,
    )


def unrendered(markup: Markup, visible: str) -> str:
    """What a page says without running its scripts: what is seen, its embedded data, else what it says of itself in
    noscript, metadata and JSON-LD.
    """
    lines = [visible] if visible else []
    for value in markup.embedded():
        lines += lines_of(value)
    if sum(map(len, lines)) < ENOUGH:
        lines += [markup.title, markup.meta.get("description") or markup.meta.get("og:description", "")]
        lines += [line for thing in markup.linked_data() for line in lines_of(thing)]
        if len(notice := markup.unscripted()) >= ENOUGH:
            lines.append(notice)
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _reading(finding: Finding, markup: Markup | None, text: str, charset: str) -> Reading:
    if markup is None or finding.state not in KEPT_TEXT:
        return Reading(finding.state, finding.why, markup.title if markup else "")
    text = text[:LONGEST_TEXT]
    language = markup.language or language_of(text)
    return Reading(finding.state, finding.why, markup.title, text, language, charset)


def _kind(reply: Reply) -> str:
    """What to read it as: "html", "text", or "" for not at all."""
    declared = reply.content_type.split(";")[0].strip().lower()
    start = reply.body[:1000].lstrip()
    if start.startswith(_BINARY) or (
        start.count(b"\0") > MOST_NULS and not start.startswith((b"\xff\xfe", b"\xfe\xff"))
    ):
        return ""
    if declared in _HTML_TYPES:
        return "html"
    looks_like_html = start[:1] == b"<" and not start.startswith((b"<?xml", b"<rss", b"<feed", b"<svg"))
    if declared in {"", "text/plain", "application/octet-stream"}:
        return "html" if looks_like_html else "text" if declared == "text/plain" else ""
    return ""
