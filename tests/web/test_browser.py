"""Pages that are nothing without their scripts, with a browser: it runs them, and leads nowhere the reader would not go."""

import shutil

import pytest
from hostile import PROSE, reading

import loopback
from longlist.errors import BudgetSpent
from longlist.model.call import Answer, Call, Send
from longlist.model.web import NO_ERRAND
from longlist.testing import FakeCalls

pytest.importorskip("playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")
HTML = "Content-Type: text/html"
SCRIPT = "Content-Type: text/javascript"


def site(script: str):
    def answers(asked: loopback.Asked) -> bytes:
        match asked.target:
            case "/":
                return loopback.reply(
                    b'<title>Bread</title><div id="root"></div><script src="/main.js"></script>', HTML
                )
            case "/main.js":
                return loopback.reply(script.encode(), SCRIPT)
            case "/about.json":
                return loopback.reply(b'{"text": "' + PROSE.encode() + b'"}', "Content-Type: application/json")
            case "/robots.txt":
                return loopback.reply(b"User-agent: *\nDisallow: /private")
        return loopback.reply(b"{}", "Content-Type: application/json")

    return answers


async def rendered(script: str, calls: FakeCalls | None = None):
    async with loopback.serving(site(script)) as server, reading(chromium=CHROMIUM, calls=calls) as reader:
        page = await reader.read(f"http://bread.example:{server.address.split(':')[1]}/", NO_ERRAND)
    return page, [asked.target for asked in server.seen]


FILL = "fetch('/about.json').then(r => r.json()).then(d => { document.getElementById('root').innerHTML = d.text; });"


async def test_a_page_is_read_after_its_scripts_ran_and_every_request_is_a_call():
    calls = FakeCalls()
    page, asked = await rendered(FILL, calls)
    assert page.is_readable, page.why
    assert "every night since 1911" in page.text
    assert page.title == "Bread"
    assert sorted(asked) == ["/", "/about.json", "/main.js", "/robots.txt"]
    assert len(calls.made) == len(asked)
    assert {call.provider for call in calls.made} == {"web"}


async def test_scripts_do_not_reach_private_addresses_nor_what_robots_txt_forbids():
    script = """
    const told = [];
    const tries = ['http://127.0.0.1:' + location.port + '/secret', 'http://localhost:' + location.port + '/secret',
      'http://169.254.169.254/', 'http://[::1]:' + location.port + '/secret', '/private', 'file:///etc/passwd'];
    const all = tries.map(url => fetch(url).then(() => told.push(url), () => 0));
    all.push(fetch('/posted', {method: 'POST', body: 'x'}).then(() => told.push('post'), () => 0));
    new WebSocket('ws://127.0.0.1:' + location.port + '/socket').onopen = () => told.push('socket');
    new Image().src = 'http://127.0.0.1:' + location.port + '/image';
    Promise.all(all).then(() => { document.getElementById('root').innerText =
      'Reached: ' + told.join() + '. And so that this is a page: ' + 'bread for the valley, every night. '.repeat(9); });
    """
    page, asked = await rendered(script)
    assert page.is_readable, page.why
    assert page.text.startswith("Reached: .")
    assert set(asked) == {"/", "/main.js", "/robots.txt"}


async def test_a_page_whose_scripts_give_nothing_stays_what_it_is():
    page, _ = await rendered("while (false) {}")
    assert page.state == "script_only"


async def test_a_page_whose_scripts_go_to_another_site_is_not_taken_for_its_own():
    page, _ = await rendered("location.href = 'http://other.example:' + location.port + '/about.json'")
    assert page.state == "script_only"
    assert "another site" in page.why


async def test_a_spent_budget_ends_the_page():
    class Spent(FakeCalls):
        async def call(self, call: Call, send: Send) -> Answer:
            if call.operation == "part" and call.request["url"].endswith(".js"):
                raise BudgetSpent("No more.")
            return await super().call(call, send)

    with pytest.raises(BudgetSpent):
        await rendered(FILL, Spent())


async def test_without_a_browser_that_starts_the_page_says_so():
    async with loopback.serving(site(FILL)) as server, reading(chromium="/no/such/chromium") as reader:
        page = await reader.read(f"http://bread.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert page.state == "script_only"
    assert "did not start" in page.why
