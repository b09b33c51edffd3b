"""Arguments and options that several commands take."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Shape = Literal["table", "json", "csv", "xlsx", "parquet"]
ShapeOption = Annotated[
    Shape | None,
    typer.Option("--format", "-f", help="How to print the result; by default as the file's ending says, else a table."),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to this file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
TaskId = Annotated[str, typer.Argument(help="The task's id, or the beginning of it; `last` is the newest task.")]
