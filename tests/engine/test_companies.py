"""Company search: names, words, filters and identifiers, over the catalogue and what tasks learned."""

import asyncio
import shutil
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from longlist.catalog.index import CompanyIndex
from longlist.catalog.lookup import company_id
from longlist.engine.catalogue import Catalogue
from longlist.engine.companies import MAX_DEPTH, MAX_LIMIT, Companies, Filters
from longlist.engine.search import run_task
from longlist.errors import InvalidInput, NotFound
from longlist.model.company import Candidate
from longlist.model.task import TaskSpec
from longlist.plan.rule_planner import RulePlanner
from longlist.store.open import SqlStore, open_store
from longlist.testing import FakeSource, made_up, make_kit

HEADER = "id,name,website,description,country,city,founded,employees\n"
ROWS = (
    "acme.com,Acme Paints Ltd,acme.com,Makes paint and varnish for wooden boats,United Kingdom,London,1950,120",
    "hull,Hull & Sons GmbH,hull-sons.de,Makes paint for ships and boats,Germany,Hamburg,1990,40",
    "boots,Bootsfarben AG,bootsfarben.de,Boat varnish and marine paint,Germany,Munich,2018,8",
    "sail,Sailworks Inc.,sailworks.com,Sews sails for racing boats,United States,Boston,2001,",
    "oar,Oarsome,oarsome.io,Carbon oars for rowing clubs,,,,",
    "ledger,Ledgerly,ledgerly.com,Accounting software for small firms,United States,New York,2012,300",
    "books,Bookwise,bookwise.com,Accounting software for restaurants,France,Paris,2016,60",
    "tax,Taxfolk,taxfolk.com,Accounting and tax software for freelancers,Spain,Madrid,2019,15",
    "asoft,Accountingsoft Systems,accsys.com,Sells garden furniture,Italy,Rome,1980,20",
    "stripe,Stripe,stripe.com,Payments for internet businesses,United States,San Francisco,2010,7000",
    "mumbai,Bombay Tea House,bombaytea.in,Sells tea by post,India,Bombay,1999,25",
)


@pytest.fixture
def catalogue(store: SqlStore, home: Path) -> Catalogue:
    return Catalogue(store, home / "index", embedded=False)


@pytest.fixture
async def companies(store: SqlStore, catalogue: Catalogue, home: Path, tmp_path: Path) -> Companies:
    await put(catalogue, tmp_path, *ROWS)
    opened = over(store, catalogue, home)
    await opened.open()
    return opened


def over(store: SqlStore, catalogue: Catalogue, home: Path) -> Companies:
    return Companies(catalogue, store, home / "learned", RulePlanner(today=lambda: date(2026, 1, 2)).understand)


async def put(catalogue: Catalogue, tmp_path: Path, *rows: str, set_name: str = "mine") -> None:
    path = tmp_path / f"{set_name}.csv"
    path.write_text(HEADER + "\n".join(rows))
    await catalogue.import_file(path, set_name, None, tmp_path / "rejects", on_progress=lambda _: None)


async def keys(companies: Companies, text: str, filters: Filters | None = None, limit: int = 20) -> list[str]:
    page = await companies.search(text, filters, limit=limit)
    return [company.profile.key for company in page.companies]


async def learn(store: SqlStore, *candidates: Candidate) -> str:
    """A task that learns of these companies."""
    kit = make_kit(store, FakeSource("fake", candidates))
    task = await store.create(TaskSpec("companies that make something", wanted=25))
    await run_task(kit, task.id)
    return task.id


def renamed(key: str, name: str, text: str) -> Candidate:
    return Candidate(key=key, name=name, domain=key, source="fake", snippet=text)


# Ranking


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Stripe", "stripe.com"),
        ("STRIPE, Inc.", "stripe.com"),
        ("Strype", "stripe.com"),
        ("stripe.com", "stripe.com"),
        ("https://www.Stripe.com/pricing?x=1", "stripe.com"),
        ("hull and sons", "hull-sons.de"),
        ("Hull&Sons", "hull-sons.de"),
        ("acmepaints", "acme.com"),
        ("Acme Piants Limited", "acme.com"),
        ("Boots farben", "bootsfarben.de"),
        ("Sail works", "sailworks.com"),
        ("marine paint makers in Germany", "bootsfarben.de"),
    ],
)
async def test_names_domains_typos_and_descriptions_find_their_company_first(companies: Companies, text, key):
    assert (await keys(companies, text))[0] == key


async def test_a_description_is_no_misspelt_name(companies: Companies):
    found = await keys(companies, "accounting software")
    assert set(found[:3]) == {"ledgerly.com", "bookwise.com", "taxfolk.com"}


async def test_conditions_in_the_text_are_understood(companies: Companies):
    assert "acme.com" not in await keys(companies, "boat paint makers in Germany founded after 2000")
    assert (await keys(companies, "boat paint makers in Germany founded after 2000"))[0] == "bootsfarben.de"
    assert (await keys(companies, "Stripe in the United States"))[0] == "stripe.com"


async def test_scores_lie_between_0_and_1_and_never_rise(companies: Companies):
    for text in ("Stripe", "boat paint", "accounting software for restaurants"):
        scores = [company.score for company in (await companies.search(text)).companies]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize("text", ["", "   ", "!!!", "😀", "-", "()[]{}*?~:\\/"])
async def test_a_text_without_a_letter_finds_nothing(companies: Companies, text):
    page = await companies.search(text)
    assert (page.companies, page.total) == ((), 0)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "the",
        "日本の会社",
        "boat " * 2000,
        "x" * 10000,
        "not",
        "� paint",
        "AND OR NOT",
        "boat\n\tpaint",
        "in Germany",
        "1",
        "11-50 employees",
        "https://",
        "..",
        "a.b.c.d",
        "paint😀",
        "(" * 300,
        "not agencies",
    ],
)
async def test_unusual_texts_have_an_answer(companies: Companies, text):
    started = time.perf_counter()
    page = await companies.search(text)
    assert page.total == len(page.companies) <= len(ROWS)
    assert time.perf_counter() - started < 2


# Filters


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(countries=("germany",)), {"hull-sons.de", "bootsfarben.de"}),
        (Filters(countries=("USA",), founded_max=2005), {"sailworks.com"}),
        (Filters(countries=("uk", "Deutschland")), {"acme.com", "hull-sons.de", "bootsfarben.de"}),
        (Filters(countries=("Atlantis",)), set()),
        (Filters(cities=("HAMBURG",)), {"hull-sons.de"}),
        (Filters(cities=("München", "london")), {"bootsfarben.de", "acme.com"}),
        (Filters(cities=("Mumbai",)), {"bombaytea.in"}),
        (Filters(sizes=("1-10", "51-200")), {"bootsfarben.de", "acme.com", "bookwise.com"}),
        (Filters(sizes=("5001-10000",)), {"stripe.com"}),
        (Filters(founded_min=2018), {"bootsfarben.de", "taxfolk.com"}),
        (Filters(founded_min=2010, founded_max=2010), {"stripe.com"}),
        (Filters(founded_min=2011, founded_max=2001), set()),
        (Filters(countries=("Germany",), not_cities=("munich",)), {"hull-sons.de"}),
        (Filters(countries=("Germany",), not_sizes=("11-50",)), {"bootsfarben.de"}),
        (Filters(countries=("Germany",), not_domains=("https://www.hull-sons.de/x",)), {"bootsfarben.de"}),
    ],
)
async def test_include_filters_let_only_pass_what_states_the_fact_and_matches(companies: Companies, filters, found):
    assert set(await keys(companies, "boat paint", filters)) == found


async def test_exclude_filters_only_take_out_what_states_the_fact_and_matches(companies: Companies):
    everyone = set(await keys(companies, "boat paint"))
    assert everyone - set(await keys(companies, "boat paint", Filters(not_countries=("Germany",)))) == {
        "hull-sons.de",
        "bootsfarben.de",
    }
    kept = await keys(companies, "boat paint", Filters(not_sizes=("11-50",), not_cities=("Boston",)))
    assert "oarsome.io" in kept
    assert "sailworks.com" not in kept


async def test_filters_hold_for_companies_named_exactly(companies: Companies):
    assert "stripe.com" not in await keys(companies, "Stripe", Filters(countries=("France",)))
    assert "stripe.com" not in await keys(companies, "stripe.com", Filters(not_domains=("stripe.com",)))


@pytest.mark.parametrize(
    "filters",
    [
        Filters(sizes=("11-51",)),
        Filters(not_sizes=("",)),
        Filters(not_domains=("no domain",)),
        Filters(not_domains=("",)),
        Filters(not_domains=tuple(f"c{n}.com" for n in range(1001))),
    ],
)
async def test_filters_that_cannot_be_are_refused(companies: Companies, filters):
    with pytest.raises(InvalidInput):
        await companies.search("paint", filters)


async def test_a_thousand_domains_may_be_excluded_however_often_they_are_named(companies: Companies):
    domains = [f"c{n}.com" for n in range(999)] + ["acme.com", "www.acme.com", "https://acme.com/"]
    found = await keys(companies, "boat paint", Filters(not_domains=tuple(domains)))
    assert "acme.com" not in found
    assert "hull-sons.de" in found


# Identifiers


@pytest.mark.parametrize(
    "identifier",
    [
        "acme.com",
        " ACME.com ",
        "https://www.acme.com/about?x=1#y",
        "http://shop.acme.com:8080",
        "acme.com/",
        "www.acme.com",
        company_id("acme.com"),
        company_id("acme.com").upper(),
        f"{{{company_id('acme.com')}}}",
        "catalog:mine:acme.com",
    ],
)
async def test_a_company_is_found_by_domain_url_id_and_record(companies: Companies, identifier):
    company = await companies.lookup(identifier)
    assert (company.id, company.profile.name, company.score) == (company_id("acme.com"), "Acme Paints Ltd", 1.0)


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "unknown.com",
        "Acme Paints",
        "x" * 5000,
        "https://linkedin.com/company/acme",
        "..",
        "�",
        "00000000-0000-0000-0000-000000000000",
        company_id("unknown.com"),
    ],
)
async def test_an_unknown_identifier_is_not_found(companies: Companies, identifier):
    with pytest.raises(NotFound):
        await companies.lookup(identifier)
    with pytest.raises(NotFound):
        await companies.similar(identifier)


async def test_the_domain_a_company_had_before_still_finds_it(companies, catalogue, tmp_path):
    await put(catalogue, tmp_path, "old-name.com,Newname,new-name.com,Rope,Malta,Valletta,2000,5", set_name="moved")
    await companies.refresh()
    assert (await companies.lookup("old-name.com")).profile.domain == "new-name.com"
    assert "new-name.com" not in await keys(companies, "rope", Filters(not_domains=("old-name.com",)))


async def test_a_profile_id_finds_the_company_as_it_is_now(companies: Companies, store: SqlStore):
    await learn(store, renamed("acme.com", "Acme", "Now makes kites"), made_up(1, "Makes kites"))
    await companies.refresh()
    versions = {version.key: version.id for version in await store.profiles_since(None)}
    company = await companies.lookup(versions["acme.com"])
    assert (company.id, company.profile.description) == (company_id("acme.com"), "Now makes kites")


async def test_a_profile_whose_company_left_the_catalogue_is_found_by_its_id_alone(companies, store, catalogue):
    kit = make_kit(store, FakeSource("fake", [made_up(1, "x")]), records=await store.records_of(["acme.com"]))
    task = await store.create(TaskSpec("paint"))
    await store.put_candidates(task.id, [Candidate("acme.com", "Acme", "acme.com", "catalog")])
    await store.put_profiles(task.id, await kit.enricher.enrich(await store.unprofiled(task.id)))
    await catalogue.remove("mine")
    await companies.refresh()
    (version,) = await store.profiles_since(None)
    with pytest.raises(NotFound):
        await companies.lookup("acme.com")
    assert (await companies.lookup(version.id)).profile.name == "Acme Paints Ltd"
    seed, page = await companies.similar(version.id)
    assert (seed.id, page.total) == (company_id("acme.com"), 0)


# Likeness


async def test_similar_companies_come_without_the_seed(companies: Companies):
    seed, page = await companies.similar("https://acme.com/x")
    found = [company.profile.key for company in page.companies]
    assert seed.profile.key == "acme.com"
    assert "acme.com" not in found
    assert set(found[:2]) == {"hull-sons.de", "bootsfarben.de"}
    assert len(found) == page.total == len(ROWS) - 1


async def test_similar_companies_can_be_filtered_and_paged(companies: Companies):
    _, german = await companies.similar("acme.com", Filters(countries=("Germany",)))
    assert {company.profile.key for company in german.companies} == {"hull-sons.de", "bootsfarben.de"}
    whole = (await companies.similar("acme.com"))[1].companies
    parts = [(await companies.similar("acme.com", offset=n, limit=1))[1].companies[0] for n in range(len(whole))]
    assert tuple(parts) == whole


# What tasks learn


async def test_profiles_a_run_wrote_are_found_after_a_refresh(companies: Companies, store: SqlStore, home: Path):
    before = (home / "index" / "CURRENT").read_text(), CompanyIndex.open(home / "index").fingerprint
    await learn(store, *(made_up(n, f"Brews craft beer number {n} in a cellar") for n in range(5)))
    assert not any(key.startswith("made-up") for key in await keys(companies, "craft beer brewers"))
    await companies.refresh()
    assert {key for key in (await keys(companies, "craft beer brewers"))[:5] if key.startswith("made-up")} == {
        f"made-up-company-{n}.com" for n in range(5)
    }
    assert (await companies.lookup("made-up-company-3.com")).profile.name == "Company 3"
    assert before == ((home / "index" / "CURRENT").read_text(), CompanyIndex.open(home / "index").fingerprint)


async def test_what_was_learned_neither_dominates_nor_vanishes(companies: Companies, store: SqlStore):
    await learn(store, renamed("keel.com", "Keel", "Paint for boats"), *(made_up(n, "Bakes bread") for n in range(3)))
    await companies.refresh()
    found = await keys(companies, "paint for boats")
    assert found.index("keel.com") < 4
    assert min(found.index(f"made-up-company-{n}.com") for n in range(3)) > 3
    assert (await keys(companies, "accounting software"))[0] in {"ledgerly.com", "bookwise.com", "taxfolk.com"}


async def test_what_was_learned_shadows_the_catalogue(companies: Companies, store: SqlStore):
    await learn(store, renamed("acme.com", "Acme Kites", "Makes kites for children. Founded in 2020."))
    await companies.refresh()
    page = await companies.search("kites for children")
    assert page.companies[0].profile.name == "Acme Kites"
    assert page.total == len(ROWS)
    assert "acme.com" not in await keys(companies, "paint", Filters(founded_max=1960))
    assert "acme.com" in await keys(companies, "paint", Filters(founded_min=2020))


async def test_a_newer_version_replaces_what_was_learned_before(companies: Companies, store: SqlStore):
    for text in ("Makes kites", "Makes drums", "Makes bells"):
        await learn(store, renamed("toy.com", "Toymaker", text))
        await companies.refresh()
        page = await companies.search("Toymaker")
        assert page.companies[0].profile.description == text
        assert page.total == len(ROWS) + 1


async def test_what_another_process_wrote_late_is_found_after_looking_back(
    companies: Companies, store: SqlStore, monkeypatch
):
    await learn(store, made_up(1, "Makes kites"), made_up(2, "Makes drums"))
    early, late = (version.id for version in await store.profiles_since(None))
    learned = companies._learned
    learned._seen = {late: datetime.now(UTC)}  # as if the earlier one had been written only now
    learned._newest = (await store.profiles_since(None))[-1]
    learned._looked_back = time.monotonic()
    assert await learned._unseen() == []
    monkeypatch.setattr("longlist.engine.learned.LOOK_BACK_SECONDS", 0.0)
    assert [version.id for version in await learned._unseen()] == [early]


async def test_a_refresh_without_news_changes_nothing(companies: Companies, store: SqlStore, home: Path):
    await learn(store, made_up(1, "Brews beer"))
    await companies.refresh()
    seal = next((home / "learned").glob("g*/seal.json"))
    before = seal.stat().st_mtime_ns
    await companies.search("beer")
    for _ in range(3):
        await companies.refresh()
    assert seal.stat().st_mtime_ns == before


async def test_two_processes_share_what_was_learned(companies: Companies, store: SqlStore, catalogue, home: Path):
    other = over(store, catalogue, home)
    await other.open()
    await learn(store, made_up(1, "Brews beer"))
    await other.refresh()
    await learn(store, made_up(2, "Brews beer"))
    await companies.refresh()
    await other.refresh()
    for one in (companies, other):
        assert set((await keys(one, "brews beer"))[:2]) == {"made-up-company-1.com", "made-up-company-2.com"}


async def test_a_damaged_or_foreign_index_of_what_was_learned_is_built_anew(companies, store, catalogue, home: Path):
    await learn(store, made_up(1, "Brews beer"))
    await companies.refresh()
    for damage in ("facts.table", "seal.json"):
        next((home / "learned").glob(f"g*/{damage}")).write_text("damaged")
        again = over(store, catalogue, home)
        await again.open()
        assert (await keys(again, "brews beer"))[0] == "made-up-company-1.com"
    shutil.copytree(home / "learned", home / "other" / "learned")
    async with open_store(f"sqlite:///{home / 'other' / 'app.db'}") as empty:
        foreign = Companies(
            Catalogue(empty, home / "other" / "index", embedded=False),
            empty,
            home / "other" / "learned",
            RulePlanner().understand,
        )
        await foreign.open()
        assert (await foreign.search("brews beer")).total == 0


async def test_an_index_with_many_replaced_rows_is_built_anew(companies: Companies, store: SqlStore, home: Path):
    for number in range(4):
        await learn(store, *(renamed(f"c{n}.com", f"C{n}", f"Makes toy number {number}") for n in range(10)))
        await companies.refresh()
    index = CompanyIndex.open(home / "learned")
    assert len(index) == 10
    assert len(index.facts) < 40


# A changing catalogue, and paging


async def test_an_import_is_found_after_a_refresh(companies: Companies, catalogue: Catalogue, tmp_path: Path):
    await put(catalogue, tmp_path, "zip,Zipline,zipline.dev,Zippers for tents,Norway,Oslo,2003,9", set_name="more")
    await companies.refresh()
    assert (await keys(companies, "zippers for tents"))[0] == "zipline.dev"
    assert await keys(companies, "tents", Filters(cities=("oslo",))) == ["zipline.dev"]


async def test_searches_go_on_while_the_catalogue_is_built(companies: Companies, catalogue, tmp_path: Path):
    await put(catalogue, tmp_path, *(f"c{n},C{n},c{n}.com,Paint {n},,,," for n in range(3000)), set_name="more")
    refreshing = asyncio.create_task(companies.refresh())
    totals = set()
    while not refreshing.done():
        totals.add((await companies.search("paint")).total)
        await asyncio.sleep(0.005)  # without a breath the builder's thread would hardly get Python's lock
    await refreshing
    assert totals <= {len(ROWS), MAX_DEPTH}
    assert (await companies.search("paint")).total == MAX_DEPTH


async def test_pages_hold_every_company_once_and_end_at_the_depth(companies: Companies, catalogue, tmp_path: Path):
    rows = (
        f"c{n},Company {n},c{n}.com,Makes paint of colour {n} for boats,Germany,Kiel,{1900 + n % 100},{n}"
        for n in range(2500)
    )
    await put(catalogue, tmp_path, *rows, set_name="more")
    await companies.refresh()
    found: list[str] = []
    while page := (await companies.search("boat paint", offset=len(found), limit=1000)).companies:
        assert len(page) <= MAX_LIMIT
        found += [company.profile.key for company in page]
    assert len(found) == len(set(found)) == MAX_DEPTH
    again = await companies.search("boat paint", offset=700, limit=50)
    assert [company.profile.key for company in again.companies] == found[700:750]


async def test_an_empty_catalogue_finds_nothing(store: SqlStore, catalogue: Catalogue, home: Path):
    empty = over(store, catalogue, home)
    await empty.open()
    assert (await empty.search("paint")).total == 0
    await learn(store, made_up(1, "Makes paint"))
    await empty.refresh()
    assert await keys(empty, "paint") == ["made-up-company-1.com"]
