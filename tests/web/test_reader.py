"""The page reader: manners, redirects, what becomes of faults, what is asked and what is not."""

import asyncio
from collections.abc import Callable

import pytest
from hostile import NOW, PROSE, reading

import loopback
from longlist.errors import BudgetSpent, Refused, Stopped, Unavailable
from longlist.model.web import NO_ERRAND, Errand
from longlist.testing import FakeCalls
from loopback import Asked, reply

HTML = "Content-Type: text/html; charset=utf-8"


def site(**pages: bytes) -> Callable[[Asked], bytes]:
    """Answers by path: `about` for /about, `home` for /, `robots` for /robots.txt (missing when not given)."""
    missing = reply(b"<h1>Not found</h1>", HTML, status="404 Not Found")

    def answer(asked: Asked) -> bytes:
        name = {"/": "home", "/robots.txt": "robots"}.get(asked.target, asked.target.strip("/"))
        return pages.get(name, missing)

    return answer


def page(text: str = PROSE) -> bytes:
    return reply(f"<title>Bread</title><html lang=en>{text}</html>".encode(), HTML)


def moved(to: str, status: str = "301 Moved") -> bytes:
    return reply(b"", f"Location: {to}", status=status)


def robots(text: str, status: str = "200 OK") -> bytes:
    return reply(text.encode(), "Content-Type: text/plain", status=status)


def paths(server: loopback.Server) -> list[str]:
    return [asked.target for asked in server.seen]


async def test_a_page_is_read_with_its_title_text_language_and_the_time_it_came():
    async with loopback.serving(site(home=page())) as server, reading() as reader:
        found = await reader.read(f"http://bread.example:{server.address.split(':')[1]}/#top", NO_ERRAND)
    assert found.is_readable
    assert (found.title, found.language, found.status, found.read_at) == ("Bread", "en", 200, NOW)
    assert "every night since 1911" in found.text
    assert "<title>Bread</title>" in found.html
    assert paths(server) == ["/robots.txt", "/"]


async def test_requests_are_plain_gets_that_say_who_asks_and_carry_no_cookie():
    cookie = reply(PROSE.encode(), HTML, "Set-Cookie: id=1; Path=/")
    async with loopback.serving(site(home=cookie, about=cookie)) as server, reading() as reader:
        port = server.address.split(":")[1]
        for path in ("", "about"):
            await reader.read(f"http://bread.example:{port}/{path}", NO_ERRAND)
    assert {asked.method for asked in server.seen} == {"GET"}
    assert all(asked.headers["user-agent"].startswith("Longlist/") for asked in server.seen)
    assert not any("cookie" in asked.headers for asked in server.seen)
    assert {asked.headers["host"] for asked in server.seen} == {f"bread.example:{port}"}


async def test_every_hop_of_a_redirect_is_a_call_and_is_told():
    calls = FakeCalls()
    answers = site(home=moved("/a"), a=moved("/b#x", "302 Found"), b=page())
    async with loopback.serving(answers) as server, reading(calls=calls) as reader:
        base = f"http://bread.example:{server.address.split(':')[1]}"
        found = await reader.read(base, Errand("task 1", "enrich", "week 9"))
    assert found.is_readable
    assert (found.asked, found.url) == (base, f"{base}/b")
    assert found.hops == (f"{base}/a", f"{base}/b")
    fetched = [call for call in calls.made if call.operation == "page"]
    assert [call.request["url"] for call in fetched] == [f"{base}/", f"{base}/a", f"{base}/b"]
    assert {(call.provider, call.host, call.task_id, call.step, call.freshness) for call in fetched} == {
        ("web", "bread.example", "task 1", "enrich", "week 9")
    }


async def test_five_redirects_are_followed_and_no_more():
    def endless(asked: Asked) -> bytes:
        number = asked.target.strip("/")
        if asked.target == "/robots.txt":
            return robots("")
        return page() if number == "5" else moved(f"/{int(number or 0) + 1}")

    async with loopback.serving(endless) as server, reading() as reader:
        port = server.address.split(":")[1]
        assert (await reader.read(f"http://bread.example:{port}/0", NO_ERRAND)).is_readable
        found = await reader.read(f"http://bread.example:{port}/10", NO_ERRAND)
    assert found.state == "unsafe"
    assert "more than 5 times" in found.why
    assert len([path for path in paths(server) if len(path) > 2]) - 1 == 6


async def test_a_circle_of_redirects_ends_at_once():
    async with loopback.serving(site(home=moved("/a"), a=moved("/"))) as server, reading() as reader:
        found = await reader.read(f"http://bread.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert found.state == "unsafe"
    assert paths(server) == ["/robots.txt", "/", "/a"]


async def test_a_page_that_only_sends_its_readers_elsewhere_is_followed():
    sends = reply(b'<meta http-equiv="refresh" content="0; url=/de/">', HTML)
    async with loopback.serving(site(home=sends, de=page())) as server, reading() as reader:
        found = await reader.read(f"http://bread.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert found.is_readable
    assert found.url.endswith("/de/")


@pytest.mark.parametrize(
    ("rules", "is_read"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /private", True),
        ("User-agent: longlist\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: Longlist\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: otherbot\nDisallow: /", True),
        ("User-agent: otherbot\nUser-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /*.html$", True),
        ("not a robots file at all", True),
    ],
)
async def test_robots_txt_is_obeyed(rules: str, is_read: bool):
    async with loopback.serving(site(home=page(), robots=robots(rules))) as server, reading() as reader:
        found = await reader.read(f"http://bread.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert found.state == ("readable" if is_read else "forbidden")
    assert paths(server) == ["/robots.txt", "/"][: 1 + is_read]


@pytest.mark.parametrize(("status", "state"), [("404 Not Found", "readable"), ("403 Forbidden", "readable")])
async def test_a_site_without_robots_txt_may_be_read(status: str, state: str):
    async with loopback.serving(site(home=page(), robots=robots("x", status))) as server, reading() as reader:
        assert (await reader.read(f"http://bread.example:{server.address.split(':')[1]}/", NO_ERRAND)).state == state


async def test_a_site_whose_robots_txt_fails_is_left_alone():
    async with loopback.serving(site(home=page(), robots=robots("", "503 Busy"))) as server, reading() as reader:
        found = await reader.read(f"http://bread.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert found.state == "unreachable"
    assert "robots.txt" in found.why
    assert paths(server) == ["/robots.txt"]


async def test_a_site_whose_robots_txt_failed_is_not_asked_again_at_once():
    async with (
        loopback.serving(site(home=page(), about=page(), robots=robots("", "503 Busy"))) as server,
        reading() as reader,
    ):
        port = server.address.split(":")[1]
        found = [await reader.read(f"http://bread.example:{port}/{path}", NO_ERRAND) for path in ("", "about")]
    assert [page.state for page in found] == ["unreachable", "unreachable"]
    assert paths(server) == ["/robots.txt"]


async def test_robots_txt_is_asked_for_once_and_follows_redirects():
    answers = site(home=page(), about=page(), robots=moved("/rules"), rules=robots("User-agent: *\nDisallow: /about"))
    async with loopback.serving(answers) as server, reading() as reader:
        port = server.address.split(":")[1]
        assert (await reader.read(f"http://bread.example:{port}/", NO_ERRAND)).is_readable
        assert (await reader.read(f"http://bread.example:{port}/about", NO_ERRAND)).state == "forbidden"
    assert paths(server) == ["/robots.txt", "/rules", "/"]


async def test_the_host_a_redirect_leads_to_has_its_own_robots_txt():
    def answers(asked: Asked) -> bytes:
        if asked.target == "/robots.txt":
            return robots("User-agent: *\nDisallow: /" if "new.example" in asked.headers["host"] else "")
        return moved(f"http://new.example:{asked.headers['host'].split(':')[1]}/")

    async with loopback.serving(answers) as server, reading() as reader:
        found = await reader.read(f"http://old.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert found.state == "forbidden"
    assert "new.example" in found.url


async def test_a_crawl_delay_is_kept_between_requests_but_not_before_recorded_answers():
    slow = site(home=page(), about=page(), robots=robots("User-agent: *\nCrawl-delay: 0.3"))
    async with loopback.serving(slow) as server, reading() as reader:
        port = server.address.split(":")[1]
        clock = asyncio.get_running_loop().time
        start = clock()
        await reader.read(f"http://bread.example:{port}/", NO_ERRAND)
        await reader.read(f"http://bread.example:{port}/about", NO_ERRAND)
        assert clock() - start >= 0.3


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (reply(b"", status="500 Oh"), "unreachable", "fault of its own"),
        (reply(b"", "Retry-After: 2", status="429 Slow"), "unreachable", "asked too often"),
        (reply(b"<title>Just a moment...</title>", HTML, status="503 Wait"), "bot_wall", "check for humans"),
        (reply(b"<p>no</p>", HTML, status="999 Denied"), "bot_wall", "no programs"),
        (reply(b"", HTML, status="410 Gone"), "missing", "no such page"),
        (b"", "unreachable", "broke off"),
        (b"nonsense\r\n\r\n", "unreachable", "broke off"),
        (reply(b"%PDF-1.4", "Content-Type: application/pdf"), "unsuited", "application/pdf"),
    ],
)
async def test_what_servers_do_becomes_the_state_of_the_page(answer: bytes, state: str, words: str):
    def answers(asked: Asked) -> bytes:
        return robots("") if asked.target == "/robots.txt" else answer

    async with loopback.serving(answers) as server, reading() as reader:
        found = await reader.read(f"http://bread.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert found.state == state
    assert words in found.why
    assert found.text == "" or state == "bot_wall"


async def test_a_host_that_wants_to_be_left_alone_for_long_is_left_alone():
    busy = site(home=reply(b"", "Retry-After: 3600", status="429 Slow"), about=page())
    async with loopback.serving(busy) as server, reading() as reader:
        port = server.address.split(":")[1]
        await reader.read(f"http://bread.example:{port}/", NO_ERRAND)
        found = await reader.read(f"http://bread.example:{port}/about", NO_ERRAND)
    assert found.state == "unreachable"
    assert "left alone" in found.why
    assert paths(server) == ["/robots.txt", "/"]


async def test_what_is_no_text_is_not_loaded():
    big = reply(b"x" * 3_000_000, "Content-Type: video/mp4")
    async with loopback.serving(site(home=big)) as server, reading(calls=(calls := FakeCalls())) as reader:
        found = await reader.read(f"http://bread.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert found.state == "unsuited"
    assert all(not answer.body for key, answer in calls._answers.items() if "'page'" in key)


@pytest.mark.parametrize("fault", [Stopped("Paused."), BudgetSpent("No more.")])
async def test_the_task_s_own_limits_are_raised(fault: Exception):
    async with reading(calls=FakeCalls([fault])) as reader:
        with pytest.raises(type(fault)):
            await reader.read("http://bread.example/", NO_ERRAND)


@pytest.mark.parametrize("fault", [Unavailable("It is down."), Refused("It will not.", is_final=True)])
async def test_other_faults_of_calls_are_states(fault: Exception):
    async with reading(calls=FakeCalls([fault])) as reader:
        found = await reader.read("http://bread.example/", NO_ERRAND)
    assert (found.state, found.why) == ("unreachable", str(fault))
