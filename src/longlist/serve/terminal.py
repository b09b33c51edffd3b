"""Standard output and standard error: whatever they are connected to, nothing that is written to them can crash.

Results go to `out()`, progress and remarks to `err`.
"""

import io
import json
import os
import sys
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

MAX_WIDTH = 160  # columns; longer lines are hard to read


class NobodyReads(Exception):
    """Whoever read standard output has stopped, as `head` does. Not an OSError: Typer makes those a failure."""


class Out(Console):
    """A console that tells its caller when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        """Raise NobodyReads."""
        raise NobodyReads


class Err(Console):
    """A console whose remarks are dropped when nobody reads them: that is no reason to stop working."""

    def on_broken_pipe(self) -> None:
        """Be silent from now on."""
        self.quiet = True
        hush(sys.stderr)


def prepare_streams() -> None:
    """Call once, first: closed streams become empty ones, and characters a terminal lacks are replaced, not fatal."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - lives as long as the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def hush(stream: TextIO) -> None:
    """Send the rest of a stream nowhere, so that closing it at exit raises nothing."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return  # not a file of the system: nothing to close


def out(file: TextIO | None = None, width: int | None = None) -> Out:
    """A console for results, at most MAX_WIDTH wide."""
    console = Out(file=file, width=width, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, MAX_WIDTH)
    return console


def is_utf8() -> bool:
    """Whether standard output takes every character."""
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "").startswith("utf8")


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """JSON on standard output and nothing else; characters the terminal lacks are escaped."""
    write(json.dumps(value, ensure_ascii=not is_utf8(), indent=indent) + "\n")


def write(text: str) -> None:
    """A text to standard output, at once. NobodyReads when its reader is gone."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise NobodyReads from error


def write_utf8(text: str) -> None:
    """A text to standard output in UTF-8, whatever its encoding is; else as `write`."""
    if not hasattr(sys.stdout, "buffer"):
        write(text)
        return
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise NobodyReads from error


def spoken(argument: str) -> str:
    """An argument that is a text for people, read as UTF-8 where the locale knows less than that."""
    try:
        return os.fsencode(argument).decode()
    except UnicodeError:
        return argument


err = Err(stderr=True, highlight=False, markup=False, emoji=False)


def say(sentence: str, style: str = "") -> None:
    """A remark on standard error; wrapped for a terminal, else on one line."""
    err.print(Text(sentence, style=style), soft_wrap=not err.is_terminal)


def tell(sentence: str) -> None:
    """A line of a result on standard output."""
    write(f"{sentence}\n")
