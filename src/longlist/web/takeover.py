"""Providers of one kind in their order: where one cannot answer, the next takes over, and that is said."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from longlist.errors import Unavailable
from longlist.web.health import Health


class Watched(Protocol):
    """A provider of any kind."""

    name: str

    @property
    def health(self) -> Health:
        """How it is doing."""
        ...


P = TypeVar("P", bound=Watched)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Taken(Generic[T]):
    """What came back, from whom, and why those before did not answer: sentences, empty when the first one did."""

    value: T
    provider: str
    notes: tuple[str, ...] = ()


async def first_answer(providers: Sequence[P], ask: Callable[[P], Awaitable[T]]) -> Taken[T]:
    """Ask the first that is ready; when it fails the next. Unavailable with all their reasons when none answers.

    One that failed a moment ago is passed over without being asked, as long as its `health` says so.
    """
    notes: list[str] = []
    for provider in providers:
        if not provider.health.is_ready:
            notes.append(provider.health.reason or f"{provider.name} is not ready.")
            continue
        try:
            return Taken(await ask(provider), provider.name, tuple(notes))
        except Unavailable as error:
            notes.append(str(error))
    raise Unavailable(" ".join(dict.fromkeys(notes)) or "There is no provider to ask.")
