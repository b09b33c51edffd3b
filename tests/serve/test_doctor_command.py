"""`longlist doctor`: on a sound data directory, and on every kind of broken one, where it changes nothing either."""

import asyncio
import contextlib
import errno
import importlib.metadata
import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import postgres
import processes
import served
from longlist.discover import registry
from longlist.model.task import TaskSpec
from longlist.serve import cli as command_line
from longlist.store.open import bring_up_to_date, open_store
from longlist.store.postgres_role import PostgresRole
from longlist.store.revision import newest
from longlist.wiring import doctor

ILL = command_line.ILL


@pytest.fixture(autouse=True)
def free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        monkeypatch.setattr(doctor, "PORT", found.getsockname()[1])


@pytest.fixture
def examined(cli):
    """Runs it, and gives the checks by part."""

    def run(*, code: int = 0) -> dict[str, list[dict[str, str]]]:
        answer = cli("doctor", "--json")
        assert answer.code == code, answer
        assert answer.err == ""
        parts: dict[str, list[dict[str, str]]] = {}
        for check in answer.json["checks"]:
            parts.setdefault(check["part"], []).append(check)
        assert answer.json["state"] == ("wrong" if code else "note")
        return parts

    return run


def state(checks: list[dict[str, str]]) -> str:
    return max((check["state"] for check in checks), key=["fine", "note", "wrong"].index)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextlib.contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    before = contents(folder)
    yield
    assert contents(folder) == before


def change(home: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(home / "app.db")) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def test_a_sound_data_directory_is_looked_into_and_left_as_it_is(examined, ready, monkeypatch):
    monkeypatch.delenv("LONGLIST_WEB")
    with unchanged(ready):
        parts = examined()
    assert list(parts) == [
        "version", "settings", "data directory", "database", "tasks", "tokens", "data packages", "index", "sources", "port",
    ]  # fmt: skip
    assert {part for part, checks in parts.items() if state(checks) != "fine"} == {"tokens", "sources"}
    assert "8,341 companies" in parts["index"][0]["found"]
    assert newest() in parts["database"][0]["found"]
    assert [(check["found"].split(":")[0], check["state"]) for check in parts["sources"]] == [
        ("catalog", "fine"), ("web_search", "note"), ("linkedin", "note"), ("maps", "fine"),
    ]  # fmt: skip
    assert "Set LONGLIST_BRAVE_KEY" in parts["sources"][1]["mend"]
    assert all(check["mend"] for checks in parts.values() for check in checks if check["state"] == "note")


def test_the_table_says_the_same_to_people(cli, ready):
    shown = cli("doctor")
    assert shown.code == 0
    assert "Nothing is wrong." in shown.err
    assert "token create NAME" in " ".join(shown.out.split())
    (ready / "app.db").write_bytes(b"no database at all " * 1000)
    broken = cli("doctor")
    assert broken.code == ILL
    assert "1 thing is wrong." in broken.err
    assert "WRONG" in broken.out


def test_a_new_machine_has_nothing_wrong_and_nothing_is_made(examined, home):
    parts = examined()
    assert {state(parts[part]) for part in ("data directory", "database", "index")} == {"note"}
    assert "tasks" not in parts
    assert not home.exists()


@pytest.mark.parametrize("garbage", [b"no database at all " * 1000, b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_file_that_is_no_database_is_wrong(examined, ready, garbage):
    (ready / "app.db").write_bytes(garbage)
    with unchanged(ready):
        parts = examined(code=ILL)
    assert state(parts["database"]) == "wrong"
    assert "longlist restore" in parts["database"][0]["mend"]
    assert state(parts["index"]) == "fine"


def test_damaged_pages_are_wrong(examined, ready):
    with (ready / "app.db").open("r+b") as file:
        file.seek(4096 * 1000)
        file.write(b"\xff" * 4096 * 20)
    with unchanged(ready):
        parts = examined(code=ILL)
    assert "damaged" in parts["database"][0]["found"]


def test_an_empty_file_and_a_database_of_another_program_are_wrong(examined, ready):
    (ready / "app.db").write_bytes(b"")
    assert state(examined(code=ILL)["database"]) == "wrong"
    (ready / "app.db").unlink()
    change(ready, "CREATE TABLE letters (id)")
    with unchanged(ready):
        assert "another program" in examined(code=ILL)["database"][0]["found"]


def test_a_newer_revision_is_wrong_and_an_older_one_worth_knowing(examined, ready):
    change(ready, "UPDATE alembic_version SET version_num = '9999'")
    with unchanged(ready):
        parts = examined(code=ILL)
    assert "newer Longlist" in parts["database"][0]["found"]
    change(ready, "UPDATE alembic_version SET version_num = '0001'")
    with unchanged(ready):
        assert state(examined()["database"]) == "note"


def test_what_a_killed_command_left_in_the_log_is_read_and_left_there(examined, ready, tmp_path):
    with contextlib.closing(sqlite3.connect(ready / "app.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
        shutil.copytree(ready, tmp_path / "killed")
    shutil.rmtree(ready)
    shutil.copytree(tmp_path / "killed", ready, ignore=shutil.ignore_patterns("*-shm"))
    before = contents(ready)
    assert "newer Longlist" in examined(code=ILL)["database"][0]["found"]
    assert {name: data for name, data in contents(ready).items() if not name.endswith("-shm")} == before


@pytest.mark.parametrize("damage", ["seal.json", "facts.table", "text", "CURRENT"])
def test_a_damaged_index_is_worth_knowing_since_it_mends_itself(examined, ready, damage):
    generation = ready / "index" / (ready / "index" / "CURRENT").read_text().strip()
    target = ready / "index" / "CURRENT" if damage == "CURRENT" else generation / damage
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.write_bytes(b"\xff" * 100)
    with unchanged(ready):
        parts = examined()
    assert state(parts["index"]) == "note"
    assert "catalog build" in parts["index"][0]["mend"]


def test_an_index_that_is_behind_is_worth_knowing(examined, ready):
    change(ready, "UPDATE meta SET value = 'other' WHERE key = 'catalog_fingerprint'")
    assert "changed since" in examined()["index"][0]["found"]


@pytest.mark.parametrize("place", ["index", "home", "database"])
def test_what_cannot_be_written_is_wrong(examined, ready, monkeypatch, place):
    target = {"index": ready / "index", "home": ready, "database": ready / "app.db"}[place]
    real = os.access  # root may write anywhere, so the answer is made up
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != target and real(path, mode))
    parts = examined(code=ILL)
    part = "data directory" if place == "home" else place
    assert [name for name, checks in parts.items() if state(checks) == "wrong"] == [part]


def test_a_home_that_is_a_file_or_below_one_is_wrong(examined, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        monkeypatch.setenv("LONGLIST_HOME", str(home))
        assert state(examined(code=ILL)["data directory"]) == "wrong"


def test_a_full_disk_is_wrong(examined, ready, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 5, 5))
    assert state(examined(code=ILL)["data directory"]) == "wrong"


def test_absent_data_packages_are_wrong_unless_they_are_not_wanted(examined, ready, monkeypatch):
    real = importlib.metadata.distribution

    def absent(name: str) -> Any:
        if name in ("wappalyzer", "pytickersymbols"):
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr("longlist.catalog.packages.distribution", absent)
    assert [check["state"] for check in examined(code=ILL)["data packages"]] == ["wrong", "wrong"]
    monkeypatch.setenv("LONGLIST_EMBEDDED_CATALOG", "false")
    assert state(examined()["data packages"]) == "fine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = 'red'", "colour"),
        ("embedded_catalog = 'perhaps'", "embedded_catalog"),
        ("home = [", "not valid TOML"),
    ],
)
def test_settings_that_cannot_be_used_are_wrong(cli, tmp_path, monkeypatch, text, words):
    (tmp_path / "config.toml").write_text(text)
    monkeypatch.setenv("LONGLIST_CONFIG", str(tmp_path / "config.toml"))
    answer = cli("doctor", "--json")
    assert answer.code == ILL
    assert words in answer.json["checks"][-1]["found"]


def test_a_misspelt_variable_is_worth_knowing(examined, ready, monkeypatch):
    monkeypatch.setenv("LONGLIST_HOMEE", "x")
    assert any("LONGLIST_HOMEE" in check["found"] for check in examined()["settings"])


class TestOnPostgres:
    """A database on a server is looked into as well, through a connection that changes nothing."""

    @pytest.fixture
    def empty(self, cluster: postgres.Cluster, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
        """The settings' database: nothing is in it."""
        url = cluster.empty()
        monkeypatch.setenv("LONGLIST_DATABASE_URL", url)
        yield url
        cluster.drop(url)

    def of_part(self, cli, part: str, code: int = 0) -> dict[str, str]:
        answer = cli("doctor", "--json")
        assert answer.code == code, answer
        assert "se%40cret" not in answer.out + answer.err
        assert "se@cret" not in answer.out + answer.err
        check, *_ = [one for one in answer.json["checks"] if one["part"] == part]
        return check

    def test_an_empty_one_stays_empty(self, cli, cluster, empty):
        check = self.of_part(cli, "database")
        assert check["state"] == "note"
        assert check["found"].endswith(" is empty")
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        assert cluster.sql(tables, empty.rpartition("/")[2]) == "0"

    def test_a_sound_one_its_tasks_and_its_worker(self, cli, cluster, empty):
        async def fill() -> None:
            async with open_store(empty) as store:
                await store.create(TaskSpec("craft beer breweries"), is_queued=True)

        asyncio.run(fill())
        check = self.of_part(cli, "database")
        assert check["state"] == "fine"
        assert "Postgres" in check["found"]
        assert f"tables {newest()}" in check["found"]
        assert "connections in use" in check["found"]
        tasks = self.of_part(cli, "tasks")
        assert tasks["state"] == "note"
        assert "1 in all, 1 unfinished, 1 of them a server's to run; no server works here now" in tasks["found"]
        role = PostgresRole(empty, "somebody")
        role.take()
        assert "a server works on them" in self.of_part(cli, "tasks")["found"]
        role.leave()

    def test_what_is_wrong_with_it_and_how_to_mend_it(self, cli, cluster, empty, monkeypatch):
        name = empty.rpartition("/")[2]
        asyncio.run(bring_up_to_date(empty))
        cluster.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        assert "can only be read" in self.of_part(cli, "database", code=ILL)["found"]
        cluster.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = off")
        cluster.sql("UPDATE app.alembic_version SET version_num = '0001'", name)
        assert "longlist migrate" in self.of_part(cli, "database")["mend"]
        cluster.sql("UPDATE app.alembic_version SET version_num = '9999'", name)
        assert "newer Longlist" in self.of_part(cli, "database", code=ILL)["found"]
        cluster.sql("DROP TABLE app.alembic_version", name)
        assert "another program" in self.of_part(cli, "database", code=ILL)["found"]
        monkeypatch.setenv("LONGLIST_DATABASE_URL", cluster.url("nowhere"))
        assert "does not exist" in self.of_part(cli, "database", code=ILL)["found"]
        monkeypatch.setenv("LONGLIST_DATABASE_URL", cluster.url(password="wrong"))
        assert "password is wrong" in self.of_part(cli, "database", code=ILL)["found"]


def test_a_database_url_that_is_none_is_said(cli, ready, monkeypatch):
    monkeypatch.setenv("LONGLIST_DATABASE_URL", "nonsense")
    assert cli("doctor", "--json").code == ILL


def test_an_address_with_a_password_is_shown_without_it(examined, ready, monkeypatch):
    monkeypatch.delenv("LONGLIST_WEB")
    monkeypatch.setenv("LONGLIST_SEARXNG_URL", "http://me:secret@127.0.0.1:9/search")
    monkeypatch.setenv("LONGLIST_BRAVE_KEY", "secret-key")
    parts = examined()
    assert "secret" not in str(parts)
    assert "web_search: set up: SearXNG, Brave Search" in parts["sources"][1]["found"]


def test_a_package_whose_source_does_not_start_is_wrong(examined, ready, monkeypatch):
    entry = importlib.metadata.EntryPoint("breweries", "no_such_module:make", registry.GROUP)
    monkeypatch.setattr(registry, "_registered", lambda: (entry,))
    monkeypatch.setattr(doctor, "entry_points", lambda group: (entry,))
    checks = {check["found"].split(":")[0]: check for check in examined(code=ILL)["sources"]}
    assert checks["breweries"]["state"] == "wrong"
    assert checks["catalog"]["state"] == "fine"


def test_a_check_that_fails_says_so_and_the_others_are_made(examined, ready, monkeypatch):
    def broken(*_: object) -> Any:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(shutil, "disk_usage", broken)
    parts = examined(code=ILL)
    assert "Input/output error" in parts["data directory"][0]["found"]
    assert state(parts["database"]) == "fine"


def test_a_port_that_another_program_uses_is_worth_knowing(examined, ready):
    with socket.create_server(("127.0.0.1", doctor.PORT)):
        assert "another program" in examined()["port"][0]["found"]


def test_tasks_that_wait_and_those_that_were_interrupted_are_told(examined, ready):
    change(ready, "INSERT INTO owner (id, name, created_at) VALUES ('o', 'o', '2026-01-01 00:00:00.000000')")
    row = "('{}', 'o', '2026-01-01 00:00:00.000000', 'q', 5, '[]', '[]', '{}', 0, 0, 0, 'run', 0, {}, 0)"
    columns = (
        "id, owner_id, created_at, query, wanted, exclude_domains, exclude_keys, status, is_exhausted, run_no, "
        "rounds_settled, control, orders, is_queued, revision"
    )
    change(ready, f"INSERT INTO task ({columns}) VALUES {row.format('a', 'in_progress', 0)}")
    assert "longlist resume" in examined()["tasks"][0]["mend"]
    change(ready, f"INSERT INTO task ({columns}) VALUES {row.format('b', 'created', 1)}")
    check = examined()["tasks"][0]
    assert "2 unfinished, 1 of them" in check["found"]
    assert "longlist serve" in check["mend"]


def test_beside_a_working_server_it_says_so(ready):
    processes.run("token", "create", "anna", home=ready).check()
    with served.serving(ready) as server:
        ran = processes.run("doctor", home=ready).check()
        assert "a server works on them" in " ".join(ran.out.decode().split())
        assert server.get("/v1/healthcheck") == {"status": "ok"}
