"""A Postgres server of the tests' own: in a temporary folder, on a free port of this machine, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

PASSWORD = "se@cret/of:tests"  # of a form that has to be written in a URL with care
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "autovacuum": "off",
    "deadlock_timeout": "100ms",
    "log_min_messages": "fatal",
}


@cache
def binaries() -> Path | None:
    """The folder of the server's programs, None when there is none on this machine."""
    found = shutil.which("initdb")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    folders = ([Path(found).resolve().parent] if found else []) + versions
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def lack() -> str | None:
    """Why no server can be started here, None when one can."""
    if binaries() is None:
        return "no Postgres server is installed here (on Debian and Ubuntu: apt-get install postgresql)"
    return None


@dataclass
class Cluster:
    """A server with its data. `user` runs it: Postgres refuses to run as root."""

    folder: Path
    port: int
    user: str | None
    _numbers: Iterator[int] = field(default_factory=count)
    _template: str | None = None

    def url(self, database: str = "postgres", password: str = PASSWORD) -> str:
        """The URL of a database of it."""
        quoted = password.replace("@", "%40").replace("/", "%2F").replace(":", "%3A")
        return f"postgresql://longlist:{quoted}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        options += f" -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -p {self.port}"
        self._program("pg_ctl", "start", "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options)

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; "immediate" as if its machine lost power, "fast" in good order."""
        self._program("pg_ctl", "stop", "-w", "-m", mode)

    def empty(self) -> str:
        """The URL of a new database in which nothing is."""
        name = f"empty{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def ready(self, make: Callable[[str], None]) -> str:
        """The URL of a new database with our tables; `make` brings the first one up to date, the others are copies."""
        if self._template is None:
            url = self.empty()
            make(url)
            self._template = url.rpartition("/")[2]
        name = f"ready{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self.sql(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as the server's owner; returns what it answers, a line a row."""
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        address = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "longlist", "-d", database)
        folder = binaries()
        assert folder is not None
        command = [str(folder / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *address, "-c", statement]
        return subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout.strip()

    def _program(self, name: str, *args: str) -> None:
        folder = binaries()
        assert folder is not None
        command = [str(folder / name), "-D", str(self.folder / "data"), *args]
        ran = subprocess.run(
            command, check=False, user=self.user, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if ran.returncode:
            log = self.folder / "log"
            more = log.read_text() if log.exists() else ""
            raise AssertionError(f"{name} failed: {ran.stdout.decode(errors='replace')}\n{more}")


@contextlib.contextmanager
def running() -> Iterator[Cluster]:
    """A new server, stopped and removed at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="longlist-pg-"))
    user = None
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = Cluster(folder, port, user)
    secret = folder / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    try:
        # A locale that orders unlike bytes, where there is one: our tables must not heed it.
        cluster._program(
            "initdb", "-U", "longlist", f"--pwfile={secret}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8",
            "--locale-provider=icu", "--icu-locale=en", "--no-sync",
        )  # fmt: skip
        cluster.start()
        yield cluster
    finally:
        with contextlib.suppress(AssertionError):
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
