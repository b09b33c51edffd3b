import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from longlist.serve.cli import main


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Answer]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command in this process, in the test's own data directory."""

    def invoke(*args: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["longlist", *args])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Answer(int(ended.value.code or 0), printed.out, printed.err)

    return invoke


@pytest.fixture
def ready(built_home: Path, home: Path) -> Path:
    """The test's own data directory, with the embedded catalogue in it."""
    shutil.copytree(built_home, home)
    return home
