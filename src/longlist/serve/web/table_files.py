"""Files into tables and out of them, for pages: an upload is looked at first, then imported as was agreed."""

import asyncio
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from longlist.engine.table_files import LEFT_OUT, FileView, import_file, view
from longlist.engine.table_reader import sheet_head, sheet_lines
from longlist.errors import InvalidInput, NotFound
from longlist.model.table import Table
from longlist.serve.http.paging import json_answer
from longlist.serve.http.parts import parts_of
from longlist.serve.http.problems import TooLarge
from longlist.serve.plain import plain, shortened
from longlist.serve.table_sheets import FORMATS, write_sheet
from longlist.serve.web.browser import JsonRoute, signed_in, writes

MAX_FILE = 64 * 2**20  # bytes of an upload
SHOWN = 80  # characters of a value in the preview
NAME = 200  # bytes of a file's name

router = APIRouter(prefix="/ui/tables", include_in_schema=False, route_class=JsonRoute)


@router.post("/import")
async def import_upload(
    request: Request,
    name: str,
    step: Literal["look", "import"] = "look",
    table: str = "",
    mapping: str = "",
) -> Response:
    """What would become of a file (`look`), or what became of it (`import`). The file is the body."""
    session = await writes(request)
    home = parts_of(request).home
    tables = home.tables_of(session.owner.id)
    found = await tables.table(table) if table else None
    agreed = _mapping(mapping)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _file_name(name)
        await _save(request, path)
        seen = await asyncio.to_thread(view, path, found, "company", agreed)
        if step == "look":
            return json_answer(_seen_json(seen, found))
        done = await import_file(
            tables, home.store, path, table_id=found.id if found else None, name=path.stem, mapping=agreed
        )
    return json_answer(
        {
            "table_id": done.table.id,
            "added": done.added,
            "skipped": len(done.duplicates) + len(done.rejected),
            "columns": len(seen.new),
            "reasons": [f"line {one.line}: {plain(one.reason)}" for one in (*done.rejected, *done.duplicates)[:10]],
        }
    )


@router.get("/{table_id}/export.{shape}")
async def export(request: Request, table_id: str, shape: str) -> Response:
    """All rows of a table as a file: each answer, why, and where that is said."""
    session = await signed_in(request)
    home = parts_of(request).home
    found = await home.tables_of(session.owner.id).table(table_id)
    if shape not in FORMATS:
        raise NotFound(f"Files are made as {', '.join(FORMATS)}.")
    folder = tempfile.mkdtemp()
    path = Path(folder) / f"table.{shape}"
    try:
        await write_sheet(path, shape, sheet_head(found), sheet_lines(home.store, found))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    away = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(path, filename=f"longlist-table-{found.id[:8]}.{shape}", background=away)


async def _save(request: Request, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        async for part in request.stream():
            size += len(part)
            if size > MAX_FILE:
                raise TooLarge(
                    f"The file is larger than {MAX_FILE // 2**20} MiB; `longlist tables import` takes any size."
                )
            file.write(part)


def _file_name(name: str) -> str:
    """The last part of a name, with its ending; nothing in it leads elsewhere."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in last[-NAME:]).strip(". ")
    while len(kept.encode()) > NAME:
        kept = kept[1:]
    return kept or "upload.csv"


def _mapping(text: str) -> dict[str, str]:
    try:
        given = json.loads(text) if text else {}
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise InvalidInput("The mapping has to be an object of columns and keys.", field="mapping")
    return given


def _seen_json(seen: FileView, table: Table | None) -> dict[str, Any]:
    keys = [(one.config.key, plain(one.config.name)) for one in table.columns if one.config.is_input] if table else []
    return {
        "columns": list(seen.columns),
        "mapping": {column: seen.mapping.get(column, LEFT_OUT) for column in seen.columns},
        "keys": [["input", "the company"], *([key, name] for key, name in keys if key != "input")],
        "values": {
            column: shortened(" · ".join(str(row[key]) for row in seen.rows if key in row), SHOWN)
            for column, key in seen.mapping.items()
        },
    }
