"""`longlist backup` and `restore`: while a server works, into a new home, and with files that are not what they should be."""

import contextlib
import json
import shutil
import signal
import sqlite3
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

import processes
import served
from longlist.store.revision import newest

LONG = pytest.mark.exhaustive
QUERY = "live chat software for online shops"
CHANGES = {"id", "task_id", "created_at", "read_at"}  # of another run, though it found the same


def without_changes(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_changes(part) for name, part in value.items() if name not in CHANGES}
    return [without_changes(part) for part in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def original(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a finished task and a token, and its backup beside it."""
    home = tmp_path_factory.mktemp("original") / "home"
    shutil.copytree(built_home, home)
    processes.run("search", QUERY, "-n", "3", home=home).check()
    processes.run("token", "create", "anna", home=home).check()
    processes.run("backup", str(home.with_name("saved.zip")), home=home).check()
    return home


@pytest.fixture
def used(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "used"))


@pytest.fixture
def saved(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy2(original.with_name("saved.zip"), tmp_path / "saved.zip"))


def ask(database: Path, sql: str) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def tasks(home: Path) -> list:
    return json.loads(processes.run("tasks", "--json", home=home).check().out)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_backup_made_while_a_task_runs_is_restored_and_its_task_comes_to_the_same_results(built_home, tmp_path):
    home, new, file = tmp_path / "used", tmp_path / "new", tmp_path / "saved.zip"
    shutil.copytree(built_home, home)
    token = processes.run("token", "create", "anna", "-q", home=home).check().out.decode().strip()

    def ended(server: served.Served, task_id: str) -> Any:
        end = time.monotonic() + 60
        while server.get(f"/v1/discovery_tasks/{task_id}", token=token)["status"] != "done":
            assert time.monotonic() < end
            time.sleep(0.05)
        return without_changes(server.get(f"/v1/discovery_tasks/{task_id}/results", token=token))

    with served.serving(home) as server:
        asked = {"query": QUERY, "desired_num_results": 120}
        task_id = server.post("/v1/discovery_tasks", asked, token=token)["id"]
        while not ask(home / "app.db", "SELECT 1 FROM candidate WHERE profile_id IS NOT NULL LIMIT 1"):
            time.sleep(0.01)
        said = json.loads(processes.run("backup", str(file), "--json", home=home).check().out)
        expected = ended(server, task_id)
    assert said["manifest"]["rows"]["task"] == 1
    assert said["size"] == file.stat().st_size < said["manifest"]["bytes"]

    processes.run("restore", str(file), home=new).check()
    (before,) = tasks(new)
    assert before["stop_reason"] is None, "the backup was made too late to show anything"
    with served.serving(new) as server:
        assert ended(server, task_id) == expected
    assert len(expected["results"]) >= 20
    assert processes.run("verify", "last", home=new).code == 0


def test_a_backup_says_what_it_holds_and_only_its_owner_can_read_it(used, saved):
    with zipfile.ZipFile(saved) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.testzip() is None
    assert manifest["rows"]["task"] == 1
    assert manifest["rows"]["record"] > 8000
    assert manifest["revision"] == newest()
    assert saved.stat().st_mode & 0o077 == 0
    assert not list(saved.parent.glob(".*"))


def test_a_backup_is_replaced_by_a_newer_one_and_no_other_file_ever_is(used, saved):
    processes.run("search", "banks in Peru", "-n", "1", home=used).check()
    processes.run("backup", str(saved), home=used).check()
    with zipfile.ZipFile(saved) as archive:
        assert json.loads(archive.read("manifest.json"))["rows"]["task"] == 2
    before = (used / "app.db").read_bytes()
    refused = processes.run("backup", str(used / "app.db"), home=used)
    assert refused.code == 2
    assert b"left as it is" in refused.err
    assert (used / "app.db").read_bytes() == before


def test_there_must_be_a_sound_database_to_back_up(tmp_path):
    absent = processes.run("backup", str(tmp_path / "x.zip"), home=tmp_path / "new")
    assert absent.code == 7
    assert not (tmp_path / "new").exists()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "app.db").write_bytes(b"no database at all " * 1000)
    damaged = processes.run("backup", str(tmp_path / "x.zip"), home=tmp_path / "bad")
    assert damaged.code == 7
    assert b"Traceback" not in damaged.err
    assert not (tmp_path / "x.zip").exists()


def test_a_database_with_a_damaged_page_is_not_backed_up(used, tmp_path):
    processes.run("tasks", home=used)
    with (used / "app.db").open("r+b") as file:
        file.seek(used.joinpath("app.db").stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096 * 8)
    ran = processes.run("backup", str(tmp_path / "x.zip"), home=used)
    assert ran.code == 7
    assert not (tmp_path / "x.zip").exists()
    assert not list(tmp_path.glob(".*"))


def test_a_database_server_is_backed_up_by_its_own_tools(tmp_path):
    server = {"LONGLIST_DATABASE_URL": "postgresql://longlist:secret@db/longlist"}
    for command in (("backup", str(tmp_path / "x.zip")), ("restore", str(tmp_path / "x.zip"))):
        ran = processes.run(*command, home=tmp_path / "home", env=server)
        assert ran.code == 2
        assert b"pg_dump" in ran.err
        assert b"secret" not in ran.err


@pytest.mark.parametrize(
    "moment", [pytest.param(0.1, marks=LONG), 0.3, pytest.param(0.5, marks=LONG), 0.7, pytest.param(0.9, marks=LONG)]
)
def test_a_backup_killed_half_way_leaves_a_whole_one(used, saved, tmp_path, moment):
    seconds = json.loads(processes.run("backup", str(saved), "--json", home=used).check().out)["seconds"]
    good = saved.read_bytes()
    process = processes.start("backup", str(saved), home=used)
    while process.poll() is None and not list(saved.parent.glob(".saved.zip.*")):
        time.sleep(0.002)
    time.sleep(moment * seconds)
    process.kill()
    process.communicate()
    with zipfile.ZipFile(saved) as archive:
        assert archive.testzip() is None
    if saved.read_bytes() != good:  # killed after the new one had taken its place
        processes.run("restore", str(saved), home=tmp_path / "new").check()
    processes.run("backup", str(saved), home=used).check()


def test_a_first_backup_killed_half_way_leaves_no_file_of_its_name(used, tmp_path):
    file = tmp_path / "first.zip"
    process = processes.start("backup", str(file), home=used)
    while process.poll() is None and not list(tmp_path.glob(".first.zip.*")):
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert not file.exists()


def test_an_interrupted_backup_says_so_and_leaves_nothing(used, tmp_path):
    file = tmp_path / "first.zip"
    process = processes.start("backup", str(file), home=used)
    while process.poll() is None and not list(tmp_path.glob(".first.zip.*")):
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode in (0, 130)  # 0: it was done before the signal came
    assert file.exists() == (process.returncode == 0)
    assert process.returncode == 0 or b"There is no new" in err
    assert not list(tmp_path.glob(".first.zip.*"))


class TestRestoring:
    def test_what_was_there_is_replaced_only_when_forced_and_then_kept(self, used, saved, tmp_path):
        other = tmp_path / "other"
        processes.run("restore", str(saved), home=other).check()
        processes.run("search", "banks in Peru", "-n", "1", home=other).check()
        two = {task["id"] for task in tasks(other)}
        before = (other / "app.db").read_bytes()
        refused = processes.run("restore", str(saved), home=other)
        assert refused.code == 4
        assert b"--force" in refused.err
        assert (other / "app.db").read_bytes() == before
        said = json.loads(processes.run("restore", str(saved), "--force", "--json", home=other).check().out)
        assert [task["id"] for task in tasks(other)] == [task["id"] for task in tasks(used)]
        assert {row[0] for row in ask(Path(said["aside"]), "SELECT id FROM task")} == two

    def test_a_new_data_directory_needs_no_force_and_its_caches_are_built(self, saved, built_home, tmp_path):
        other = tmp_path / "other"
        shutil.copytree(built_home, other)  # holds the embedded catalogue and no work of anybody
        processes.run("restore", str(saved), home=other).check()
        assert len(tasks(other)) == 1
        assert not list(other.glob("*.old*"))
        found = json.loads(processes.run("search", QUERY, "-n", "2", "--json", home=other).check().out)
        assert found["num_results"] == 2

    def test_nothing_is_restored_while_a_server_works(self, used, saved):
        with served.serving(used) as server:
            refused = processes.run("restore", str(saved), "--force", home=used)
            assert refused.code == 4
            assert b"Another Longlist server" in refused.err
            assert server.get("/v1/healthcheck") == {"status": "ok"}

    def test_nothing_is_restored_while_another_command_has_the_database_open(self, used, saved):
        with contextlib.closing(sqlite3.connect(used / "app.db")) as connection:
            connection.execute("SELECT * FROM task").fetchall()
            refused = processes.run("restore", str(saved), "--force", home=used)
        assert refused.code == 4
        assert b"Another command works" in refused.err
        assert not list(used.glob("*.old*"))
        assert len(tasks(used)) == 1

    @pytest.mark.parametrize("length", [pytest.param(0, marks=LONG), 100, pytest.param(0.3, marks=LONG), 0.999])
    def test_a_truncated_backup_is_refused(self, saved, tmp_path, length):
        whole = saved.read_bytes()
        saved.write_bytes(whole[: int(length if length > 1 else length * len(whole))])
        self.refused(saved, tmp_path)

    @pytest.mark.parametrize("place", [pytest.param(0.0, marks=LONG), 0.01, pytest.param(0.5, marks=LONG), 0.9])
    def test_a_damaged_backup_is_refused(self, saved, tmp_path, place):
        whole = bytearray(saved.read_bytes())
        at = int(place * len(whole))
        whole[at : at + 64] = bytes(64)
        saved.write_bytes(whole)
        self.refused(saved, tmp_path)

    def test_what_is_no_backup_is_refused(self, tmp_path):
        self.refused(tmp_path / "absent.zip", tmp_path)
        with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
            archive.writestr("letter.txt", "Dear Anna")
        self.refused(tmp_path / "other.zip", tmp_path)
        (tmp_path / "text.zip").write_text("Dear Anna")
        self.refused(tmp_path / "text.zip", tmp_path)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"sha256": "0" * 64}, b"not the one that was saved"),
            pytest.param({"bytes": 17}, b"another size", marks=LONG),
            ({"rows": {"task": 99}}, b"holds something else"),
            pytest.param({"format": 99}, b"newer version", marks=LONG),
            pytest.param({"surprise": 1}, b"damaged one", marks=LONG),
        ],
    )
    def test_a_backup_that_does_not_hold_what_it_says_is_refused(self, saved, tmp_path, change, words):
        self.rewritten(saved, change)
        assert words in self.refused(saved, tmp_path, codes=(2, 7))

    def test_a_backup_of_a_newer_version_is_refused(self, used, tmp_path):
        with contextlib.closing(sqlite3.connect(used / "app.db")) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.commit()
        processes.run("backup", str(tmp_path / "newer.zip"), home=used).check()
        assert b"newer version" in self.refused(tmp_path / "newer.zip", tmp_path, codes=(7,))

    def test_a_damaged_database_is_kept_aside_when_it_is_replaced(self, used, saved):
        garbage = b"no database at all " * 1000
        (used / "app.db").write_bytes(garbage)
        refused = processes.run("restore", str(saved), home=used)
        assert refused.code == 4
        said = json.loads(processes.run("restore", str(saved), "--force", "--json", home=used).check().out)
        assert Path(said["aside"]).read_bytes() == garbage
        assert len(tasks(used)) == 1

    @staticmethod
    def refused(file: Path, tmp_path: Path, codes: tuple[int, ...] = (2,)) -> bytes:
        """What is said; nothing is made or changed."""
        home = tmp_path / "untouched"
        ran = processes.run("restore", str(file), home=home)
        assert ran.code in codes, ran
        assert b"Traceback" not in ran.err
        assert len(ran.err.splitlines()) == 1
        assert set(contents(home)) <= {"app.db.worker"}
        return ran.err

    @staticmethod
    def rewritten(file: Path, change: dict[str, Any]) -> None:
        with zipfile.ZipFile(file) as archive:
            manifest, database = json.loads(archive.read("manifest.json")), archive.read("app.db")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("manifest.json", json.dumps(manifest | change))
            archive.writestr("app.db", database)
