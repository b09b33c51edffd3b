"""A running `longlist serve`, as users start it: a process of its own on a free port of this machine."""

import contextlib
import re
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

import httpx2

import processes


@dataclass(frozen=True)
class Served:
    """A server, its first words, and the token of its example."""

    process: Popen[bytes]
    words: str
    base: str
    token: str
    log: Path

    def ask(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> tuple[int, Any]:
        """(status, body)."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        answer = httpx2.request(method, self.base + path, json=body, headers=headers, timeout=30)
        return answer.status_code, answer.json()

    def get(self, path: str, **options: Any) -> Any:
        """The body of a GET that is answered 200."""
        status, body = self.ask("GET", path, **options)
        assert status == 200, body
        return body

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """The body of a POST that is answered 200."""
        status, answer = self.ask("POST", path, body, **options)
        assert status == 200, answer
        return answer


def start(home: Path, *args: str, env: Mapping[str, str] | None = None) -> Served:
    """A server that answers; the caller ends it. What it logs goes to a file beside its data directory."""
    log = home.parent / f"{home.name}.log"
    with log.open("ab") as errors:
        process = processes.start("serve", "--port", "0", *args, home=home, env=env, stderr=errors)
    assert process.stdout is not None
    words = ""
    while "Ctrl-C" not in words:
        line = process.stdout.readline().decode()
        if not line:
            process.communicate(timeout=20)
            raise AssertionError(f"the server ended: {log.read_text()}")
        words += line
    found = re.search(r"serves (http://\S+:\d+),", words), re.search(r"Bearer (ll_[\w-]+)'", words)
    assert all(found), words
    return Served(process, words, found[0][1], found[1][1], log)


@contextlib.contextmanager
def serving(home: Path, *args: str, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """A server for the length of the block."""
    server = start(home, *args, env=env)
    try:
        yield server
    finally:
        server.process.send_signal(signal.SIGTERM)
        server.process.communicate(timeout=90)
