"""The whole way, on a real server with the embedded catalogue and its worker: nothing here is made up."""

import io
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from playwright.sync_api import Browser, expect

import served
from conftest import Visit, findings, measured, resident_mb, shot

OPEN_PAGES = 50
MOST_MB = 50


@pytest.fixture(scope="module")
def server(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[served.Served]:
    home = tmp_path_factory.mktemp("journey") / "home"
    shutil.copytree(built_home, home)
    with served.serving(home) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(server: served.Served) -> str:
    """The session that the link of the server's first words gives."""
    link = re.search(r"http://\S+/sign-in\?code=\S+", server.words)
    assert link
    address = urlsplit(link[0])
    with socket.create_connection((str(address.hostname), int(address.port or 0))) as asking:
        asking.sendall(f"GET {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        answer = asking.recv(65_536).decode()
    found = re.search(r"longlist_session=([^;]+)", answer)
    assert found, answer
    return found[1]


@pytest.fixture
def journey(chromium: Browser, server: served.Served, signed_in: str) -> Iterator[Visit]:
    opened = Visit(chromium, server.base, signed_in)
    yield opened
    opened.close()
    assert opened.foreign == []
    assert opened.complaints == []


def test_from_a_sentence_to_a_file(journey: Visit):
    page = journey.page("/")
    page.get_by_test_id("query").fill("buy now pay later providers for online shops")
    cards = page.get_by_test_id("criterion")
    expect(cards).to_have_count(2)
    cards.nth(1).get_by_label("What is graded").fill("Its customers are mainly online shops or their buyers.")
    page.locator("#wanted").fill("12")
    page.get_by_test_id("start").click()
    page.wait_for_url(re.compile(r"/tasks/[0-9a-f-]{36}"))
    rows = page.locator("#grid tbody tr")
    expect(rows.first).to_be_visible(timeout=40_000)
    expect(page.locator("#dot")).to_have_class(re.compile("done|exhausted"), timeout=60_000)
    expect(page.locator("#chips")).to_contain_text("Buy now pay later")
    page.keyboard.press("q")
    count = rows.count()
    assert count == int(page.get_by_test_id("funnel-qualified").inner_text())
    assert 5 <= count <= 12
    rows.first.locator("td").first.click()
    panel = page.get_by_test_id("panel")
    expect(panel.locator(".judged")).to_have_count(2)
    quote = panel.locator("blockquote p").first.inner_text()
    assert re.search("later|instal", quote, re.IGNORECASE)
    expect(panel.locator("blockquote footer").first).to_contain_text("catalogue:")
    expect(panel.locator(".path")).to_contain_text("catalog")
    shot(page, "journey")
    assert findings(page) == []
    page.keyboard.press("Escape")
    names = page.locator("#grid tbody th a").all_text_contents()
    page.keyboard.press("e")
    with page.expect_download() as downloading:
        page.locator("#export a[data-shape=xlsx]").click()
    sheet = list(openpyxl.load_workbook(io.BytesIO(downloading.value.path().read_bytes())).active.values)  # type: ignore[union-attr]
    head = [str(name) for name in sheet[0]]
    assert [row[head.index("company_name")] for row in sheet[1:]] == names
    quoted = [name for name in head if name.endswith("_quote")]
    assert quote in {row[head.index(name)] for row in sheet[1:] for name in quoted}


def test_fifty_open_pages_take_little_memory(server: served.Served, signed_in: str):
    """Pages of a list of tasks, each with its stream; the server's own process alone is looked at."""
    base = urlsplit(server.base)

    def ask(path: str) -> socket.socket:
        asking = socket.create_connection((str(base.hostname), int(base.port or 0)))
        asking.settimeout(20)
        asking.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {base.netloc}\r\nCookie: longlist_session={signed_in}\r\n\r\n".encode()
        )
        assert asking.recv(65_536).startswith(b"HTTP/1.1 200")
        return asking

    for _ in range(3):
        ask("/tasks").close()
    before = resident_mb(server.process.pid)
    streams = [ask("/ui/tasks/events") for _ in range(OPEN_PAGES)]
    pages = [ask("/tasks") for _ in range(OPEN_PAGES)]
    added = resident_mb(server.process.pid) - before
    for one in (*streams, *pages):
        one.close()
    measured(f"{OPEN_PAGES} open pages take {added:.1f} MB in the server's process, which has {before:.0f} MB without")
    assert added < MOST_MB
