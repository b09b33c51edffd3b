import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longlist.enrich.claims import resolve
from longlist.enrich.page_facts import page_facts
from longlist.language.quotes import occurs
from longlist.model.company import Employees, Facts, Place
from pages import html, ld, site_page

DOMAIN, NAMES = "acme-paint.com", ["Acme Paint"]


def facts_of(*sources: str) -> Facts:
    pages = [site_page(source, f"https://acme-paint.com/{number}") for number, source in enumerate(sources)]
    facts, claims = resolve([one for page in pages for one in page_facts(page, DOMAIN, NAMES)])
    assert all(any(claim.quote in page.citable.text for page in pages) for claim in claims)
    return facts


def organization(**more: object) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": "Acme Paint",
        "url": "https://acme-paint.com/",
    }
    return html("<p>We make paint.</p>", head=ld(json.dumps(data | more)))


@pytest.mark.parametrize("date", ["2014", "2014-04-01", 2014])
def test_the_founding_date_of_json_ld_is_a_fact_quoted_as_it_stands(date):
    facts = facts_of(organization(foundingDate=date))
    assert (facts.founded, facts.quotes["founded"]) == (2014, f'"foundingDate": {json.dumps(date)}')
    assert facts.confidence["founded"] == 0.9


@pytest.mark.parametrize("size", [40, "40", {"@type": "QuantitativeValue", "value": 40}])
def test_the_head_count_of_json_ld_comes_in_several_forms(size):
    assert facts_of(organization(numberOfEmployees=size)).employees == Employees(40, 40)


def test_a_head_count_may_be_a_range():
    size = {"@type": "QuantitativeValue", "minValue": 11, "maxValue": 50}
    assert facts_of(organization(numberOfEmployees=size)).employees == Employees(11, 50)


@pytest.mark.parametrize(
    "address",
    [
        "Porto, Portugal",
        {"@type": "PostalAddress", "addressLocality": "Porto", "addressCountry": "PT"},
        [
            {
                "@type": "PostalAddress",
                "addressLocality": "Porto",
                "addressCountry": {"@type": "Country", "name": "Portugal"},
            }
        ],
    ],
)
def test_the_address_of_json_ld_tells_the_seat(address):
    found = facts_of(organization(address=address)).hq
    assert (found.country, found.city) == ("Portugal", "Porto")


def test_offices_in_several_countries_tell_no_seat():
    offices = [
        {"addressLocality": "Porto", "addressCountry": "PT"},
        {"addressLocality": "Lyon", "addressCountry": "FR"},
    ]
    assert facts_of(organization(address=offices)).hq == Place()


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "Review", "author": {"@type": "Organization", "name": "Zeta", "foundingDate": "1901"}},
        {"@type": "Organization", "name": "Zeta", "url": "https://zeta.com", "foundingDate": "1901"},
        {"@type": "NewsArticle", "about": {"@type": "Organization", "name": "Zeta", "foundingDate": "1901"}},
        {"@type": "Product", "foundingDate": "1901"},
    ],
)
def test_what_data_says_of_others_is_no_fact(data):
    assert facts_of(html("<p>We make paint.</p>", head=ld(json.dumps(data)))).founded is None


def test_json_ld_with_a_comma_too_many_and_in_a_graph_is_read():
    broken = '{"@graph": [{"@type": "WebSite", "name": "Acme Paint"}, {"@type": "Corporation", "name": "Acme Paint", "foundingDate": "2014"}],}'
    assert facts_of(html("<p>We make paint.</p>", head=ld(broken))).founded == 2014


def test_testimonials_teasers_and_copyright_years_are_no_facts():
    assert facts_of(html("<p>We make paint for ships.</p>")) == Facts()


def test_labelled_values_are_facts_and_the_quotation_spans_city_and_country():
    rows = "<table><tr><td>Year founded</td><td>2014</td></tr><tr><td>City</td><td>Porto</td></tr><tr><td>Country</td><td>Portugal</td></tr></table>"
    facts = facts_of(html(rows))
    assert (facts.founded, facts.hq.country, facts.hq.city) == (2014, "Portugal", "Porto")
    assert facts.quotes["hq"] == "City Porto\nCountry Portugal"


def test_data_that_scripts_start_from_states_facts_of_the_company_alone():
    data = {
        "company": {
            "name": "Acme Paint",
            "founded": 2014,
            "teamSize": 40,
            "headquarters": {"city": "Porto", "country": "Portugal"},
        },
        "portfolio": [{"name": "Zeta", "founded": 1901}],
    }
    script = f'<script type="application/json">{json.dumps(data)}</script>'
    facts = facts_of(html(f"<div></div>{script}", around=False))
    assert (facts.founded, facts.employees, facts.hq.city) == (2014, Employees(40, 40), "Porto")


def test_a_postal_address_tells_the_seat_with_less_trust():
    facts = facts_of(html("<address>12 Harbour Lane, Porto, Portugal</address>"))
    assert (facts.hq.country, facts.confidence["hq"]) == ("Portugal", 0.6)


def test_pages_that_agree_are_trusted_more_and_one_that_differs_less():
    one, same = html("<p>Acme Paint was founded in 2014.</p>"), organization(foundingDate="2014")
    other = html("<p>Acme Paint was founded in 2009.</p>")
    assert facts_of(one, same).confidence["founded"] > facts_of(same).confidence["founded"]
    torn = facts_of(same, other)
    assert torn.founded == 2014
    assert torn.confidence["founded"] < 0.6


def test_a_sentence_repeated_on_every_page_counts_once():
    said = html("<p>Acme Paint was founded in 2009.</p>")
    assert facts_of(said, said, said).confidence == facts_of(said).confidence


def test_what_the_machine_readable_part_says_is_believed_before_a_sentence():
    assert facts_of(
        html("<p>We are a team of more than 100 people.</p>"), organization(numberOfEmployees=250)
    ).employees == Employees(250, 250)


def test_a_seat_is_completed_by_statements_that_agree():
    facts = facts_of(
        html("<p>We are headquartered in Portugal.</p>"), html("<p>Acme Paint is based in Porto, Portugal.</p>")
    )
    assert (facts.hq.country, facts.hq.city) == ("Portugal", "Porto")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@graph", "name", "address", "foundingDate", "numberOfEmployees", "url", "sameAs"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_whatever_stands_in_json_ld_is_either_quoted_as_it_stands_or_left_out(data):
    page = site_page(html("<p>We make paint.</p>", head=ld(json.dumps(data).replace("<", "\\u003c"))))
    for one in page_facts(page, DOMAIN, NAMES):
        assert occurs(one.claim.quote, page.citable.text)
