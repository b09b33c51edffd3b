"""All sources, by the name users give. To add one: write its file beside this one, then add its line here.

Packages of other people join through the entry point group `longlist.sources`: a name and a function that takes
Resources and returns a Source. `docs/adding-a-source.md` walks through both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from longlist.catalog.index import CompanyIndex
from longlist.discover.catalog import CatalogSource
from longlist.discover.source import Source
from longlist.discover.unavailable import NO_PROVIDER, WITHOUT_PROVIDER, UnavailableSource
from longlist.errors import InvalidInput

GROUP = "longlist.sources"

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
    """Every source by name: ours, those that installed packages registered, and those the wire format knows by name.

    Where names collide ours win. Nothing is started: a package that cannot be becomes a source that says so.
    """
    absent: dict[str, Build] = {name: _absent(name) for name in WITHOUT_PROVIDER}
    joined: dict[str, Build] = {entry.name: _joined(entry) for entry in entry_points(group=GROUP)}
    return absent | joined | SOURCES


def check_sources(names: Sequence[str] | None) -> None:
    """InvalidInput, listing the valid ones, for a name that no source has; None stands for the automatic choice."""
    known = known_sources()
    if names is not None and not names:
        raise InvalidInput(
            "The list of sources is empty; leave it out to use all that work here.", field="data_sources"
        )
    if unknown := [name for name in names or () if OTHER_NAMES.get(name, name) not in known]:
        shown = ", ".join(name[:100] for name in unknown[:10])
        raise InvalidInput(
            f"There is no source called {shown}. Sources here: {', '.join(sorted(known))}.", field="data_sources"
        )


def open_sources(names: Sequence[str] | None, resources: Resources) -> Mapping[str, Source]:
    """The named sources, or all that have a provider when `names` is None; InvalidInput as `check_sources`."""
    check_sources(names)
    known = known_sources()
    if names is None:
        registered = {entry.name for entry in entry_points(group=GROUP)} | SOURCES.keys()
        wanted = [name for name in known if name in registered]
    else:
        wanted = list(dict.fromkeys(OTHER_NAMES.get(name, name) for name in names))
    return {name: known[name](resources) for name in wanted}


def _absent(name: str) -> Build:
    return lambda _: UnavailableSource(name, NO_PROVIDER.format(name=name))


def _joined(entry: EntryPoint) -> Build:
    def build(resources: Resources) -> Source:
        try:
            source: Source = entry.load()(resources)
        except Exception as error:  # noqa: BLE001  the edge: a stranger's package must not end the search
            package = f"The package {entry.dist.name}" if entry.dist else "Its package"
            reason = f"{package} ({entry.value}) could not be started: {type(error).__name__}: {error}"
            return UnavailableSource(entry.name, reason[:500])
        return source

    return build
