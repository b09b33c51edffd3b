"""Running the command line as a user does: as a process of its own, in a data directory of its own."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PROGRAM = (sys.executable, "-c", "import sys; sys.argv[0] = 'longlist'; from longlist.serve.start import main; main()")


@dataclass(frozen=True)
class Ran:
    """How a process ended."""

    code: int
    out: bytes
    err: bytes

    def check(self) -> "Ran":
        """This, when it ended well."""
        assert self.code == 0, self.err.decode(errors="replace")
        return self


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a user with this data directory and no settings but that nothing outside is asked."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LONGLIST_")}
    return (
        kept
        | {"LONGLIST_HOME": str(home), "LONGLIST_WEB": "false", "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        | more
    )


def start(*args: str | bytes, home: Path, env: Mapping[str, str] | None = None, **options) -> subprocess.Popen[bytes]:
    """A running process; its output is caught unless `options` say where it goes."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen((*PROGRAM, *args), env=environment(home, **(env or {})), **pipes)


def run(*args: str | bytes, home: Path, env: Mapping[str, str] | None = None, **options) -> Ran:
    """A process run to its end, a minute at the most."""
    process = start(*args, home=home, env=env, **options)
    out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out or b"", err or b"")


@contextlib.contextmanager
def answering(log: Path, seconds: float) -> Iterator[int]:
    """A provider on loopback that takes so long for an answer, and writes to `log` what it received; its port."""
    script = Path(__file__).parent / "engine" / "ledger_provider.py"
    process = subprocess.Popen([sys.executable, str(script), str(log), str(seconds)], stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()
