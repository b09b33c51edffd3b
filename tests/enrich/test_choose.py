from longlist.enrich.choose import choose
from longlist.web.html import Link

HOME = "https://acme.com/"


def link(path: str, text: str) -> Link:
    return Link(path if "//" in path else f"https://acme.com{path}", text, "", "nav", "")


def chosen(*links: Link) -> list[tuple[str, str]]:
    return [
        (one.kind, one.url.removeprefix("https://acme.com"))
        for one in choose(links, HOME, ("about", "contact", "product"))
    ]


def test_pages_are_chosen_by_the_words_of_their_links():
    links = (
        link("/", "Home"),
        link("/blog/about-us-all", "About us all: a story"),
        link("/who", "Who we are"),
        link("/c", "Contact"),
        link("/x", "Platform"),
    )
    assert chosen(*links) == [("about", "/who"), ("contact", "/c"), ("product", "/x")]


def test_links_are_understood_in_several_languages():
    links = (
        link("/de/u", "Über uns"),
        link("/de/i", "Impressum"),
        link("/de/l", "Leistungen"),
        link("/de/k", "Karriere"),
    )
    assert chosen(*links) == [("about", "/de/u"), ("contact", "/de/i"), ("product", "/de/l")]


def test_other_sites_parts_of_the_home_page_files_and_logins_are_not_read():
    links = (
        link("/#about", "About"),
        link("https://zeta.com/about", "About"),
        link("/about.pdf", "About"),
        link("/login", "Log in"),
        link("/careers/about", "Careers"),
    )
    assert chosen(*links) == []


def test_a_subdomain_is_the_same_site():
    assert [one.url for one in choose([link("https://www.acme.com/about", "About")], HOME, ("about",))] == [
        "https://www.acme.com/about"
    ]
