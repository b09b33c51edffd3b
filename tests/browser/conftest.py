"""A browser, and one server for all of these tests. Where there is no Chromium they are skipped; in CI they fail."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_core_python.base import AXE_SCRIPT
from made_up_site import Site, serving
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
"""Kept by CI beside its log; looked at by people."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser. One for each module: while it is open its driver's loop runs, and no other can in this thread."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("There is no chromium; with CI set the pages are tested", pytrace=False)
        pytest.skip("There is no chromium to show the pages in")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site") / "home") as served:
        yield served


@pytest.fixture(scope="session")
def session(site: Site) -> str:
    return site.session()


Opened = Callable[..., Page]


class Visit:
    """Pages of one test; what they asked for and complained of."""

    def __init__(self, browser: Browser, base: str, session: str) -> None:
        self.base, self.browser, self.session = base, browser, session
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.expected: tuple[str, ...] = ()

    def page(self, path: str = "", *, width: int = 1440, height: int = 900, **options: object) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        self.contexts.append(context)
        context.add_cookies([{"name": "longlist_session", "value": self.session, "url": self.base}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda told: self._heard(told.type, told.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: self._asked(asked.url))
        if path:
            page.goto(self.base + path)
        return page

    def _heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(f"{kind}: {text}")

    def _asked(self, url: str) -> None:
        if urlsplit(url).scheme in {"http", "https", "ws", "wss"} and not url.startswith(self.base):
            self.foreign.append(url)

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def visit(chromium: Browser, site: Site, session: str) -> Iterator[Visit]:
    """Opens pages as a signed-in browser does. No page may ask another server for anything, or complain."""
    opened = Visit(chromium, site.base, session)
    yield opened
    opened.close()
    assert opened.foreign == []
    assert [said for said in opened.complaints if not any(word in said for word in opened.expected)] == []


def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def findings(page: Page) -> list[str]:
    """What axe has to say that is serious or critical."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then((told) => told.violations)")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:160] for node in one['nodes'][:4]]} "
        f"{[node['failureSummary'][:200] for node in one['nodes'][:2]]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


def measured(text: str) -> None:
    """Keep a figure beside the screenshots."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    with (SHOTS / "measured.txt").open("a", encoding="utf-8") as kept:
        kept.write(text + "\n")


def resident_mb(pid: int) -> float:
    """What a process has in memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1000
