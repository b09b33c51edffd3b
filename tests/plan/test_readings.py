"""What is left of a text once its conditions are taken out, and whose conditions they are."""

import phrasings
import pytest

from longlist.model.plan import Constraint, Reading
from longlist.plan.constraints import read


def criterion(text: str) -> Reading:
    return read(text, today=phrasings.TODAY, role="criterion")


@pytest.mark.parametrize(
    "text",
    [
        "It is sold to employers and their in-house HR teams.",
        "The software is bought by employers' own HR teams.",
        "It is sold by a company as a paid product.",
        "Applicant tracking software bought by employers' own HR teams",
        "Software sold to law firms",
        "Products sold through supermarkets or bought by families",
    ],
)
def test_what_a_company_sells_is_not_a_company_that_was_sold(text: str) -> None:
    assert criterion(text).constraints == ()
    assert read(text, today=phrasings.TODAY).constraints == ()


@pytest.mark.parametrize(
    "text",
    [
        "It was sold to Oracle.",
        "companies bought by larger competitors",
        "startups that were sold to Google",
        "vendors purchased by private equity",
        "The company has been sold or merged.",
        "firms that were bought out last year",
    ],
)
def test_a_company_that_was_sold_is_acquired(text: str) -> None:
    assert criterion(text).constraints == (Constraint("status", "in", ("acquired",)),)


@pytest.mark.parametrize(
    "text",
    [
        "Parcel carriers that online shops could ship with",
        "Charities, churches or other non-profit organisations are a main customer group.",
        "Platforms that charities and other non-profits use",
        "Payment gateways that SaaS companies integrate",
        "Agencies and consultancies are the main users.",
        "Accounting packages that small agencies would buy",
        "Used by online retailers, marketplaces and nonprofits.",
        "Sold to restaurants, franchises or charities.",
        "German companies with 10-50 employees are its typical customers.",
    ],
)
def test_customers_and_users_do_not_describe_the_company(text: str) -> None:
    assert criterion(text).constraints == ()
    assert read(text, today=phrasings.TODAY).constraints == ()


@pytest.mark.parametrize(
    "text",
    [
        "real-estate trusts that own physical property, not mortgage REITs, with fewer than 500 employees",
        "real-estate trusts that own physical property, not mortgage REITs, and have fewer than 500 employees",
        "real-estate trusts that own physical property, not mortgage REITs, which employ fewer than 500 people",
    ],
)
def test_an_exclusion_ends_where_the_next_condition_begins(text: str) -> None:
    reading = read(text, today=phrasings.TODAY)
    assert reading.constraints == (Constraint("employees", "max", 499),)
    assert reading.negative == "mortgage REITs"


@pytest.mark.parametrize(
    ("text", "negative"),
    [
        (
            "It is not mainly a maker of plugins, themes or page builders.",
            "a maker of plugins, themes or page builders",
        ),
        ("It is neither a staffing agency nor a job board.", "a staffing agency or a job board"),
        (
            "Is not a food brand, a ghost kitchen, or a supplier of ingredients.",
            "food brand, a ghost kitchen, or a supplier of ingredients",
        ),
        ("The company is not a bank.", "bank"),
    ],
)
def test_a_criterion_that_only_excludes_has_nothing_to_look_for(text: str, negative: str) -> None:
    reading = criterion(text)
    assert (reading.positive, reading.negative) == ("", negative)
    assert not reading.constraint_only


def test_an_exclusion_by_rather_than_only_keeps_its_whole_half() -> None:
    reading = criterion("It carries parcels itself (courier or post), rather than only selling shipping software.")
    assert reading.positive == "It carries parcels itself (courier or post)."
    assert reading.negative == "selling shipping software"


@pytest.mark.parametrize(
    "text",
    [
        "The company or its main chain was founded before 1990.",
        "The bank was founded before 1950 (the oldest stated founding date counts).",
        "The company is still operating independently (status Active; not inactive, not acquired).",
        "The headquarters are in Japan (whatever the stored country field says).",
        "The headquarters are in a European country.",
        "The headquarters are outside the United States.",
        "Its shares are traded on a stock exchange.",
        "The team has at least 10 people.",
        "The company has been acquired by another company (status Acquired or the text says so).",
        "Headquartered in Latin America or has Latin America as its main market.",
        "Based in, or mainly serves, a market outside the United States and Western Europe (for example Asia).",
        "Operates mainly in Africa, South or Southeast Asia, the Middle East or Latin America.",
        "The company is young: its accelerator batch is Winter 2024 or later, or it was founded in 2023 or later.",
    ],
)
def test_a_criterion_of_conditions_and_filler_leaves_nothing_to_look_for(text: str) -> None:
    reading = criterion(text)
    assert reading.constraints
    assert reading.constraint_only
    assert reading.positive == ""


@pytest.mark.parametrize(
    "text",
    [
        "It is a bank or bank holding company headquartered in the United States.",
        "Making payroll software is its main business, and it was founded after 2010.",
        "The main product is an API and the company has fewer than 50 employees.",
    ],
)
def test_a_criterion_that_also_says_what_is_done_is_more_than_its_conditions(text: str) -> None:
    reading = criterion(text)
    assert reading.constraints
    assert not reading.constraint_only
    assert reading.positive


def test_a_batch_with_its_year_counts_as_a_year_of_founding() -> None:
    reading = criterion("its accelerator batch is Winter 2024 or later, or it was founded in 2023 or later")
    assert set(reading.constraints) == {Constraint("founded", "min", 2024), Constraint("founded", "min", 2023)}
    assert reading.either


@pytest.mark.parametrize("query", ["companies in Germany", "Find me 20 startups", "businesses with 10-50 employees"])
def test_of_a_query_without_a_subject_nothing_is_left(query: str) -> None:
    assert read(query, today=phrasings.TODAY).positive == ""


@pytest.mark.parametrize(
    ("text", "positive"),
    [
        ("Hiring software bought by employers' own HR teams", "Hiring software bought by employers' own HR teams"),
        (
            "It is sold by a company as a paid product (or the text says so).",
            "It is sold by a company as a paid product.",
        ),
    ],
)
def test_what_is_left_reads_as_a_phrase(text: str, positive: str) -> None:
    assert criterion(text).positive == positive
