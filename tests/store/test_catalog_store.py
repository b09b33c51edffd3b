# ruff: noqa: ASYNC240 - a test may wait for a small file
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from longlist.catalog.importer import Rejection, read_records
from longlist.errors import CatalogError, InvalidInput
from longlist.model.company import Employees, Facts, Place, Record
from longlist.store import PutCount, SqlStore, catalog_rows

FACTS = Facts(
    1999, Employees(51, 200), Place("Spain", None, "Madrid"), "active", listed=False, business_models=("b2b",)
)


def record(number: int, domain: str = "", **fields: object) -> Record:
    key = f"catalog:x:{number}"
    made = Record(key, f"Name {number}", domain, "what it does", f"Text {number}.\nMore.", ("t",), website="https://w/")
    return replace(made, **fields)  # type: ignore[arg-type]


async def streamed(store: SqlStore, batch: int = 1000) -> list[list[Record]]:
    return [company async for some in store.companies(batch) for company in some]


async def test_records_come_back_exactly_by_company(store: SqlStore) -> None:
    kept = [record(1, "b.com", facts=FACTS), record(2, "a.com", kind="product"), record(3), record(4, "b.com")]
    assert await store.put_records("x", kept) == PutCount(added=4)
    assert await store.records_of(["b.com", "catalog:x:3", "unknown.com"]) == {
        "b.com": [kept[0], kept[3]],
        "catalog:x:3": [kept[2]],
    }
    assert await streamed(store) == [[kept[1]], [kept[0], kept[3]], [kept[2]]]


async def test_putting_again_counts_what_changed(store: SqlStore) -> None:
    await store.put_records("x", [record(1), record(2), record(3)])
    again = [record(1), record(2, text="New text."), record(3, facts=FACTS), record(4)]
    assert await store.put_records("x", again) == PutCount(added=1, changed=2, unchanged=1)
    assert (await store.records_of(["catalog:x:2"]))["catalog:x:2"] == [again[1]]


def texts(companies: list[list[Record]]) -> list[list[str]]:
    return sorted(sorted(found.text for found in company) for company in companies)


SIZES = pytest.mark.parametrize("size", [1, 2, 100])


@SIZES
async def test_several_lines_about_one_company_are_all_kept_and_change_nothing_when_they_come_again(
    store: SqlStore, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_rows, "PUT_BATCH", size)
    lines = [record(1, "a.com", text=text) for text in ("One", "Two", "Three", "Two")] + [record(2, "b.com")]
    assert await store.put_records("x", lines) == PutCount(added=4, unchanged=1)
    kept = await streamed(store)
    assert texts(kept) == [["One", "Three", "Two"], ["Text 2.\nMore."]]
    assert kept[0][0].key == "catalog:x:1"
    before = await store.catalog_fingerprint()
    assert await store.put_records("x", lines) == PutCount(unchanged=5)
    assert await streamed(store) == kept
    assert await store.catalog_fingerprint() == before
    await store.put_records("x", lines[::-1])
    assert texts(await streamed(store)) == texts(kept)


@SIZES
async def test_versions_of_a_line_that_are_no_longer_given_do_not_pile_up(
    store: SqlStore, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_rows, "PUT_BATCH", size)
    await store.put_records("x", [record(1, "a.com", text=text) for text in ("One", "Two", "Three")] + [record(2)])
    edited = [record(1, "a.com", text=text) for text in ("One", "Zwei", "Three")]
    assert await store.put_records("x", edited) == PutCount(added=1, unchanged=2, removed=1)
    assert ["One", "Three", "Zwei"] in texts(await streamed(store))
    assert await store.put_records("x", [record(1, "a.com", text="Eins")]) == PutCount(changed=1, removed=2)
    assert texts(await streamed(store)) == [["Eins"], ["Text 2.\nMore."]]  # what the list no longer names stays


@SIZES
async def test_companies_that_share_a_number_are_all_kept(
    store: SqlStore, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_rows, "PUT_BATCH", size)
    one = [record(1, "a.com", name="Aa"), record(2, name="Bb")]
    two = [record(1, "c.com", name="Cc"), record(2, name="Dd"), record(1, "d.com", name="Ee")]
    assert await store.put_records("x", one) == PutCount(added=2)
    assert await store.put_records("x", two) == PutCount(added=3)
    kept = await streamed(store)
    assert sorted(company[0].name for company in kept) == ["Aa", "Bb", "Cc", "Dd", "Ee"]
    for again in (one, two, two[::-1]):
        assert await store.put_records("x", again) == PutCount(unchanged=len(again))
    assert await streamed(store) == kept
    edited = [record(1, "c.com", name="Cc", text="New."), record(2, name="dd", text="New.")]
    assert await store.put_records("x", edited) == PutCount(changed=2)


async def imported(store: SqlStore, path: Path, text: str) -> PutCount:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    rejected: list[Rejection] = []
    count = await store.put_records("companies", read_records(path, "companies", on_reject=rejected.append))
    assert rejected == []
    return count


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("name,website,description\nAcme,acme.com,Paint.\nAcme,www.acme.com,Varnish.\n", 1),
        ("id,name,website,description\n7,Acme,acme.com,Paint.\n7,Acme,acme.com,Varnish.\n", 1),
        ("id,name,website,description\n7,Acme,acme.com,Paint.\n7,Bolt,bolt.com,Varnish.\n", 2),
        ("id,name,description\n7,Acme,Paint.\n7,Bolt,Varnish.\n", 2),
        ("name,country,description\nAcme,France,Paint.\nAcme,France,Varnish.\n", 2),
    ],
)
async def test_no_line_of_a_file_is_lost_whatever_it_shares_with_another(
    store: SqlStore, tmp_path: Path, text: str, companies: int
) -> None:
    assert await imported(store, tmp_path / "companies.csv", text) == PutCount(added=2)
    kept = await streamed(store)
    assert len(kept) == companies
    said = "\n".join(found.text for company in kept for found in company)
    assert "Paint." in said
    assert "Varnish." in said
    assert await imported(store, tmp_path / "companies.csv", text) == PutCount(unchanged=2)


async def test_two_files_of_one_name_that_number_their_companies_from_1_are_both_kept(
    store: SqlStore, tmp_path: Path
) -> None:
    one, two = "id,name,website\n1,Acme,acme.com\n2,Bolt,bolt.com\n", "id,name,website\n1,Cask,cask.com\n2,Dock,\n"
    assert await imported(store, tmp_path / "a" / "companies.csv", one) == PutCount(added=2)
    assert await imported(store, tmp_path / "b" / "companies.csv", two) == PutCount(added=2)
    names = {company[0].name for company in await streamed(store)}
    assert names == {"Acme", "Bolt", "Cask", "Dock"}
    assert await imported(store, tmp_path / "a" / "companies.csv", one) == PutCount(unchanged=2)
    assert await imported(store, tmp_path / "b" / "companies.csv", two) == PutCount(unchanged=2)


async def test_a_put_cut_short_removes_nothing_and_is_completed_by_the_next(store: SqlStore) -> None:
    lines = [record(1, "a.com", text=text) for text in ("One", "Two", "Three")]

    def cut_short() -> Iterator[Record]:
        yield lines[0]
        raise CatalogError("The file is cut off.")

    await store.put_records("x", lines)
    with pytest.raises(CatalogError):
        await store.put_records("x", cut_short())
    assert texts(await streamed(store)) == [["One", "Three", "Two"]]
    assert await store.put_records("x", lines) == PutCount(unchanged=3)


async def test_a_whole_set_replaces_what_was_there_under_the_same_keys(store: SqlStore) -> None:
    await store.put_records("x", [record(1, name="Old"), record(2), record(3)])
    await store.put_records("y", [replace(record(4), key="catalog:y:4")])
    new = [record(1, name="New"), record(2), record(2, text="And more.")]
    assert await store.put_records("x", new, is_whole=True) == PutCount(added=1, changed=1, unchanged=1, removed=1)
    kept = [found for company in await streamed(store) for found in company]
    assert [(found.key, found.name) for found in kept if "~" not in found.key] == [
        ("catalog:x:1", "New"),
        ("catalog:x:2", "Name 2"),
        ("catalog:y:4", "Name 4"),
    ]
    assert len(kept) == 4


async def test_a_record_whose_company_changed_moves_there(store: SqlStore) -> None:
    await store.put_records("x", [record(1)])
    await store.put_records("x", [record(1, "a.com")])
    assert list(await store.records_of(["a.com", "catalog:x:1"])) == ["a.com"]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("batch", [1, 4])
async def test_streaming_never_splits_a_company(
    store: SqlStore, size: int, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_rows, "READ_BATCH", size)
    kept = [record(number, f"d{number // 3}.com") for number in range(14)]
    await store.put_records("x", kept)
    companies = await streamed(store, batch)
    assert sorted(len(company) for company in companies) == [2, 3, 3, 3, 3]
    assert sorted(found.key for company in companies for found in company) == sorted(found.key for found in kept)
    assert [company[0].company_key for company in companies] == sorted({found.domain for found in kept})


async def test_an_empty_catalogue_streams_nothing(store: SqlStore) -> None:
    assert await streamed(store) == []
    assert await store.records_of([]) == {}


async def test_the_fingerprint_changes_with_the_records_and_only_then(store: SqlStore) -> None:
    seen = [await store.catalog_fingerprint()]
    assert seen == [""]
    for put in ([record(1)], [record(1, text="Other")], [record(1, text="Other"), record(2)]):
        await store.put_records("x", put)
        seen.append(await store.catalog_fingerprint())
        await store.put_records("x", put)
        assert await store.catalog_fingerprint() == seen[-1]
    assert await store.remove_set("x") == 2
    seen.append(await store.catalog_fingerprint())
    assert await store.remove_set("x") == 0
    assert await store.catalog_fingerprint() == seen[-1]
    assert len(set(seen)) == len(seen)


async def test_removing_a_set_leaves_the_others(store: SqlStore) -> None:
    await store.put_records("x", [record(1), record(2)])
    await store.put_records("y", [record(3)])
    assert await store.remove_set("x") == 2
    assert [company[0].key for company in await streamed(store)] == ["catalog:x:3"]


async def test_stats_count_what_is_stated(store: SqlStore) -> None:
    france = Facts(hq=Place("France"), listed=False, employees=Employees(1, None))
    await store.put_records("x", [record(1, "a.com", facts=FACTS), record(2, "a.com", facts=france)])
    await store.put_records("y", [record(3, facts=france), record(4)])
    stats = await store.catalog_stats()
    assert (stats.companies, stats.records, stats.with_domain, dict(stats.by_set)) == (3, 4, 2, {"x": 2, "y": 2})
    assert stats.top_countries == (("France", 2), ("Spain", 1))
    assert dict(stats.with_fact) == {
        "founded": 1,
        "employees": 3,
        "country": 3,
        "state": 0,
        "city": 1,
        "status": 1,
        "listed": 3,
        "business_models": 1,
        "funding_stage": 0,
        "funding_amount": 0,
    }


async def test_a_bad_record_ends_the_put_and_keeps_the_batches_before(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_rows, "PUT_BATCH", 2)
    with pytest.raises(InvalidInput, match="cannot be stored"):
        await store.put_records("x", [record(1), record(2), record(3), record(4, text="half \udc80")])
    assert [company[0].key for company in await streamed(store)] == ["catalog:x:1", "catalog:x:2"]
