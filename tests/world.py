"""The simulated internet of the folder `shared` beside the repository, for the tests that need one; absent elsewhere.

`with running() as world:` starts one on free ports. The fixture `world` (see conftest) is one for the whole session,
without faults and delays: a test that changes that with `world.post("/__faults", …)` sets it back.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "shared" / "world"
START_SECONDS = 240
ASK = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class World:
    """A running world: what it said when it was ready (addresses of all providers, `key`, `env` …)."""

    line: dict[str, Any]

    def __getitem__(self, name: str) -> str:
        """An address, the key, or another part of the start line."""
        return str(self.line[name])

    @property
    def env(self) -> dict[str, str]:
        """The environment to give a process so that it lives in this world."""
        return dict(self.line["env"])

    @property
    def settings(self) -> dict[str, str]:
        """The LONGLIST_… variables for all its providers."""
        names = ("searxng", "brave", "serper", "tavily", "exa", "google_places", "overpass", "nominatim")
        keyed = ("brave", "serper", "tavily", "exa", "google_places")
        urls = {f"LONGLIST_{name.upper()}_URL": self[name] for name in names}
        return urls | {f"LONGLIST_{name.upper()}_KEY": self["key"] for name in keyed}

    def get(self, path: str) -> Any:
        """What the world's own door says, such as /__stats, /__places or /__companies."""
        with ASK.open(self["api"] + path, timeout=60) as answer:
            return json.load(answer)

    def post(self, path: str, body: Any = None) -> Any:
        """Change the world: /__faults or /__reset."""
        request = urllib.request.Request(self["api"] + path, json.dumps(body or {}).encode(), method="POST")
        with ASK.open(request, timeout=60) as answer:
            return json.load(answer)


def needs_world() -> None:
    """Skip the test where there is no world."""
    if not (FOLDER / "run.py").is_file():
        pytest.skip("the simulated internet is not beside this repository")
    pytest.importorskip("trustme")


@contextlib.contextmanager
def running(*flags: str) -> Iterator[World]:
    """A world of its own, `--latency zero` unless the flags say otherwise; it is stopped at the end."""
    command = [sys.executable, "run.py", *(() if "--latency" in flags else ("--latency", "zero")), *flags]
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    process = subprocess.Popen(
        command,
        cwd=FOLDER,
        env=env | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], START_SECONDS)[0], "the world did not start in time"
        line = process.stdout.readline()
        assert line, "the world ended before it was ready"
        yield World(json.loads(line))
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout:
            process.stdout.close()
