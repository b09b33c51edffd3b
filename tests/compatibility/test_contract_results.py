"""Results: which there are, in which order, and what a score says."""

import math

import pytest
from contract_shapes import RESULT, TASK, check, check_all, pagination
from live_api import CRITERIA


@pytest.fixture(params=["derived", "given"])
def task(request):
    return request.getfixturevalue(request.param)


def test_a_task_with_results_is_the_task_and_its_results(api, task):
    check({key: value for key, value in task.items() if key != "results"}, TASK)
    check_all(task["results"], RESULT)
    assert {result["task_id"] for result in task["results"]} == {task["id"]}


def test_a_full_read_has_as_many_rows_as_the_task_counts(task):
    assert len(task["results"]) == task["num_results"] > 5


def test_each_company_is_there_once(task):
    websites = [result["company_website"] for result in task["results"] if result["company_website"]]
    assert len(set(websites)) == len(websites) > 0
    assert len({result["id"] for result in task["results"]}) == len(task["results"])


def test_a_website_is_a_bare_registered_domain(task):
    for result in task["results"]:
        assert not set(result["company_website"]) & set("/:@? ")
        assert not result["company_website"].startswith("www.")


def test_relevance_never_rises_from_one_to_the_next(task):
    relevances = [result["relevance"] for result in task["results"]]
    assert relevances == sorted(relevances, reverse=True)
    assert len(set(relevances)) > 1


@pytest.mark.parametrize("size", [1, 7, 50])
def test_parts_follow_one_another_without_gap_or_repetition(api, task, size):
    last = min(task["num_results"], 21 if size == 1 else 250)
    parts = [api.results(task["id"], offset=start, limit=size)["results"] for start in range(0, last, size)]
    assert [result for part in parts for result in part][:last] == task["results"][:last]
    assert all(len(part) == size for part in parts[:-1])


def test_the_headers_say_where_a_part_lies(api, task):
    answer = api.get(f"/v1/discovery_tasks/{task['id']}/results", offset=3, limit=3)
    total = task["num_results"]
    assert pagination(answer.headers) == (total, -(-total // 3), 3, 3, 2)
    assert answer.value["results"] == task["results"][3:6]
    whole = api.get(f"/v1/discovery_tasks/{task['id']}/results")
    assert pagination(whole.headers) == (total, 1, total, 0, 1)


def test_a_part_behind_the_end_is_empty_and_the_task_is_still_told(api, task):
    beyond = api.results(task["id"], offset=1000, limit=10)
    assert beyond == task | {"results": []}


@pytest.mark.parametrize("part", [{"limit": 0}, {"offset": -1}, {"limit": "all"}])
def test_a_part_that_cannot_be_is_422(api, task, part):
    assert api.get(f"/v1/discovery_tasks/{task['id']}/results", **part).status == 422


def test_there_is_one_score_for_each_criterion(task):
    keys = [criterion["key"] for criterion in task["criteria"]]
    for result in task["results"]:
        assert list(result["scores"]) == keys


def test_a_company_qualifies_when_three_quarters_of_its_grades_are_4_or_5(task):
    needed = math.ceil(0.75 * len(task["criteria"]))
    for result in task["results"]:
        assert sum(score["grade"] >= 4 for score in result["scores"].values()) >= needed


def scores(*tasks):
    return [score for task in tasks for result in task["results"] for score in result["scores"].values()]


def test_a_4_or_5_always_has_a_quotation_that_says_where_it_stands(task):
    good = [score for score in scores(task) if score["grade"] >= 4]
    assert good
    for score in good:
        assert score["evidence"]
        for evidence in score["evidence"]:
            assert evidence["quote"].strip()
            assert (evidence["url"] is None) != (evidence["record"] is None)


def test_evidence_from_the_catalogue_names_its_record_and_no_address(task):
    for score in scores(task):
        assert score["sources"] == []
        for evidence in score["evidence"]:
            assert evidence["record"].startswith("catalog:")


def test_where_the_texts_say_nothing_the_grade_is_a_3_that_says_so(given):
    silent = [score for score in scores(given) if score["no_evidence"]]
    assert silent
    assert {score["grade"] for score in silent} == {3}
    assert all(score["evidence"] == [] for score in silent)
    last = [result["scores"][CRITERIA[-1]["key"]] for result in given["results"]]
    assert any(score["no_evidence"] for score in last)
    assert not any(score["no_evidence"] for score in scores(given) if score["grade"] != 3)


def test_a_result_keeps_its_id_and_its_place_between_two_reads(api, task):
    assert api.results(task["id"]) == task
