import pytest

from longlist.errors import InvalidInput
from longlist.llm.prices import FREE, UNKNOWN, FixedPrice, Used, price_of
from longlist.llm.spec import ModelSpec, model_spec


def test_models_are_named_by_vendor_or_by_server():
    assert model_spec("openai:gpt-5-mini") == ModelSpec("openai", "gpt-5-mini")
    assert model_spec("http://127.0.0.1:11434/v1#qwen3:4b") == ModelSpec(
        "server", "qwen3:4b", "http://127.0.0.1:11434/v1"
    )
    assert model_spec("http://user:pw@host:1/v1#m").provider == "host:1"


@pytest.mark.parametrize("text", ["gpt-5", "openai:", "mistral:large", "http://127.0.0.1:8080/v1", "http:///v1#m", ""])
def test_anything_else_is_said_to_name_no_model(text):
    with pytest.raises(InvalidInput, match="names no model"):
        model_spec(text)


def test_prices_are_what_was_said_else_the_vendors_else_high_and_ones_own_server_is_free():
    assert price_of(model_spec("openai:gpt-5-mini"), "0.5/2") == FixedPrice(0.5, 2)
    assert price_of(model_spec("openai:gpt-5-mini")).micros(Used(1_000_000, 0)) == 250_000
    assert price_of(model_spec("openai:never-heard-of")) is UNKNOWN
    assert price_of(model_spec("http://127.0.0.1:1/v1#m")) is FREE
    for said in ("cheap", "-1/2", "1/x", "nan/1"):
        with pytest.raises(InvalidInput, match="dollars per million"):
            price_of(model_spec("openai:gpt-5-mini"), said)


def test_a_price_is_rounded_up():
    assert FixedPrice(0.05, 0.4).micros(Used(1, 1)) == 1
