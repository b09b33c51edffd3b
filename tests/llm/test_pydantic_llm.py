import asyncio
import json

import httpx2
import pytest
from wires import PORTO, Town, Wire, anthropic, google, openai, openai_tool

from longlist.errors import BadAnswer, BudgetSpent, NoAnswer, Refused, TooLong, Unavailable
from longlist.llm.llm import Prompt
from longlist.llm.prices import FREE, FixedPrice, price_of
from longlist.llm.pydantic_llm import PydanticLLM
from longlist.llm.spec import model_spec
from longlist.model.web import Errand
from longlist.testing import FakeCalls

SERVER = "http://127.0.0.1:8080/v1#small"
ERRAND = Errand("task-1", "grade", "w1")
QUESTION = Prompt("You know towns.", "Which town?", most_tokens=500)


def llm(wire: Wire, spec: str = SERVER, calls: FakeCalls | None = None, price=FREE, **named) -> PydanticLLM:
    return PydanticLLM(model_spec(spec), "secret-key", calls or FakeCalls(), wire, price, **named)


@pytest.mark.parametrize(
    ("spec", "reply", "path"),
    [
        (SERVER, openai(PORTO), "/v1/chat/completions"),
        ("openai:gpt-5-mini", openai(PORTO), "/v1/chat/completions"),
        ("anthropic:claude-haiku-4-5", anthropic(PORTO), "/v1/messages"),
        ("google:gemini-2.5-flash", google(PORTO), "/v1beta/models/gemini-2.5-flash:generateContent"),
    ],
)
async def test_every_kind_of_model_gives_a_typed_answer_by_its_json_schema(spec, reply, path):
    calls, wire = FakeCalls(), Wire(reply)
    found = await llm(wire, spec, calls).ask(QUESTION, Town, ERRAND)
    assert found == Town(name="Porto", people=240000)
    assert [request.url.path for request in wire.requests] == [path]
    assert '"people"' in json.dumps(wire.bodies[0])  # the schema went along
    (call,) = calls.made
    assert (call.task_id, call.step, call.freshness) == ("task-1", "grade", "w1")
    assert call.tokens >= 500


async def test_what_was_used_is_in_the_ledger_at_the_vendors_price():
    class Books(FakeCalls):
        async def call(self, call, send):
            self.answer = await super().call(call, send)
            return self.answer

    books = Books()
    spec = "anthropic:claude-haiku-4-5"
    await llm(Wire(anthropic(PORTO)), spec, books, price_of(model_spec(spec))).ask(QUESTION, Town, ERRAND)
    assert books.answer.tokens == 150
    # 20 read and 30 written at list price, 100 out of the cache at a tenth of it
    assert books.answer.cost_micros == 20 * 1 + 100 * 0.1 + 30 * 5
    assert books.made[0].cost_micros > books.answer.cost_micros
    assert "secret-key" not in repr(books.made)


async def test_the_same_question_is_one_call():
    calls, wire = FakeCalls(), Wire(openai(PORTO))
    model = llm(wire, calls=calls)
    assert await model.ask(QUESTION, Town, ERRAND) == await model.ask(QUESTION, Town, ERRAND)
    assert len(wire.bodies) == 1


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (openai("Porto, I would say."), "not one JSON object"),
        (openai('{"name": "Porto"}'), "people: Field required"),
        (openai('{"name": "Porto", "people": "many"}'), "valid integer"),
        (openai('{"name": "Porto", "people": -1}'), "greater than or equal"),
        (openai('{"name": "Por', finish="length"), "cut off"),
        (openai(""), "empty"),
        (openai(None), "empty"),
        (openai(None, finish="content_filter"), "refused"),
    ],
)
async def test_an_unusable_answer_is_asked_for_once_more_with_what_was_wrong(bad, fault):
    wire = Wire(bad, openai(PORTO))
    assert (await llm(wire).ask(QUESTION, Town, ERRAND)).name == "Porto"
    assert len(wire.bodies) == 2
    assert fault in wire.bodies[1]["messages"][-1]["content"]
    with pytest.raises(BadAnswer, match="asked twice"):
        await llm(Wire(bad)).ask(QUESTION, Town, ERRAND)


async def test_an_answer_that_was_cut_off_gets_twice_the_room():
    wire = Wire(openai('{"name"', finish="length"), openai(PORTO))
    await llm(wire).ask(QUESTION, Town, ERRAND)
    assert [body["max_tokens"] for body in wire.bodies] == [500, 1000]


@pytest.mark.parametrize(
    "said",
    [
        "Sure! Here is the JSON:\n```json\n" + PORTO + "\n```\nAnything else?",
        "<think>Lisbon? {no}</think>" + PORTO,
        "Here you are: " + PORTO,
    ],
)
async def test_words_around_the_answer_do_no_harm(said):
    wire = Wire(openai(said))
    assert (await llm(wire).ask(QUESTION, Town, ERRAND)).name == "Porto"
    assert len(wire.bodies) == 1


async def test_a_server_without_json_schemas_is_asked_by_tool_and_then_in_words_and_remembered():
    def old_server(body):
        if "response_format" in body or "tools" in body:
            return 400, {"error": {"message": "response_format json_schema and tools are not supported"}}
        return openai(PORTO)

    wire = Wire(answer=old_server)
    model = llm(wire)
    await model.ask(QUESTION, Town, ERRAND)
    assert ["response_format" in body or "tools" in body for body in wire.bodies] == [True, True, False]
    assert "JSON" in json.dumps(wire.bodies[2]["messages"])
    await model.ask(Prompt("", "And another?"), Town, ERRAND)
    assert len(wire.bodies) == 4


@pytest.mark.parametrize(
    "said",
    [
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
        "This response_format type is unavailable now",
        "llama2 does not support tools",
        '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
        "response_format: extra fields not permitted",
        "JSON mode is not enabled for this model",
    ],
)
@pytest.mark.parametrize("status", [400, 500])
async def test_an_error_that_says_the_form_is_not_known_makes_the_next_way_be_tried(status, said):
    wire = Wire((status, {"error": {"message": said}}), openai_tool(PORTO))
    model = llm(wire)
    assert (await model.ask(QUESTION, Town, ERRAND)).name == "Porto"
    await model.ask(Prompt("", "And another?"), Town, ERRAND)
    assert ["tools" in body for body in wire.bodies] == [False, True, True]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "Your request was rejected by our content policy."),
        (400, "Invalid value for 'max_tokens': must be at least 1"),
        (400, "Could not parse the JSON body of your request."),
        (404, "The model 'small' does not exist"),
        (422, "messages: field required"),
        (415, "Unsupported media type"),
        (501, "Not implemented"),
        (409, "response_format is not supported while the model is loading"),
    ],
)
async def test_no_other_error_costs_a_model_its_json_schemas(status, said):
    wire = Wire((status, {"error": {"message": said}}), openai(PORTO))
    model = llm(wire)
    with pytest.raises(Unavailable):
        await model.ask(QUESTION, Town, ERRAND)
    assert len(wire.bodies) == 1  # nor is it asked in another way
    assert (await model.ask(Prompt("", "And another?"), Town, ERRAND)).name == "Porto"
    assert all("json_schema" in body["response_format"] for body in wire.bodies)


async def test_a_schema_that_a_server_cannot_take_is_asked_in_another_way_that_once():
    wire = Wire(
        (400, {"error": {"message": "Invalid schema for response_format 'Town'"}}), openai_tool(PORTO), openai(PORTO)
    )
    model = llm(wire)
    await model.ask(QUESTION, Town, ERRAND)
    await model.ask(Prompt("", "And another?"), Town, ERRAND)
    assert ["tools" in body for body in wire.bodies] == [False, True, False]


async def test_a_way_is_given_up_only_once_another_one_works():
    lacking = (400, {"error": {"message": "response_format is not supported, nor are tools"}})
    wire = Wire(lacking, lacking, lacking, openai(PORTO))
    model = llm(wire)
    with pytest.raises(Refused, match="in this form"):
        await model.ask(QUESTION, Town, ERRAND)
    assert len(wire.bodies) == 3
    assert (await model.ask(Prompt("", "And another?"), Town, ERRAND)).name == "Porto"
    assert "json_schema" in wire.bodies[3]["response_format"]


async def test_a_forced_tool_answers_too():
    wire = Wire(openai_tool(PORTO))
    assert (await llm(wire, modes=("tool",)).ask(QUESTION, Town, ERRAND)).people == 240000
    assert wire.bodies[0]["tool_choice"] == "required"


@pytest.mark.parametrize(
    ("reply", "error", "says"),
    [
        ((429, {"error": {"message": "slow down"}}), Refused, "too much to do"),
        ((429, {"error": {"message": "Pay first", "code": "insufficient_quota"}}), Refused, "quota is spent"),
        ((429, {"error": {"message": "You exceeded your current quota, please wait"}}), Refused, "too much to do"),
        ((401, {"error": {"message": "bad key"}}), Refused, "LONGLIST_LLM_KEY"),
        ((404, {"error": "no such model"}), Refused, "knows no model 'small'"),
        ((500, b"<html>oops"), Unavailable, "failed"),
        ((400, {"error": {"message": "This model's maximum context length is 8192 tokens"}}), TooLong, "longer than"),
        ((200, b"not json"), BadAnswer, "no JSON"),
        ((200, {"unexpected": True}), BadAnswer, "cannot be read"),
        (httpx2.ConnectError("refused"), Unavailable, "cannot be reached"),
        (httpx2.ReadTimeout("slow"), NoAnswer, "did not answer to the end"),
        (httpx2.RemoteProtocolError("cut"), NoAnswer, "did not answer to the end"),
    ],
)
async def test_trouble_is_one_request_and_a_sentence(reply, error, says):
    wire = Wire(reply)
    with pytest.raises(error, match=says):
        await llm(wire, modes=("native",)).ask(QUESTION, Town, ERRAND)
    assert len(wire.bodies) == 1


async def test_a_spent_budget_ends_the_question_as_it_is():
    with pytest.raises(BudgetSpent, match="enough"):
        await llm(Wire(openai(PORTO)), calls=FakeCalls([BudgetSpent("enough")])).ask(QUESTION, Town, ERRAND)


async def test_questions_asked_side_by_side_keep_their_errands_apart():
    calls, wire = FakeCalls(), Wire(openai(PORTO))
    model = llm(wire, calls=calls)
    errands = [Errand(f"task-{n}", "grade") for n in range(20)]
    await asyncio.gather(*(model.ask(Prompt("", f"Town {e.task_id}?"), Town, e) for e in errands))
    assert all(call.task_id in json.dumps(call.request) for call in calls.made)


async def test_usage_that_is_not_told_counts_as_the_most_it_may_have_been():
    status, body = openai(PORTO)
    del body["usage"]

    class Books(FakeCalls):
        async def call(self, call, send):
            answer = await super().call(call, send)
            assert (answer.cost_micros, answer.tokens) == (call.cost_micros, call.tokens)
            return answer

    await llm(Wire((status, body)), calls=Books(), price=FixedPrice(1, 2)).ask(QUESTION, Town, ERRAND)
