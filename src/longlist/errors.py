"""Every error Longlist raises on purpose.

LonglistError              the sentence in it is meant for the user: what was wrong, what was kept, what to do next
├── InvalidInput           a request that can never work as it stands
├── NotFound               no such task, record or company (or not visible)
├── Conflict               the thing exists but is in a state that forbids this (a task that is exhausted, say)
│   └── Stopped            the task was paused or stopped: no new call leaves, nothing more of it is kept
│       └── Closed         this process makes no more calls: the task is as unfinished as before
├── Unavailable            a part this needs is missing or out of reach; trying later or configuring it helps
│   ├── NoAnswer           a request left and nothing came back: it may have been paid
│   ├── Refused            the provider would not: for a while (`retry_after`), or until something is changed
│   │   ├── Unsafe         an address of the web that must not be asked: private, another scheme, written to deceive
│   │   ├── TooLong        the question is longer than the model can read
│   │   └── Unsupported    the model's server does not take questions in this form
│   └── BadAnswer          what came back is no answer
├── BudgetSpent            the next call would cost more than the task may spend
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


class Stopped(Conflict):
    """The task was paused or stopped: no new call leaves, and nothing more of a stopped one is kept."""


class Closed(Stopped):
    """No more calls from this process, which is being stopped or lost its work to another; the task goes on later."""


class Unavailable(LonglistError):
    """A part that is needed is missing or out of reach; `status` is what the provider answered over HTTP, if it did."""

    exit_code = 5

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class NoAnswer(Unavailable):
    """A request left and nothing came back (a time-out, a broken connection): it may have been paid."""


class Refused(Unavailable):
    """The provider would not answer.

    With `is_final` only a change helps (a key, a quota, another request) and nobody asks again; else it is asked again
    after `retry_after` seconds, or when the caller sees fit.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, is_final: bool = False, status: int | None = None
    ) -> None:
        super().__init__(message, status=status)
        self.retry_after = retry_after
        self.is_final = is_final


class Unsafe(Refused):
    """An address that must not be asked: one of a private network, another scheme, one written to deceive. Final."""

    def __init__(self, message: str) -> None:
        super().__init__(message, is_final=True)


class TooLong(Refused):
    """The question is longer than the model can read: only a shorter one helps."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message, is_final=True, status=status)


class Unsupported(Refused):
    """A model's server does not know the way in which a form was asked for (a JSON schema, a tool): another may do."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message, is_final=True, status=status)


class BadAnswer(Unavailable):
    """What came back is no answer, though it was charged: `cost_micros`, `tokens`. Asking the same again is no help."""

    def __init__(self, message: str, *, status: int | None = None, cost_micros: int = 0, tokens: int = 0) -> None:
        super().__init__(message, status=status)
        self.cost_micros = cost_micros
        self.tokens = tokens


class BudgetSpent(LonglistError):
    """The next call would cost more than the task may spend."""

    exit_code = 4


class CatalogError(LonglistError):
    """The catalogue cannot be built, read or imported into."""

    exit_code = 6


class StoreError(LonglistError):
    """The data directory or the database cannot be used."""

    exit_code = 7
