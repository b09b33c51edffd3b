"""Where the process begins: before anything heavy is loaded, Ctrl-C and SIGTERM get an answer."""

import gc
import os
import signal
import sys
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)
GARBAGE = (100_000, 50, 50)
"""When Python looks for garbage in cycles. A command loads many modules and ends soon: by default a tenth of that time is
spent looking (measured on `longlist tasks`)."""
INTERRUPTED = 130  # what shells report for a program ended by Ctrl-C


def main() -> None:
    """Run the command line."""
    answer_signals()
    gc.set_threshold(*GARBAGE)
    from longlist.serve.cli import main as run  # noqa: PLC0415 - takes a while, and Ctrl-C must be answered meanwhile

    run()


def answer_signals() -> None:
    """End at once on a signal, as long as no command runs that has something to save."""
    for number in ENDING:
        signal.signal(number, _leave)


def _leave(_number: int, _frame: FrameType | None) -> None:
    if sys.stderr is not None:
        os.write(2, b"Interrupted.\n")
    os._exit(INTERRUPTED)
