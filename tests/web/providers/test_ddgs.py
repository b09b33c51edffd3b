"""The engine over the package ddgs, with a scraper that stands in for it."""

import pytest

from longlist.errors import NoAnswer, Refused, Unavailable
from longlist.model.network import Network
from longlist.model.web import NO_ERRAND
from longlist.testing import FakeCalls
from longlist.web.providers.ddgs_search import PAGES, Ddgs, _package, is_installed


class Scraper:
    """Gives these results, or raises this."""

    def __init__(self, results=(), fault: Exception | None = None) -> None:
        self.asked: list[tuple[str, dict]] = []
        self._results = list(results)
        self._fault = fault

    def text(self, query, **options):
        self.asked.append((query, options))
        if self._fault:
            raise self._fault
        return self._results


class RatelimitException(Exception): ...


class TimeoutException(Exception): ...


RESULTS = [
    {"title": "Cargo bikes", "href": "https://www.example-bikes.com/", "body": "We build <b>cargo bikes</b>."},
    {"title": "no address", "href": "", "body": ""},
]


async def test_results_become_hits_and_equal_searches_are_made_once():
    scraper, calls = Scraper(RESULTS), FakeCalls()
    engine = Ddgs(calls, scraper=scraper)
    [hit] = await engine.search("cargo bikes", 2, NO_ERRAND)
    assert await engine.search("cargo bikes", 2, NO_ERRAND) == (hit,)
    assert (hit.url, hit.snippet, hit.rank, hit.provider) == (
        "https://www.example-bikes.com/",
        "We build cargo bikes.",
        11,
        "ddgs",
    )
    assert scraper.asked == [("cargo bikes", {"page": 2, "max_results": 10})]
    assert [call.provider for call in calls.made] == ["ddgs"]
    assert await engine.search("cargo bikes", PAGES + 1, NO_ERRAND) == ()


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (RatelimitException("202 Ratelimit"), Refused, "too often"),
        (TimeoutException("timed out"), NoAnswer, "in time"),
        (RuntimeError("engine broke"), Unavailable, "engine broke"),
    ],
)
async def test_what_its_engines_raise_is_told_and_the_engine_rests(fault, kind, words):
    engine = Ddgs(FakeCalls(), scraper=Scraper(fault=fault))
    with pytest.raises(kind, match=words):
        await engine.search("x", 1, NO_ERRAND)
    assert not engine.health.is_ready


async def test_no_results_are_no_fault():
    assert (
        await Ddgs(FakeCalls(), scraper=Scraper(fault=RuntimeError("No results found."))).search("x", 1, NO_ERRAND)
        == ()
    )


def test_the_package_takes_the_proxy_there_is():
    if not is_installed():
        with pytest.raises(Refused, match="pip install"):
            _package(Network())
        return
    scraper = _package(Network(https_proxy="http://proxy.test:1"))
    assert callable(scraper.text)
