"""What a hit of a web search is taken for."""

import pytest

from longlist.discover.hits import sight, sights
from longlist.model.web import Hit


def hit(url: str, title: str = "", snippet: str = "") -> Hit:
    return Hit(url, title, snippet, 1, "fake", "q")


@pytest.mark.parametrize(
    ("url", "title", "kind", "name"),
    [
        ("https://acme.com/", "Acme | Freight made simple", "site", "Acme"),
        ("http://www.acme.com", "Home - Acme", "site", "Acme"),
        ("https://acme.com/about-us", "About Acme", "site", "Acme"),
        ("https://acme.com/en/", "Acme", "site", "Acme"),
        ("https://salaryhub.mx/", "Salary on demand - Salaryhub", "site", "Salaryhub"),
        ("https://blog.example.net/best-tms", "12 best freight startups to watch", "list", ""),
        ("https://example.net/x", "Top 10 Freight Software Companies in 2026", "list", ""),
        ("https://example.net/alternatives", "Acme alternatives: 9 tools compared", "list", ""),
        ("https://example.net/map", "The freight landscape: 20 vendors compared", "list", ""),
        ("https://example.net/c/freight", "Freight companies – page 1 of 3", "directory", ""),
        ("https://example.net/browse/freight?page=2", "Freight", "directory", ""),
        ("https://news.example.net/2025/03/acme-raises", "Acme raises $5M to grow", "article", "Acme"),
        ("https://news.example.net/2025/03/x", "Berlin-based startup Acme Labs raises $5M", "article", "Acme Labs"),
        ("https://www.linkedin.com/company/acme", "Acme | LinkedIn", "profile", "Acme"),
        (
            "https://www.crunchbase.com/organization/acme",
            "Acme - Crunchbase Company Profile & Funding",
            "profile",
            "Acme",
        ),
        ("https://www.someindex.com/company/acme", "Acme company profile", "profile", "Acme"),
        ("https://en.wikipedia.org/wiki/Acme", "Acme - Wikipedia", "reference", "Acme"),
        ("https://en.wikipedia.org/wiki/List_of_banks", "List of banks - Wikipedia", "list", ""),
        ("https://www.jobs-example.net/jobs/acme", "Acme is hiring a Designer. | Jobs", "mention", "Acme"),
        ("https://reviews-example.net/products/acme", "Acme Reviews & Pricing", "mention", "Acme"),
        ("https://www.linkedin.com/in/somebody", "Some Body | LinkedIn", "junk", ""),
        ("https://www.reddit.com/r/x/comments/1", "what is the best tms?", "junk", ""),
        ("https://example.com/search?q=x", "Search", "junk", ""),
        ("ftp://acme.com/", "Acme", "junk", ""),
        ("https://somewhere.com/2019-report.html", "Freight in numbers", "unclear", ""),
    ],
)
def test_a_hit_is_known_by_its_address_and_title(url, title, kind, name):
    seen = sight(hit(url, title))
    assert (seen.kind, seen.name) == (kind, name)


def test_link_farms_are_junk():
    assert sight(hit("https://best-freight-2025.xyz/", "BEST freight COMPANIES 2025 (Top 10!!!)")).kind == "junk"
    assert sight(hit("https://a.top/", "Freight", "freight company cheap " * 8)).kind == "junk"


def test_a_company_may_use_an_ending_that_link_farms_like():
    assert sight(hit("https://acme.xyz/", "Acme | Freight")).kind == "site"


def test_a_site_gives_its_own_domain_and_a_profile_none():
    assert sight(hit("https://www.acme.co.uk/", "Acme")).domain == "acme.co.uk"
    assert sight(hit("https://www.someindex.com/company/acme", "Acme company profile")).domain == ""


def test_a_host_with_pages_about_many_companies_is_nobodys_own_site():
    found = sights(
        [
            hit("https://index.example.com/company/acme", "Acme company profile"),
            hit("https://index.example.com/company/bolt", "Bolt company profile"),
            hit("https://index.example.com/", "Index | Companies of the world"),
        ]
    )
    assert found[2].kind == "unclear"
