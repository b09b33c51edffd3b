import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlist.language.facts import (
    employees,
    facts_from_prose,
    founded_year,
    funding_amount,
    funding_stage,
    listed,
    status,
    this_year,
)
from longlist.model.company import Employees, Facts, Place


@pytest.mark.parametrize(
    ("prose", "year"),
    [
        ("28 March 1806 ; 219 years ago ( 1806-03-28 ) as Acme & Co.", 1806),
        ("c. 1890", 1890),
        ("1963 (as Acme Discount), 1945", 1945),
        ("January 24, 2003 ; 23 years ago ( 2003-01-24 ) (incorporation) April 1, 2004 (spin-off)", 2003),
        ("Tokyo, Japan (March 1910 ; 116 years ago ( 1910-03 ) )", 1910),
        ("1910, Switzerland", 1910),
        ("1968 (58 years ago) ( 1968 )", 1968),
        ("2014-05-01", 2014),
        ("12/31/1999", 1999),
        ("2014.0", 2014),
        (2014, 2014),
        (2014.0, 2014),
        ("Summer 2017", 2017),
        ("AD 870", 870),
    ],
)
def test_a_founding_year_is_the_earliest_plausible_one(prose, year):
    assert founded_year(prose) == year


@pytest.mark.parametrize(
    "prose", [None, "", 0, "0", "Ohio, U.S.", "3,500", "2999", 2999, float("nan"), True, "18th", "$1999"]
)
def test_no_year_is_made_up(prose):
    assert founded_year(prose) is None


@pytest.mark.parametrize(
    ("prose", "low", "high"),
    [
        ("69,700 (2024)", 69_700, 69_700),
        ("c. 300,000 (2024)", 300_000, 300_000),
        ("30,000 (FTE 2021) 600,000 workers (2021)", 30_000, 30_000),
        ("~1,200", 1_200, 1_200),
        ("11-50", 11, 50),
        ("51–200 employees", 51, 200),
        ("5,001-10,000", 5_001, 10_000),
        ("2 to 10", 2, 10),
        ("1.5k-2k", 1_500, 2_000),
        ("10001+", 10_001, None),
        ("10k+", 10_001, None),
        ("500+", 501, None),
        ("1,400+ in 2025", 1_400, 1_499),
        ("5.000", 5_000, 5_000),
        ("105.541 (December 31, 2024)", 105_541, 105_541),
        ("3 500", 3_500, 3_500),
        ("4067 (September 2023)", 4_067, 4_067),
        ("over 2 million", 2_000_000, None),
        ("less than 50", 1, 50),
        ("10,000 employees as of February 22, 2022", 10_000, 10_000),
        ("7,737 (non-consolidated) 15,468 (consolidated) (as of March 31, 2013)", 15_468, 15_468),
        ("consolidated: 45,402 non-consolidated: 26,778 (as of March 31, 2012)", 45_402, 45_402),
        ("1,216 (Consolidated 15,922) (March 31, 2010)", 15_922, 15_922),
        ("116 (holding company) 49,480 (group) (as of March 31, 2025)", 49_480, 49_480),
        ("21,834 (Japan – 9,634) (World – 12,200) (March 31st, 2024 )", 21_834, 21_834),
        (250, 250, 250),
        (12.0, 12, 12),
    ],
)
def test_a_head_count_is_read_from_prose(prose, low, high):
    assert employees(prose) == Employees(low, high)


@pytest.mark.parametrize(
    "prose",
    [None, "", 0, "0", -3, "none", "self-employed", "9" * 5_000, 10**12, float("nan"), float("inf"), "1e5", True],
)
def test_no_head_count_is_made_up(prose):
    assert employees(prose) is None


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("Active", "active"),
        ("Operating", "active"),
        ("Public", "active"),
        ("IPO", "active"),
        ("Acquired by Acme", "acquired"),
        ("Merged", "acquired"),
        ("Inactive", "closed"),
        ("Closed (2019)", "closed"),
        ("no longer operating", "closed"),
        ("not acquired", "active"),
        ("", None),
        ("blue", None),
    ],
)
def test_a_status_field_is_translated(prose, expected):
    assert status(prose) == expected


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("Public", True),
        ("IPO", True),
        ("Public Company", True),
        ("Privately Held", False),
        ("Nonprofit", None),
        ("", None),
    ],
)
def test_listing_is_read_from_a_company_type(prose, expected):
    assert listed(prose) is expected


@pytest.mark.parametrize(
    ("prose", "stage"),
    [
        ("Series A", "series_a"),
        ("Pre-Seed", "pre_seed"),
        ("Seed, then Series B2", "series_b"),
        ("angel", "seed"),
        ("x", None),
    ],
)
def test_the_latest_funding_stage_counts(prose, stage):
    assert funding_stage(prose) == stage


@pytest.mark.parametrize(
    ("prose", "dollars"),
    [
        ("$12M Series A", 12_000_000),
        ("US$ 1.5 billion", 1_500_000_000),
        ("USD 750,000", 750_000),
        ("2300000", 2_300_000),
        (2300000.0, 2_300_000),
        ("€5M", None),
        ("undisclosed", None),
        ("9" * 400, None),
    ],
)
def test_funding_is_read_in_dollars_only(prose, dollars):
    assert funding_amount(prose) == dollars


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        ("Acme was founded in 2014 by two sailors.", "founded", 2014),
        ("Established in March 1998, Acme sells rope.", "founded", 1998),
        ("Acme is a harbour software company founded in 2009.", "founded", 2009),
        ("Acme is a team of 25 people.", "employees", Employees(25, 25)),
        ("Acme has over 1,200 employees in Europe.", "employees", Employees(1_200, 1_200)),
        ("Acme was acquired by Umbrella in 2019.", "status", "acquired"),
        ("Acquired by Umbrella.", "status", "acquired"),
        ("The company shut down in 2019.", "status", "closed"),
        ("Acme is no longer in business.", "status", "closed"),
        ("Acme has raised $2.3M in seed funding.", "funding_amount", 2_300_000),
        ("We raised a $12M Series A.", "funding_stage", "series_a"),
        ("Acme is headquartered in Berlin.", "hq", Place("Germany", None, "Berlin")),
        (
            "Based in San Francisco, California, Acme ships rope.",
            "hq",
            Place("United States", "California", "San Francisco"),
        ),
        ("Acme is an ecommerce platform from Norway.", "hq", Place("Norway")),
        ("Acme is a leading French maker of rope.", "hq", Place("France")),
    ],
)
def test_a_description_states_facts_of_its_company(sentence, field, value):
    facts = facts_from_prose(f"Acme sells rope.\n{sentence} It also sells hooks.")
    assert getattr(facts, field) == value
    assert facts.quotes[field] == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "The founders' previous company was acquired by Umbrella.",
        "Our CTO previously worked at a company that was acquired in 2022.",
        "We help companies with 500+ employees plan shifts.",
        "Join 2,000 companies founded in 2014 or later.",
        "We are a team of 2 PhDs and one sailor.",
        "An AI-based platform for AJAX-based forms.",
        "Rope-based fitness, web-based training, cloud-based storage.",
        "If your supplier shut down, call us.",
        "We have raised $250 million for charity.",
        "Since 2020 we ship to Germany.",
        "The shop closed at five.",
        "We employ 3D printing.",
        "A French cuisine guide.",
    ],
)
def test_nothing_is_read_into_a_description(sentence):
    assert facts_from_prose(sentence) == Facts()


@given(st.text(max_size=200))
def test_any_text_is_survived_and_quoted_verbatim(text):
    facts = facts_from_prose(text)
    assert all(quote in text for quote in facts.quotes.values())
    year, count = founded_year(text), employees(text)
    assert year is None or 0 < year <= this_year()
    assert count is None or (count.low > 0 and (count.high is None or count.low <= count.high))
    funding_amount(text)
    funding_stage(text)
    status(text)
    listed(text)
