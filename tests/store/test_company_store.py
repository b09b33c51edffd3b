"""What the store tells of companies at large, whichever task found them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from longlist.model.company import Candidate, CompanyProfile, Facts, Page
from longlist.model.task import TaskSpec
from longlist.store import SqlStore
from longlist.store.company_rows import READ_BATCH

READ = datetime(2026, 1, 1, tzinfo=UTC)


def profile(key: str, text: str, *, record: str | None = None) -> CompanyProfile:
    page = Page(text, READ, url=None if record else f"https://{key}/", record=record)
    return CompanyProfile(key, key.title(), key, text, text, (), Facts(), (page,))


async def put(store: SqlStore, *profiles: CompanyProfile) -> None:
    task = await store.create(TaskSpec("anything"))
    keys = list(dict.fromkeys(company.key for company in profiles))
    await store.put_candidates(task.id, [Candidate(key, key, key, "fake") for key in keys])
    for company in profiles:
        await store.put_profiles(task.id, [(company.key, company)])


async def test_a_profile_is_learned_when_a_page_is_no_catalogue_record(store: SqlStore):
    own, other = profile("own.com", "its own site"), profile("other.com", "told", record="maps:other.com")
    await put(store, own, other, profile("old.com", "a record", record="catalog:mine:old.com"))
    learned = await store.learned_profiles(["own.com", "other.com", "old.com", "unknown.com"], with_texts=True)
    assert learned == {"own.com": own, "other.com": other}
    assert (await store.learned_profiles(["own.com"]))["own.com"] == replace(own, pages=())


async def test_the_newest_learned_version_of_a_company_counts(store: SqlStore):
    record = profile("acme.com", "a record", record="catalog:mine:acme.com")
    await put(store, profile("acme.com", "first"), profile("acme.com", "second"), record)
    assert (await store.learned_profiles(["acme.com"]))["acme.com"].description == "second"
    assert [[c.description for c in batch] async for batch in store.learned_companies()] == [["second"]]


async def test_all_learned_companies_stream_in_batches_each_company_once(store: SqlStore):
    count = READ_BATCH + 20
    first = [profile(f"c{n:04}.com", "before") for n in range(count)]
    await put(store, *first[:3])
    task = await store.create(TaskSpec("anything"))
    await store.put_candidates(task.id, [Candidate(c.key, c.key, c.key, "fake") for c in first])
    for text in ("between", "after"):
        await store.put_profiles(task.id, [(c.key, profile(c.key, text)) for c in first])
    streamed = [company async for batch in store.learned_companies() for company in batch]
    assert [company.key for company in streamed] == [company.key for company in first]
    assert {company.pages[0].text for company in streamed} == {"after"}


async def test_versions_are_told_in_order_from_a_moment_on(store: SqlStore):
    assert await store.profiles_since(None) == []
    assert await store.newest_profile() is None
    await put(store, *(profile(f"c{n}.com", "x") for n in range(5)))
    versions = await store.profiles_since(None)
    assert [version.key for version in versions] == [f"c{n}.com" for n in range(5)]
    assert await store.newest_profile() == versions[-1]
    assert await store.profiles_since(versions[2].created_at) == versions[2:]
    assert await store.profiles_since(None, after=versions[1], limit=2) == versions[2:4]
    assert await store.profiles_since(versions[-1].created_at + timedelta(seconds=1)) == []


async def test_a_profile_is_found_by_its_id(store: SqlStore):
    await put(store, profile("acme.com", "paint"))
    (version,) = await store.profiles_since(None)
    found = await store.profile_with_id(version.id)
    assert found == replace(profile("acme.com", "paint"), pages=())
    assert await store.profile_with_id("nothing") is None
