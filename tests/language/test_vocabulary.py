"""The words for business models."""

import re

import pytest

from longlist.language.places import mentions
from longlist.language.vocabulary import (
    FUNDING_STAGES,
    IMPLIES,
    MODEL_WORDS,
    MODELS,
    STAGE_WORDS,
    business_models,
    cues,
)


@pytest.mark.parametrize(
    ("text", "tags", "models"),
    [
        ("Acme is a marketplace for used tractors.", (), {"marketplace"}),
        ("Acme is the leading B2B SaaS for payroll.", (), {"software", "saas", "b2b"}),
        ("A direct-to-consumer mattress brand.", (), {"d2c", "b2c"}),
        ("Software for online stores and marketplaces.", (), set()),
        ("Tools for a marketplace", (), set()),
        ("An open-source database.", ("Databases",), {"open_source"}),
        ("A database.", ("Open source", "SaaS"), {"open_source", "saas", "software"}),
        ("A full-service agency.", (), {"agency", "services"}),
        ("", (), set()),
    ],
)
def test_only_plain_statements_make_a_business_model(text: str, tags: tuple[str, ...], models: set[str]) -> None:
    assert set(business_models(text, tags)) == models


def test_every_model_has_words_for_and_against_and_a_pattern() -> None:
    for model in MODELS:
        assert cues(model).for_
        assert cues(model).against
        assert cues(model).tags
    assert {model for model, _ in MODEL_WORDS} == set(MODELS)
    assert {m for implied in IMPLIES.values() for m in implied} <= set(MODELS)


def test_every_funding_stage_can_be_named() -> None:
    assert {stage for stage, _ in STAGE_WORDS} == set(FUNDING_STAGES)
    for stage, pattern in STAGE_WORDS:
        assert re.compile(pattern), stage


def test_no_business_model_is_a_place() -> None:
    assert mentions(" ".join(MODELS)) == []
