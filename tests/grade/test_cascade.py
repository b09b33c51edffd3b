import re

import pytest

from companies import company, graded, plan
from longlist.errors import BadAnswer, BudgetSpent, NoAnswer, Stopped, TooLong, Unavailable
from longlist.grade.cascade import Cascade
from longlist.grade.llm_grader import LLMGrader
from longlist.model.criterion import Criterion, qualifies
from longlist.model.web import Errand
from longlist.testing import ScriptedLLM

ERRAND = Errand("task", "grade", "w")


def honest(prompt):
    """A model that quotes what is there, and passes bakeries of an even number."""
    if "Reading corner" in prompt.text:
        return graded(("bakes_bread", 1, ""), ("own_ovens", 1, ""))
    number = int(re.search(r"Company: Bakery (\d+)", prompt.text)[1])
    score = 5 if number % 2 == 0 else 2
    quote = f"Bakery {number} bakes bread for restaurants every night."
    return graded(("bakes_bread", score, quote), ("own_ovens", score, f"We run {number + 2} ovens of our own."))


async def run(model, profiles, wanted=25, the_plan=None, **named):
    cascade = Cascade(lambda _: 3.0, LLMGrader(model), **named)
    found = {}
    async for some in cascade.grades(the_plan or plan(), profiles, profiles, wanted, ERRAND):
        for number, assessment in some:
            assert number not in found
            found[number] = assessment
    return found


def passing(found):
    return sorted(n for n, a in found.items() if qualifies([g.score for g in a.grades]))


async def test_the_models_grades_are_the_grades():
    found = await run(ScriptedLLM(honest), [company(n) for n in range(12)])
    assert sorted(found) == list(range(12))
    assert passing(found) == [0, 2, 4, 6, 8, 10]
    assert min(found[n].rank_score for n in passing(found)) > max(found[n].rank_score for n in (1, 3, 5))


async def test_asking_ends_when_enough_qualify_and_the_rest_stays_ungraded():
    model = ScriptedLLM(honest)
    found = await run(model, [company(n) for n in range(60)], wanted=4, at_once=2)
    assert 4 <= len(passing(found)) <= 5
    assert len(found) < 20
    assert len(model.asked) == len(found) + 1  # the decoy


async def test_asking_ends_when_nothing_comes_of_it():
    model = ScriptedLLM(
        lambda p: honest(p) if "corner" in p.text else graded(("bakes_bread", 1, ""), ("own_ovens", 1, ""))
    )
    found = await run(model, [company(n) for n in range(60)], patience=10, at_once=2)
    assert 10 <= len(found) <= 12


async def test_the_most_promising_are_asked_about_first():
    model = ScriptedLLM(honest)
    dull = [company(n, f"Bakery {n} sells shoes.\nWe like hiking boots.") for n in range(100, 130)]
    found = await run(model, [*dull, *(company(n) for n in range(6))], wanted=3, at_once=1)
    assert all(n >= 30 for n in found)


async def test_what_facts_rule_out_is_graded_by_rules_for_nothing():
    criteria = (
        Criterion("old", "Old", "The company was founded before 1950."),
        Criterion("bakes_bread", "Bakes bread", "The company bakes bread for shops and restaurants."),
    )
    model = ScriptedLLM(lambda p: graded(("old", 5, "x"), ("bakes_bread", 5, "x")))
    from dataclasses import replace

    from longlist.model.company import Facts

    young = company(1, "Bakery 1 bakes bread. Founded in 2001.")
    young = replace(young, facts=Facts(founded=2001, quotes={"founded": "Founded in 2001."}))
    found = await run(model, [young], the_plan=plan("old bakeries", criteria))
    assert model.asked == []
    assert found[0].grades[0].score == 1


@pytest.mark.parametrize("error", [BadAnswer("It was refused, asked twice."), NoAnswer("No answer in time.")])
async def test_where_the_model_fails_the_rules_grade_and_the_grade_says_so(error):
    def failing(prompt):
        return error if "Bakery 3" in prompt.text else honest(prompt)

    found = await run(ScriptedLLM(failing), [company(n) for n in range(8)])
    assert sorted(found) == list(range(8))
    assert f"Graded by rules: {error}" in found[3].grades[0].why
    assert all("Graded by rules" not in g.why for n in (0, 1, 2, 4) for g in found[n].grades)


async def test_a_model_out_of_reach_is_not_asked_again_and_again():
    model = ScriptedLLM(lambda _: Unavailable("The model's server cannot be reached."))
    found = await run(model, [company(n) for n in range(40)], at_once=2)
    assert len(model.asked) == 1
    assert len(found) == 40
    assert all("cannot be reached" in g.why for a in found.values() for g in a.grades)


async def test_a_model_that_dies_on_the_way_is_given_up_after_three_failures():
    asked = []

    def dying(prompt):
        asked.append(1)
        return honest(prompt) if len(asked) < 6 else Unavailable("It is gone.")

    found = await run(ScriptedLLM(dying), [company(n) for n in range(40)], at_once=1)
    assert len(asked) == 8
    assert len(found) == 40


async def test_a_model_that_passes_anything_is_not_believed():
    def credulous(prompt):
        line = re.search(r"\[2\] (.+)", prompt.text)[1]
        return graded(("bakes_bread", 5, line), ("own_ovens", 5, line))

    model = ScriptedLLM(credulous)
    found = await run(model, [company(n, f"Bakery {n} repairs old clocks and watches.\nTick.") for n in range(20)])
    assert len(model.asked) == 1
    assert passing(found) == []
    assert "its grades tell nothing" in found[0].grades[0].why


async def test_a_question_that_is_too_long_is_shortened_then_left_to_the_rules():
    lengths = []

    def narrow(prompt):
        if "corner" in prompt.text:
            return honest(prompt)
        lengths.append(prompt.text.count("\n["))
        return TooLong("Too long.") if len(lengths) < 3 else honest(prompt)

    long = company(2, "\n".join(f"Bakery 2 bakes bread for restaurants every night, number {n}." for n in range(40)))
    found = await run(ScriptedLLM(narrow), [long])
    assert lengths == sorted(lengths, reverse=True)
    assert 0 in found


@pytest.mark.parametrize("error", [BudgetSpent("Enough is spent."), Stopped("The task was stopped.")])
async def test_when_no_more_may_be_asked_all_that_was_paid_for_is_handed_over(error):
    asked = []

    def until(prompt):
        asked.append(1)
        return honest(prompt) if len(asked) <= 6 else error

    cascade = Cascade(lambda _: 3.0, LLMGrader(ScriptedLLM(until)), at_once=3)
    found = []

    async def collect():
        async for some in cascade.grades(plan(), [], [company(n) for n in range(40)], 25, ERRAND):
            found.extend(some)

    with pytest.raises(type(error)):
        await collect()
    assert len(found) == 5  # and the decoy


async def test_nothing_is_asked_when_nothing_more_is_wanted():
    model = ScriptedLLM(honest)
    assert await run(model, [company(n) for n in range(3)], wanted=0) == {}
    assert model.asked == []
