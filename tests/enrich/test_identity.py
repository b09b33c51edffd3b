import pytest

from longlist.enrich.identity import fits_domain, not_confirmed, same_name, site_name
from pages import html, site_page

DOMAIN = "acme-paint.com"


@pytest.mark.parametrize(
    "title",
    [
        "Acme Paint",
        "Acme Paint | Paint that dries in a minute",
        "Paint that dries in a minute - Acme Paint",
        "Home - Acme Paint",
    ],
)
def test_the_name_of_a_site_is_what_its_parts_agree_on(title):
    assert site_name([site_page(html("<h1>Paint that dries in a minute</h1>", title=title))], DOMAIN) == "Acme Paint"


def test_the_name_a_site_publishes_is_spelled_as_it_spells_it():
    head = '<meta property="og:site_name" content="ACME Paint">'
    assert site_name([site_page(html("<h1>Dry in a minute</h1>", head=head, title="Welcome"))], DOMAIN) == "ACME Paint"


def test_a_page_without_a_name_has_none():
    assert site_name([site_page(html("<p>Hello.</p>", title="Welcome", around=False))], "zq7.io") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "ACME, Inc."),
        ("Acme Paint", "Acme"),
        ("Café Noir GmbH", "cafe noir"),
        ("Beta-Lab", "Betalab"),
        ("Shopmonkey", "Shop Monkey"),
    ],
)
def test_names_that_differ_in_form_are_the_same(one, other):
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Acme", "Zeta"), ("Ace", "Acetone Works"), ("", ""), ("Delta Air", "Delta-V Rockets")]
)
def test_names_of_different_companies_are_not(one, other):
    assert not same_name(one, other)


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("Acme", "getacme.io"),
        ("Acme Paint", "acmepaint.co.uk"),
        ("Acme", "acme-hq.com"),
        ("10 By 10", "10by10.io"),
        ("Notion", "notion.so"),
    ],
)
def test_domains_that_a_company_of_the_name_would_have(name, domain):
    assert fits_domain(name, domain)


def test_a_catalogue_company_must_be_named_on_its_site():
    page = site_page(html("<p>We make paint.</p>"))
    assert not_confirmed("Acme Paint", DOMAIN, [page], must_match=True) == ""
    why = not_confirmed("Zeta Robots", DOMAIN, [page], must_match=True)
    assert (
        why
        == "The site at acme-paint.com calls itself Acme Paint and does not mention Zeta Robots, so it is not known to be that company's."
    )


def test_a_site_found_by_search_may_go_by_its_own_name():
    page = site_page(html("<p>We make paint.</p>"))
    assert not_confirmed("Best ship paint in town", DOMAIN, [page], must_match=False) == ""


def test_a_site_that_says_nothing_of_whose_it_is_confirms_nobody():
    page = site_page(html("<p>Hello.</p>", title="Welcome", around=False))
    assert "tells whose it is" in not_confirmed("Zeta", "zq7.io", [page], must_match=False)
