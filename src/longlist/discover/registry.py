"""All sources, by the name users give. To add one: write its file beside this one, then add its line here.

Packages of other people join through the entry point group `longlist.sources`: a name and a function that takes
Resources and returns a Source. `docs/adding-a-source.md` walks through both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from longlist.catalog.index import CompanyIndex
from longlist.discover.catalog import CatalogSource
from longlist.discover.linkedin import LinkedInSource
from longlist.discover.llm_extract import LLMExtractor
from longlist.discover.maps import MapsSource
from longlist.discover.source import About, Source
from longlist.discover.unavailable import NOTHING_OUTSIDE, UnavailableSource, nobody_set_up
from longlist.discover.web_search import WebSearchSource
from longlist.errors import InvalidInput
from longlist.model.call import Caller
from longlist.web.providers.registry import NOBODY, Providers
from longlist.web.seams import PageReader

GROUP = "longlist.sources"

OTHER_NAMES = {"extruct_db": "catalog"}  # accepted on input: contract §1.6


@dataclass(frozen=True, slots=True)
class Resources:
    """What sources may be built from: the open catalogue index, a folder of their own to keep things in, the one way to
    the outside (None where nothing may be asked), the providers that are set up, who reads pages, if anybody, and who
    reads the companies of a list that rules read poorly: a model, where one is set up.
    """

    index: CompanyIndex
    home: Path
    calls: Caller | None = None
    providers: Providers = NOBODY
    reader: PageReader | None = None
    extractor: LLMExtractor | None = None


Build = Callable[[Resources], Source]


def _web_search(resources: Resources) -> Source:
    about, searches = WebSearchSource.about, resources.providers.searches
    if resources.reader is None:
        return UnavailableSource(about, NOTHING_OUTSIDE)
    if not searches:
        return UnavailableSource(about, nobody_set_up("search engine", ["web_search"]))
    return WebSearchSource(searches, resources.reader, extractor=resources.extractor)


def _linkedin(resources: Resources) -> Source:
    about, providers = LinkedInSource.about, resources.providers
    if resources.reader is None:
        return UnavailableSource(about, NOTHING_OUTSIDE)
    if not providers.searches and not providers.registers:
        return UnavailableSource(about, nobody_set_up("search engine or register", ["linkedin", "web_search"]))
    return LinkedInSource(providers.searches, resources.reader, providers.registers)


SOURCES: dict[str, Build] = {
    "catalog": lambda resources: CatalogSource(resources.index),
    "web_search": _web_search,
    "linkedin": _linkedin,
    "maps": lambda resources: (
        MapsSource(resources.providers.maps)
        if resources.providers.maps
        else UnavailableSource(MapsSource.about, NOTHING_OUTSIDE)
    ),
}


def known_sources() -> dict[str, Build]:
    """Every source by name: ours, and those that installed packages registered.

    Where names collide ours win. Nothing is started: a package that cannot be becomes a source that says so.
    """
    joined: dict[str, Build] = {entry.name: _joined(entry) for entry in _registered()}
    return joined | SOURCES


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
    """The named sources, or all when `names` is None; InvalidInput as `check_sources`. One that cannot work says so."""
    check_sources(names)
    known = known_sources()
    wanted = known if names is None else dict.fromkeys(OTHER_NAMES.get(name, name) for name in names)
    return {name: known[name](resources) for name in wanted}


@cache
def _registered() -> tuple[EntryPoint, ...]:
    """The sources of installed packages; they do not change while a program runs, and looking takes some 5 ms."""
    return tuple(entry_points(group=GROUP))


def _joined(entry: EntryPoint) -> Build:
    def build(resources: Resources) -> Source:
        try:
            source: Source = entry.load()(resources)
        except Exception as error:  # noqa: BLE001  the edge: a stranger's package must not end the search
            package = f"The package {entry.dist.name}" if entry.dist else "Its package"
            reason = f"{package} ({entry.value}) could not be started: {type(error).__name__}: {error}"
            return UnavailableSource(About(entry.name, entry.name, "A package that could not be started"), reason[:500])
        return source

    return build
