from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlist.errors import InvalidInput, StoreError
from longlist.model.company import CompanyProfile, Employees, Facts, Page, Place, Record
from longlist.model.criterion import Criterion, Evidence
from longlist.model.plan import Angle, Constraint, Plan, Reading
from longlist.store.codec import check_text, decode, encode

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
MAYBE = st.none() | TEXT
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
TIMES = st.datetimes(timezones=st.just(UTC)).map(lambda time: time.replace(fold=0))
PLACES = st.builds(Place, MAYBE, MAYBE, MAYBE)
COUNTS = st.builds(Employees, st.integers(0, 10**7), st.none() | st.integers(0, 10**7))
FACTS = st.builds(
    Facts,
    founded=st.none() | st.integers(1000, 2100),
    employees=st.none() | COUNTS,
    hq=PLACES,
    status=st.sampled_from([None, "active", "acquired", "closed"]),
    listed=st.none() | st.booleans(),
    business_models=TEXTS,
    funding_stage=MAYBE,
    funding_amount=st.none() | st.integers(0, 10**13),
    quotes=st.dictionaries(TEXT, TEXT, max_size=3),
)
PAGES = st.builds(Page, TEXT, TIMES, MAYBE, MAYBE)
KINDS = st.sampled_from(["company", "product", "project"])
RECORDS = st.builds(Record, TEXT, TEXT, TEXT, TEXT, TEXT, TEXTS, FACTS, KINDS, TEXT)
PROFILES = st.builds(
    CompanyProfile, TEXT, TEXT, TEXT, TEXT, TEXT, TEXTS, FACTS, st.lists(PAGES, max_size=2).map(tuple), KINDS, TEXTS
)
BOOLEANS = st.lists(st.booleans(), min_size=1, max_size=2).map(tuple)
FIELDS = st.sampled_from(["country", "employees", "listed", "industry"])
CONSTRAINTS = st.builds(
    Constraint,
    FIELDS,
    st.sampled_from(["in", "not_in", "min", "max"]),
    st.integers(-(10**9), 10**12) | TEXTS | BOOLEANS,
)
MANY = st.lists(CONSTRAINTS, max_size=3).map(tuple)
READINGS = st.builds(Reading, TEXT, TEXT, TEXT, MANY, st.booleans(), st.booleans(), TEXTS)
CRITERIA = st.builds(Criterion, TEXT, TEXT, TEXT)
PLANS = st.builds(
    Plan,
    READINGS,
    st.lists(CRITERIA, max_size=2).map(tuple),
    st.lists(READINGS, max_size=2).map(tuple),
    MANY,
    st.lists(st.builds(Angle, TEXT, TEXT), max_size=2).map(tuple),
    st.booleans(),
)
EVIDENCE = st.lists(st.builds(Evidence, TEXT, TEXT, TIMES, MAYBE, MAYBE), max_size=2).map(tuple)


def exactly(value: Any) -> str:
    """The value spelt out, so that True and 1, or a list and a tuple, differ."""
    return repr(value).replace("TzInfo(0)", "UTC").replace("datetime.timezone.utc", "UTC")


@pytest.mark.parametrize(
    ("shape", "values"),
    [(Record, RECORDS), (CompanyProfile, PROFILES), (Plan, PLANS), (tuple[Evidence, ...], EVIDENCE)],
    ids=["record", "profile", "plan", "evidence"],
)
def test_a_value_comes_back_exactly(shape: Any, values: st.SearchStrategy[Any]) -> None:
    @given(values)
    def there_and_back(value: Any) -> None:
        again = decode(shape, encode(shape, value))
        assert again == value
        assert exactly(again) == exactly(value)

    there_and_back()


@given(st.text())
def test_text_is_refused_exactly_when_it_cannot_be_stored(text: str) -> None:
    fine = "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
    for check in (check_text, lambda value: encode(tuple[str, ...], (value,))):
        if fine:
            check(text)
        else:
            with pytest.raises(InvalidInput, match="cannot be stored"):
                check(text)


@pytest.mark.parametrize("text", ["", "{}", '{"key": 1}', "[", '{"key": "a", "name": "b"}'])
def test_a_damaged_value_is_a_sentence(text: str) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        decode(Criterion, text)


def test_a_field_added_later_reads_as_its_default() -> None:
    assert decode(Facts, '{"founded": 1999}') == Facts(founded=1999)
