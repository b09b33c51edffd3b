"""What a page lists, whatever the list is made of."""

import json
import time

import pytest

from longlist.discover.entries import Entry, listed, spoken_of, target

URL = "https://lists.example/best"
FRAME = (
    "<html><head><title>Best</title></head><body><nav><ul><li><a href='/a'>Alpha</a> – menu</li><li><a href='/b'>Beta</a> – menu</li>"
    "<li><a href='/c'>Gamma</a> – menu</li></ul></nav><main><h1>The best</h1>{}</main><aside><ul><li>Other One – x</li>"
    "<li>Other Two – x</li><li>Other Three – x</li></ul></aside><footer><a href='https://owner.example'>Owner</a></footer></body></html>"
)
THREE = [
    ("Acme", "https://acme.com/", "Moves freight."),
    ("Bolt Works", "", "Makes bolts."),
    ("Coil", "https://coil.io/", "Winds coils."),
]


def linked(name: str, url: str) -> str:
    return f'<a href="{url}">{name}</a>' if url else name


LISTS = {
    "headings": "".join(
        f"<h2>{n}. {linked(name, url)}</h2><p>{text}</p>" for n, (name, url, text) in enumerate(THREE, 1)
    ),
    "bullets": "<ul>" + "".join(f"<li><b>{linked(name, url)}</b> – {text}</li>" for name, url, text in THREE) + "</ul>",
    "table": "<table><tr><th>#</th><th>Company</th><th>What</th></tr>"
    + "".join(
        f"<tr><td>{n}</td><td>{linked(name, url)}</td><td>{text}</td></tr>"
        for n, (name, url, text) in enumerate(THREE, 1)
    )
    + "</table>",
    "cards": "".join(f'<div class="card"><h3>{linked(name, url)}</h3><p>{text}</p></div>' for name, url, text in THREE),
    "prose": "".join(f"<p>Then there is {linked(name, url)}. {text}</p>" for name, url, text in THREE),
}


@pytest.mark.parametrize("kind", LISTS)
def test_every_kind_of_list_gives_names_links_and_what_is_said(kind):
    assert listed(FRAME.format(LISTS[kind]), URL).entries == tuple(Entry(*row) for row in THREE)


def test_a_list_of_names_without_any_link_is_read_by_what_repeats():
    body = "".join(f"<p>Next comes {name}. {text}</p>" for name, _, text in THREE)
    assert [entry.name for entry in listed(FRAME.format(body), URL).entries] == [name for name, _, _ in THREE]


def test_a_visit_link_below_the_heading_is_the_entrys_link():
    body = "".join(
        f'<h3>{name}</h3><p>{text}</p><p><a href="https://{name.split()[0]}.com">Visit website</a></p>'
        for name, _, text in THREE
    )
    assert [entry.url for entry in listed(FRAME.format(body), URL).entries] == [
        "https://Acme.com",
        "https://Bolt.com",
        "https://Coil.com",
    ]


def test_data_inside_the_page_counts_as_a_list():
    rows = {
        "props": {
            "rows": [{"name": name, "tagline": text, "url": url or None, "hq": "Oslo"} for name, url, text in THREE]
        }
    }
    page = f'<html><body><div id="app"></div><script type="application/json">{json.dumps(rows)}</script></body></html>'
    found = listed(page, URL).entries
    assert [(entry.name, entry.url) for entry in found] == [(name, url) for name, url, _ in THREE]
    assert found[0].text == "Moves freight. Oslo"


def test_an_item_list_of_linked_data_counts_as_a_list():
    items = [
        {"@type": "ListItem", "position": 1, "item": {"name": name, "url": f"/company/{name}", "description": text}}
        for name, _, text in THREE
    ]
    page = f'<html><body><script type="application/ld+json">{json.dumps({"@type": "ItemList", "itemListElement": items})}</script></body></html>'
    assert next(entry.url for entry in listed(page, URL).entries) == "https://lists.example/company/Acme"


def test_the_page_that_continues_a_list_is_found_by_its_relation_or_its_words():
    assert listed('<a rel="next" href="/best?page=2">2</a>', URL).following == "https://lists.example/best?page=2"
    assert listed('<a href="/best?page=2">Next page</a>', URL).following == "https://lists.example/best?page=2"
    assert listed('<a href="https://elsewhere.example/">Next</a>', URL).following == ""
    assert listed("<p>The end</p>", URL).following == ""


def test_what_is_hidden_from_readers_is_not_listed():
    body = (
        LISTS["bullets"]
        + '<div style="display:none"><h2><a href="https://evil.example">Evil</a></h2><p>Best.</p></div>'
    )
    assert "Evil" not in {entry.name for entry in listed(FRAME.format(body), URL).entries}


def test_links_in_running_text_come_with_their_sentence():
    page = '<main><p>Two firms lead: <a href="https://acme.com">Acme</a> moves freight.</p></main>'
    assert listed(page, URL).entries == (Entry("Acme", "https://acme.com", "Two firms lead: Acme moves freight."),)


@pytest.mark.parametrize(
    ("link", "end"),
    [
        ("https://go.example/r?url=https%3A%2F%2Facme.com%2F", "https://acme.com/"),
        ("https://go.example/out?x=1&to=http://acme.com/en", "http://acme.com/en"),
        ("https://go.example/https://acme.com/", "https://acme.com/"),
        ("https://acme.com/?ref=https://acme.com/x", "https://acme.com/?ref=https://acme.com/x"),
        ("https://acme.com/", "https://acme.com/"),
    ],
)
def test_where_a_counting_link_leads_is_read_from_its_address(link, end):
    assert target(link) == end


def test_an_article_speaks_of_companies_that_begin_its_paragraphs():
    page = (
        "<article><p>Investors keep pouring money into freight.</p><p>Acme Freight, based in Oslo, moves boxes.</p><p>Bolt is a bank.</p>"
        "<p>They have plans.</p></article>"
    )
    assert [entry.name for entry in spoken_of(page)] == ["Acme Freight", "Bolt"]


def test_hostile_markup_costs_little():
    began = time.process_time()
    listed("<div>" * 50_000 + "<ul>" + "<li><b>Name</b> – x" * 20_000, URL)
    listed("<table>" + "<tr><td><a href='https://a.example/'>A</a>" * 30_000, URL)
    listed('<script type="application/json">' + "[" * 100_000 + "</script>", URL)
    assert time.process_time() - began < 8
