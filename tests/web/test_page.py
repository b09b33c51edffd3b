"""What is made of an answer: what the page is, in several languages, how it is written, and what it says."""

import pytest

from longlist.model.web import NO_ERRAND
from longlist.testing import NOW, FakeReader
from longlist.web.charset import charset_of, decoded, known
from longlist.web.page import LONGEST_TEXT, Reply, page_of, read_reply

PROSE = "We bake bread for the whole valley, every night since 1911, and bring it to your door before you wake up. " * 3


def reply(
    html: str | bytes, status: int = 200, kind: str = "text/html; charset=utf-8", url: str = "https://a.example/"
):
    return Reply("https://a.example/", url, status, kind, body=html.encode() if isinstance(html, str) else html)


def state(html: str, status: int = 200, **named: str) -> str:
    reading = read_reply(reply(html, status, **named))
    assert (reading.why == "") == (reading.state == "readable")
    assert reading.why == "" or reading.why.endswith(".")
    return reading.state


@pytest.mark.parametrize(
    "notice",
    [
        "<title>a.example</title><h1>a.example is for sale</h1><p>This domain is parked. Buy this domain today!</p>",
        "<h1>This domain may be for sale</h1>",
        "<p>Diese Domain steht zum Verkauf.</p>",
        "<p>Ce nom de domaine est à vendre.</p>",
        "<p>Este dominio está en venta.</p>",
        "<p>Este domínio está à venda.</p>",
        "<title>Welcome to nginx!</title><p>If you see this page, the web server is working.</p>",
    ],
)
def test_parked_addresses_are_named(notice: str):
    assert state(notice) == "parked"


@pytest.mark.parametrize(
    "notice",
    [
        "Acme has shut down. Thank you to everyone who used our product. We are no longer in operation.",
        "After ten years we have closed our doors for good.",
        "Unser Geschäftsbetrieb wurde eingestellt.",
        "Notre société a définitivement cessé ses activités.",
        "La empresa ha cesado sus operaciones.",
        "A empresa encerrou as suas atividades.",
    ],
)
def test_closed_companies_are_named_and_their_notice_is_kept(notice: str):
    reading = read_reply(reply(f"<h1>Goodbye</h1><p>{notice}</p>"))
    assert reading.state == "closed"
    assert notice in reading.text


def test_an_article_about_a_company_that_closed_is_no_closed_company():
    article = f"<h1>News</h1><p>{PROSE * 10}</p><p>Acme, a rival, has shut down.</p>"
    assert state(article) == "readable"


@pytest.mark.parametrize(
    ("html", "status"),
    [
        ("<title>Just a moment...</title><h1>Access denied</h1>", 403),
        ("<title>Just a moment...</title><div id='cf'></div><script>window._cf_chl_opt={}</script>", 503),
        ("<title>Attention Required! | Cloudflare</title><p>Please complete the security check</p>", 200),
        ("<p>nothing</p>", 999),
        ("<h1>Sind Sie ein Roboter?</h1>", 200),
    ],
)
def test_walls_against_programs_are_named(html: str, status: int):
    assert state(html, status) == "bot_wall"


@pytest.mark.parametrize(
    ("html", "status"),
    [
        ("<title>Log in | Acme</title><form><input type='password'></form>", 200),
        ("<script>window.location.href='/authwall'</script>", 200),
        ("<p>Please log in to see this page.</p>", 200),
        ("<p>Members</p>", 401),
        ("<title>Anmelden</title><form><input type=password></form>", 200),
    ],
)
def test_walls_that_ask_for_a_login_are_named(html: str, status: int):
    assert state(html, status) == "login_wall"


def test_a_page_with_a_login_form_in_a_corner_is_readable():
    assert state(f"<title>Acme bakery</title><form><input type=password></form><p>{PROSE}</p>") == "readable"


@pytest.mark.parametrize(
    ("html", "status"),
    [
        ("<h1>Whatever</h1>", 404),
        ("", 410),
        ("<title>404</title><h1>Not here</h1>", 200),
        ("<h1>Page not found</h1><p>Try the menu.</p>", 200),
        ("<h1>Seite nicht gefunden</h1>", 200),
        ("<h1>Page introuvable</h1>", 200),
        ("<h1>Página no encontrada</h1>", 200),
        ("<h1>Página não encontrada</h1>", 200),
    ],
)
def test_missing_pages_are_named_also_when_the_server_says_they_are_there(html: str, status: int):
    assert state(html, status) == "missing"


def test_a_page_run_by_scripts_is_read_from_its_data():
    shell = (
        '<title>Mill</title><div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>'
        '<script type="application/json" id="__NEXT_DATA__">{"about": "We grind all the grain of the valley, as our fathers '
        'did, and sell flour to bakers.", "founded": 1911, "where": {"city": "Graz", "country": "Austria"}}</script>'
    )
    reading = read_reply(reply(shell))
    assert reading.state == "readable"
    assert "We grind all the grain of the valley, as our fathers did" in reading.text
    assert "founded: 1911" in reading.text
    assert "where: city: Graz, country: Austria" in reading.text


def test_a_page_run_by_scripts_is_read_from_what_it_says_of_itself():
    described = f'<meta name="description" content="{PROSE}"><div id="app"></div><script src="/a.js"></script>'
    assert state(described) == "readable"
    assert state('<div id="app"></div><script src="/a.js"></script>') == "script_only"
    assert state("<noscript>Bitte JavaScript aktivieren</noscript><script>start()</script>") == "script_only"


def test_what_is_no_text_is_unsuited():
    assert read_reply(reply(b"%PDF-1.7 ...", kind="application/pdf")).state == "unsuited"
    assert read_reply(reply(b"\x89PNG\r\n", kind="text/html")).state == "unsuited"
    assert read_reply(reply(b"{}", kind="application/json")).state == "unsuited"
    assert read_reply(reply(b"")).state == "unsuited"


def test_plain_text_and_pages_without_a_type_are_read():
    assert read_reply(reply("Hello there.", kind="text/plain")).text == "Hello there."
    assert read_reply(reply(f"<p>{PROSE}</p>", kind="")).state == "readable"


def test_faults_of_the_server_are_unreachable():
    assert state("<h1>Internal Server Error</h1>", 500) == "unreachable"
    assert state("", 429) == "unreachable"
    assert state("", 302) == "unreachable"


def test_very_long_texts_are_cut():
    assert len(read_reply(reply("<p>word word</p>\n" * 100_000)).text) <= LONGEST_TEXT


@pytest.mark.parametrize(
    ("declared", "meta", "encoding"),
    [
        ("text/html; charset=iso-8859-1", "", "latin-1"),
        ("text/html", '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "latin-1"),
        ("text/html", "", "latin-1"),
        ("text/html; charset=utf-8", "", "latin-1"),
        ("text/html", "", "utf-8"),
        ("text/html", '<meta charset="windows-1252">', "cp1252"),
        ("text/html; charset=nonsense", "", "utf-8"),
        ("text/html; charset=zip", '<meta charset="rot13">', "utf-8"),
    ],
)
def test_pages_are_decoded_as_declared_or_as_they_look(declared: str, meta: str, encoding: str):
    text = "Établie à Genève, près de la gare: société für Österreich."
    body = f"<html><head>{meta}</head><body><p>{text}</p></body></html>".encode(encoding)
    assert text in read_reply(reply(body, kind=declared)).text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251", "cp1250", "shift_jis", "gb18030", "euc_kr"])
def test_undeclared_charsets_are_told_apart(encoding: str):
    text = {
        "cp1251": "Мы компания из Москвы, делаем хлеб каждый день с 1990 года. ",
        "cp1250": "Jsme společnost z Prahy a pečeme chléb každý den. Žluťoučký kůň. ",
        "shift_jis": "私たちは東京の会社です。毎日パンを焼いています。",
        "gb18030": "我们是一家北京的公司,每天烤面包。",
        "euc_kr": "우리는 서울에 있는 회사입니다. 매일 빵을 굽습니다. ",
    }.get(encoding, "Über uns: Brot für alle. ")
    body = (text * 4).encode(encoding)
    assert decoded(body, charset_of(body, "text/html")) == text * 4


def test_only_character_sets_of_the_web_are_known():
    assert [known(name) for name in ("zip", "rot13", "utf-7", "idna", "unicode_escape", "no such", "")] == [""] * 7


def test_the_language_is_the_declared_one_or_a_guess():
    german = "<p>Wir sind eine Bäckerei und backen das Brot für die Stadt, mit der Hand und nicht auf Vorrat.</p>"
    assert read_reply(reply(f'<html lang="de-CH">{german}')).language == "de"
    assert read_reply(reply(german)).language == "de"
    assert read_reply(reply(f"<p>{PROSE}</p>")).language == "en"


def test_a_page_that_cannot_be_used_keeps_no_text_but_walls_and_notices_do():
    missing = reply("<h1>Page not found</h1>")
    page = page_of(missing, read_reply(missing), NOW)
    assert (page.text, page.html) == ("", "")
    parked = reply("<h1>This domain is for sale</h1>")
    page = page_of(parked, read_reply(parked), NOW)
    assert page.text == "This domain is for sale"
    assert not page.is_readable


async def test_the_reader_for_tests_reads_as_the_real_one_does():
    reader = FakeReader(
        {"https://b.example/": f"<h1>Bread</h1><p>{PROSE}</p>"}, moved={"https://a.example/": "https://b.example/"}
    )
    page = await reader.read("https://a.example/", NO_ERRAND)
    assert page.is_readable
    assert page.hops == ("https://b.example/",)
    assert page.url == "https://b.example/"
    assert page.text.startswith("Bread\nWe bake bread")
    assert (await reader.read("https://c.example/", NO_ERRAND)).state == "missing"
