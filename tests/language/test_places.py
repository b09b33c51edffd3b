"""Places in text and in headquarters strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlist.language.places import (
    city_key,
    city_keys,
    country_name,
    locate,
    mentions,
    place_matches,
    region_countries,
)
from longlist.model.company import Place


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("United States", "United States"),
        ("USA", "United States"),
        ("U.S.", "United States"),
        ("UK", "United Kingdom"),
        ("Russian Federation", "Russia"),
        ("Korea, Republic of", "South Korea"),
        ("Viet Nam", "Vietnam"),
        ("Taiwan, Province of China", "Taiwan"),
        ("Czech Republic", "Czechia"),
        ("The Netherlands", "Netherlands"),
        ("Türkiye", "Turkey"),
        ("DE", "Germany"),
        ("FRA", "France"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_country_is_known_by_its_common_names_and_codes(text: str, name: str | None) -> None:
    assert country_name(text) == name


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Akasaka , Minato , Tokyo , Japan", ("Japan", "Tokyo Prefecture", "Tokyo")),
        ("Lincolnshire, Illinois , U.S.", ("United States", "Illinois", "Lincolnshire")),
        ("San Francisco, CA, USA; Remote", ("United States", "California", "San Francisco")),
        ("london, england, united kingdom", ("United Kingdom", "England", "London")),
        ("Neubiberg , Germany", ("Germany", None, "Neubiberg")),
        ("Quai d'Orsay, 7th arrondissement, Paris, France", ("France", "Île-de-France", "Paris")),
        ("Hong Kong", ("Hong Kong", None, None)),
        ("Georgia", ("Georgia", None, None)),
        ("Atlanta , Georgia , United States", ("United States", "Georgia", "Atlanta")),
        ("Tbilisi, Georgia", ("Georgia", None, "Tbilisi")),
        ("Alpharetta, Georgia", ("United States", "Georgia", "Alpharetta")),
        ("Washington, D.C., U.S.", ("United States", "District of Columbia", "Washington, D.C.")),
        ("Bengaluru, KA, India", ("India", "Karnataka", "Bengaluru")),
        ("Wood Dale, Illinois , United States 41°52′N 87°58′W", ("United States", "Illinois", "Wood Dale")),
        (
            "St. Louis, Missouri , U.S. (operational) Geneva , Switzerland (legal)",
            ("United States", "Missouri", "St. Louis"),
        ),
        ("Kitchener, ON, Canada", ("Canada", "Ontario", "Kitchener")),
        ("San Jose, Costa Rica", ("Costa Rica", None, "San José")),
        ("Remote", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_a_headquarters_string_is_read_into_country_state_and_city(
    text: str, place: tuple[str | None, str | None, str | None]
) -> None:
    assert locate(text) == Place(*place)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("german saas companies", ["Germany"]),
        ("contact us about the most mobile enterprise", []),
        ("us-based ai startups", ["United States"]),
        ("turkey farms in Turkey", ["Turkey"]),
        ("fine china and china porcelain", []),
        ("reading apps in Reading, UK", ["Reading", "United Kingdom"]),
        ("Polish startups and polish for nails", ["Poland"]),
        ("Georgia, US", ["Georgia", "United States"]),
        ("Italian restaurants", []),
        ("Indian Ocean cruises", []),
        ("English language schools", []),
        ("Austin, TX", ["Austin", "Texas"]),
        ("in New York, London or Paris", ["New York", "London", "Paris"]),
        ("NYC and SF", ["New York", "San Francisco"]),
        ("LatAm and south east asia", ["Latin America", "Southeast Asia"]),
        ("Europe, the Middle East and Africa", ["EMEA"]),
        ("UK & Ireland", ["United Kingdom", "Ireland"]),
        ("companies in munich", ["Munich"]),
    ],
)
def test_places_are_found_in_running_text_and_look_alikes_are_not(text: str, names: list[str]) -> None:
    assert [m.name for m in mentions(text)] == names


def test_a_region_is_the_set_of_its_countries() -> None:
    assert region_countries("DACH") == {"Germany", "Austria", "Switzerland"}
    assert region_countries("LatAm") >= {"Brazil", "Mexico", "Argentina"}
    assert "United Kingdom" not in region_countries("EU")
    assert region_countries("Germany") == frozenset()


@pytest.mark.parametrize(
    ("place", "names", "field", "answer"),
    [
        (Place("Germany"), ("Germany",), "country", True),
        (Place("Germany"), ("France",), "country", False),
        (Place(), ("France",), "country", None),
        (Place("Germany"), ("DACH",), "region", True),
        (Place("Brazil"), ("DACH", "Latin America"), "region", True),
        (Place("United States"), ("California",), "region", None),
        (Place("Germany"), ("California",), "region", False),
        (Place("United States", "California"), ("California",), "region", True),
        (Place("United States", "Texas"), ("West Coast",), "region", False),
        (Place("United States", "California", "Palo Alto"), ("Silicon Valley",), "region", True),
        (Place("United States"), ("New York",), "city", None),
        (Place("United States", "New York State", "New York"), ("NYC",), "city", True),
        (Place("India", None, "Bombay"), ("Mumbai",), "city", True),
        (Place("Germany", None, "Munich"), ("Berlin",), "city", False),
        (Place("Germany"), ("Munich",), "city", None),
        (Place("France"), ("Munich",), "city", False),
        (Place("Georgia"), ("Georgia",), "country", True),
        (Place("United States", "Georgia"), ("Georgia",), "region", True),
        (Place("United States", "Georgia"), ("Georgia",), "country", False),
    ],
)
def test_a_headquarters_answers_for_the_places_it_lies_in(
    place: Place, names: tuple[str, ...], field: str, answer: bool | None
) -> None:
    assert place_matches(place, names, field) is answer  # type: ignore[arg-type]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_places(text: str) -> None:
    found = mentions(text)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    locate(text)
    country_name(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mumbai", "BOMBAY"), ("Munich", "München"), ("New York", "new york"), ("Nowhereville", "NOWHEREVILLE ")],
)
def test_a_city_has_one_key_under_all_its_names(one, other):
    assert city_key(one) == city_key(other)
    assert city_key(one) in city_keys(other)


def test_of_several_cities_of_a_name_that_of_the_country_is_meant():
    assert city_key("Paris", "France") in city_keys("paris")
    assert city_key("", None) == ""
    assert city_keys("") == frozenset()
