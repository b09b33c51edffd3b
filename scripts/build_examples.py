"""Runs the commands that README shows and writes their real output into it; takes the picture of the demo.

    python scripts/build_examples.py

In a ```console block a line that begins with "$ " is a command, what follows is its output. Commands run in order, in one
folder and one data directory of their own. A line that is only "…" stands for output left out: as many lines are kept
before and after it as there were (where it stands alone, all of it is shown). Commands of NOT_RUN keep the output they have.
"""

import asyncio
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from longlist.serve.tables import print_report
from longlist.settings import Settings
from longlist.wiring.home import open_home

ROOT = Path(__file__).resolve().parents[1]
PAGES = (ROOT / "README.md",)
PICTURE = ROOT / "docs" / "demo.svg"
WIDTH = 100
NOT_RUN = re.compile(r"make (?:test|lint|types|eval|bench|setup)|git |cd ")
BLOCK = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)
LEFT_OUT = "…"

# Rich's own picture loads a font from the network; this one takes what the reader's machine has.
SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>A search in the terminal: companies, grades, proof</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; white-space: pre; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


class Shell:
    """Runs commands as a reader would type them, with `longlist` and `make` at hand."""

    def __init__(self, home: Path, folder: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LONGLIST_")}
        path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        self._environment = {
            **kept,
            "LONGLIST_HOME": str(home),
            "LONGLIST_CONFIG": "",
            "COLUMNS": str(WIDTH),
            "MAKEFLAGS": "",
            "PATH": path,
        }
        self._folder = folder

    def run(self, command: str) -> list[str]:
        """The lines a command prints. SystemExit when it fails."""
        where = ROOT if command.startswith("make ") else self._folder
        done = subprocess.run(
            ["bash", "-c", command], cwd=where, env=self._environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"`{command}` ended with {done.returncode}: {done.stderr}")
        lines = [line.rstrip() for line in (done.stderr + done.stdout).strip("\n").splitlines()]
        if command.startswith("make "):
            lines = [line for line in lines if not line.startswith(("make", ".venv/"))]
        return lines


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a block, each with the output that is shown."""
    shown: list[str] = []
    command = ""
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, shown
            command, shown = line[2:], []
        else:
            shown.append(line)
    if command:
        yield command, shown


def renewed(block: str, shell: Shell) -> str:
    """The block with what its commands print today."""
    lines: list[str] = []
    for command, shown in commands(block):
        lines.append(f"$ {command}")
        lines += shown if NOT_RUN.match(command) else shortened(shell.run(command), shown)
    return "\n".join(lines) + "\n"


def shortened(output: list[str], shown: list[str]) -> list[str]:
    """The output, with as much left out as before."""
    if LEFT_OUT not in shown or shown == [LEFT_OUT]:
        return output
    head = shown.index(LEFT_OUT)
    tail = len(shown) - head - 1
    if len(output) <= head + tail:
        return output
    return [*output[:head], LEFT_OUT, *(output[-tail:] if tail else [])]


async def picture(home: Path, command: str) -> str:
    """The newest task's report as it looks in a terminal, as SVG."""
    async with open_home(Settings(home=home)) as opened:
        (task, _), *_others = await opened.reader.tasks(0, 1)
        report = await opened.reader.report(task.id)
    if not report.results:
        raise SystemExit(f"`{command}` found nothing: a demo that is worth no picture. Nothing was written.")
    console = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        highlight=False,
    )
    console.print(f"$ {command}\n", markup=False)
    print_report(console, report)
    drawn = console.export_svg(title="longlist", theme=MONOKAI, code_format=SVG, unique_id="demo")
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def main() -> int:
    """Run everything, write what changed."""
    with tempfile.TemporaryDirectory() as place:
        home, folder = Path(place, "home"), Path(place, "folder")
        folder.mkdir()
        shell = Shell(home, folder)
        query = re.search(r"^DEMO := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert query is not None
        command = f'longlist search "{query[1]}" --want 8'
        shell.run(command)
        PICTURE.write_text(asyncio.run(picture(home, command)), encoding="utf-8")
        for page in PAGES:
            text = page.read_text(encoding="utf-8")
            page.write_text(
                BLOCK.sub(lambda m: m[1] + renewed(m[2], shell) + m[3], text), encoding="utf-8", newline="\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
