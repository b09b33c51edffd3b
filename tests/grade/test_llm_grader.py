import pytest

from companies import CRITERIA, company, graded, plan
from longlist.errors import BadAnswer
from longlist.grade.llm_grader import LLMGrader, Sheet
from longlist.grade.pool import Passage
from longlist.model.web import Errand
from longlist.testing import ScriptedLLM

BREAD, OVENS = "bakes bread for restaurants every night", "We run 3 ovens of our own."
ERRAND = Errand("task", "grade", "w")


def sheet() -> Sheet:
    profile = company(1)
    shown = tuple(Passage(0, page, line) for page in profile.pages for line in page.text.splitlines())
    return Sheet(profile, shown, profile.pages)


async def grades(*replies):
    answers = list(replies)
    model = ScriptedLLM(lambda _: answers.pop(0))
    return await LLMGrader(model).grade(plan(), sheet(), ERRAND), model


async def test_a_grade_carries_the_sentence_that_proves_it_and_the_page_it_stands_on():
    (bread, ovens), model = await grades(graded(("bakes_bread", 5, BREAD), ("own_ovens", 4, OVENS)))
    assert (bread.score, ovens.score) == (5, 4)
    assert (bread.evidence[0].quote, bread.evidence[0].url) == (BREAD, "https://bakery-1.com/0")
    assert bread.evidence[0].hash == sheet().pages[0].hash
    assert bread.why == "Reason for bakes_bread."
    ((prompt, errand),) = model.asked
    assert "bakery-1.com" in prompt.text
    assert (errand.company, errand.criteria) == ("bakery-1.com", ("bakes_bread", "own_ovens"))


async def test_an_unproven_quotation_is_asked_for_once_more_for_that_criterion_alone():
    (bread, ovens), model = await grades(
        graded(("bakes_bread", 5, "We bake for ten thousand restaurants."), ("own_ovens", 5, OVENS)),
        graded(("bakes_bread", 5, BREAD)),
    )
    assert (bread.score, ovens.score) == (5, 5)
    assert [errand.criteria for _, errand in model.asked] == [("bakes_bread", "own_ovens"), ("bakes_bread",)]
    assert "own_ovens" not in model.asked[1][0].text
    assert "ten thousand" not in model.asked[1][0].text  # what it made up, or copied from a page, is not repeated


async def test_what_stays_unproven_counts_as_undecided_and_says_why():
    invented = graded(("bakes_bread", 5, "We bake for ten thousand restaurants."), ("own_ovens", 5, OVENS))
    (bread, ovens), _ = await grades(invented, invented)
    assert (bread.score, bread.evidence) == (3, ())
    assert "The model gave 5, but what it quoted stands in none of the pages" in bread.why
    assert ovens.score == 5


async def test_nothing_is_asked_again_of_a_company_that_fails_anyway():
    (bread, ovens), model = await grades(graded(("bakes_bread", 5, "Invented from nothing."), ("own_ovens", 1, "")))
    assert (bread.score, ovens.score) == (3, 1)
    assert len(model.asked) == 1


async def test_no_evidence_is_no_low_grade():
    (bread, ovens), _ = await grades(graded(("bakes_bread", 0, ""), ("own_ovens", 2, "")))
    assert (bread.score, ovens.score) == (None, 2)


async def test_a_criterion_the_model_forgot_is_asked_for_once_more():
    (bread, ovens), model = await grades(graded(("bakes_bread", 5, BREAD)), graded(("own_ovens", 4, OVENS)))
    assert (bread.score, ovens.score) == (5, 4)
    assert len(model.asked) == 2
    (bread, ovens), _ = await grades(graded(("bakes_bread", 5, BREAD)), graded(("bakes_bread", 5, BREAD)))
    assert (ovens.score, ovens.why) == (None, "The model said nothing about this criterion.")


async def test_grades_for_other_criteria_and_numbers_of_no_passage_are_passed_over():
    answer = graded(("bakes_bread", 5, BREAD), ("invented_key", 5, BREAD), ("own_ovens", 5, OVENS))
    answer["grades"][0]["numbers"] = [99, -1, 0]
    found, _ = await grades(answer)
    assert [(g.criterion_key, g.score) for g in found] == [("bakes_bread", 5), ("own_ovens", 5)]


@pytest.mark.parametrize(
    "quote",
    [
        BREAD,
        f"“{BREAD}”",
        f"[1] Bakery 1 {BREAD}.",
        f"...{BREAD}...",
        BREAD.replace(" ", "  \n"),
        BREAD.replace("bread", "ｂｒｅａｄ"),
    ],
)
async def test_white_space_unicode_forms_and_dress_do_not_make_a_quotation_false(quote):
    (bread, _), _ = await grades(graded(("bakes_bread", 5, quote), ("own_ovens", 5, OVENS)))
    assert bread.score == 5


@pytest.mark.parametrize("quote", ["", "bread", "bakes bread for restaurants every day", "BAKES BREAD FOR RESTAURANTS"])
async def test_other_words_too_few_words_or_no_words_prove_nothing(quote):
    wrong = graded(("bakes_bread", 5, quote), ("own_ovens", 5, OVENS))
    (bread, _), _ = await grades(wrong, wrong)
    assert bread.score == 3


async def test_the_model_is_told_the_criteria_and_the_passages_stand_between_marks_no_page_can_write():
    _, model = await grades(graded(("bakes_bread", 5, BREAD), ("own_ovens", 5, OVENS)))
    text = model.asked[0][0].text
    mark = text.split("between <")[1].split(">")[0]
    assert mark.startswith("pages-")
    assert text.count(f"<{mark}>") == 2  # where it is named, and where it stands
    assert all(criterion.text in text.split(f"\n<{mark}>")[0] for criterion in CRITERIA)
    assert f"\n</{mark}>" in text


async def test_a_model_that_gives_no_usable_answer_is_the_callers_to_deal_with():
    with pytest.raises(BadAnswer):
        await grades(BadAnswer("nothing"))
