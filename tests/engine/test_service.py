"""What may be asked of tasks: contract §2.1 and §2.9."""

from uuid import uuid4

import pytest

from longlist.engine.checks import checked_criteria, criteria_from_texts
from longlist.engine.reader import TaskReader
from longlist.engine.service import MAX_EXCLUDED_TASKS, Service
from longlist.errors import Conflict, InvalidInput, NotFound
from longlist.model.access import LOCAL_OWNER
from longlist.model.company import Candidate, CompanyProfile, Facts
from longlist.model.criterion import Criterion, Grade
from longlist.model.task import TaskSpec
from longlist.store.open import SqlStore

BREWS = Criterion("brews", "Brews", "The company brews beer.")


def known_sources(names):
    if names and "nope" in names:
        raise InvalidInput("There is no source called nope.", field="data_sources")


@pytest.fixture
def service(store: SqlStore) -> Service:
    return Service(store, known_sources)


def service_of(store: SqlStore, owner_id: str) -> Service:
    return Service(store, lambda _: None, owner_id, is_queued=True)


async def finished(store: SqlStore, *domains: str, reason="target_met", wanted=10) -> str:
    """A finished task whose results have these domains."""
    task = await store.create(TaskSpec("q", wanted, (BREWS,)))
    await store.put_candidates(task.id, [Candidate(domain, domain, domain, "x") for domain in domains])
    profiles = [(domain, CompanyProfile(domain, domain, domain, "", "", (), Facts(), ())) for domain in domains]
    await store.put_profiles(task.id, profiles)
    await store.put_grades(task.id, [(domain, 0.5, (Grade("brews", 5, ""),)) for domain in domains])
    await store.start(task.id)
    return (await store.finish(task.id, reason, is_exhausted=reason == "exhausted")).id


async def test_a_new_task_is_saved_and_nothing_is_searched(service: Service, store: SqlStore):
    task = await service.create("breweries", wanted=7, criteria=[BREWS], sources=["catalog"], exclude=["a.com"])
    assert (task.status, task.spec.wanted, task.criteria) == ("created", 7, (BREWS,))
    assert task.spec.sources == ("catalog",)
    assert (await store.progress(task.id)).discovered == 0


async def test_no_criteria_mean_that_they_are_inferred_later(service: Service):
    assert (await service.create("breweries", criteria=[])).criteria is None


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"query": " "}, "query"),
        ({"query": "x" * 20_001}, "query"),
        ({"query": "a\0b"}, "query"),
        ({"wanted": 0}, "desired_num_results"),
        ({"wanted": 251}, "desired_num_results"),
        ({"criteria": [BREWS, BREWS]}, "criteria"),
        ({"criteria": [Criterion(f"k{n}", "n", "ten letters") for n in range(21)]}, "criteria"),
        ({"criteria": [Criterion("1st", "n", "ten letters")]}, "criteria"),
        ({"criteria": [Criterion("ä", "n", "ten letters")]}, "criteria"),
        ({"criteria": [Criterion("k" * 101, "n", "ten letters")]}, "criteria"),
        ({"criteria": [Criterion("k\n", "n", "ten letters")]}, "criteria"),
        ({"criteria": [Criterion("k", "", "ten letters")]}, "criteria"),
        ({"criteria": [Criterion("k", "n" * 101, "ten letters")]}, "criteria"),
        ({"criteria": [Criterion("k", "n", "nine char")]}, "criteria"),
        ({"criteria": [Criterion("k", "n", "c" * 501)]}, "criteria"),
        ({"criteria": [Criterion("k", "n\ud800", "ten letters")]}, "criteria"),
        ({"sources": ["nope"]}, "data_sources"),
        ({"exclude": ["no domain"]}, "exclude_domains"),
        ({"exclude": [f"a{n}.com" for n in range(1001)]}, "exclude_domains"),
        ({"exclude_tasks": [str(uuid4()) for _ in range(MAX_EXCLUDED_TASKS + 1)]}, "exclude_task_ids"),
    ],
)
async def test_what_is_out_of_range_is_refused_with_its_field_and_not_saved(service, store, request_, field):
    with pytest.raises(InvalidInput) as refused:
        await service.create(**{"query": "breweries", **request_})
    assert refused.value.field == field
    assert await store.tasks() == []


@pytest.mark.parametrize(
    "criteria",
    [
        [Criterion("k" * 100, "n" * 100, "c" * 500)],
        [Criterion("Kk_9", "n", "c" * 10)],
        [Criterion(f"k{n}", "n", "ten letters") for n in range(20)],
    ],
)
def test_criteria_at_the_edge_of_what_is_allowed_are_taken(criteria):
    assert checked_criteria(criteria) == tuple(criteria)


def test_bare_statements_get_short_names_and_keys_that_differ():
    made = criteria_from_texts(
        ["Sells beer", "  Sells\nbeer ", "日本の会社です。とても大きい", "9 lives of a cat company", "w " * 100]
    )
    assert [c.key for c in made] == ["sells_beer", "sells_beer_2", "criterion", "lives_of_a_cat", "w_w_w_w_w"]
    assert made[1].text == "Sells beer"
    assert len(made[4].name) <= 60
    assert made[4].name.endswith("…")


async def test_exclusions_are_reduced_to_domains_sorted_and_unique(service: Service):
    task = await service.create("x", exclude=["https://www.Zed.com/about?x=1", "zed.com", "shop.acme.co.uk"])
    assert task.spec.exclude_domains == ("acme.co.uk", "zed.com")


async def test_a_thousand_exclusions_are_taken(service: Service):
    task = await service.create("x", exclude=[f"a{n}.com" for n in range(1000)])
    assert len(task.spec.exclude_domains) == 1000


async def test_results_of_finished_tasks_are_excluded_for_good(service: Service, store: SqlStore):
    before = await finished(store, "a.com", "b.com")
    task = await service.create("x", exclude=["c.com"], exclude_tasks=[before.upper()])
    assert task.spec.exclude_domains == ("a.com", "b.com", "c.com")


async def test_only_finished_tasks_that_exist_can_be_excluded(service: Service, store: SqlStore):
    with pytest.raises(NotFound):
        await service.create("x", exclude_tasks=[str(uuid4())])
    running = await store.create(TaskSpec("q"))
    with pytest.raises(InvalidInput, match="not done"):
        await service.create("x", exclude_tasks=[running.id])


async def test_resuming_raises_the_target_to_what_was_found_and_so_many_more(service: Service, store: SqlStore):
    task_id = await finished(store, "a.com", "b.com", wanted=2)
    assert (await service.resume(task_id, 5)).spec.wanted == 7
    assert (await service.resume(task_id, 0)).spec.wanted == 7
    assert (await service.resume(task_id, 250)).spec.wanted == 250


async def test_a_target_never_falls_and_never_passes_the_cap(service: Service, store: SqlStore):
    task_id = await finished(store, "a.com", wanted=240, reason="stopped")
    assert (await service.resume(task_id, 3)).spec.wanted == 240
    assert (await service.resume(task_id, 250)).spec.wanted == 250


async def test_an_exhausted_task_cannot_go_on(service: Service, store: SqlStore):
    with pytest.raises(Conflict, match="no more companies"):
        await service.resume(await finished(store, "a.com", reason="exhausted"), 1)


async def test_a_task_that_met_the_highest_target_cannot_go_on_but_a_paused_one_can(service: Service, store: SqlStore):
    with pytest.raises(Conflict, match="250"):
        await service.resume(await finished(store, "a.com", wanted=250), 1)
    assert (await service.resume(await finished(store, "a.com", wanted=250, reason="paused"), 0)).spec.wanted == 250


@pytest.mark.parametrize("more", [-1, 251])
async def test_only_so_many_more_can_be_wanted(service: Service, store: SqlStore, more):
    with pytest.raises(InvalidInput) as refused:
        await service.resume(await finished(store, "a.com"), more)
    assert refused.value.field == "desired_new_results"


async def test_an_unknown_task_cannot_be_resumed(service: Service):
    with pytest.raises(NotFound):
        await service.resume(str(uuid4()))


async def test_the_newest_unfinished_task_is_found(store: SqlStore):
    reader = TaskReader(store)
    with pytest.raises(NotFound):
        await reader.unfinished()
    first = await store.create(TaskSpec("one"))
    second = await store.create(TaskSpec("two"))
    await finished(store, "a.com")
    assert (await reader.unfinished()).id == second.id
    await store.start(second.id)
    await store.finish(second.id, "target_met", is_exhausted=False)
    assert (await reader.unfinished()).id == first.id


async def test_a_report_counts_how_companies_fared_on_each_criterion(store: SqlStore):
    task_id = await finished(store, "a.com", "b.com", "c.com", wanted=2)
    await store.put_grades(task_id, [("c.com", 0.1, (Grade("brews", None, ""),))])
    report = await TaskReader(store).report(task_id)
    (tally,) = report.tallies
    assert (tally.passed, tally.silent, tally.evaluated) == (2, 1, 3)
    assert [result.candidate.key for result in report.near_misses] == ["c.com"]


class TestOwners:
    async def test_what_belongs_to_somebody_else_is_not_found(self, store: SqlStore):
        anna, bob = await store.owner("anna"), await store.owner("bob")
        hers, his = service_of(store, anna.id), service_of(store, bob.id)
        task = await hers.create("hers")
        assert task.owner_id == anna.id
        for asked in (his.resume(task.id, 0), his.pause(task.id), his.create("x", exclude_tasks=[task.id])):
            with pytest.raises(NotFound):
                await asked
        assert [t.id for t, _ in await TaskReader(store, anna.id).tasks()] == [task.id]
        assert await TaskReader(store, bob.id).tasks() == []
        assert [t.id for t, _ in await TaskReader(store).tasks()] == [task.id]  # whoever may read the data directory
        assert (await store.task_count(anna.id), await store.task_count(bob.id)) == (1, 0)

    async def test_what_the_command_line_makes_belongs_to_the_local_owner(self, service: Service):
        assert (await service.create("x")).owner_id == LOCAL_OWNER


class TestPausing:
    async def test_a_pause_is_for_unfinished_tasks_and_leaves_finished_ones_alone(self, service, store: SqlStore):
        task = await service.create("x")
        await store.start(task.id)
        assert (await service.pause(task.id)).is_queued  # a worker sees to it, should nobody run it
        assert await store.control(task.id) == "pause"
        done = await finished(store, "a.com")
        before = await store.task(done)
        assert await service.pause(done) == before

    async def test_at_the_cap_a_running_task_takes_no_more_but_an_unfinished_one_goes_on(
        self, service, store: SqlStore
    ):
        running = await service.create("x", wanted=250)
        await store.start(running.id)
        with pytest.raises(Conflict, match="250"):
            await service.resume(running.id, 25)
        assert (await service.resume(running.id, 0)).status == "in_progress"
        paused = await finished(store, "a.com", wanted=250, reason="paused")
        assert (await service.resume(paused)).status == "in_progress"  # the usual 25 more
