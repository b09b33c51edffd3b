"""No test reaches the network or depends on the environment of whoever runs it."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import databases
import postgres
import processes
import world as worlds

LOCAL_NAMES = {"localhost", "", None}


class NetworkForbidden(AssertionError):
    """A test tried to leave this machine."""


def _is_local(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Sockets connect to loopback addresses only, and names are not looked up."""
    patch = pytest.MonkeyPatch()

    def guard(name: str) -> None:
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, *rest: Any) -> Any:
            # sendto(data, [flags,] address) carries the address last
            target = rest[-1] if name == "sendto" else address
            if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_local(target[0]):
                raise NetworkForbidden(f"A test tried to reach {target}; tests run without a network.")
            return real(self, address, *rest)

        patch.setattr(socket.socket, name, guarded)

    for name in ("connect", "connect_ex", "sendto"):
        guard(name)
    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *rest: Any, **named: Any) -> Any:
        if not _is_local(host):
            raise NetworkForbidden(f"A test tried to look up {host!r}; tests run without a network.")
        return look_up(host, *rest, **named)

    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data directory of the test's own, and none of the developer's settings."""
    for name in [name for name in os.environ if name.startswith("LONGLIST_")]:
        monkeypatch.delenv(name)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    folder = tmp_path / "home"
    monkeypatch.setenv("LONGLIST_HOME", str(folder))
    monkeypatch.setenv("LONGLIST_WEB", "false")  # tests of what asks the web delete it, and bring a web of their own
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the embedded catalogue, built once; copy it before changing it."""
    folder = tmp_path_factory.mktemp("built") / "home"
    processes.run("catalog", "build", "--json", home=folder).check()
    return folder


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A running Postgres server for the tests of this session."""
    databases.needs_postgres()
    with postgres.running() as started:
        yield started


@pytest.fixture(scope="session")
def world() -> Iterator[worlds.World]:
    """A simulated internet for the tests of this session, without faults and delays; skips where there is none."""
    worlds.needs_world()
    with worlds.running() as started:
        yield started


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `exhaustive` run when they are asked for with `-m exhaustive`."""
    if "exhaustive" in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("exhaustive")]
    items[:] = [item for item in items if not item.get_closest_marker("exhaustive")]
    config.hook.pytest_deselected(items=left_out)
