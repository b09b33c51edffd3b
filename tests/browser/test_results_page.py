"""A search that has ended, in the browser: sorting, filtering, opening, correcting, exporting."""

import csv
import io
import re
from typing import Any

import openpyxl
import pytest
from made_up_site import CRITERIA, Site
from playwright.sync_api import Page, expect

from conftest import Visit, findings, shot
from longlist.serve.web.grid import rows_json
from longlist.serve.web.views import View, arranged, counts

NAMES = "#grid tbody th a"


@pytest.fixture(scope="module")
def done(site: Site) -> str:
    """A finished task: sixty companies, one of them waiting, one failed."""
    task_id = site.task(wanted=100)
    site.do(site.store.start(task_id))
    site.fill(task_id, 60)
    site.do(site.store.finish(task_id, "exhausted", is_exhausted=True))
    return task_id


def expected(site: Site, task_id: str, view: View) -> list[str]:
    rows = rows_json(site.do(site.store.changes(task_id)).rows)
    return [row["company_name"] for row in arranged(rows, view, 3, 100)]


def shown(page: Page) -> list[str]:
    return page.locator(NAMES).all_text_contents()  # those out of sight have no inner text


def test_every_column_sorts_with_what_is_missing_last(site: Site, visit: Visit, done: str):
    page = visit.page(f"/tasks/{done}")
    expect(page.locator(NAMES)).to_have_count(60)
    assert shown(page) == expected(site, done, View())
    for key, label in (
        ("g.forwarders", "Serves forwarders"), ("g.independent", "Independent"), ("name", "Company"),
        ("staff", "Staff"), ("founded", "Founded"), ("hq", "HQ"), ("relevance", "Rel."),
    ):  # fmt: skip
        for _ in range(2):
            page.locator("#grid thead").get_by_role("link", name=label).click()
            sort = page.evaluate("new URLSearchParams(location.search).get('sort') || '-relevance'")
            assert sort.removeprefix("-") == key
            assert shown(page) == expected(site, done, View(sort=sort)), sort
            assert page.locator("#grid th[aria-sort]").count() == 1


def test_filters_count_right_and_survive_a_reload(site: Site, visit: Visit, done: str):
    page = visit.page(f"/tasks/{done}")
    rows = rows_json(site.do(site.store.changes(done)).rows)
    for show, count in counts(rows, 3, 100).items():
        tab = page.locator(f"[data-show={show}]")
        assert tab.locator("b").inner_text() == str(count)
        assert tab.is_visible() == (bool(count) or show in {"all", "qualified", "near"})
    page.locator("[data-show=near]").click()
    assert shown(page) == expected(site, done, View("near"))
    page.keyboard.press("q")
    assert shown(page) == expected(site, done, View("qualified"))
    page.locator("th[data-key='g.independent']").hover()
    page.get_by_role("button", name="Column Independent").click()
    page.get_by_role("button", name="Only 5").click()
    page.locator("#filter").fill("hamburg freight")
    view = View("qualified", least={"independent": 5}, words="hamburg freight")
    assert 0 < len(shown(page)) < 30
    assert shown(page) == expected(site, done, view)
    page.reload()
    expect(page.locator("#filter")).to_have_value("hamburg freight")
    assert shown(page) == expected(site, done, view)
    page.locator("#filter").fill("nowhere at all")
    expect(page.locator("#empty")).to_contain_text("No row matches")
    expect(page.locator("#empty")).to_contain_text("Independent ≥ 5")
    page.get_by_role("button", name="Clear filters").click()
    assert shown(page) == expected(site, done, View("qualified"))


def test_without_scripts_the_same_rows_can_be_read_filtered_and_opened(site: Site, visit: Visit, done: str):
    page = visit.page(f"/tasks/{done}?show=qualified&sort=name", java_script_enabled=False)
    assert shown(page) == expected(site, done, View("qualified", sort="name"))
    page.locator(NAMES).first.click()
    expect(page.get_by_test_id("panel")).to_contain_text("lets freight forwarders quote, book and bill")
    expect(page.get_by_test_id("panel").locator("blockquote a").first).to_have_attribute(
        "href", re.compile("^https://company-")
    )
    page.goto(f"{visit.base}/tasks")
    expect(page.locator(f"#task-{done}")).to_contain_text("vertical SaaS companies")


def test_a_company_opens_by_click_and_by_key_and_gives_the_focus_back(site: Site, visit: Visit, done: str):
    page = visit.page(f"/tasks/{done}?show=qualified")
    expect(page.locator(NAMES)).to_have_count(len(expected(site, done, View("qualified"))))
    page.keyboard.press("j")
    first = page.locator("#grid tbody tr").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    panel = page.get_by_test_id("panel")
    for criterion in CRITERIA:
        expect(panel).to_contain_text(criterion.name)
    expect(panel.locator(".judged")).to_have_count(4)
    expect(panel.locator(".judged .badge").first).to_have_accessible_name("5 Strong")
    expect(panel.locator("blockquote").first).to_contain_text("quote, book and bill")
    link = panel.locator("blockquote a").first
    assert link.get_attribute("rel") == "noopener noreferrer"
    name = panel.locator("h2").inner_text()
    page.keyboard.press("j")
    expect(panel.locator("h2")).not_to_have_text(name)
    expect(page.locator("#grid tr[aria-selected]")).to_contain_text(panel.locator("h2").inner_text())
    opened = page.locator("#grid tr[aria-selected]").get_attribute("id")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator(f"#{opened}")).to_be_focused()
    page.locator("#grid tbody tr").nth(2).locator("td").first.click()
    expect(panel.locator("h2")).to_be_visible()
    assert "open=" in page.url
    page.reload()
    expect(panel.locator(".judged")).to_have_count(4)


def test_no_evidence_is_a_question_mark_after_1_and_no_failure(visit: Visit, done: str):
    page = visit.page(f"/tasks/{done}?sort=-g.independent")
    cells = page.locator("[data-testid='grade-independent']").all_text_contents()
    digits = [cell.split()[0] for cell in cells]
    assert digits == sorted(digits, key=lambda digit: (digit == "?", -int(digit) if digit != "?" else 0))
    assert digits[-1] == "?"
    chip = page.locator(".chip", has_text="Independent")
    bars = [int(one) for one in str(chip.get_attribute("data-bars")).split(",")]
    assert sum(bars) == sum(digit != "?" for digit in digits)
    assert bars == [digits.count(str(grade)) for grade in range(1, 6)]


def test_a_grade_by_hand_stands_beside_the_machines_counts_and_is_exported(site: Site, visit: Visit):
    task_id = site.task(wanted=100)
    site.fill(task_id, 6)
    site.do(site.store.finish(task_id, "exhausted", is_exhausted=True))
    page = visit.page(f"/tasks/{task_id}?show=near")
    before = page.locator("[data-show=qualified] b").inner_text()
    page.locator(NAMES).first.click()
    panel = page.get_by_test_id("panel")
    judged = panel.locator(".judged", has=page.locator(".badge.g1, .badge.g2, .badge.g3")).first
    machine = judged.locator(".badge").first.inner_text()
    judged.get_by_role("button", name="Correct").click()
    judged.get_by_label("Why").fill("I asked them.")
    judged.get_by_role("button", name="5 Strong").click()
    expect(panel.locator(".correct")).to_contain_text(["By hand: 5 Strong I asked them."])
    expect(panel.locator(".judged .badge", has_text=machine.split()[0]).first).to_be_visible()
    expect(page.locator("[data-show=qualified] b")).to_have_text(str(int(before) + 1))
    page.locator("[data-show=qualified]").click()
    expect(page.locator("#grid .badge.hand")).to_have_count(1)
    answer = page.request.get(f"{visit.base}/ui/tasks/{task_id}/export.csv?show=qualified")
    rows = list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))
    column = next(name for name in rows[0] if name.endswith("_grade_by_hand"))
    assert [row[column] for row in rows].count("5") == 1
    assert next(row for row in rows if row[column])[column.replace("grade_by_hand", "note_by_hand")] == "I asked them."
    panel.get_by_role("button", name="Take back").click()
    expect(page.locator("[data-show=qualified] b")).to_have_text(before)


def test_a_company_is_set_aside_and_taken_back(site: Site, visit: Visit):
    task_id = site.task(wanted=100)
    site.fill(task_id, 10)
    site.do(site.store.finish(task_id, "exhausted", is_exhausted=True))
    page = visit.page(f"/tasks/{task_id}?show=qualified")
    count = page.locator(NAMES).count()
    page.locator(NAMES).first.click()
    panel = page.get_by_test_id("panel")
    name = panel.locator("h2").inner_text()
    panel.get_by_role("button", name="Wrong company").click()
    expect(page.locator("[data-show=aside] b")).to_have_text("1")
    expect(page.locator("[data-show=qualified] b")).to_have_text(str(count - 1))
    page.locator("[data-show=aside]").click()
    assert shown(page) == [name]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-show=qualified] b")).to_have_text(str(count))


def test_files_hold_the_rows_on_screen_with_numbers_as_numbers_and_no_formulas(site: Site, visit: Visit):
    task_id = site.task(wanted=100)
    site.fill(task_id, 20)
    for number, name in enumerate(("=HYPERLINK(1)", "+1 Company", "-2 Company", "@SUM(A1)"), start=100):
        site.do(site.put(task_id, [number], name=name))
    site.do(site.store.finish(task_id, "exhausted", is_exhausted=True))
    page = visit.page(f"/tasks/{task_id}?sort=name&g.forwarders=3")
    names = shown(page)
    page.keyboard.press("e")
    files: dict[str, Any] = {}
    for shape in ("csv", "xlsx"):
        with page.expect_download() as downloading:
            page.locator(f"#export a[data-shape={shape}]").click()
        files[shape] = downloading.value.path().read_bytes()
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert [row["company_name"].removeprefix("'") for row in rows] == names
    assert not any(row["company_name"].startswith(("=", "+", "-", "@")) for row in rows)
    sheet = list(openpyxl.load_workbook(io.BytesIO(files["xlsx"])).active.values)  # type: ignore[union-attr]
    head = list(sheet[0])
    assert [row[head.index("company_name")] for row in sheet[1:]] == names
    assert all(isinstance(row[head.index("relevance")], int) for row in sheet[1:])
    assert {type(row[head.index("forwarders_grade")]) for row in sheet[1:]} == {int}


def test_views_are_saved_under_a_name_and_columns_hide(visit: Visit, done: str):
    page = visit.page(f"/tasks/{done}?show=near&sort=name")
    page.locator("#columns").click()
    page.get_by_role("checkbox", name="Staff").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("th[data-key=staff]")).to_have_count(0)
    page.locator("#views").click()
    page.get_by_role("button", name="Save this view…").click()
    page.get_by_label("Name").fill("Nearly")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Saved")
    page.locator("#views").click()
    page.get_by_role("button", name="All rows, as at first").click()
    expect(page.locator(NAMES)).to_have_count(60)
    page.locator("#views").click()
    page.get_by_role("button", name="Nearly").click()
    assert "view=Nearly" in page.url
    assert "show=near" in page.url
    expect(page.locator("th[data-key=staff]")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_results_are_accessible_with_the_panel_open_and_closed(visit: Visit, done: str, theme: str):
    page = visit.page(f"/tasks/{done}", color_scheme=theme)
    expect(page.locator(NAMES)).to_have_count(60)
    shot(page, f"done-{theme}")
    assert findings(page) == []
    page.locator(NAMES).nth(1).click()
    expect(page.locator(".judged")).to_have_count(4)
    shot(page, f"panel-{theme}")
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#sheet")).to_be_visible()
    assert findings(page) == []


def test_a_small_screen_scrolls_the_grid_alone_and_the_panel_fills_it(visit: Visit, done: str):
    page = visit.page(f"/tasks/{done}", width=390, height=844, reduced_motion="reduce")
    expect(page.locator(NAMES)).to_have_count(60)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("discovered", "enriched", "evaluated", "qualified"):
        expect(page.get_by_test_id(f"funnel-{name}")).to_be_in_viewport()
    assert page.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length") == 0
    shot(page, "small")
    page.locator(NAMES).first.click()
    expect(page.locator(".judged")).to_have_count(4)
    box = page.get_by_test_id("panel").bounding_box()
    assert box is not None
    assert (box["x"], round(box["width"])) == (0, 390)
    shot(page, "small-panel")
    assert findings(page) == []
