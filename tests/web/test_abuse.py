"""What strangers may try with a program that reads pages: every one of these is refused, or bounded in time and memory."""

import asyncio
import gzip
import re
import resource
import time
import zlib
from functools import cache
from pathlib import Path
from typing import Self

import hostile
import pytest
import trustme
from hostile import PROSE, Names, reading

import loopback
from longlist.errors import Unsafe
from longlist.model.network import Network
from longlist.model.web import NO_ERRAND
from longlist.web import apart, fetch
from longlist.web.address import checked
from longlist.web.apart import Apart
from longlist.web.page import LARGEST_PAGE, Reply
from longlist.web.robots import parse

SECONDS = 10.0
MEGABYTES = 60

PRIVATE = """
127.0.0.1 127.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 0.1.2.3
192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 192.88.99.1
[::1] [::] [fe80::1] [fc00::1] [fd12:3456::1] [ff02::1] [::ffff:127.0.0.1] [::ffff:10.0.0.1] [::ffff:7f00:1] [::127.0.0.1]
[64:ff9b::7f00:1] [64:ff9b::a00:1] [64:ff9b:1::1] [2002:7f00:1::] [2001:0:7f00:1::] [2001:db8::1] [fec0::1] [100::1]
""".split()
DISGUISED = """
2130706433 0x7f000001 017700000001 0177.0.0.1 0x7f.0.0.1 127.1 127.0.1 0x7f.1 3232235777 127.0.0.1.
127%2e0%2e0%2e1 %31%32%37.0.0.1 127。0。0。1 １２７.0.0.1 ①②⑦.0.0.1 localhost LOCALHOST localhost. sub.localhost
metadata.google.internal printer.local router.lan intranet db.corp kubernetes.default.svc.local ip6-localhost
""".split()
SCHEMES = """
file:///etc/passwd file://example.com/etc/passwd ftp://example.com/ gopher://example.com:70/_ dict://example.com:11211/
data:text/html,<p>x</p> javascript:alert(1) ldap://example.com/ jar:http://example.com!/ view-source:http://example.com/
blob:http://example.com/1 ws://example.com/ //example.com/ example.com http:example.com http:///etc/passwd http:/x about:blank
""".split()
TRICKS = [
    "http://example.com@127.0.0.1/",
    "http://user:password@example.com/",
    "http://127.0.0.1\\@example.com/",
    "http://example.com\\.127.0.0.1/",
    "http://example.com#@127.0.0.1/\n",
    "http://exa\tmple.com/",
    "http://example.com/\r\nHost: 127.0.0.1",
    "http://exam ple.com/",
    "http://example.com:22/",
    "http://example.com:25/",
    "http://example.com:0/",
    "http://[::1/",
    "http://[fe80::1%25eth0]/",
    "http://..example.com/",
    "http://-example.com/",
    "http://" + "a" * 64 + ".com/",
    "http://example.com/" + "a" * 5_000,
    "",
    "http://",
    "\x00http://example.com/",
]


@pytest.mark.parametrize("url", [*(f"http://{host}/" for host in PRIVATE + DISGUISED), *SCHEMES, *TRICKS])
def test_addresses_that_are_not_of_the_public_web_are_refused(url: str):
    with pytest.raises(Unsafe) as refused:
        checked(url)
    assert str(refused.value).endswith(".")
    assert "password" not in str(refused.value).replace("/etc/passwd", "")
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("url", "regular"),
    [
        ("HTTP://Example.COM:80", "http://example.com/"),
        ("https://example.com:443/a?b=c#d", "https://example.com/a?b=c"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:4700:4700::1111]/", "http://[2606:4700:4700::1111]/"),
        ("http://example.com./", "http://example.com/"),
        ("https://example.com:8443/a b", "https://example.com:8443/a%20b"),
    ],
)
def test_public_addresses_are_made_regular(url: str, regular: str):
    assert str(checked(url)) == regular


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/"])
async def test_nothing_is_asked_of_a_refused_address(url: str):
    async with loopback.serving(loopback.reply(b"secret")) as server, reading() as reader:
        found = await reader.read(url.format(port=server.address.split(":")[1]), NO_ERRAND)
    assert (found.state, found.text) == ("unsafe", "")
    assert server.seen == []


@pytest.mark.parametrize("address", [host.strip("[]") for host in PRIVATE])
async def test_a_name_that_leads_to_a_private_address_is_not_connected_to(address: str):
    async with reading(names=Names({"harmless.example": [[address]]}), is_strict=True) as reader:
        found = await reader.read("http://harmless.example/", NO_ERRAND)
    assert found.state == "unsafe"
    assert "not public" in found.why


async def test_a_name_is_looked_up_once_for_a_connection_so_rebinding_gains_nothing():
    names = Names({"rebound.example": [["127.0.0.1"]]})
    async with loopback.serving(loopback.reply(b"secret")) as server:
        port = server.address.split(":")[1]
        async with reading(names=names, is_strict=True) as reader:
            found = await reader.read(f"http://rebound.example:{port}/", NO_ERRAND)
        assert found.state == "unsafe"
        # First public, then this machine: what is connected to is what was checked.
        names = Names({"rebound.example": [["203.0.112.1"], ["127.0.0.1"]]})
        connected: list[str] = []
        async with reading(names=names, is_strict=True) as reader:
            backend = _backend(reader)

            async def connect(host: str, *_rest: object) -> object:
                connected.append(host)
                raise Unsafe("Enough.")

            backend._inner.connect_tcp = connect
            await reader.read(f"http://rebound.example:{port}/", NO_ERRAND)
    assert connected == ["203.0.112.1"]
    assert names.asked == ["rebound.example"]
    assert server.seen == []


def _backend(reader):
    return reader._fetcher._client._transport._direct._shards[0]._pool._network_backend


async def test_a_mixed_answer_of_names_leads_to_the_public_one_alone():
    connected: list[str] = []
    async with reading(names=Names({"mixed.example": [["10.0.0.1", "203.0.112.1", "::1"]]}), is_strict=True) as reader:

        async def connect(host: str, *_rest: object) -> object:
            connected.append(host)
            raise Unsafe("Enough.")

        _backend(reader)._inner.connect_tcp = connect
        await reader.read("http://mixed.example/", NO_ERRAND)
    assert connected == ["203.0.112.1"]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/secret",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:{port}/secret",
        "//localhost:{port}/secret",
        "http://2130706433:{port}/secret",
        "http://[::ffff:127.0.0.1]:{port}/secret",
        "file:///etc/passwd",
        "http://user@shop.example:{port}/secret",
        "gopher://shop.example/",
        "http://[bad",
    ],
)
async def test_redirects_to_such_addresses_are_refused(target: str):
    def answers(asked: loopback.Asked) -> bytes:
        if asked.target == "/robots.txt":
            return loopback.reply(b"")
        port = asked.headers["host"].split(":")[1]
        return loopback.reply(b"", f"Location: {target.format(port=port)}", status="302 Found")

    async with loopback.serving(answers) as server, reading() as reader:
        found = await reader.read(f"http://shop.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert found.state == "unsafe"
    assert "/secret" not in [asked.target for asked in server.seen]


async def test_pages_that_send_their_readers_there_themselves_are_refused():
    refresh = b'<meta http-equiv="refresh" content="0;url=http://127.0.0.1/secret">'
    async with loopback.serving(loopback.reply(refresh, "Content-Type: text/html")) as server, reading() as reader:
        found = await reader.read(f"http://shop.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert found.state == "unsafe"


async def test_behind_a_proxy_literal_and_local_addresses_are_refused_all_the_same():
    async with (
        loopback.serving(loopback.reply(PROSE.encode(), "Content-Type: text/html")) as proxy,
        reading(Network(http_proxy=proxy.url), is_strict=True) as reader,
    ):
        for url in ("http://10.0.0.1/", "http://127.0.0.1/", "http://db.internal/", "http://0x7f.1/"):
            assert (await reader.read(url, NO_ERRAND)).state == "unsafe"
        assert proxy.seen == []
        assert (await reader.read("http://shop.example/", NO_ERRAND)).state == "readable"
    assert [asked.target for asked in proxy.seen] == ["http://shop.example/robots.txt", "http://shop.example/"]


async def test_certificates_are_checked_against_the_name_and_not_the_address():
    authority, stranger = trustme.CA(), trustme.CA()
    for issuer, name, state in ((authority, "shop.example", "readable"), (authority, "other.example", "unreachable")):
        found = await _read_encrypted(authority, issuer, name)
        assert found.state == state, found.why
    found = await _read_encrypted(authority, stranger, "shop.example")
    assert found.state == "unreachable"
    assert "certificate" in found.why


async def _read_encrypted(trusted: trustme.CA, issuer: trustme.CA, name: str):
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert(name).configure_cert(context)

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(loopback.reply(PROSE.encode(), "Content-Type: text/html", "Connection: close"))

    with trusted.cert_pem.tempfile() as file:
        async with hostile.serving(talk, context) as port, reading(Network(ca_file=file)) as reader:
            return await reader.read(f"https://shop.example:{port}/", NO_ERRAND)


class Bounds:
    """Fails when the body took longer, or this process grew by more, than a page may cost."""

    def __enter__(self) -> Self:
        self._start, self._size = time.monotonic(), _resident()
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            assert time.monotonic() - self._start < SECONDS
            assert _resident() - self._size < MEGABYTES


def _resident() -> float:
    """The most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def read_from(head: bytes, *pieces: bytes, times: int = 1, pause: float = 0.0):
    """What is read from a server that sends a head, then the pieces, so many times."""
    sent = 0

    async def talk(_head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(head)
        for _ in range(times):
            for piece in pieces:
                writer.write(piece)
                sent += len(piece)
                await writer.drain()
                if pause:
                    await asyncio.sleep(pause)

    async with hostile.serving(talk) as port, reading() as reader:
        with Bounds():
            page = await reader.read(f"http://shop.example:{port}/", NO_ERRAND)
    return page, sent


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"


@cache
def bomb(kind: str) -> bytes:
    """A page and 200 MB of spaces, in 200 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if kind == "gzip" else 15)
    spaces = b" " * 1_000_000
    return b"".join([packer.compress(PROSE.encode()), *(packer.compress(spaces) for _ in range(200)), packer.flush()])


@pytest.mark.parametrize("kind", ["gzip", "deflate"])
async def test_a_small_answer_that_unpacks_to_200_mb_is_cut(kind: str):
    body = bomb(kind)
    page, _ = await read_from(HEAD + f"Content-Encoding: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode(), body)
    assert page.is_readable
    assert len(page.html) <= LARGEST_PAGE


async def test_an_answer_packed_many_times_over_is_refused():
    body = PROSE.encode()
    for _ in range(8):
        body = gzip.compress(body)
    page, _ = await read_from(HEAD + b"Content-Encoding: " + b"gzip, " * 7 + b"gzip\r\n\r\n", body)
    assert page.state == "unreachable"


@pytest.mark.parametrize("packing", ["br", "zstd", "nonsense"])
async def test_packings_that_are_not_known_do_not_hurt(packing: str):
    page, _ = await read_from(HEAD + f"Content-Encoding: {packing}\r\n\r\n".encode(), b"\x00\x01\x02\xff" * 1000)
    assert not page.is_readable


async def test_an_answer_that_does_not_end_is_cut():
    page, sent = await read_from(HEAD + b"\r\n" + PROSE.encode(), b"<p>lorem ipsum</p>" * 4_000, times=1_000)
    assert page.is_readable
    assert sent < 10 * LARGEST_PAGE


async def test_an_answer_that_promises_50_gb_is_cut():
    head = HEAD + b"Content-Length: 50000000000\r\n\r\n" + PROSE.encode()
    page, _ = await read_from(head, b"x" * 65_536, times=1_000)
    assert page.is_readable


async def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetch, "WHOLE_SECONDS", 1.0)
    page, _ = await read_from(HEAD + b"\r\n", b"x", times=1_000, pause=0.05)
    assert page.state == "unreachable"
    assert "longer than" in page.why


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: te", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_a_server_that_never_begins_is_given_up(monkeypatch: pytest.MonkeyPatch, start: bytes):
    monkeypatch.setattr(fetch, "FIRST_BYTE_SECONDS", 0.5)
    page, _ = await read_from(start, b"", times=100, pause=0.05)
    assert page.state == "unreachable"
    page, _ = await read_from(start, start or b"", times=100, pause=0.05)
    assert page.state == "unreachable"


@pytest.mark.parametrize("line", [b"X-Filler: " + b"x" * 65_000 + b"\r\n", b"x" * 65_536, b"X-A: b\r\n" * 8_000])
async def test_100_mb_of_headers_are_refused(line: bytes):
    page, sent = await read_from(HEAD, line, times=100_000_000 // len(line))
    assert page.state == "unreachable"
    assert sent < 20_000_000


async def test_10_000_redirects_are_not_followed():
    def answers(asked: loopback.Asked) -> bytes:
        if asked.target == "/robots.txt":
            return loopback.reply(b"")
        return loopback.reply(b"", f"Location: /{int(asked.target[1:] or 0) + 1}", status="302 Found")

    async with loopback.serving(answers) as server, reading() as reader:
        found = await reader.read(f"http://shop.example:{server.address.split(':')[1]}/1", NO_ERRAND)
    assert found.state == "unsafe"
    assert len(server.seen) == 7


async def test_robots_txt_may_redirect_for_ever_and_be_of_any_size():
    moved = loopback.reply(b"", "Location: /robots.txt?1", status="302 Found")
    async with loopback.serving(moved) as server, reading() as reader:
        await reader.read(f"http://shop.example:{server.address.split(':')[1]}/", NO_ERRAND)
    assert len(server.seen) < 20
    start = time.process_time()
    many = "".join(f"User-agent: bot{number}\n" for number in range(20_000)) + "Disallow: /a*b\n" * 10_000
    assert parse(many + "User-agent: *\nDisallow: /x").can_fetch("http://shop.example/x", "Longlist") is False
    assert time.process_time() - start < SECONDS


HARD = {
    "nested divisions": "<div>" * 380_000,
    "nested tables": "<table><tr><td>" * 130_000,
    "nested lists": "<ul><li>" * 240_000,
    "open formatting": "".join(f"<font color={n}>" for n in range(390)) + "<i></b>" * 250_000,
    "open formatting in paragraphs": "".join(f"<b id={n}>" for n in range(300)) + "<p>x" * 400_000,
    "attributes": "<p " + "".join(f"a{n}=1 " for n in range(180_000)) + ">x</p>",
    "links": '<a href="/x">y</a>' * 100_000,
    "entities": "&CounterClockwiseContourIntegral;" * 60_000,
    "less than": "<" * 2_000_000,
    "comments": "<!--" * 500_000,
    "templates": "<template>" * 200_000,
    "nested json-ld": '<script type="application/ld+json">' + '{"a":[' * 150_000 + "</script>",
    "wide json-ld": '<script type="application/ld+json">[' + "{}," * 300_000 + "{}]</script>",
    "nested next data": '<script id="__NEXT_DATA__" type="application/json">' + "[" * 900_000 + "</script>",
    "state": "<script>" + "__STATE__ = {" * 100_000 + "</script>",
    "spaces": "<title>" + " " * 1_900_000,
    "closed": "<p>" + "has now " * 240_000,
    "login": "<script>location.href = '" + "a" * 1_900_000,
}


async def test_html_made_to_be_hard_is_given_up_or_read_within_bounds():
    async with Apart(1) as readers:
        for name, html in HARD.items():
            await readers.read(ready())
            process = readers._idle[0]
            readers._seconds = 1.5
            with Bounds():
                reading = await readers.read(ready(html))
            readers._seconds = apart.SECONDS
            assert reading.state in {"readable", "unsuited", "script_only", "login_wall"}, name
            if readers._idle == [process]:
                assert int(re.search(rb"VmHWM:\s+(\d+)", told(process.pid, "status"))[1]) < 600_000, name
            assert (await readers.read(ready())).state == "readable"


def told(process: int, what: str) -> bytes:
    """What the system tells of a process."""
    return Path(f"/proc/{process}/{what}").read_bytes()


def ready(html: str = PROSE) -> Reply:
    return Reply("http://a.example/", "http://a.example/", 200, "text/html", body=html.encode())


async def test_a_page_that_keeps_its_process_busy_is_given_up_with_it():
    async with Apart(1, seconds=0.0) as readers:
        assert await readers.read(ready()) == apart.TOO_MUCH
        assert not readers._idle


async def test_the_processes_hold_no_secrets_and_end_with_the_reader():
    async with Apart(1) as readers:
        await readers.read(ready())
        process = readers._idle[0]
        assert told(process.pid, "environ") == b""
    assert process.returncode is not None


@pytest.mark.parametrize("charset", ["nonsense", "zip", "utf-7", "x" * 10_000, "\x00", "idna", "utf-16", "base64"])
async def test_character_sets_that_are_none_do_not_hurt(charset: str):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset={charset}\r\nConnection: close\r\n\r\n"
    page, _ = await read_from(head.encode(), PROSE.encode())
    assert page.state in {"readable", "unreachable"}  # a NUL in a header is no HTTP
    page, _ = await read_from(HEAD + b"\r\n", f'<meta charset="{charset}">{PROSE}'.encode())
    assert "every night since 1911" in page.text
