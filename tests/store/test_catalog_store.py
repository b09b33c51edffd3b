from dataclasses import replace

import pytest

from longlist.errors import InvalidInput
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


async def test_a_record_that_comes_twice_is_one_record_the_last(store: SqlStore) -> None:
    await store.put_records("x", [record(1), record(1, name="Later")])
    assert [[found.name for found in company] for company in await streamed(store)] == [["Later"]]


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
    for put in ([record(1)], [record(1, name="Other")], [record(1, name="Other"), record(2)]):
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
