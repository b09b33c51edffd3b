"""Names of companies as lists write them, and whether they fit a domain or a text."""

import pytest

from longlist.discover.names import (
    fits_domain,
    listed_name,
    name_in_title,
    name_of_domain,
    plain_name,
    same_name,
    says_name,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("3. Acme Robotics – best for small farms", "Acme Robotics"),
        ("#12) Acme", "Acme"),
        ("Editor's choice: Acme", "Acme"),
        ("Best for start-ups: Acme", "Acme"),
        ("Acme (formerly Bolt)", "Acme"),
        ("“Acme”", "Acme"),
        ("10 By 10", "10 By 10"),
        ("Acme: payroll without tears", "Acme"),
        ("coil", "coil"),
    ],
)
def test_what_a_list_adds_to_a_name_is_taken_off(written, name):
    assert listed_name(written) == name


@pytest.mark.parametrize(
    "heading",
    [
        "Conclusion",
        "Frequently asked questions",
        "How we chose",
        "What is freight?",
        "Pros and cons",
        "Read next",
        "Next page",
        "",
        "A sentence about the market that goes on for far too long to be anybody's name",
    ],
)
def test_headings_that_every_page_has_are_no_names(heading):
    assert listed_name(heading) == ""


@pytest.mark.parametrize(
    ("a", "b", "is_same"),
    [
        ("Acme, Inc.", "ACME", True),
        ("Acme Robotics GmbH", "Acme Robotics", True),
        ("Live Chat", "LiveChat", True),
        ("Crédit Nord", "Credit Nord", True),
        ("Acme", "Acne", False),
        ("Acme Robotics", "Acme Logistics", False),
        ("", "", False),
    ],
)
def test_names_are_one_with_or_without_their_legal_form(a, b, is_same):
    assert same_name(a, b) is is_same


@pytest.mark.parametrize(
    ("name", "domain", "least", "most"),
    [
        ("Acme Robotics", "acmerobotics.com", 1, 1),
        ("Acme", "getacme.io", 0.85, 0.95),
        ("Cal.com", "cal.com", 1, 1),
        ("Acme Robotics Inc", "acme.ai", 0.5, 0.9),
        ("International Business Machines", "ibm.com", 0.5, 0.7),
        ("Acme", "stacklantern.com", 0, 0),
        ("", "acme.com", 0, 0),
    ],
)
def test_how_well_a_name_fits_a_domain(name, domain, least, most):
    assert least <= fits_domain(name, domain) <= most


def test_a_page_says_a_name_only_as_words_of_its_own():
    assert says_name("Acme", "Welcome to ACME, makers of anvils")
    assert says_name("Live Chat, Inc.", "LiveChat helps you answer")
    assert not says_name("Acme", "Acmeology for beginners")
    assert not says_name("Inc.", "")


def test_a_title_gives_the_part_that_fits_the_domain():
    assert name_in_title("Payroll without tears | Acme", "acme.com") == "Acme"
    assert name_in_title("Home - Acme", "acme.com") == "Acme"
    assert name_in_title("About Acme", "acme.com") == "Acme"
    assert name_in_title("The simplest way to send a parcel to anybody anywhere", "acme.com") == ""


def test_a_domain_gives_a_name_where_nothing_else_does():
    assert name_of_domain("acme-robotics.co.uk") == "Acme Robotics"


def test_a_name_that_is_only_a_legal_form_stays():
    assert plain_name("GmbH") == "gmbh"
