"""The other pages, every state of a search, and texts that would rather be code."""

import json
import re
import time
from collections.abc import Callable

import pytest
from made_up_site import CRITERIA, Site
from playwright.sync_api import expect

from conftest import Visit, findings, measured, shot
from longlist.model.task import SourceState
from longlist.serve.web.assets import assets

SCRIPT = "<script>window.hacked = 1</script>"
HOSTILE = {
    "script": f"{SCRIPT} GmbH",
    "image": '<img src=x onerror="window.hacked=1">',
    "drawing": "<svg onload=window.hacked=1><text>Acme</text></svg>",
    "attribute": '" onmouseover="window.hacked=1" x="',
    "template": "{{ 7 * 7 }} ${7 * 7} {% raw %}",
    "end": "</script></textarea></title><script>window.hacked=1</script>",
    "overrides": "\u202egnp.exe Acme \u2066 Ltd \u200f\u202a",
    "zalgo": "Z" + "\u0335\u0321\u0327\u0334\u0328" * 40 + "algo",
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️ Ferries 🚢" * 30,
    "long": "Longer" * 1700,
    "long words": "a company with many words " * 400,
    "separators": "Line\u2028Paragraph\u2029Bell\x07Tab\tNew\nLine",
}
TEXT_LIMIT_KB = 120


def test_pages_weigh_little_and_say_what_they_may_load(site: Site, visit: Visit):
    sizes = {path: len(asset.plain) for path, asset in assets().items()}
    measured(f"scripts and styles: {sum(sizes.values()) / 1000:.1f} kB")
    assert sum(sizes.values()) <= TEXT_LIMIT_KB * 1000
    for path, asset in assets().items():
        if path.endswith(".js"):
            assert asset.plain.count(b"\n") <= 250, path
    task_id = site.task()
    for path in ("/", "/tasks", f"/tasks/{task_id}", "/settings", "/compare", "/nothing-here-at-all"):
        answer = visit.page().request.get(visit.base + path)
        if path != "/nothing-here-at-all":
            policy = answer.headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
            assert not re.search(r"<script(?![^>]*(src=|application/json))|\sstyle=|\son\w+=", answer.text())


def test_a_search_is_suggested_edited_and_started(site: Site, visit: Visit):
    page = visit.page("/")
    page.get_by_test_id("query").fill("small German booking software vendors for hotels, not agencies, profitable")
    cards = page.get_by_test_id("criterion")
    expect(cards.first).to_be_visible()
    expect(page.locator("#understood")).to_contain_text("in Germany")
    expect(page.locator("#understood")).to_contain_text("not understood: profitable")
    suggested = cards.count()
    shot(page, "new-search")
    assert findings(page) == []
    cards.first.get_by_label("What is graded").fill("It sells booking software to hotels.")
    cards.nth(1).get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Add criterion").click()
    cards.last.get_by_label("Name of the criterion").fill("In the Alps")
    cards.last.get_by_label("What is graded").fill("Its customers are in the Alps.")
    page.locator("#wanted").fill("40")
    page.locator("#exclude").fill("booking.com\nhttps://www.example.com/about")
    page.get_by_test_id("query").fill("small German booking software vendors for hotels, not agencies")
    page.wait_for_timeout(900)
    assert cards.count() == suggested  # what was edited stays, whatever is typed
    with page.expect_request("**/ui/v1/discovery_tasks") as asked:
        page.get_by_test_id("start").click()
    body = json.loads(asked.value.post_data or "")
    assert body["query"] == "small German booking software vendors for hotels, not agencies"
    assert (body["desired_num_results"], body["auto_data_sources"]) == (40, True)
    assert body["exclude_domains"] == ["booking.com", "https://www.example.com/about"]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", one["key"]) for one in body["criteria"])
    assert [one["criterion"] for one in body["criteria"]][:: len(body["criteria"]) - 1] == [
        "It sells booking software to hotels.",
        "Its customers are in the Alps.",
    ]
    page.wait_for_url(re.compile(r"/tasks/[0-9a-f-]{36}"))
    task = site.do(site.store.task(page.url.rsplit("/", 1)[1].split("?")[0]))
    assert task.spec.wanted == 40
    assert task.criteria is not None
    assert task.criteria[-1].name == "In the Alps"
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("link", name="Duplicate").click()
    expect(page.get_by_test_id("query")).to_have_value(task.spec.query)
    expect(page.get_by_test_id("criterion")).to_have_count(len(task.criteria))


def test_a_refusal_is_a_sentence_and_keeps_what_was_typed(visit: Visit):
    visit.expected = ("422",)
    page = visit.page("/?query=ferry+operators+in+Norway")
    expect(page.get_by_test_id("criterion").first).to_be_visible()
    page.locator("#exclude").fill("no-domain")
    page.get_by_test_id("start").click()
    expect(page.locator("#toasts")).to_contain_text("neither a domain nor a web address")
    expect(page.get_by_test_id("query")).to_have_value("ferry operators in Norway")
    expect(page.get_by_test_id("start")).to_be_enabled()


def _queued(site: Site, task_id: str) -> None:
    del site, task_id


def _running(site: Site, task_id: str) -> None:
    site.do(site.store.start(task_id))


def _ended(reason: str, *, exhausted: bool = False, rows: int = 10) -> Callable[[Site, str], None]:
    def make(site: Site, task_id: str) -> None:
        _running(site, task_id)
        site.fill(task_id, rows)
        site.do(site.store.finish(task_id, reason, is_exhausted=exhausted))  # type: ignore[arg-type]

    return make


def _failed(site: Site, task_id: str) -> None:
    _running(site, task_id)
    site.fill(task_id, 5)
    site.do(site.store.fail(task_id, "The index could not be read."))


def _none_qualified(site: Site, task_id: str) -> None:
    _running(site, task_id)
    site.do(site.put(task_id, [2, 3, 4, 7, 9]))
    site.do(site.store.finish(task_id, "exhausted", is_exhausted=True))


def _degraded(site: Site, task_id: str) -> None:
    _running(site, task_id)
    state = SourceState("linkedin", "unavailable", 3, "It limits us until 14:05.")
    site.do(site.store.set_source_state(task_id, state))


STATES: dict[str, tuple[Callable[[Site, str], None], int, str, list[str]]] = {
    "queued": (_queued, 100, "Waiting for a worker", ["Pause", "Stop"]),
    "running": (_running, 100, "Running: 0 of 100", ["Pause", "Stop"]),
    "done": (_ended("target_met"), 4, "Done, 4 qualified", ["Find 25 more"]),
    "exhausted": (_ended("exhausted", exhausted=True), 100, "the sources have no more", []),
    "not whole": (_ended("exhausted"), 100, "the last rounds brought nothing new", ["Look further"]),
    "budget": (_ended("budget"), 100, "the budget is spent", ["Resume"]),
    "paused": (_ended("paused"), 100, "Paused at", ["Resume"]),
    "stopped": (_ended("stopped"), 100, "Stopped at", ["Resume"]),
    "failed": (_failed, 100, "Failed: The index could not be read.", ["Resume", "Copy details"]),
    "degraded": (_degraded, 100, "Running", ["Pause"]),
}


@pytest.mark.parametrize("name", STATES)
def test_every_state_says_what_it_is_and_what_can_be_done(site: Site, visit: Visit, name: str):
    make, wanted, sentence, buttons = STATES[name]
    task_id = site.task(wanted=wanted)
    make(site, task_id)
    page = visit.page(f"/tasks/{task_id}", width=1280, height=800)
    expect(page.get_by_test_id("state")).to_contain_text(sentence)
    for button in buttons:
        expect(page.locator("#orders").get_by_role("button", name=button)).to_be_visible()
    if name == "running":
        expect(page.locator("#empty")).to_contain_text("Asking the sources…")
        expect(page.locator("#waiting")).to_contain_text("elapsed")
    if name == "exhausted":
        expect(page.locator("#hint")).to_contain_text("removed most")
        expect(page.get_by_role("link", name="Duplicate")).to_be_visible()
        shot(page, "exhausted")
    if name == "degraded":
        expect(page.locator("#sources .warn")).to_contain_text("linkedin 3 ⚠: It limits us until 14:05.")


def test_where_no_worker_runs_the_page_says_how_to_start_one(site: Site, visit: Visit):
    site.has_worker[0] = False
    try:
        page = visit.page(f"/tasks/{site.task()}")
        expect(page.get_by_test_id("state")).to_contain_text("No worker runs here. Start one with `longlist serve`")
    finally:
        site.has_worker[0] = True


def test_where_nothing_qualified_the_near_misses_are_one_step_away(site: Site, visit: Visit):
    task_id = site.task()
    _none_qualified(site, task_id)
    page = visit.page(f"/tasks/{task_id}?show=qualified")
    expect(page.locator("#empty")).to_contain_text("Nothing qualified")
    expect(page.locator("#empty")).to_contain_text("removed most")
    page.get_by_role("button", name="near misses").click()
    assert "show=near" in page.url


def test_two_searches_are_compared(site: Site, visit: Visit):
    first, second = site.task(wanted=50), site.task(wanted=50)
    site.fill(first, 10)
    site.fill(second, 10, first=5)
    for task_id in (first, second):
        site.do(site.store.finish(task_id, "exhausted", is_exhausted=True))
    row = next(row for row in site.do(site.store.changes(second)).rows if row.name == "Company 6")
    site.do(site.store.put_hand_grade(second, row.id, "forwarders", 2))
    page = visit.page(f"/compare?a={first}&b={second}")
    main = page.locator("main")
    before, after = ({r.candidate.key for r in site.do(site.store.results(task_id))} for task_id in (first, second))
    told = (
        f"{len(after - before)} new, {len(before - after)} gone, {len(after & before)} in both; 1 graded differently."
    )
    expect(main).to_contain_text(told)
    assert after - before
    assert before - after
    expect(main).to_contain_text("Company 10")
    shot(page, "compare")
    assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_other_pages_are_accessible(site: Site, visit: Visit, theme: str):
    site.task("ferry operators in Norway")
    for path in ("/?query=ferry+operators+in+Norway", "/tasks", "/settings", "/compare", "/tasks/none"):
        visit.expected = ("404",)
        page = visit.page(path, color_scheme=theme)
        page.wait_for_timeout(1200)
        assert findings(page) == [], path
        if path != "/tasks/none":
            shot(page, f"{re.sub('[^a-z].*', '', path[1:]) or 'new'}-{theme}")
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_settings_keep_looks_and_switch_keys_off(site: Site, visit: Visit):
    page = visit.page("/settings")
    page.locator("#set-theme").select_option("dark")
    page.locator("#set-density").select_option("comfortable")
    page.locator("#set-keys").uncheck()
    page.goto(f"{visit.base}/tasks/{site.task()}")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("data-density", "comfortable")
    page.keyboard.press("t")
    expect(root).to_have_attribute("data-theme", "dark")


def test_whoever_is_not_signed_in_is_told_how_and_sees_nothing(chromium, site: Site):
    context = chromium.new_context()
    page = context.new_page()
    task_id = site.task("a secret search")
    for path in ("/", "/tasks", f"/tasks/{task_id}", "/settings", "/compare"):
        answer = page.goto(site.base + path)
        assert answer is not None
        assert answer.status == 401
        assert "longlist token link" in page.content()
        assert "secret" not in page.content()
    for path in (f"/ui/tasks/{task_id}/events", "/ui/tasks/events", f"/ui/tasks/{task_id}/export.csv", "/ui/v1/tables"):
        assert page.request.get(site.base + path).status == 401
    context.close()


def test_other_sites_pages_may_change_nothing(site: Site, visit: Visit):
    task_id = site.task()
    site.fill(task_id, 1)
    (row,) = site.do(site.store.changes(task_id)).rows
    asking = visit.page().request
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        for method, path, body in (
            ("POST", "/ui/v1/discovery_tasks", {"query": "ferries"}),
            ("POST", "/ui/suggest", {"query": "ferries"}),
            ("PUT", f"/ui/tasks/{task_id}/results/{row.id}/verdict", {"verdict": "wrong"}),
            ("PUT", f"/ui/tasks/{task_id}/results/{row.id}/grade", {"criterion": "europe", "grade": 1}),
        ):
            answer = asking.fetch(visit.base + path, method=method, headers=headers, data=json.dumps(body))
            assert answer.status == 403, (path, headers)
    assert site.do(site.store.changes(task_id)).rows == (row,)


def test_hostile_texts_are_text_and_break_no_layout(site: Site, visit: Visit):
    task_id = site.task(f"companies {SCRIPT} \u202e {'x' * 3000}", wanted=50)
    for number, text in enumerate(HOSTILE.values()):
        quote = f"{text} quote" if len(text) < 9_000 else text
        site.do(site.put(task_id, [number], name=text, description=text, quote=quote, url="javascript:window.hacked=1"))
    site.do(site.store.set_source_state(task_id, SourceState("maps", "unavailable", 0, SCRIPT)))
    site.do(site.store.fail(task_id, f"{SCRIPT} failed"))
    begun = time.monotonic()
    page = visit.page(f"/tasks/{task_id}")
    rows = page.locator("#grid tbody tr")
    expect(rows).to_have_count(len(HOSTILE))
    heights = page.evaluate("[...document.querySelectorAll('#grid tbody tr')].map((tr) => tr.offsetHeight)")
    assert set(heights) == {34}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "<script>window.hacked" in (rows.locator("a", has_text="GmbH").text_content() or "")
    for number in range(len(HOSTILE)):
        rows.nth(number).locator("td").nth(1).click()
        panel = page.get_by_test_id("panel")
        expect(panel.locator(".judged")).to_have_count(4)
        assert panel.locator("a[href^='javascript']").count() == 0
        assert page.evaluate("document.getElementById('panel').scrollWidth <= 481")
    shot(page, "hostile")
    assert findings(page) == []
    for path in ("/tasks", f"/?from={task_id}", f"/compare?a={task_id}&b={task_id}"):
        page.goto(visit.base + path)
        page.wait_for_timeout(700)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate("window.hacked") is None
    assert len(CRITERIA) == 4
    measured(f"{time.monotonic() - begun:.1f} s")
