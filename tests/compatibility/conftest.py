"""One real server for the whole suite, over the embedded catalogue, and the clients that talk to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live_api import CRITERIA, OWN_LISTS_ONLY, Api, Cli, Server

import processes
import served


@pytest.fixture(scope="session")
def server(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(built_home, home)
    with served.serving(home) as running:
        yield Server(running.base, home)


@pytest.fixture(scope="session")
def token(server: Server) -> str:
    return server.token("tester")


@pytest.fixture(scope="session")
def api(server: Server, token: str) -> Api:
    return Api(server.base, token)


@pytest.fixture(scope="session")
def stranger(server: Server) -> Api:
    """Somebody else."""
    return Api(server.base, server.token("stranger"))


@pytest.fixture(scope="session")
def onlooker(server: Server) -> Api:
    """The same person as `api`, with a token that only reads."""
    return Api(server.base, server.token("tester", "--scope", "read"))


@pytest.fixture(scope="session")
def cli(server: Server, token: str) -> Cli:
    return Cli(server.base, token)


@pytest.fixture(scope="session")
def derived(api: Api) -> Any:
    """A finished task whose criteria were derived from its query, with its results."""
    return api.finished("live chat software for online shops", desired_num_results=30)


@pytest.fixture(scope="session")
def given(api: Api) -> Any:
    """A finished task with criteria and a source of one's own; most texts say nothing about the last criterion."""
    named = {"auto_data_sources": False, "data_sources": ["extruct_db"]}
    return api.finished("live chat software", desired_num_results=60, criteria=CRITERIA, **named)


OWN_LIST = """\
name,website,description
Brauwerk,brauwerk.at,Brauwerk is a craft beer brewery in Graz.
Hopfenhaus,hopfenhaus.at,Hopfenhaus brews craft beer in its own brewery.
Malzhof,malzhof.at,Malzhof is a brewery that brews craft beer.
"""


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with three companies; copy it before changing it."""
    home = tmp_path_factory.mktemp("small") / "home"
    (home.parent / "three.csv").write_text(OWN_LIST)
    processes.run("catalog", "import", str(home.parent / "three.csv"), "--yes", home=home, env=OWN_LISTS_ONLY).check()
    return home


@pytest.fixture(scope="session")
def small(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server over three companies, which a task soon knows all of."""
    home = tmp_path_factory.mktemp("small-served") / "home"
    shutil.copytree(small_home, home)
    with served.serving(home, env=OWN_LISTS_ONLY) as running:
        yield Api(running.base, Server(running.base, home).token("brewer"))
