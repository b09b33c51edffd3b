"""Pages that rules read poorly, read by a model: what it says counts as far as the page says it."""

import html
import json
import re
import sys
import urllib.parse
from pathlib import Path

import httpx2
import pytest

import world as worlds
from longlist.discover.entries import Entry, listed
from longlist.discover.llm_extract import LLMExtractor, is_poor, laid_out
from longlist.discover.source import Question
from longlist.discover.web_search import WebSearchSource
from longlist.errors import BadAnswer, BudgetSpent, NoAnswer, Refused, TooLong
from longlist.llm.prices import FREE
from longlist.llm.pydantic_llm import PydanticLLM
from longlist.llm.spec import model_spec
from longlist.model.plan import Angle
from longlist.model.web import Errand
from longlist.plan.rule_planner import RulePlanner
from longlist.testing import FakeCalls, FakeReader, FakeWebSearch, ScriptedLLM

sys.path.append(str(Path(__file__).parents[1] / "language"))
from injection_corpus import CORPUS, HIDDEN

PLAN = RulePlanner().understand("freight software for carriers")
URL = "https://news.example/9-best-freight-companies"
TITLE = "9 best freight companies"
PROSE = """<html><head><title>9 best freight companies</title></head><body><nav><a href="https://nav.example">Menu Inc</a></nav>
<article><h1>9 best freight companies</h1>
<p>Nobody doubts that <a href="https://acme.com/en">Acme</a> moves freight for carriers well. Yet it has company: the small
Bolt Works plans truck loads (<a href="https://go.counter.net/r/77">its site</a>), while over in Oslo one meets Coil, for rail.</p>
<p>Investors in all three include <a href="https://bigfund.vc">Big Fund</a>.</p></article>
<footer><a href="https://owner.example">Owner</a></footer></body></html>"""
ERRAND = Errand("task", "discover", "w")


def named(*rows: tuple[str, int, int, str]) -> dict[str, object]:
    return {"companies": [dict(zip(("name", "line_number", "link_number", "quote"), row, strict=True)) for row in rows]}


async def read(html: str, reply, url: str = URL) -> tuple[tuple[Entry, ...], ScriptedLLM]:
    model = ScriptedLLM(lambda _: reply)
    page = await FakeReader({url: html}).read(url, ERRAND)
    return await LLMExtractor(model).entries(page, PLAN, ERRAND), model


async def test_names_their_words_and_their_links_come_from_the_page():
    found, model = await read(
        PROSE,
        named(
            ("Acme", 2, 1, "moves freight for carriers well"),
            ("Bolt Works", 2, 2, "plans truck loads"),
            ("Coil", 2, 0, ""),
        ),
    )
    assert [(one.name, one.url) for one in found] == [
        ("Acme", "https://acme.com/en"),
        ("Bolt Works", "https://go.counter.net/r/77"),
        ("Coil", ""),
    ]
    assert [one.text for one in found[:2]] == ["moves freight for carriers well", "plans truck loads"]
    assert found[2].text.startswith("Nobody doubts")  # the line that names it
    ((prompt, errand),) = model.asked
    assert errand == ERRAND
    assert "[2] Nobody doubts that Acme {1} moves freight" in prompt.text
    assert "acme.com" not in prompt.text  # links are numbers
    assert "Menu Inc" not in prompt.text
    assert "Owner" not in prompt.text


async def test_what_does_not_stand_on_the_page_does_not_count():
    found, _ = await read(
        PROSE,
        named(
            ("Zyntrexa Global", 2, 1, "moves freight for carriers well"),
            ("Acme", 99, 3, "serves 9,000 carriers in 40 markets"),
            ("https://evil.example/", 2, 1, ""),
            ("Acme", 2, 1, "moves freight for carriers well"),
        ),
    )
    (acme,) = found  # named twice, listed once
    assert acme.text.startswith("Nobody doubts")  # what it made up is not repeated
    assert acme.url == "https://acme.com/en"  # link 3 stands by another name


async def test_a_page_that_gives_orders_is_not_shown_to_the_model():
    for order in [f"<p>{html.escape(text.format(name='Zyntrexa'))}</p>" for _, text in CORPUS] + [
        source for _, source in HIDDEN
    ]:
        found, model = await read(PROSE.replace("<article>", f"<article>{order}"), named(("Acme", 2, 1, "")))
        assert (found, model.asked) == ((), []), order


@pytest.mark.parametrize(
    "trouble", [BadAnswer("no JSON"), NoAnswer("late"), Refused("busy"), TooLong("too long"), {"companies": "many"}]
)
async def test_trouble_with_the_model_leaves_the_page_to_the_rules(trouble):
    assert (await read(PROSE, trouble))[0] == ()


async def test_a_spent_budget_is_the_callers_to_deal_with():
    with pytest.raises(BudgetSpent):
        await read(PROSE, BudgetSpent("enough"))


def test_a_page_is_read_poorly_when_it_names_fewer_than_it_announces():
    three, nine = [Entry(name) for name in "ABC"], [Entry(f"C{n}") for n in range(9)]
    assert is_poor("list", TITLE, three, has_subject=False)
    assert not is_poor("list", TITLE, nine, has_subject=False)
    assert not is_poor("list", "The best freight companies of 2025", three, has_subject=False)
    assert not is_poor("directory", "Freight companies – page 3 of 60", nine, has_subject=False)
    assert is_poor("directory", "Freight companies", three[:2], has_subject=False)
    assert is_poor("article", "Who moves freight", three[:1], has_subject=False)
    assert not is_poor("article", "Acme raises $9M", three[:1], has_subject=True)
    assert not is_poor("unclear", TITLE, (), has_subject=False)


async def test_a_page_is_cut_short_before_it_is_shown():
    long = (
        "<html><body><main>" + "".join(f"<p>Company {n} {'x' * 900}</p>" for n in range(500)) + "</main></body></html>"
    )
    sheet = laid_out(await FakeReader({URL: long}).read(URL, ERRAND))
    assert len(sheet.lines) == 120
    assert max(map(len, sheet.lines)) <= 320


HITS = {
    "coil": [("https://coil.eu/", "Coil | Freight by rail", "Coil plans freight trains.")],
    "freight": [(URL, TITLE, "The best freight software for carriers.")],
}


async def candidates(model: ScriptedLLM, pages: dict[str, str]) -> set[str]:
    source = WebSearchSource(
        [FakeWebSearch(HITS)],
        FakeReader(pages, moved={"https://go.counter.net/r/77": "https://boltworks.eu/"}),
        extractor=LLMExtractor(model),
    )
    question = Question(PLAN, angles=(Angle("freight software", "the subject"),), errand=ERRAND)
    return {one.key async for one in source.search(question)}


async def test_companies_of_a_page_read_poorly_become_candidates():
    model = ScriptedLLM(lambda _: named(("Acme", 2, 1, "moves freight"), ("Coil", 2, 0, "for rail")))
    assert await candidates(model, {URL: PROSE}) >= {"acme.com", "coil.eu"}
    assert len(model.asked) == 1
    none = ScriptedLLM(lambda _: NoAnswer("late"))
    found = await candidates(none, {URL: PROSE})
    assert len(none.asked) == 1
    assert "acme.com" in found  # what the rules read stays
    assert "coil.eu" not in found


async def test_a_page_that_the_rules_read_well_costs_no_question():
    rows = "".join(
        f'<h2>{n}. <a href="https://firm-{n}.com/">Firm {n}</a></h2><p>Freight software.</p>' for n in range(1, 10)
    )
    model = ScriptedLLM(lambda _: named())
    found = await candidates(
        model, {URL: f"<html><title>{TITLE}</title><body><main><h1>{TITLE}</h1>{rows}</main></body></html>"}
    )
    assert len(found) == 9
    assert model.asked == []


async def test_the_worlds_model_reads_a_list_that_has_become_running_text(world):
    """A list of the simulated internet without the marks of one: names stand in one long paragraph."""
    asked = f"{world['searxng']}/search?q=best+robotics+companies&format=json"
    with worlds.ASK.open(asked, timeout=60) as answer:
        hits = json.load(answer)["results"]
    url = next(hit["url"] for hit in hits if re.search(r"\d+ best|Top \d+|landscape|Who is who", hit["title"]))
    source = world.get(f"/__text?url={urllib.parse.quote(url, safe='')}")["html"]
    inner = re.search(r"<article>(.*?)</article>", source, re.DOTALL)[1]
    prose = re.sub(r"</?(?:h2|p|ul|li|b|table|tr|th|td)\b[^>]*>", " ", inner)
    page = await FakeReader({url: f"<html><body><article><p>{prose}</p></article></body></html>"}).read(url, ERRAND)
    listed_there = {entry.name for entry in listed(source, url).entries}
    async with httpx2.AsyncHTTPTransport() as wire:
        model = PydanticLLM(model_spec(f"{world['llm']}#oracle-1"), world["key"], FakeCalls(), wire, FREE)
        found = await LLMExtractor(model).entries(page, PLAN, ERRAND)
    assert len(listed_there) >= 8
    assert len({entry.name for entry in found} & listed_there) >= 0.8 * len(listed_there)
    assert sum(bool(entry.url) for entry in found) >= 0.4 * len(found)
