"""Every error Longlist raises on purpose.

LonglistError              the sentence in it is meant for the user: what was wrong, what was kept, what to do next
├── InvalidInput           a request that can never work as it stands
├── NotFound               no such task, record or company (or not visible)
├── Conflict               the thing exists but is in a state that forbids this (a task that is exhausted, say)
├── Unavailable            a part this needs is missing or out of reach; trying later or configuring it helps
├── CatalogError           the catalogue cannot be built, read or imported into
└── StoreError             the data directory or database cannot be used
"""


class LonglistError(Exception):
    """The root; `str(error)` is a whole sentence for the user."""

    exit_code = 1


class InvalidInput(LonglistError):
    """The request can never work as it stands. `field` names the part that is wrong, where there is one."""

    exit_code = 2

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotFound(LonglistError):
    """No such task, record or company."""

    exit_code = 3


class Conflict(LonglistError):
    """The thing exists, but its state forbids this."""

    exit_code = 4


class Unavailable(LonglistError):
    """A part that is needed is missing or out of reach."""

    exit_code = 5


class CatalogError(LonglistError):
    """The catalogue cannot be built, read or imported into."""

    exit_code = 6


class StoreError(LonglistError):
    """The data directory or the database cannot be used."""

    exit_code = 7
