"""Which tables this version of Longlist works with: known without loading what makes them."""

from pathlib import Path

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def newest() -> str:
    """The revision of the newest migration: files are named for theirs, "0001_what_it_does.py", and sort by it."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))
