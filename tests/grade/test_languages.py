"""Requests and pages in German, French, Spanish and Portuguese: planned, read, graded, explained in the request's language."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from longlist.enrich.web_enricher import WebEnricher
from longlist.grade.cascade import Cascade
from longlist.grade.llm_grader import LLMGrader
from longlist.model.company import Candidate, CompanyProfile
from longlist.model.criterion import qualifies
from longlist.model.web import Errand
from longlist.plan.llm_planner import LLMPlanner
from longlist.plan.rule_planner import RulePlanner
from longlist.testing import FakeReader, ScriptedLLM

RULES = RulePlanner(today=lambda: date(2026, 1, 2))
ERRAND = Errand("task", "grade", "w")
ENGLISH = "bakeries in Europe that mill their own flour and supply restaurants"


@dataclass(frozen=True)
class Tongue:
    """A request, its criteria, a company's page, and the reason a model gives, in one language."""

    request: str
    mills: str
    supplies: str
    page: str
    proofs: tuple[str, str]
    reason: str


TONGUES = {
    "de": Tongue(
        "Bäckereien in Europa, die eigenes Mehl mahlen und Restaurants beliefern",
        "Die Bäckerei mahlt ihr Mehl selbst.",
        "Die Bäckerei beliefert Restaurants.",
        "<p>Willkommen bei uns.</p><p>Seit jeher lieben wir, was wir tun.</p><p>Die Backstube ist das Herz des Hauses.</p>"
        "<p>Wir mahlen das Mehl auf der eigenen Steinmühle.</p><p>Jede Nacht beliefern wir 40 Restaurants in der Stadt.</p>",
        ("Wir mahlen das Mehl auf der eigenen Steinmühle.", "Jede Nacht beliefern wir 40 Restaurants in der Stadt."),
        "Das Haus mahlt auf einer eigenen Mühle.",
    ),
    "fr": Tongue(
        "boulangeries en Europe qui moulent leur farine et livrent des restaurants",
        "La boulangerie moud sa propre farine.",
        "La boulangerie livre des restaurants.",
        "<p>Bienvenue chez nous.</p><p>Depuis toujours, nous aimons ce que nous faisons.</p><p>Le fournil est le cœur de la maison.</p>"
        "<p>Nous moulons la farine sur notre propre meule.</p><p>Chaque nuit, nous livrons 40 restaurants de la ville.</p>",
        ("Nous moulons la farine sur notre propre meule.", "Chaque nuit, nous livrons 40 restaurants de la ville."),
        "La maison moud la farine sur sa propre meule.",
    ),
    "es": Tongue(
        "panaderías en Europa que muelen su harina y abastecen restaurantes",
        "La panadería muele su propia harina.",
        "La panadería abastece restaurantes.",
        "<p>Bienvenidos a nuestra casa.</p><p>Desde siempre nos gusta lo que hacemos.</p><p>El obrador es el corazón de la casa.</p>"
        "<p>Molemos la harina en el molino de nuestra casa.</p><p>Cada noche llevamos el pan a los 40 restaurantes de la ciudad.</p>",
        ("Molemos la harina en el molino de nuestra casa.", "Cada noche llevamos el pan a los 40 restaurantes de la ciudad."),
        "La casa muele la harina en su propio molino.",
    ),
    "pt": Tongue(
        "padarias na Europa que moem a própria farinha e abastecem restaurantes",
        "A padaria mói a sua própria farinha.",
        "A padaria abastece restaurantes.",
        "<p>Bem-vindos à nossa casa.</p><p>Desde sempre gostamos do que fazemos.</p><p>A oficina é o coração da casa.</p>"
        "<p>Moemos a farinha no moinho da nossa casa.</p><p>Todas as noites levamos o pão aos 40 restaurantes da cidade.</p>",
        ("Moemos a farinha no moinho da nossa casa.", "Todas as noites levamos o pão aos 40 restaurantes da cidade."),
        "A casa mói a farinha no seu próprio moinho.",
    ),
}  # fmt: skip


def planned(language: str, tongue: Tongue) -> dict[str, object]:
    criteria = [
        {"key": "own_mill", "name": "Mill", "criterion": tongue.mills, "english": "The bakery mills its own flour."},
        {"key": "supplies", "name": "Restaurants", "criterion": tongue.supplies, "english": "It supplies restaurants."},
    ]
    queries = ["bakeries with a mill of their own"]
    return {
        "language": language,
        "english": ENGLISH,
        "criteria": criteria,
        "queries": queries,
        "local_queries": [tongue.request],
    }


async def profile(tongue: Tongue) -> CompanyProfile:
    """The company's profile, as its site comes to one."""

    async def no_records(_keys):
        return {}

    html = f"<html><head><title>Casa Sol</title></head><body><main><h1>Casa Sol</h1>{tongue.page}</main></body></html>"
    reader = FakeReader({"https://casasol.eu/": html})
    enricher = WebEnricher(reader, no_records, lambda: datetime(2026, 1, 2, tzinfo=UTC))
    ((_, found),) = await enricher.enrich([Candidate("casasol.eu", "Casa Sol", "casasol.eu", "web_search")])
    assert isinstance(found, CompanyProfile)
    return found


def grader_of(tongue: Tongue):
    """A model that grades by what it is shown, and copies the proof from there."""

    def reply(prompt):
        if "Reading corner" in prompt.text:
            return {
                "grades": [
                    {"key": k, "numbers": [], "quote": "", "reason": "No.", "score": 1}
                    for k in ("own_mill", "supplies")
                ]
            }
        quotes = [proof if proof in prompt.text else "" for proof in tongue.proofs]
        rows = zip(("own_mill", "supplies"), quotes, strict=True)
        return {
            "grades": [
                {"key": key, "numbers": [], "quote": quote, "reason": tongue.reason, "score": 5 if quote else 0}
                for key, quote in rows
            ]
        }

    return ScriptedLLM(reply)


async def graded(plan, tongue: Tongue):
    model, held = grader_of(tongue), await profile(tongue)
    cascade = Cascade(lambda _: 3.0, LLMGrader(model))
    found = [one async for some in cascade.grades(plan, [held], [held], 5, ERRAND) for one in some]
    ((_, assessment),) = found
    return assessment.grades, model


@pytest.mark.parametrize("language", TONGUES)
async def test_a_request_in_its_language_finds_pages_in_it_and_is_explained_in_it(language):
    tongue = TONGUES[language]
    planner = LLMPlanner(ScriptedLLM(lambda _: planned(language, tongue)), RULES)
    plan = await planner.plan(tongue.request, None, ERRAND)
    assert [criterion.text for criterion in plan.criteria] == [tongue.mills, tongue.supplies]
    assert {tongue.request, "bakeries with a mill of their own"} <= {angle.text for angle in plan.angles}
    assert any(constraint.value == ("Europe",) for constraint in plan.query.constraints)
    grades, model = await graded(plan, tongue)
    assert qualifies([grade.score for grade in grades])
    assert [grade.evidence[0].quote for grade in grades] == list(tongue.proofs)
    assert all(grade.why == tongue.reason and grade.evidence[0].url == "https://casasol.eu/" for grade in grades)
    prompt, _ = model.asked[-1]
    assert f"Request: {tongue.request}" in prompt.text
    assert re.search(r"reason: .*in the language of the request", prompt.instructions)


@pytest.mark.parametrize("language", TONGUES)
async def test_a_request_in_english_is_met_by_a_page_in_another_language(language):
    """No word is shared, so rules cannot choose what to show; the page is shown all the same."""
    tongue = TONGUES[language]
    said = planned("en", tongue)
    said["criteria"] = [dict(one, criterion=one["english"]) for one in said["criteria"]]
    plan = await LLMPlanner(ScriptedLLM(lambda _: said), RULES).plan(ENGLISH, None, ERRAND)
    grades, _ = await graded(plan, tongue)
    assert qualifies([grade.score for grade in grades])
    assert [grade.evidence[0].quote for grade in grades] == list(tongue.proofs)
