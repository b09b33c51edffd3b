import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlist.language.own_words import sayings
from longlist.model.company import Employees, Facts, Place


def said(text: str, name: str = "Acme") -> Facts:
    found = list(sayings(text, name))
    return found[0].facts if found else Facts()


@pytest.mark.parametrize(
    ("sentence", "year"),
    [
        ("Acme was founded in 2014.", 2014),
        ("We started Acme in 2014.", 2014),
        ("Since 2014 we have made paint.", 2014),
        ("Established 2014.", 2014),
        ("Our story began in 2014 in a garage.", 2014),
        ("We've been making varnish since 1987.", 1987),
        ("Acme wurde 1987 in Hamburg gegründet.", 1987),
        ("Fondée en 1987, Acme fabrique des peintures.", 1987),
        ("Seit 1987 in Hamburg zu Hause.", 1987),
        ("Fundada en 1987 en Bilbao.", 1987),
    ],
)
def test_a_site_says_in_many_ways_when_its_company_began(sentence, year):
    assert said(sentence).founded == year


@pytest.mark.parametrize(
    "sentence",
    [
        "© 2014 Acme.",
        "Five trends shaping paint in 2024.",
        "Our customers have started in 2014 with one shop.",
        "Before, our founders previously founded Zeta in 2009.",
        "Updated in 2019.",
        "Version 2014 is out.",
    ],
)
def test_years_of_other_things_are_no_founding_years(sentence):
    assert said(sentence).founded is None


@pytest.mark.parametrize(
    ("sentence", "people"),
    [
        ("Today we are a team of 7 people.", 7),
        ("Our 40-person team ships every week.", 40),
        ("We have 120 employees.", 120),
        ("9 colleagues work here full-time.", 9),
        ("Join a team of 31.", 31),
        ("Wir sind ein Familienbetrieb mit 85 Mitarbeitern.", 85),
        ("Acme now employs 1,200 people.", 1_200),
    ],
)
def test_a_site_says_in_many_ways_how_many_work_there(sentence, people):
    assert said(sentence).employees == Employees(people, people)


@pytest.mark.parametrize(
    "sentence",
    [
        "Trusted by 500 companies.",
        "We help teams of 50 people.",
        "Customers with 200 employees save a day.",
        "Join 3000 users.",
    ],
)
def test_customers_and_users_are_no_staff(sentence):
    assert said(sentence).employees is None


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("Our home is Porto, Portugal.", Place("Portugal", None, "Porto")),
        ("Acme is based in Austin, TX, United States.", Place("United States", "Texas", "Austin")),
        ("Headquarters: Lyon, France", Place("France", None, "Lyon")),
        ("Mit Sitz in Hamburg.", Place("Germany", "Hamburg", "Hamburg")),
    ],
)
def test_a_site_says_in_many_ways_where_it_is(sentence, place):
    found = said(sentence).hq
    assert (found.country, found.city) == (place.country, place.city)


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Acme has been acquired; the product lives on under the same name.", "acquired"),
        ("Acquired by Zeta in 2018", "acquired"),
        ("We are now part of Zeta Group.", "acquired"),
        ("We have shut down.", "closed"),
        ("Our founders met at Zeta (acquired by Omega in 2017) and at Psi.", None),
        ("Zeta was acquired by Omega last year.", None),
        ("We help companies that were acquired.", None),
    ],
)
def test_only_what_is_said_of_the_company_itself_ends_it(sentence, status):
    assert said(sentence).status == status


@given(st.text(max_size=400), st.text(max_size=20))
def test_whatever_a_page_says_every_saying_stands_in_it(text, name):
    assert all(saying.sentence in text and saying.facts != Facts() for saying in sayings(text, name))
