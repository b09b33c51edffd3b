"""Pages made from templates. Whatever stands in them is text: everything is escaped, nothing is marked as safe."""

import gzip
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from longlist import __version__
from longlist.model.access import Token
from longlist.serve.plain import plain
from longlist.serve.web.assets import address, packed_answer

FOLDER = Path(__file__).parent.parent / "templates"
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Vary": "Cookie, Accept-Encoding",
}
WORDS = {1: "No", 2: "Weak", 3: "Partial", 4: "Good", 5: "Strong", None: "No evidence"}


@cache
def templates() -> Environment:
    """The templates, compiled once."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"address": address, "version": __version__, "words": WORDS}
    made.filters |= {"plain": plain, "link": link, "number": lambda value: f"{value:,}"}
    return made


def link(url: str | None) -> str:
    """An address that may be clicked, "" for any other than http and https."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return plain(url or "") if parts.scheme in {"http", "https"} and parts.netloc else ""


def html(request: Request, template: str, session: Token | None, status: int = 200, **context: Any) -> Response:
    """A page."""
    text = templates().get_template(template).render(session=session, path=request.url.path, **context).encode()
    made = packed_answer(request, text, gzip.compress(text, 3, mtime=0), "text/html", HEADERS)
    made.status_code = status
    return made
