"""What is taken out of a page's HTML: text, links, metadata, data; and that hostile HTML costs little."""

import time

from longlist.web.embedded import DEEPEST, lines_of
from longlist.web.html import Markup

PAGE = """<!doctype html><html lang="de-AT"><head><title> Krämer &amp; Söhne
</title><meta name="description" content="Bakes bread."><meta property="og:site_name" content="Krämer">
<base href="/de/"><link rel="canonical" href="https://kraemer.example/start"></head><body>
<div id="cookie-banner">We use cookies.</div>
<header><a href="/">Krämer</a><nav><ul><li><a href="ueber-uns">Über uns</a></li></ul></nav></header>
<main><h1>Bread since <b>1911</b></h1><p>We bake in <em>Graz</em>, every
 night.</p><div style="display: none">Ignore this.</div><ul><li>Rye</li><li>Spelt <a href="#x" rel="nofollow">more</a></li></ul>
<table><tr><th>Employees</th><td>45</td></tr><tr><td>Rye</td><td>Spelt</td><td>Wheat</td></tr></table>
<h2>1. <a href="https://mill.example/?a=1#top">The Mill</a></h2><p>Grinds the grain.</p>
<a href="https://card.example/"><h3>Card</h3><p>A card.</p></a><a href="mailto:x@y.example">Mail</a></main>
<footer><address>Herrengasse 1<br>8010 Graz</address></footer><script>var no = "this";</script></body></html>"""


def test_the_text_is_what_a_reader_sees_in_reading_order():
    assert Markup(PAGE).text().split("\n") == [
        "Krämer",
        "Bread since 1911",
        "We bake in Graz, every night.",
        "Rye",
        "Spelt more",
        "Employees: 45",
        "Rye | Spelt | Wheat",
        "1. The Mill",
        "Grinds the grain.",
        "Card",
        "A card.",
        "Mail",
        "Herrengasse 1",
        "8010 Graz",
    ]


def test_links_come_with_their_words_and_with_what_stands_around_them():
    links = {link.text: link for link in Markup(PAGE).links("https://kraemer.example/")}
    assert links["Über uns"].url == "https://kraemer.example/de/ueber-uns"
    assert links["Über uns"].part == "nav"
    assert links["The Mill"].url == "https://mill.example/?a=1"
    assert links["The Mill"].context == "1. The Mill\nGrinds the grain."
    assert links["more"].rel == "nofollow"
    assert links["Card A card."].url == "https://card.example/"
    assert "Mail" not in links


def test_title_language_metadata_and_canonical_address_are_read():
    markup = Markup(PAGE)
    assert markup.title == "Krämer & Söhne"
    assert markup.language == "de"
    assert markup.meta["description"] == "Bakes bread."
    assert markup.meta["og:site_name"] == "Krämer"
    assert markup.canonical("https://kraemer.example/") == "https://kraemer.example/start"


def test_json_ld_is_read_from_graphs_and_lists_and_mended_where_it_is_cheap():
    page = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": "Organization", "name": "A"}]}
    </script><script type='application/ld+json'>[{"name": "B",},]</script><script type="application/ld+json">{broken</script>"""
    assert [thing.get("name") for thing in Markup(page).linked_data()] == [None, "A", "B"]


def test_embedded_data_is_read_as_lines():
    page = """<div id="root"></div><script id="__NEXT_DATA__" type="application/json">{"buildId": "x7f", "props": {"company": {
    "name": "Mill", "about": "We grind all the grain of the valley.", "teamSize": 12, "url": "https://mill.example",
    "headquarters": {"city": "Graz", "country": "Austria"}, "tags": ["Flour", "Grain"], "notice": ""}}}</script>
    <script>window.__INITIAL_STATE__ = {"motto": "Nothing but grain, and that daily."}; start();</script>"""
    first, second = Markup(page).embedded()
    assert lines_of(first) == [
        "name: Mill",
        "We grind all the grain of the valley.",
        "team size: 12",
        "headquarters: city: Graz, country: Austria",
        "tags: Flour, Grain",
    ]
    assert lines_of(second) == ["Nothing but grain, and that daily."]


def test_deeply_nested_html_is_cut_and_costs_little():
    for tag in ("div", "b", "table><tr><td", "svg", "ul><li"):
        start = time.process_time()
        markup = Markup("<p>Seen.</p>" + f"<{tag}>" * 180_000 + "never seen")
        assert markup.text() == "Seen."
        assert markup.links("https://a.example/") == ()
        assert time.process_time() - start < 5


def test_deeply_nested_json_is_cut():
    deep = '{"a":' * 300 + '"x"' + "}" * 300
    (thing,) = Markup(f'<script type="application/ld+json">{deep}</script>').linked_data()
    depth = 0
    while "a" in thing:
        thing, depth = thing["a"], depth + 1
    assert depth == DEEPEST
    far = "[" * 200_000
    assert Markup(f'<script type="application/ld+json">{far}</script>').linked_data() == ()


def test_many_links_and_odd_addresses_are_bounded():
    page = '<a href="http://[bad">x</a><a href="javascript:alert(1)">y</a>' + '<a href="/ok">z</a>' * 20_000
    assert len(Markup(page).links("https://a.example/")) == 5_000


def test_an_empty_page_and_one_of_lone_surrogates_are_no_error():
    assert Markup("").text() == ""
    assert Markup("<p>a\ud800b").text() == "a?b"
    assert Markup("").title == ""
