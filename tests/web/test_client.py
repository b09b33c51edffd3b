import gzip
from pathlib import Path

import httpx2
import pytest

from longlist.errors import InvalidInput
from longlist.model.network import Network
from longlist.settings import load_network
from longlist.web.client import open_client, proxy_of, read_body, user_agent
from loopback import reply, serving

PROXY = Network(http_proxy="http://proxy.test:3128", https_proxy="http://secure.test:3128")


@pytest.mark.parametrize(
    ("no_proxy", "scheme", "host", "port", "expected"),
    [
        ("", "http", "example.com", None, PROXY.http_proxy),
        ("", "https", "example.com", None, PROXY.https_proxy),
        ("", "http", "127.0.0.1", 8080, ""),
        ("", "http", "localhost", 8080, ""),
        ("", "http", "::1", None, ""),
        ("*", "https", "example.com", None, ""),
        ("example.com", "https", "example.com", None, ""),
        ("example.com", "https", "www.example.com.", None, ""),
        ("example.com", "https", "notexample.com", None, PROXY.https_proxy),
        (".example.com", "https", "api.example.com", None, ""),
        ("*.example.com", "https", "api.example.com", None, ""),
        ("example.com:8443", "https", "example.com", 8443, ""),
        ("example.com:8443", "https", "example.com", None, PROXY.https_proxy),
        ("10.0.0.0/8, other.test", "http", "10.1.2.3", None, ""),
        ("10.0.0.0/8 other.test", "http", "other.test", None, ""),
        ("10.0.0.0/8", "http", "11.1.2.3", None, PROXY.http_proxy),
        ("fd00::/8", "http", "fd00::1", None, ""),
    ],
)
def test_who_is_asked_directly_is_decided_by_no_proxy(no_proxy, scheme, host, port, expected):
    network = Network(PROXY.http_proxy, PROXY.https_proxy, no_proxy)
    assert proxy_of(network, scheme, host, port) == expected


def test_the_way_to_the_network_is_read_from_the_shared_variables(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://upper.test")
    monkeypatch.setenv("https_proxy", "http://lower.test")
    monkeypatch.setenv("ALL_PROXY", "http://all.test")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", "/some/ca.pem")
    assert load_network() == Network("http://all.test", "http://lower.test", "127.0.0.1", "/some/ca.pem")


async def test_a_plain_request_goes_through_the_proxy_with_the_whole_address():
    async with (
        serving(reply(b"from the proxy")) as server,
        open_client(Network(http_proxy=server.address)) as client,
    ):
        answer = await client.get("http://no-such-name.test/page?x=1")
    assert answer.text == "from the proxy"
    assert (server.seen[0].method, server.seen[0].target) == ("GET", "http://no-such-name.test/page?x=1")


async def test_an_encrypted_request_asks_the_proxy_for_a_tunnel():
    async with (
        serving(reply(b"", status="403 Forbidden")) as server,
        open_client(Network(https_proxy=server.url)) as client,
    ):
        with pytest.raises(httpx2.ProxyError):
            await client.get("https://no-such-name.test/")
    assert (server.seen[0].method, server.seen[0].target) == ("CONNECT", "no-such-name.test:443")


async def test_cookies_are_not_kept_redirects_not_followed_and_nothing_is_repeated():
    moved = reply(b"", "Set-Cookie: a=b", "Location: /elsewhere", status="302 Found")
    async with serving(moved) as server, open_client(contact="https://example.org/bot") as client:
        for _ in range(2):
            assert (await client.get(server.url)).status_code == 302
    assert len(server.seen) == 2
    assert "cookie" not in server.seen[1].headers
    assert server.seen[1].headers["user-agent"].endswith("(+https://example.org/bot)")


async def test_a_small_answer_that_unpacks_to_a_large_one_is_cut():
    packed = gzip.compress(b"x" * 50_000_000)
    async with (
        serving(reply(packed, "Content-Encoding: gzip")) as server,
        open_client() as client,
        client.stream("GET", server.url) as response,
    ):
        body, is_whole = await read_body(response, 1_000)
    assert (body, is_whole) == (b"x" * 1_000, False)


async def test_an_answer_within_the_cap_is_whole():
    async with (
        serving(reply(b"x" * 1_000)) as server,
        open_client() as client,
        client.stream("GET", server.url) as response,
    ):
        assert await read_body(response, 1_000) == (b"x" * 1_000, True)


@pytest.mark.parametrize(
    "network",
    [
        Network(https_proxy="gopher://proxy.test"),
        Network(http_proxy="http://proxy.test:port"),
        Network(ca_file="/no/such/file.pem"),
    ],
)
def test_what_cannot_be_used_is_named(network):
    with pytest.raises(InvalidInput, match=r"HTTP_PROXY|HTTPS_PROXY|SSL_CERT_FILE"):
        open_client(network)


def test_certificates_that_are_none_are_refused(tmp_path: Path):
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(InvalidInput, match="SSL_CERT_FILE"):
        open_client(Network(ca_file=str(tmp_path / "ca.pem")))


def test_a_contact_cannot_break_the_header():
    assert "\n" not in user_agent("me@example.org\r\nX-Evil: 1")
    assert user_agent() == user_agent(" \n")


async def test_the_world_is_reached_through_its_proxy_and_its_certificates(world):
    env = world.env
    network = Network(env["HTTP_PROXY"], env["HTTPS_PROXY"], env["NO_PROXY"], env["SSL_CERT_FILE"])
    site = next(c for c in world.get("/__companies") if c.get("domain"))
    async with open_client(network) as client:
        assert (await client.get(f"https://{site['domain']}/robots.txt")).status_code > 0
