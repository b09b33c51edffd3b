"""The time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time, UTC."""
    return datetime.now(tz=UTC)
