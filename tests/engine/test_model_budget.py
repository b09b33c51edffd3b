"""A task that thinks with a model, under a cap, over the real ledger."""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

from longlist.engine.calls import Calls
from longlist.engine.ledger import Ledger
from longlist.engine.search import run_task
from longlist.grade.cascade import Cascade
from longlist.grade.llm_grader import LLMGrader
from longlist.llm.prices import FixedPrice
from longlist.llm.pydantic_llm import PydanticLLM
from longlist.llm.spec import model_spec
from longlist.model.call import Caps
from longlist.model.criterion import Criterion
from longlist.model.task import TaskSpec
from longlist.store import open_store
from longlist.testing import FakeSource, made_up, make_kit

sys.path.append(str(Path(__file__).parents[1] / "llm"))
from wires import Wire, openai

CRITERIA = (Criterion("bakes_bread", "Bakes bread", "The company bakes bread for restaurants."),)
TEXT = "Bakery {n} bakes bread for restaurants every night."


def says_yes(body):
    text = body["messages"][-1]["content"]
    if "Reading corner" in text:
        grade = {"key": "bakes_bread", "numbers": [], "quote": "", "reason": "No.", "score": 1}
    else:
        quote = re.search(r"Bakery \d+ bakes bread for restaurants every night", text)[0]
        grade = {"key": "bakes_bread", "numbers": [2], "quote": quote, "reason": "Yes.", "score": 5}
    return openai(json.dumps({"grades": [grade]}), read=900, written=100)


async def run(tmp_path, caps):
    companies = [made_up(n, TEXT.format(n=n)) for n in range(40)]
    wire = Wire(answer=says_yes)
    async with (
        open_store(f"sqlite:///{tmp_path / 'app.db'}") as store,
        Calls(Ledger(store), store.control) as calls,
    ):
        llm = PydanticLLM(model_spec("openai:gpt-5-mini"), "k", calls, wire, FixedPrice(1, 2))
        kit = replace(make_kit(store, FakeSource("fake", companies)), cascade=Cascade(lambda _: 3.0, LLMGrader(llm)))
        made = await store.create(TaskSpec("bakeries for restaurants", 30, CRITERIA, caps=caps))
        task = await run_task(kit, made.id)
        totals = await store.call_totals(task.id)
        return task, await store.progress(task.id), sum(t.cost_micros for t in totals), len(wire.bodies)


async def test_at_the_cap_a_task_is_done_with_what_it_has_and_has_spent_no_more(tmp_path):
    cap = 12_000  # micros: ten answers of 1,100 each, and the room that the next must have
    task, progress, spent, sent = await run(tmp_path, Caps(micros=cap))
    assert (task.status, task.stop_reason) == ("done", "budget")
    assert spent == sent * 1_100 <= cap
    assert 0 < progress.qualified < 30
    assert progress.evaluated == progress.qualified


async def test_without_a_cap_the_same_task_meets_its_target(tmp_path):
    task, progress, _, sent = await run(tmp_path, None)
    assert (task.status, task.stop_reason) == ("done", "target_met")
    assert progress.qualified == 30
    assert sent == 31  # and the decoy: none in vain


async def test_a_cap_on_calls_or_tokens_ends_it_too(tmp_path):
    task, _, _, sent = await run(tmp_path, Caps(calls=5))
    assert (task.stop_reason, sent) == ("budget", 5)
    (tmp_path / "two").mkdir()
    task, _, _, sent = await run(tmp_path / "two", Caps(tokens=9_000))
    assert task.stop_reason == "budget"
    assert sent * 1_000 <= 9_000
