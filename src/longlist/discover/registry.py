"""All sources, by the name users give. To add one: write its file beside this one, then add its line here.

Packages of other people join through the entry point group `longlist.sources`: a name and a function that takes
Resources and returns a Source.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from longlist.catalog.index import CompanyIndex
from longlist.discover.catalog import CatalogSource
from longlist.discover.source import Source
from longlist.discover.unconfigured import WITHOUT_PROVIDER, Unconfigured
from longlist.errors import InvalidInput

OTHER_NAMES = {"extruct_db": "catalog"}  # accepted on input: contract §1.6


@dataclass(frozen=True, slots=True)
class Resources:
    """What sources may be built from: the open catalogue index, and a folder of their own to keep things in."""

    index: CompanyIndex
    home: Path


Build = Callable[[Resources], Source]

SOURCES: dict[str, Build] = {
    "catalog": lambda resources: CatalogSource(resources.index),
}


def known_sources() -> dict[str, Build]:
    """Our sources and those that installed packages registered; ours win where names collide."""
    joined: dict[str, Build] = {entry.name: entry.load() for entry in entry_points(group="longlist.sources")}
    return joined | SOURCES


def open_sources(names: Sequence[str] | None, resources: Resources) -> Mapping[str, Source]:
    """The named sources, or all that can work here when `names` is None.

    A source the wire format knows but nobody provides is opened as one that says so; a name nobody knows at all is
    InvalidInput.
    """
    known = known_sources()
    if names is None:
        return {name: build(resources) for name, build in known.items()}
    known = {name: _unconfigured(name) for name in WITHOUT_PROVIDER} | known
    wanted = list(dict.fromkeys(OTHER_NAMES.get(name, name) for name in names))
    if unknown := [name for name in wanted if name not in known]:
        raise InvalidInput(
            f"There is no source called {', '.join(unknown)}. Sources here: {', '.join(sorted(known))}.",
            field="data_sources",
        )
    return {name: known[name](resources) for name in wanted}


def _unconfigured(name: str) -> Build:
    return lambda _: Unconfigured(name)
