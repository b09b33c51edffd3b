"""How we log: lines on standard error, and of a fault where it happened, never with what the variables held."""

import logging
import sys

import structlog


def log_plainly(level: int = logging.INFO) -> None:
    """Log from `level` on. By default a traceback would show local variables, secrets among them."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whatever it is by then
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
