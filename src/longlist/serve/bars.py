"""Live progress on standard error, where somebody watches."""

from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TextColumn, TimeElapsedColumn

from longlist.serve.terminal import err


def live(*, with_bar: bool = False) -> Progress:
    """A line that shows what is going on and vanishes afterwards; nothing where standard error is no terminal."""
    columns: list[ProgressColumn] = [SpinnerColumn(), TextColumn("{task.description}", markup=False)]
    if with_bar:
        columns.append(BarColumn())
    return Progress(*columns, TimeElapsedColumn(), console=err, transient=True, disable=not err.is_terminal)
