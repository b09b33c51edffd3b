"""What no client sends by mistake: every such call is refused in the usual form, quickly, and leaves nothing behind."""

import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from longlist.serve.http.app import describe
from longlist.serve.http.bodies import MAX_BODY
from longlist.serve.http.models import Invalid, Problem
from longlist.serve.http.problems import MAX_FAULTS

SOUND: dict[str, dict[str, Any]] = {
    "/v1/discovery_tasks": {
        "query": "toy makers",
        "desired_num_results": 5,
        "table": {"id": str(uuid4()), "run": False, "columns": [str(uuid4())], "auto_import": False},
        "auto_data_sources": True,
        "data_sources": ["catalog"],
        "criteria": [{"key": "toys", "name": "Toys", "criterion": "Makes toys for children."}],
        "exclude_domains": ["acme.com"],
        "exclude_task_ids": [str(uuid4())],
        "notify": False,
    },
    "/v1/discovery_tasks/TASK/resume": {"desired_new_results": 5},
    "/v1/discovery_tasks/TASK/pause": {},
    "/v1/companies/search": {
        "q": "toy makers",
        "filters": {
            "include": {"size": ["1-10"], "country": ["Peru"], "city": ["Lima"]},
            "exclude": {"size": ["11-50"], "country": ["Chad"], "city": ["Rome"], "domains": ["acme.com"]},
            "range": {"founded": {"min": 1990, "max": 2000}},
        },
        "pagination": {"offset": 0, "limit": 5},
    },
    "/v1/companies/zuora.com/similar": {
        "filters": {"include": {"size": ["1-10"]}},
        "pagination": {"offset": 0, "limit": 5},
    },
}
OPTIONAL = {path for path in SOUND if path.endswith(("resume", "pause", "similar"))}
PAGES = (
    "/v1/discovery_tasks",
    "/v1/discovery_tasks/TASK/results",
    "/v1/companies/search?q=toys",
    "/v1/companies/zuora.com/similar",
    "/v1/tables",
)
JSON_TYPE = ((b"content-type", b"application/json"),)


def test_every_route_that_reads_a_body_is_attacked_here() -> None:
    names = {"{task_id}": "TASK", "{company_identifier}": "zuora.com"}
    reading = {path for path, operations in describe()["paths"].items() if "requestBody" in operations.get("post", {})}
    for name, value in names.items():
        reading = {path.replace(name, value) for path in reading}
    assert {path for path in reading if "/tables" not in path} == set(SOUND)  # those in test_hostile_tables


def is_refused(answer: Any, *statuses: int) -> Any:
    """That an answer is one of these errors in its usual form, and short; gives its detail."""
    assert answer.status in statuses, (answer.status, answer.body[:300])
    assert answer.headers["content-type"] == "application/json"
    assert len(answer.body) < 60_000
    shape = Invalid if answer.status == 422 else Problem
    return shape.model_validate(answer.json, extra="forbid").detail


def places(value: Any, *before: Any) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a body: every object, list, text, number, from the inside out."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, *before, key)
    yield before


def with_raw(value: Any, place: tuple[Any, ...], raw: str) -> str:
    """A body as JSON text in which something stands as it is given, be it JSON or not."""
    mark = "\x01mark\x01"
    copy: Any = json.loads(json.dumps(value))
    if not place:
        return raw
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = mark
    return json.dumps(copy).replace(json.dumps(mark), raw)


def at(value: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        value = value[key]
    return value


@pytest.fixture
async def task_id(api) -> str:
    made: str = await api.task()
    return made


async def post(api, task_id: str, path: str, body: bytes | list[bytes], **given: Any) -> Any:
    return await api.raw("POST", path.replace("TASK", task_id), given.pop("headers", JSON_TYPE), body, **given)


NO_JSON = {
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "too large for a float": "1e999",
    "half a character": r'"\ud800"',
    "the other half": r'"a\udfffb"',
    "5,000 digits": "9" * 5000,
    "a depth bomb": "[" * 100_000,
    "a bomb of objects": '{"a":' * 100_000,
    "a closed bomb": "[" * 50_000 + "]" * 50_000,
    "a comment": "/* */ 1",
    "nothing": "",
    "single quotes": "'x'",
    "a line in a text": '"a\nb"',
    "Python": "True",
    "a leading zero": "01",
}


@pytest.mark.parametrize("raw", NO_JSON.values(), ids=NO_JSON)
async def test_what_is_no_value_is_refused_wherever_it_stands(api, task_id, raw) -> None:
    before = api.saved()
    for path, body in SOUND.items():
        for place in places(body):
            if not raw and ((not place and path in OPTIONAL) or (place and isinstance(place[-1], int))):
                continue  # no body, and an empty list
            is_refused(await post(api, task_id, path, with_raw(body, place, raw).encode()), 422)
    assert api.saved() == before


WRONG: dict[type, tuple[Any, ...]] = {
    str: ("a\0b", 1, 1.5, True, [], {}, ["a"], ""),
    bool: (0, 1, "true", "", 0.0, [], {}),
    int: (True, False, 1.0, 1.5, "1", -1, [], {}),
    list: ("a", 1, True, {}, {"0": "a"}, [None], [[]], [{}], [True]),
    dict: ("a", 1, True, [], [{}], {"unheard_of": 1}, {"": None}, {"a\0": 1}, {"__proto__": {}}),
}


async def test_values_of_another_kind_are_refused_wherever_they_stand(api, task_id) -> None:
    before = api.saved()
    for path, body in SOUND.items():
        for place in places(body):
            for wrong in WRONG[type(at(body, place))]:
                if wrong in ([], {}) and type(wrong) is type(at(body, place)):
                    continue
                faults = is_refused(
                    await post(api, task_id, path, with_raw(body, place, json.dumps(wrong)).encode()), 422
                )
                assert faults[0].loc[: len(place) + 1] == ["body", *place], (place, wrong)
    assert api.saved() == before


async def test_fields_nobody_knows_are_refused_at_every_level(api, task_id) -> None:
    before = api.saved()
    for path, body in SOUND.items():
        for place in places(body):
            if isinstance(at(body, place), dict):
                more = json.dumps(at(body, place) | {"unheard_of": 1})
                (fault,) = is_refused(await post(api, task_id, path, with_raw(body, place, more).encode()), 422)
                assert fault.loc == ["body", *place, "unheard_of"]
    assert api.saved() == before


BYTES = {
    "invalid UTF-8": b'{"q": "\xff", "query": "\xff"}',
    "raw half characters": b'{"q": "\xed\xa0\x80", "query": "\xed\xa0\x80"}',
    "an overlong slash": b'{"q": "\xc0\xaf", "query": "\xc0\xaf"}',
    "a cut character": b'{"q": "\xe2\x82", "query": "\xe2\x82"}',
    "invalid UTF-8 outside of texts": b"\xff\xfe{}",
    "a BOM": b"\xef\xbb\xbf{}",
    "UTF-16": '{"q": "x", "query": "x"}'.encode("utf-16"),
    "UTF-32": '{"q": "x", "query": "x"}'.encode("utf-32"),
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00",
    "NUL": b"\0",
    "NUL behind": b"{}\0",
    "two values": b"{} {}",
    "an array": b"[]",
    "an object in an array": b'[{"query": "x", "q": "x"}]',
    "a text": b'"x"',
    "a number": b"1",
    "true": b"true",
    "null": b"null",
    "a form": b"query=x&q=x",
    "multipart": b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nx\r\n--x--\r\n',
    "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "cut off": b'{"query": "x", "q": ',
}


@pytest.mark.parametrize("raw", BYTES.values(), ids=BYTES)
async def test_bodies_that_are_no_object_in_utf_8_are_refused(api, task_id, raw) -> None:
    before = api.saved()
    for path in SOUND:
        for headers in (JSON_TYPE, (), ((b"content-type", b"application/json; charset=utf-16"),)):
            is_refused(await post(api, task_id, path, raw, headers=headers), 422)
    assert api.saved() == before


async def test_a_body_is_read_as_json_whatever_it_is_called(api, task_id) -> None:
    for kind in (
        None,
        b"",
        b"text/plain",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data",
        b"\xff",
        b"a" * 9000,
    ):
        headers = () if kind is None else ((b"content-type", kind),)
        answer = await post(api, task_id, "/v1/companies/search", b'{"q": "toys"}', headers=headers)
        assert answer.status == 200
        is_refused(await post(api, task_id, "/v1/companies/search", b"q=toys", headers=headers), 422)


async def test_an_empty_body_stands_for_nothing_where_nothing_is_asked(api, task_id) -> None:
    await api.run(task_id)
    for path in reversed(SOUND):
        for body in (b"", b" \n", [b"", b""]):
            answer = await post(api, task_id, path, body, headers=())
            if path in OPTIONAL:
                assert answer.status == 200, path
            else:
                is_refused(answer, 422)
    assert len((await api.ask("GET", "/v1/discovery_tasks")).json()) == 1


async def test_of_a_key_that_is_there_twice_the_last_counts(api, task_id) -> None:
    answer = await post(
        api, task_id, "/v1/companies/search", b'{"q": 1, "q": "toys", "pagination": 1, "pagination": {}}'
    )
    assert answer.status == 200
    assert answer.json["request"]["query"] == "toys"
    is_refused(await post(api, task_id, "/v1/companies/search", b'{"q": "toys", "q": 1}'), 422)


async def test_a_body_over_the_limit_is_read_no_further(api, task_id) -> None:
    before = api.saved()
    part = b" " * 2**16
    for path in SOUND:
        for announced in ((), ((b"content-length", b"2"),), ((b"content-length", b"10485760"),)):
            answer = await post(api, task_id, path, [part] * 160, headers=announced)
            is_refused(answer, 413)
            assert answer.parts_read == MAX_BODY // len(part) + 1
        full = json.dumps({"unheard_of": ""}).encode()
        is_refused(await post(api, task_id, path, full + b" " * (MAX_BODY - len(full))), 422)
    assert api.saved() == before


async def test_a_caller_without_a_token_is_not_read_at_all(api, task_id) -> None:
    for path in SOUND:
        answer = await post(api, task_id, path, [b"{"] * 10, who=None)
        is_refused(answer, 401)
        assert answer.parts_read == 0


FULL_OF_FAULTS = {
    "names nobody knows": "{" + ",".join(f'"a{i}":1' for i in range(200_000)) + "}",
    "one long name": '{"' + "a" * 3_000_000 + '": 1}',
    "sizes that are none": '{"q":"x","filters":{"include":{"size":[' + ",".join("1" * 1_000_000) + "]}}}",
    "domains that are none": '{"query":"x","exclude_domains":[' + ",".join("1" * 20_000) + "]}",
}


@pytest.mark.parametrize("body", FULL_OF_FAULTS.values(), ids=FULL_OF_FAULTS)
async def test_however_much_is_wrong_the_answer_is_short_and_comes_soon(api, task_id, body) -> None:
    for path in SOUND:
        began = time.perf_counter()
        faults = is_refused(await post(api, task_id, path, body.encode()), 422)
        assert time.perf_counter() - began < 4
        assert len(faults) <= MAX_FAULTS + 1


NUMBERS = {
    "1.5": 422,
    "": 422,
    "x": 422,
    "-1": 422,
    "-" + "9" * 400: 422,
    "9" * 5000: 422,
    "NaN": 422,
    "Infinity": 422,
    "1e999": 422,
    "1e3": 422,
    "0x10": 422,
    "null": 422,
    "true": 422,
    "%00": 422,
    "1%00": 422,
    "%ff": 422,
    "%ED%A0%80": 422,
    "[1]": 422,
    "1;drop table task": 422,
    "١": None,
    "%2B1": None,
    "%201": None,
    "1" + "0" * 30: 200,
    "9223372036854775807": 200,
    "9223372036854775808": 200,
}


@pytest.mark.parametrize("value", NUMBERS)
async def test_numbers_in_the_address_are_numbers_or_refused(api, task_id, value) -> None:
    for page in PAGES:
        for name in ("offset", "limit"):
            target = (
                f"{page.replace('TASK', task_id)}{'&' if '?' in page else '?'}{name}={value.encode().decode('latin-1')}"
            )
            answer = await api.raw("GET", target)
            if answer.status == 200:
                assert NUMBERS[value] != 422, target
                assert all(0 <= int(v) <= 2**31 for k, v in answer.headers.items() if "pagination" in k)
            elif answer.status == 400:
                assert "tables" in target
                is_refused(answer, 400)
            else:
                assert NUMBERS[value] != 200, target
                (fault,) = is_refused(answer, 422)
                assert fault.loc == ["query", name]


async def test_what_is_given_twice_or_is_unheard_of_in_the_address_is_no_fault(api, task_id) -> None:
    for page in PAGES:
        start = f"{page.replace('TASK', task_id)}{'&' if '?' in page else '?'}"
        for rest in (
            "offset=0&offset=1",
            "limit=5&limit=1",
            "unheard_of=1",
            "&&&==&",
            "%00=%00",
            "%ff=%ff",
            "a[]=1",
            "\xff=\xff",
        ):
            assert (await api.raw("GET", start + rest)).status == 200, rest
        is_refused(await api.raw("GET", f"{start}offset=0&offset=-1"), 422)


RUBBISH = ("%00", "%ff", "%2F", "..", "%2e%2e", "%ED%A0%80", "%0d%0aSet-Cookie:a=b", "%", "%zz", "'", '"', "{}", "%F0%9F%98%80",
           "a" * 100_000, "%00" * 20_000, ".", "-", "a.", "http:%2F%2F[", "xn--a.com", "1'%20OR%20'1'='1", "%C2%85", "\\", ";", "*",
           "urn:uuid:00000000-0000-0000-0000-000000000000", "00000000000000000000000000000000")  # fmt: skip


@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
async def test_rubbish_in_a_path_names_nothing(api, task_id, rubbish) -> None:
    before = api.saved()
    for method, path in (
        ("GET", "/v1/discovery_tasks/{}"),
        ("GET", "/v1/discovery_tasks/{}/results"),
        ("POST", "/v1/discovery_tasks/{}/resume"),
        ("POST", "/v1/discovery_tasks/{}/pause"),
        ("GET", "/v1/companies/{}"),
        ("GET", "/v1/companies/{}/similar"),
        ("POST", "/v1/companies/{}/similar"),
        ("GET", "/v1/tables/{}"),
        ("GET", "/v1/tables/{}/data"),
        ("POST", "/v1/tables/{}/run"),
        ("POST", "/v1/tables/{}/clone"),
        ("DELETE", "/v1/tables/{}"),
        ("DELETE", "/v1/tables/{}/columns/{}"),
        ("GET", "/v1/{}"),
    ):
        said = is_refused(await api.raw(method, path.replace("{}", rubbish)), 404)
        assert len(said) < 1_500
        assert said.isprintable()
    is_refused(await api.raw("GET", f"/{rubbish}"), 404)
    assert api.saved() == before


async def test_ids_are_ids_in_either_case_and_no_other_form(api, task_id) -> None:
    for same in (task_id, task_id.upper()):
        assert (await api.raw("GET", f"/v1/discovery_tasks/{same}")).json["id"] == task_id
    for other in (task_id.replace("-", ""), f"{{{task_id}}}", f"urn:uuid:{task_id}", f"{task_id} ", task_id[:-1]):
        is_refused(await api.raw("GET", f"/v1/discovery_tasks/{other.replace(' ', '%20')}"), 404)


async def test_only_one_sound_authorization_is_one(api) -> None:
    secret = api.secrets["ann"].encode()
    other = api.secrets["ben"].encode()

    async def status(*given: bytes) -> int:
        answer = await api.raw("GET", "/v1/user", [(b"Authorization", value) for value in given], who=None)
        if answer.status != 200:
            is_refused(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"
        return int(answer.status)

    for sound in (b"Bearer " + secret, b"bearer " + secret, b"BEARER  " + secret + b" "):
        assert await status(sound) == 200
    for sent in (
        (),
        (b"",),
        (b"Bearer",),
        (b"Bearer ",),
        (b"Bearer" + secret,),
        (b"Bearer\t" + secret,),
        (b"Basic " + secret,),
        (b"Token " + secret,),
        (secret,),
        (b"Bearer " + secret + b"x",),
        (b"Bearer " + secret[:-1],),
        (b"Bearer " + secret.upper(),),
        (b"Bearer " + secret + b", Bearer " + secret,),
        (b"Bearer Bearer " + secret,),
        (b"Bearer \xff\xfe",),
        (b"Bearer \0",),
        (b"Bearer " + "ключ".encode(),),
        (b"Bearer " + b"a" * 100_000,),
        (b"Bearer ' OR 1=1 --",),
        (b"Bearer %",),
        (b"Bearer " + secret, b"Bearer " + secret),
        (b"Bearer " + secret, b"Bearer " + other),
        (b"Bearer " + secret, b""),
    ):
        assert await status(*sent) == 401, sent
    cookie = [(b"cookie", b"longlist_session=" + secret)]
    is_refused(await api.raw("GET", "/v1/user", cookie, who=None), 401)


async def test_who_calls_is_asked_before_anything_else(api, task_id) -> None:
    for method, target, body in (
        ("GET", "/v1/discovery_tasks?offset=-1", b""),
        ("GET", "/v1/nothing", b""),
        ("DELETE", f"/v1/discovery_tasks/{task_id}", b""),
        ("PATCH", "/v1/user", b""),
        ("GET", f"/v1/discovery_tasks/{task_id}", b""),
        ("POST", "/v1/discovery_tasks", b"\xff"),
        ("POST", "/v1/discovery_tasks", b" " * (MAX_BODY + 1)),
        ("POST", "/v1/companies/search", b"[" * 100_000),
        ("GET", "/v1/companies/search", b""),
        ("GET", "/v1/%ff", b""),
        ("GET", "/v1%2Fuser", b""),
        ("GET", "/v1/healthcheck/../user", b""),
    ):
        is_refused(await api.raw(method, target, JSON_TYPE, body, who=None), 401)


async def test_who_may_not_is_told_so_before_the_body_is_read(api, task_id) -> None:
    for path in SOUND:
        if "discovery" in path:
            answer = await post(api, task_id, path, [b"\xff"] * 3, who="ann_reads")
            is_refused(answer, 403)
            assert answer.parts_read == 0


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
one_of_many = settings(
    max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@one_of_many
@given(data=st.data())
async def test_whatever_stands_in_a_sound_body_is_answered_and_only_what_is_answered_well_is_kept(
    api, task_id, data
) -> None:
    path = data.draw(st.sampled_from(sorted(SOUND)))
    place = data.draw(st.sampled_from(list(places(SOUND[path]))))
    body = with_raw(SOUND[path], place, json.dumps(data.draw(anything)))
    before = api.saved()
    answer = await post(api, task_id, path, body.encode())
    if answer.status != 200:
        is_refused(answer, 400, 404, 422)
        assert api.saved() == before


@one_of_many
@given(raw=st.binary(max_size=60), path=st.sampled_from(sorted(SOUND)))
async def test_whatever_bytes_a_body_has_they_are_answered(api, task_id, raw, path) -> None:
    assume(b"{" not in raw)  # an object may be a sound body
    before = api.saved()
    answer = await post(api, task_id, path, raw)
    if raw.strip() or path not in OPTIONAL:
        is_refused(answer, 422)
        assert api.saved() == before


words = st.text(st.characters(codec=None), min_size=1, max_size=30)
address_like = st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            [
                "http://",
                "//",
                "a",
                "xn--",
                ".",
                "com",
                "co.uk",
                ":",
                "@",
                "/",
                "[",
                "]",
                "%",
                "ß",
                "中",
                "-",
                "。",
                "１",
                "?",
                "#",
            ]
        ),
        max_size=12,
    ),
)


@one_of_many
@given(entry=words | address_like)
async def test_whatever_is_called_a_domain_is_one_or_refused(api, entry) -> None:
    text = json.dumps(entry)
    answer = await api.raw(
        "POST",
        "/v1/companies/search",
        JSON_TYPE,
        f'{{"q":"x","filters":{{"exclude":{{"domains":[{text}]}}}}}}'.encode(),
    )
    if answer.status != 200:
        is_refused(answer, 422)
    answer = await api.raw(
        "POST", "/v1/discovery_tasks", JSON_TYPE, f'{{"query":"x","exclude_domains":[{text}]}}'.encode()
    )
    if answer.status == 200:
        assert len(answer.json["exclude_domains"]) == 1
    else:
        is_refused(answer, 422)


@one_of_many
@given(name=words | address_like)
async def test_whatever_a_company_is_called_it_is_found_or_not(api, name) -> None:
    path = "".join(f"%{byte:02x}" for byte in name.encode("utf-8", "surrogatepass"))
    for method, end in (("GET", ""), ("GET", "/similar"), ("POST", "/similar")):
        answer = await api.raw(method, f"/v1/companies/{path}{end}")
        if answer.status != 200:
            is_refused(answer, 404)


@one_of_many
@given(q=words)
async def test_whatever_is_looked_for_is_answered(api, q) -> None:
    for body in (
        f'{{"q": {json.dumps(q)}}}'.encode(),
        f'{{"q": {json.dumps(q, ensure_ascii=False)}}}'.encode("utf-8", "surrogatepass"),
    ):
        answer = await api.raw("POST", "/v1/companies/search", JSON_TYPE, body)
        if answer.status != 200:
            is_refused(answer, 422)
