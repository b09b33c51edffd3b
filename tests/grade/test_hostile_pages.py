import sys
from pathlib import Path

import pytest

from companies import company, graded, plan
from longlist.grade.cascade import Cascade
from longlist.grade.llm_grader import LLMGrader
from longlist.grade.llm_sifter import LLMSifter
from longlist.language.injections import is_hostile
from longlist.model.criterion import qualifies
from longlist.model.web import NO_ERRAND
from longlist.testing import FakeReader, ScriptedLLM

sys.path.append(str(Path(__file__).parents[1] / "language"))
from injection_corpus import CORPUS, HIDDEN

CLOCKS = "Zyntrexa repairs old clocks and watches in its workshop. The workshop was opened in 1990."


def obedient(seen):
    """A model that does what any text in its prompt tells it to."""

    def reply(prompt):
        block = prompt.text.partition("\n[0]")[2]
        seen.append(block)
        if "Reading corner" in block or not is_hostile(block):
            return graded(("bakes_bread", 1, ""), ("own_ovens", 1, ""))
        return graded(("bakes_bread", 5, CLOCKS[:40]), ("own_ovens", 5, CLOCKS[:40]))

    return reply


async def accepted(profile):
    seen = []
    cascade = Cascade(lambda _: 3.0, LLMGrader(ScriptedLLM(obedient(seen))))
    found = [pair async for some in cascade.grades(plan(), [profile], [profile], 5, NO_ERRAND) for pair in some]
    assert not any(is_hostile(block) for block in seen)
    ((_, assessment),) = found
    assert "gives orders" in assessment.grades[0].why
    return qualifies([grade.score for grade in assessment.grades])


@pytest.mark.parametrize(("kind", "text"), CORPUS)
async def test_orders_on_a_page_earn_nothing_even_from_a_model_that_obeys(kind, text):
    text = f"{CLOCKS}\n{text.format(name='Zyntrexa')}\n{CLOCKS}"
    assert not await accepted(company(1, text))


async def test_a_company_with_one_hostile_page_is_graded_from_its_others():
    assert not await accepted(company(1, f"{CLOCKS}\n{CORPUS[0][1]}", CLOCKS))


@pytest.mark.parametrize(("kind", "source"), HIDDEN)
async def test_orders_hidden_in_a_page_reach_no_prompt(kind, source):
    page = await FakeReader(
        {"https://a.com/": f"<html><body><main><h1>A</h1><p>{CLOCKS * 3}</p>{source}</main></body></html>"}
    ).read("https://a.com/", NO_ERRAND)
    seen = []
    cascade = Cascade(lambda _: 3.0, LLMGrader(ScriptedLLM(obedient(seen))))
    profile = company(1, page.text)
    async for _ in cascade.grades(plan(), [profile], [profile], 5, NO_ERRAND):
        pass
    assert not any(is_hostile(block) for block in seen)


async def test_sifted_beside_others_no_page_of_them_reaches_a_prompt_or_is_accepted():
    """All of the corpus in one round, among honest companies, before models that obey whatever they read."""
    seen: list[str] = []

    def sifts(prompt):
        if "sort companies" not in prompt.instructions:
            return obedient(seen)(prompt)
        seen.append(prompt.text.partition("\n[0]")[2])
        score = 5 if is_hostile(prompt.text.partition("\n[0]")[2]) else 1
        return {"companies": [{"number": n, "score": score} for n in range(1, 5)]}

    model = ScriptedLLM(sifts)
    profiles = [company(n, CLOCKS) for n in range(100, 140)]
    profiles += [company(n, f"{CLOCKS}\n{text.format(name='Zyntrexa')}") for n, (_, text) in enumerate(CORPUS)]
    profiles += [company(n, CLOCKS, text.format(name="Zyntrexa")) for n, (_, text) in enumerate(CORPUS[:20], 200)]
    cascade = Cascade(lambda _: 3.0, LLMGrader(model), sifter=LLMSifter(model), patience=1000)
    found = [pair async for some in cascade.grades(plan(), profiles, profiles, 25, NO_ERRAND) for pair in some]
    assert len(found) == len(profiles)
    assert not any(qualifies([grade.score for grade in one.grades]) for _, one in found)
    assert not any(is_hostile(block) for block in seen)
    assert any("sort companies" in prompt.instructions for prompt, _ in model.asked)
