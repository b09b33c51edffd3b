"""What goes wrong with providers, in their own words, and what we make of it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from longlist.errors import BadAnswer, NoAnswer, Refused, Unavailable
from longlist.model.web import NO_ERRAND, Sought, Wish
from longlist.testing import FakeCalls
from longlist.web.client import open_client
from longlist.web.health import Health
from longlist.web.providers.provider import usable_key
from longlist.web.providers.registry import ABOUTS, CONTACTS, ENCYCLOPAEDIAS, MAPS, REGISTERS, SEARCHES, Config, Desk
from longlist.web.providers.verdicts import pause, said
from longlist.web.takeover import first_answer
from loopback import reply, serving

KEY = "key-of-mine"
PAGE = "<html><head><title>502</title><style>b{}</style></head><body><h1>502 Bad&nbsp;Gateway</h1></body></html>"
BRAVE = '{"type":"ErrorResponse","error":{"id":"1","status":%d,"code":"%s","detail":"%s","meta":{}},"time":1}'


async def ask(desk: Desk, name: str):
    """Ask a provider of any kind something."""
    if name in SEARCHES:
        return await SEARCHES[name][1](desk).search("cargo bikes", 1, NO_ERRAND)
    if name in MAPS:
        return await MAPS[name][1](desk).find("bakeries", "Graz", 1, NO_ERRAND)
    if name in REGISTERS:
        return await REGISTERS[name][1](desk).find(Wish("cargo bikes"), 1, NO_ERRAND)
    if name in CONTACTS:
        return await CONTACTS[name][1](desk).find(Sought("Jane Doe", "example.com"), NO_ERRAND)
    return await ENCYCLOPAEDIAS[name][1](desk).look_up(["example.com"], NO_ERRAND)


async def fault(name: str, answer: bytes) -> Unavailable:
    async with serving(answer) as server, open_client() as client:
        desk = Desk({name: Config(server.url, KEY), "nominatim": Config(server.url)}, FakeCalls(), client)
        with pytest.raises(Unavailable) as caught:
            await ask(desk, name)
    assert KEY not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
    return caught.value


FINAL = [
    # name, status, body, what the user is told
    ("brave", 422, BRAVE % (422, "SUBSCRIPTION_TOKEN_INVALID", "The provided token is invalid."), "LONGLIST_BRAVE_KEY"),
    ("brave", 422, BRAVE % (422, "VALIDATION", "Unable to validate"), "did not take the request.*Unable to validate"),
    ("brave", 402, BRAVE % (402, "PAYMENT_REQUIRED", "Pay first."), "no credit left"),
    ("serper", 403, '{"message":"Unauthorized.","statusCode":403}', "LONGLIST_SERPER_KEY"),
    ("serper", 400, '{"message":"Not enough credits","statusCode":400}', "no credit left"),
    ("tavily", 401, '{"detail":{"error":"Unauthorized: missing or invalid API key."}}', "LONGLIST_TAVILY_KEY"),
    (
        "tavily",
        432,
        '{"detail":{"error":"This request exceeds your plan\'s set usage limit."}}',
        "limit set there.*plan",
    ),
    ("tavily", 433, '{"detail":{"error":"This request exceeds the pay-as-you-go limit."}}', "limit set there"),
    (
        "tavily",
        400,
        '{"detail":{"error":"Query is too long. Max query length is 400 characters."}}',
        "Query is too long",
    ),
    ("exa", 401, '{"requestId":"1","error":"Invalid API key","tag":"INVALID_API_KEY"}', "LONGLIST_EXA_KEY"),
    ("exa", 402, '{"requestId":"1","error":"Account balance exhausted","tag":"NO_MORE_CREDITS"}', "no credit.*balance"),
    ("searxng", 403, "<!doctype html><title>403 Forbidden</title><h1>Forbidden</h1>", "search.formats"),
    ("searxng", 404, PAGE, "did not take the request"),
    (
        "google_places",
        400,
        """{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT",
        "details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}""",
        "LONGLIST_GOOGLE_PLACES_KEY",
    ),
    (
        "google_places",
        403,
        """{"error":{"code":403,"message":"Places API (New) has not been used in project 1 before or it is disabled.",
        "status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED"}]}}""",
        "has not been used in project",
    ),
    ("pdl", 401, '{"status":401,"error":{"type":"authentication_error","message":"bad key"}}', "LONGLIST_PDL_KEY"),
    ("pdl", 402, '{"status":402,"error":{"type":"payment_required","message":"Limit reached"}}', "no credit left"),
    (
        "hunter",
        401,
        '{"errors":[{"id":"authentication_failed","code":401,"details":"No user found for the API key supplied"}]}',
        "LONGLIST_HUNTER_KEY.*No user found",
    ),
    (
        "hunter",
        429,
        '{"errors":[{"id":"too_many_requests","code":429,"details":"You have reached the limit of your plan."}]}',
        "no credit left",
    ),
    (
        "hunter",
        400,
        '{"errors":[{"id":"invalid_domain","code":400,"details":"The domain supplied is invalid."}]}',
        "did not take the request.*domain supplied is invalid",
    ),
    ("pdl_people", 401, '{"status":401,"error":{"type":"authentication_error","message":"no"}}', "_PDL_PEOPLE_KEY"),
    ("pdl_people", 402, '{"status":402,"error":{"type":"payment_required","message":"over"}}', "no credit left"),
    (
        "pdl_people",
        400,
        '{"status":400,"error":{"type":"invalid_request_error","message":"Request contained no data"}}',
        "contained no data",
    ),
    ("overpass", 400, "<html><body><strong>Error</strong>: line 1: parse error</body></html>", "parse error"),
    ("wikidata", 400, "SPARQL-QUERY: queryStr= MalformedQueryException", "Malformed"),
]


@pytest.mark.parametrize(("name", "status", "body", "told"), FINAL)
async def test_what_only_a_change_helps_is_refused_for_good_and_says_what_to_do(name, status, body, told):
    error = await fault(name, reply(body.encode(), status=f"{status} X"))
    assert isinstance(error, Refused)
    assert error.is_final
    assert error.status == status
    assert re.search(told, str(error)), str(error)
    assert ABOUTS[name].title in str(error) or name == "overpass"  # which asks Nominatim first


@pytest.mark.parametrize(
    ("name", "headers", "wait"),
    [
        ("brave", ["Retry-After: 2"], 2.0),
        (
            "brave",
            ["X-RateLimit-Limit: 1, 15000", "X-RateLimit-Remaining: 0, 12000", "X-RateLimit-Reset: 1, 1419704"],
            1.0,
        ),
        ("brave", ["X-RateLimit-Remaining: 0, 0", "X-RateLimit-Reset: 1, 1419704"], 1419704.0),
        ("serper", [], None),
        ("tavily", ["Retry-After: 60"], 60.0),
        ("exa", ["Retry-After: nonsense"], None),
        ("google_places", ["retry-after: 0"], 0.0),
        ("wikidata", ["Retry-After: 5"], 5.0),
        ("pdl", [], None),
        ("pdl_people", ["Retry-After: 9"], 9.0),
    ],
)
async def test_too_many_requests_are_refused_for_as_long_as_the_provider_says(name, headers, wait):
    error = await fault(name, reply(b'{"message": "slow down"}', *headers, status="429 Too Many Requests"))
    assert isinstance(error, Refused)
    assert (error.is_final, error.retry_after, error.status) == (False, wait, 429)
    assert "slow down" in str(error)


async def test_hunter_says_with_403_that_it_is_asked_too_often():
    body = b'{"errors":[{"id":"too_many_requests","code":403,"details":"You have reached the rate limit."}]}'
    error = await fault("hunter", reply(body, status="403 Forbidden"))
    assert isinstance(error, Refused)
    assert (error.is_final, error.status) == (False, 403)
    assert "rate limit" in str(error)


async def test_a_server_that_says_when_it_is_back_is_asked_then():
    error = await fault("searxng", reply(b"", "Retry-After: 7", status="503 X"))
    assert isinstance(error, Refused)
    assert error.retry_after == 7


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
@pytest.mark.parametrize("name", ["brave", "overpass", "wikidata"])
async def test_a_fault_of_the_server_may_pass(name, status):
    error = await fault(name, reply(PAGE.encode(), status=f"{status} X"))
    assert type(error) is Unavailable
    assert error.status == status
    assert "502 Bad Gateway" in str(error)


@pytest.mark.parametrize(
    "body", [PAGE.encode(), b"", b'{"web": {"resu', b"\xff\xfe\x00", b"[" * 100_000, b"upstream connect error"]
)
@pytest.mark.parametrize("name", ["searxng", "serper", "google_places", "overpass", "pdl", "hunter", "pdl_people"])
async def test_a_page_or_a_fragment_in_place_of_json_is_no_answer_and_may_have_been_paid(name, body):
    assert isinstance(await fault(name, reply(body)), NoAnswer)


@pytest.mark.parametrize(
    "body", [b"[]", b'"text"', b"7", b'{"web": [], "organic": 7, "results": {}, "places": "x", "elements": 1}']
)
@pytest.mark.parametrize(
    "name", ["searxng", "brave", "serper", "tavily", "exa", "google_places", "hunter", "pdl_people"]
)
async def test_json_of_another_form_is_a_bad_answer(name, body):
    assert isinstance(await fault(name, reply(body)), BadAnswer)


@pytest.mark.parametrize("name", ["brave", "wikidata"])
async def test_a_connection_cut_off_is_no_answer(name):
    assert isinstance(await fault(name, b""), NoAnswer)


async def test_an_answer_cut_off_is_no_answer():
    assert isinstance(
        await fault("brave", b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{"web":'), NoAnswer
    )


async def test_a_redirect_says_where_the_provider_has_gone():
    error = await fault("searxng", reply(b"", "Location: https://search.example.org/", status="301 X"))
    assert "https://search.example.org/" in str(error)
    assert "LONGLIST_SEARXNG_URL" in str(error)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://localhost:9/search"])
async def test_a_provider_that_is_not_there_was_not_reached(url):
    async with open_client() as client:
        with pytest.raises(Unavailable, match="could not be reached") as caught:
            await ask(Desk({"searxng": Config(url)}, FakeCalls(), client), "searxng")
    assert type(caught.value) is Unavailable


@pytest.mark.parametrize("url", ["searx.example.org", "ftp://searx.example.org", "http://", "http://a:b:c"])
async def test_an_address_that_is_none_is_refused_with_its_setting(url):
    async with open_client() as client:
        with pytest.raises(Refused, match="LONGLIST_SEARXNG_URL"):
            await ask(Desk({"searxng": Config(url)}, FakeCalls(), client), "searxng")


async def test_a_key_that_a_provider_repeats_is_not_shown():
    error = await fault("exa", reply(f'{{"error": "The key {KEY} is unknown"}}'.encode(), status="401 X"))
    assert "The key … is unknown" in str(error)


def test_a_key_that_no_header_may_hold_is_refused_without_being_shown():
    with pytest.raises(Exception, match="LONGLIST_BRAVE_KEY") as caught:
        usable_key(ABOUTS["brave"], "kéy\nof mine")
    assert "mine" not in str(caught.value)


def test_a_pause_may_be_a_date():
    now = datetime(2026, 1, 2, 12, tzinfo=UTC)
    assert pause({"retry-after": "Fri, 02 Jan 2026 12:00:30 GMT"}, now) == 30
    assert pause({"retry-after": "Fri, 02 Jan 2026 11:00:00 GMT"}, now) == 0
    assert pause({}, now) is None


def test_what_an_error_says_is_one_short_line():
    assert len(said(b"<p>" + b"word " * 10_000)) <= 200
    assert said(b'{"other": 1}') == ""
    assert said(b"") == ""


# -- health, and who takes over


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize(
    ("error", "state", "seconds"),
    [
        (Refused("no", retry_after=120, status=429), "limited", 120),
        (Refused("no", status=429), "limited", 30),
        (Refused("wrong key", is_final=True, status=401), "refused", 300),
        (Unavailable("down"), "unreachable", 60),
        (NoAnswer("silent"), "unreachable", 60),
    ],
)
def test_a_provider_that_failed_is_left_alone_for_a_while(error, state, seconds):
    clock = Clock()
    health = Health(clock)
    health.failed(error)
    assert (health.is_ready, health.state, health.reason) == (False, state, str(error))
    clock.now += timedelta(seconds=seconds)
    assert health.is_ready


def test_a_request_that_was_refused_says_nothing_about_the_provider():
    health = Health()
    health.failed(Refused("Query is too long.", is_final=True, status=400))
    assert health.is_ready


def test_bad_answers_in_a_row_do():
    health = Health()
    for _ in range(2):
        health.failed(BadAnswer("odd"))
    assert health.is_ready
    health.answered()
    for _ in range(3):
        health.failed(BadAnswer("odd"))
    assert not health.is_ready


@pytest.mark.parametrize("error", [Unavailable("overloaded"), NoAnswer("silent")])
def test_one_question_that_fails_while_others_are_answered_says_nothing_about_the_provider(error: Unavailable):
    clock = Clock()
    health = Health(clock)
    health.answered()
    health.failed(error)
    health.failed(error)
    assert health.is_ready
    health.answered()
    for _ in range(3):
        health.failed(error)
    assert (health.is_ready, health.seconds_left()) == (False, 60.0)
    clock.now += timedelta(seconds=60)
    assert health.is_ready
    health.failed(error)  # it has not answered since
    assert not health.is_ready


class Named:
    def __init__(self, name: str, error: Unavailable | None = None) -> None:
        self.name = name
        self.health = Health()
        self.asked = 0
        self._error = error

    async def answer(self) -> str:
        self.asked += 1
        if self._error:
            self.health.failed(self._error)
            raise self._error
        return self.name


async def test_the_next_takes_over_and_it_is_said():
    first, second = Named("first", Unavailable("First is down.")), Named("second")
    taken = await first_answer([first, second], lambda one: one.answer())
    assert (taken.value, taken.provider, taken.notes) == ("second", "second", ("First is down.",))
    again = await first_answer([first, second], lambda one: one.answer())
    assert (again.notes, first.asked) == (("First is down.",), 1)  # it was left alone


async def test_nobody_left_says_all_their_reasons():
    down = [Named("a", Unavailable("A is down.")), Named("b", Refused("B is limited.", retry_after=9))]
    with pytest.raises(Unavailable, match=r"A is down\. B is limited\."):
        await first_answer(down, lambda one: one.answer())
    with pytest.raises(Unavailable, match="no provider"):
        await first_answer([], lambda one: one.answer())
