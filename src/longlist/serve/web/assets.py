"""The files pages load: our own scripts and styles, under an address that changes when any of them does.

They are read once and kept, plain and packed; browsers may keep them for ever.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent.parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    kind: str
    plain: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """All files by their path, as in "js/task.js"."""
    found = {}
    for file in sorted(FOLDER.rglob("*.*")):
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        plain = file.read_bytes()
        found[file.relative_to(FOLDER).as_posix()] = Asset(kind, plain, gzip.compress(plain, 9, mtime=0))
    return found


@cache
def version() -> str:
    """What names this state of all files."""
    digest = hashlib.sha256()
    for path, asset in assets().items():
        digest.update(f"{path} {len(asset.plain)} ".encode())
        digest.update(asset.plain)
    return digest.hexdigest()[:16]


def address(path: str) -> str:
    """Where a page finds a file."""
    return f"/static/{version()}/{path}"


def answer(request: Request, path: str, asked: str) -> Response:
    """A file; 404 for one that is not there. One of an earlier version is answered with today's, and not kept."""
    asset = assets().get(path)
    if asset is None:
        return Response("There is no such file.", 404, media_type="text/plain")
    keep = FOR_EVER if asked == version() else "no-cache"
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    return packed_answer(request, asset.plain, asset.packed, asset.kind, headers)


def packed_answer(request: Request, plain: bytes, packed: bytes, kind: str, headers: dict[str, str]) -> Response:
    """The packed form to whoever takes it."""
    takes = "gzip" in request.headers.get("accept-encoding", "")
    more = {"Content-Encoding": "gzip"} if takes else {}
    return Response(packed if takes else plain, 200, headers | more, f"{kind}; charset=utf-8")
