"""Tables in the browser: companies from a task, a column that asks, runs that are agreed to, cells that fill."""

import csv
import io
import re
from collections.abc import Callable, Sequence

import pytest
from made_up_site import Site, company
from playwright.sync_api import Page, expect

from conftest import Visit, findings, shot
from longlist.model.access import LOCAL_OWNER
from longlist.model.criterion import Evidence
from longlist.model.table import Agent, CellValue, ColumnConfig, NewRow
from longlist.store.table_store import CellEnd

ASKS = ColumnConfig("agent", "funding", "Funding", Agent("research_pro", "What did {company_name} raise last?", "text"))


def a_table(site: Site, rows: int, *columns: ColumnConfig) -> str:
    async def make() -> str:
        tables = site.home.tables_of(LOCAL_OWNER)
        table = await tables.create("Forwarder SaaS", columns=columns)
        await tables.add_rows(table.id, [NewRow({"input": f"company-{number}.example"}) for number in range(rows)])
        return table.id

    return site.do(make())


def answer(site: Site, *, failing: Sequence[int] = ()) -> int:
    """Do what the worker does with all cells that wait; `failing` are the places of those that fail."""

    async def work() -> int:
        claimed = await site.store.claim_cells("tester", 60_000, 500)
        page = company(1).pages[0]
        proof = Evidence(page.text, page.hash, page.read_at, url=page.url)
        done = CellValue("Series A, 2023", "The page says so.", (str(page.url),), (proof,))
        ends = [
            CellEnd(cell.row_id, cell.column_id, "failed", error="The provider refused: no credit.")
            if number in failing
            else CellEnd(cell.row_id, cell.column_id, "done", done, pages=(page,))
            for number, cell in enumerate(claimed)
        ]
        await site.store.put_cells("tester", ends)
        return len(claimed)

    return site.do(work())


def answer_all(site: Site) -> int:
    """All cells that wait, and those that come to wait for them."""
    count = 0
    while some := answer(site):
        count += some
    return count


def said(page: Page, name: str) -> list[str]:
    """The cells of a column."""
    place = page.locator("#grid thead a.by").all_text_contents().index(name)
    return [tr.locator("th, td").nth(place).text_content() or "" for tr in page.locator("#grid tbody tr").all()]


def test_companies_go_from_a_task_to_a_table_once(site: Site, visit: Visit):
    task_id = site.task(wanted=100)
    site.fill(task_id, 12)
    site.do(site.store.finish(task_id, "exhausted", is_exhausted=True))
    page = visit.page(f"/tasks/{task_id}?show=qualified")
    count = page.locator("#grid tbody tr").count()
    page.locator("#to-table").click()
    page.locator("dialog [name=name]").fill("My forwarders")
    page.get_by_role("button", name="Put them there").click()
    page.get_by_role("button", name="Open the table").click()
    page.wait_for_url("**/tables/*")
    expect(page.locator("h1")).to_have_text("My forwarders")
    expect(page.locator("#grid tbody tr")).to_have_count(count)
    page.go_back()
    page.locator("[data-show=all]").click()
    page.locator("#to-table").click()
    page.locator("dialog select").select_option(label="My forwarders")
    page.get_by_role("button", name="Put them there").click()
    expect(page.locator("#toasts")).to_contain_text(f"{12 - count} added, {count} were there already")
    page.locator("#grid tbody tr").first.click()
    page.get_by_test_id("panel").get_by_role("button", name="Add to table").click()
    page.locator("dialog [name=name]").fill("One alone")
    page.get_by_role("button", name="Put them there").click()
    expect(page.locator("#toasts")).to_contain_text("1 added.")
    answer_all(site)


def test_a_column_asks_nothing_until_that_is_agreed_to(site: Site, visit: Visit):
    answer_all(site)
    table_id = a_table(site, 14)
    page = visit.page(f"/tables/{table_id}")
    expect(page.locator("#grid tbody tr")).to_have_count(14)
    page.keyboard.press("c")
    page.locator("dialog [name=name]").fill("Funding")
    page.get_by_label("Question about each row").fill("What did {company_name} raise last?")
    page.get_by_role("button", name="Add column").click()
    expect(page.locator("#grid thead")).to_contain_text("✦ Funding")
    assert answer(site) == 0  # nothing runs by itself
    page.get_by_role("button", name="Run first 10").click()
    run = page.get_by_test_id("run-dialog")
    expect(run).to_contain_text("on 10 cells?")
    expect(run).to_contain_text("No limit is set for a run")
    expect(run).to_contain_text("Made from Company name")
    assert findings(page) == []
    run.get_by_role("button", name="Cancel").click()
    assert answer(site) == 0
    page.locator("#grid thead th", has_text="Funding").hover()
    page.get_by_role("button", name="Column Funding").click()
    page.get_by_role("button", name="Run the first 10 empty cells…").click()
    run.get_by_role("button", name="Run 10").click()
    expect(page.locator("#grid tbody")).to_contain_text("waiting")
    answer_all(site)
    expect(page.locator("#counts")).to_contain_text("10 done")
    assert sum("Series A" in text for text in said(page, "✦ Funding")) == 10


def test_a_question_is_tried_on_three_rows_and_kept_only_when_one_says_so(site: Site, visit: Visit):
    answer_all(site)
    table_id = a_table(site, 5)
    page = visit.page(f"/tables/{table_id}")
    expect(page.locator("#grid tbody tr")).to_have_count(5)

    def begin(name: str) -> None:
        page.keyboard.press("c")
        page.locator("dialog [name=name]").fill(name)
        page.get_by_label("Question about each row").fill("What was raised last?")
        page.get_by_role("button", name="Try it on 3 rows…").click()
        expect(page.get_by_test_id("run-dialog")).to_contain_text("on 3 rows?")
        expect(page.get_by_test_id("run-dialog")).to_contain_text("No limit is set for a run")
        assert answer(site) == 0  # nothing runs before that is agreed to

    begin("Left")
    page.get_by_test_id("run-dialog").get_by_role("button", name="Cancel").click()
    expect(page.locator("#toasts")).to_contain_text("not kept")
    expect(page.locator("#grid thead")).not_to_contain_text("Left")

    begin("Tried")
    page.get_by_role("button", name="Try 3 rows").click()
    tried = page.get_by_test_id("preview")
    expect(tried.locator("dd")).to_have_text(["◌ waiting"] * 3)
    assert answer(site, failing=[1]) == 3
    expect(tried.locator("dd")).to_have_text(
        [re.compile("Series A"), "✕ The provider refused: no credit.", re.compile("Series A")]
    )
    assert findings(page) == []
    shot(page, "preview")
    tried.get_by_role("button", name="Change the question…").click()
    page.get_by_label("Question about each row").fill("What was raised in all?")
    page.get_by_role("button", name="Save").click()
    expect(tried.locator("dd")).to_have_text(["◌ waiting"] * 3)
    assert answer(site) == 3
    expect(tried.locator("dd")).to_have_text([re.compile("Series A")] * 3)
    tried.get_by_role("button", name="Keep the column").click()
    expect(page.locator("#toasts")).to_contain_text("The column is kept.")
    assert answer(site) == 0
    assert sum("Series A" in text for text in said(page, "✦ Tried")) == 3


def test_columns_are_filtered_and_hidden_by_the_address(site: Site, visit: Visit):
    table_id = a_table(site, 6, ASKS)

    async def ask() -> None:
        tables = site.home.tables_of(LOCAL_OWNER)
        column = (await tables.table(table_id)).column("funding")
        rows = [row.id async for some in site.store.rows(table_id) for row in some]
        assert column is not None
        await tables.run(table_id, "all", rows=rows[:3], columns=[column.id])

    answer_all(site)
    site.do(ask())
    assert answer(site, failing=[2]) == 3
    page = visit.page(f"/tables/{table_id}")

    def choose(item: str) -> None:
        page.get_by_role("button", name="Column Funding").click()
        page.get_by_role("button", name=item).click()

    rows = page.locator("#grid tbody tr")
    for item, count in (("with an answer", 2), ("without an answer", 3), ("where it failed", 1)):
        choose(f"Only rows {item}")
        expect(rows).to_have_count(count)
        expect(page.locator("#tools")).to_contain_text(f"{count} of 6")
    page.get_by_role("link", name="No filter on Funding").click()
    expect(rows).to_have_count(6)
    choose("Filter…")
    page.locator("dialog [name=words]").fill("series")
    page.locator("dialog").get_by_role("button", name="Filter").click()
    expect(rows).to_have_count(2)
    page.reload()
    expect(rows).to_have_count(2)
    choose("Hide the column")
    expect(page.locator("#grid thead")).not_to_contain_text("Funding")
    expect(rows).to_have_count(2)
    assert findings(page) == []
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("Funding", exact=True).click()
    expect(page.locator("#grid thead")).to_contain_text("Funding")
    plain = visit.page(
        f"/tables/{table_id}?f.funding=series&hide=company_name,company_website", java_script_enabled=False
    )
    expect(plain.locator("#grid tbody tr")).to_have_count(2)
    expect(plain.locator("#grid thead")).not_to_contain_text("Website")
    plain.get_by_role("link", name="No filter on Funding").click()
    expect(plain.locator("#grid tbody tr")).to_have_count(6)
    expect(plain.locator("#grid thead")).not_to_contain_text("Website")


def test_a_failed_cell_says_why_and_is_tried_again_alone(site: Site, visit: Visit):
    table_id = a_table(site, 3, ASKS)

    async def ask() -> None:
        tables = site.home.tables_of(LOCAL_OWNER)
        column = (await tables.table(table_id)).column("funding")
        assert column is not None
        await tables.run(table_id, "new", columns=[column.id])

    answer_all(site)
    page = visit.page(f"/tables/{table_id}")
    site.do(ask())
    answer_all(site)
    cell = page.locator("#grid tbody tr").nth(1).locator("td").last
    expect(cell).to_contain_text("Series A, 2023")
    cell.click()
    panel = page.get_by_test_id("panel")
    expect(panel).to_contain_text("The page says so.")
    expect(panel.locator("blockquote")).to_contain_text("quote, book and bill")
    expect(panel.locator("blockquote a")).to_have_attribute("href", "https://company-1.example/product")
    shot(page, "table")
    assert findings(page) == []
    panel.get_by_role("button", name="Run this cell").click()
    expect(cell).to_contain_text("waiting")
    assert answer(site, failing=[0]) == 1
    expect(cell).to_contain_text("failed")
    expect(panel).to_contain_text("The provider refused: no credit.")
    panel.get_by_role("button", name="Try again").click()
    expect(cell).to_contain_text("waiting")
    assert answer(site) == 1
    expect(cell).to_contain_text("Series A, 2023")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_large_table_is_paged_sorted_and_filtered_by_the_server(site: Site, visit: Visit):
    table_id = a_table(site, 600)
    page = visit.page(f"/tables/{table_id}?sort=-input")
    expect(page.locator("#grid tbody tr")).to_have_count(250)
    assert page.locator("#grid tbody th").first.text_content() == "company-99.example"
    page.get_by_role("link", name="Later ›").click()
    page.get_by_role("link", name="Later ›").click()
    expect(page.locator("#grid tbody tr")).to_have_count(100)
    expect(page.locator("#grid tbody th").last).to_have_text("company-0.example")
    page.locator("#filter").fill("company-59")
    page.keyboard.press("Enter")
    expect(page.locator("#grid tbody tr")).to_have_count(11)
    expect(page.locator("#tools")).to_contain_text("11 of 600")


def test_tables_are_made_by_hand_listed_and_deleted(visit: Visit):
    page = visit.page("/tables")
    page.get_by_role("button", name="New table").click()
    page.locator("dialog [name=name]").fill("By hand <b>")
    page.get_by_label("Companies, one website").fill("acme.example\n\nbolt.example")
    page.get_by_role("button", name="Make the table").click()
    expect(page.locator("h1")).to_have_text("By hand <b>")
    expect(page.locator("#grid tbody tr")).to_have_count(2)
    expect(page.locator("#add-column")).to_be_visible()  # its scripts are there
    page.keyboard.press("c")
    page.locator("dialog [name=name]").fill("Chiefs")
    page.get_by_label("Question about each row").fill("CEO, Head of Sales")
    page.locator("dialog [name=agent]").select_option("company_people_finder")
    page.get_by_role("button", name="Add column").click()
    expect(page.locator("#grid thead")).to_contain_text("✦ Chiefs")
    page.locator("#more").click()
    page.get_by_role("button", name="Delete the table…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_url("**/tables")
    expect(page.locator("main")).not_to_contain_text("By hand")


DIALOGS: dict[bool, tuple[tuple[str, Callable[[Page], None]], ...]] = {
    True: (
        ("new", lambda page: page.get_by_role("button", name="New table").click()),
        ("import", lambda page: page.get_by_role("button", name="Import a file").click()),
    ),
    False: (
        ("ask", lambda page: page.keyboard.press("c")),
        ("cell", lambda page: page.locator("#grid tbody td").last.click()),
        ("keys", lambda page: page.keyboard.press("?")),
    ),
}
"""What opens each dialog of the list of tables (True) and of a table (False)."""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tables_are_accessible_and_fit_small_screens(site: Site, visit: Visit, theme: str):
    table_id = a_table(site, 5, ASKS)
    for path in ("/tables", f"/tables/{table_id}"):
        page = visit.page(path, color_scheme=theme)
        page.wait_for_timeout(900)
        assert findings(page) == [], path
        for step, (what, opens) in enumerate(DIALOGS[path == "/tables"]):
            opens(page)
            expect(page.locator("dialog[open]")).to_be_visible()
            assert findings(page) == [], what
            if step == 0:
                shot(page, f"{'tables' if path == '/tables' else 'table'}-{what}-{theme}")
            page.keyboard.press("Escape")
            expect(page.locator("dialog[open]"), what).to_have_count(0)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_a_file_is_looked_at_mapped_and_imported_and_comes_out_as_one(visit: Visit):
    page = visit.page("/tables")
    page.get_by_role("button", name="Import a file").click()
    lines = "Website,Owner,Secret\nhttps://acme-forwarding.com/x,=Ann,1\nbolt-forwarding.com,Ben,2\nacme-forwarding.com,Cid,3\n"
    page.locator("#import-file").set_input_files({"name": "mine.csv", "mimeType": "text/csv", "buffer": lines.encode()})
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("dialog")).to_contain_text("bolt-forwarding.com")
    assert page.get_by_label("Becomes: Website").input_value() == "input"
    page.get_by_label("Becomes: Secret").select_option("ignore")
    shot(page, "import")
    assert findings(page) == []
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("2 rows imported, 1 left out.")
    page.wait_for_url("**/tables/*-*")
    expect(page.locator("h1")).to_have_text("mine")
    expect(page.locator("#grid tbody tr")).to_have_count(2)
    expect(page.locator("#grid thead")).not_to_contain_text("Secret")
    page.keyboard.press("e")
    with page.expect_download() as downloading:
        page.locator("#export a", has_text="CSV").click()
    rows = list(csv.DictReader(io.StringIO(downloading.value.path().read_text(encoding="utf-8-sig"))))
    assert [(row["input"], row["owner"]) for row in rows] == [
        ("acme-forwarding.com", "'=Ann"),
        ("bolt-forwarding.com", "Ben"),
    ]
