import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlist.language.domains import is_aggregator, own_domain, registered_domain


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.acme.com/about", "acme.com"),
        ("WWW.Acme.COM.", "acme.com"),
        ("//acme.com", "acme.com"),
        ("http:/acme.com", "acme.com"),
        ("http//acme.com", "acme.com"),
        ("https:\\\\acme.com\\x", "acme.com"),
        ("acme.com:8080", "acme.com"),
        ("jane@acme.com", "acme.com"),
        ("https://user:pw@shop.acme.co.uk:80/x?y#z", "acme.co.uk"),
        ("acme.com at the Wayback Machine (archived 2020-03-11)", "acme.com"),
        ("acme.com (corporate) acme.shop (brand)", "acme.com"),
        ("www.acme.com /english /index.html", "acme.com"),
        ("{{URL|acme.com}", "acme.com"),
        ('=HYPERLINK("https://acme.com","Acme")', "acme.com"),
        ("[Acme](https://acme.io)", "acme.io"),
        ("web.archive.org/web/2020/https://acme.com/x", "acme.com"),
        ("müller-acme.de", "xn--mller-acme-9db.de"),
        ("xn--mller-acme-9db.de", "xn--mller-acme-9db.de"),
        ("acme。com", "acme.com"),
        ("ａcme.com", "acme.com"),
        ("a_b.acme.com", "acme.com"),
        ("acme.uk.com", "acme.uk.com"),
        ("group.acme.bnpparibas", "acme.bnpparibas"),
        ("acme.com/http://facebook.com", "acme.com"),
    ],
)
def test_an_own_domain_is_found_in_any_sloppy_form(address, domain):
    assert own_domain(address) == domain


@pytest.mark.parametrize(
    "address",
    [
        "",
        "Official website",
        "localhost",
        "127.0.0.1",
        "http://216.92.101.67/x",
        "[2001::1]",
        "http://[::1",
        "http://",
        "javascript:alert(1)",
        "acme..com",
        "-acme.com",
        "co.uk",
        "acme.notatopleveldomain",
        "\x00",
        "Acme Inc. of Ohio",
    ],
)
def test_what_is_no_address_has_no_domain(address):
    assert own_domain(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "https://www.linkedin.com/company/acme",
        "linkedin.com",
        "crunchbase.com/organization/acme",
        "facebook.com/acme",
        "x.com/acme",
        "youtube.com/@acme",
        "apps.apple.com/us/app/acme",
        "https://play.google.com/store/apps/details?id=acme",
        "apps.shopify.com/acme",
        "themes.shopify.com/themes/acme",
        "acme.myshopify.com",
        "wordpress.org/plugins/acme",
        "de.wordpress.org/plugins/acme",
        "acme.wordpress.com",
        "github.com/acme/acme",
        "acme.github.io",
        "acme.js.org",
        "drupal.org/project/acme",
        "npmjs.com/package/acme",
        "acme.sourceforge.net",
        "en.wikipedia.org/wiki/Acme",
        "acme.wixsite.com/home",
        "acme.notion.site",
        "acme.webflow.io",
        "acme.herokuapp.com",
        "bit.ly/acme",
        "t.co/acme",
        "linktr.ee/acme",
        "ycombinator.com/companies/acme",
        "etsy.com/shop/acme",
        "amazon.com/stores/acme",
        "aws.amazon.com/marketplace/pp/acme",
        "acme.zendesk.com",
        "acme.substack.com",
        "medium.com/@acme",
        "jobs.lever.co/acme",
        "trustpilot.com/review/acme.com",
        "jane@gmail.com",
        "sites.google.com/view/acme",
    ],
)
def test_hosts_of_other_peoples_companies_identify_none(address):
    assert own_domain(address) == ""
    assert registered_domain(address) != "" or "@" not in address


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("www.shopify.com", "shopify.com"),
        ("https://www.shopify.com/plus", "shopify.com"),
        ("wordpress.com", "wordpress.com"),
        ("zendesk.com/service", "zendesk.com"),
        ("developers.wix.com", "wix.com"),
        ("etsy.com", "etsy.com"),
        ("aws.amazon.com", "amazon.com"),
        ("cloud.google.com/apigee", "google.com"),
        ("carrd.co", "carrd.co"),
        ("medium.com", "medium.com"),
        ("lever.co", "lever.co"),
        ("zoominfo.com", "zoominfo.com"),
        ("about.gitlab.com/pricing", "gitlab.com"),
    ],
)
def test_a_platform_keeps_its_own_site(address, domain):
    assert own_domain(address) == domain


def test_aggregators_can_be_asked_for():
    assert is_aggregator("www.linkedin.com")
    assert is_aggregator("acme.github.io")
    assert not is_aggregator("acme.com")
    assert not is_aggregator("no host")


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.linkedin.com/company/x", "linkedin.com"),
        (" Acme.COM ", "acme.com"),
        ("acme.github.io", "acme.github.io"),
        ("acme.co.uk.", "acme.co.uk"),
        ("two words.com", ""),
        ("acme", ""),
        ("10.0.0.1", ""),
        ("com", ""),
        ("a" * 64 + ".com", ""),
    ],
)
def test_a_registered_domain_is_read_strictly(text, domain):
    assert registered_domain(text) == domain


@given(st.text(max_size=120))
def test_any_text_gives_a_domain_or_nothing(text):
    for domain in (own_domain(text), registered_domain(text)):
        assert domain == "" or ("." in domain and domain.isascii() and domain == domain.lower())
    assert own_domain(own_domain(text)) == own_domain(text)
