"""How a provider is doing, as this process has seen it: ready, limited, refusing, unreachable. Forgotten when it ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from longlist.errors import BadAnswer, Refused, Unavailable

State = Literal["ready", "limited", "refused", "unreachable"]
LIMITED_SECONDS, REFUSED_SECONDS, UNREACHABLE_SECONDS = 30.0, 300.0, 60.0
BAD_IN_A_ROW = 3
REQUEST_FAULTS = {400, 404, 405, 413, 414, 422}  # about this request, not about the provider


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Health:
    """What is known of one provider. It is passed over until `until`; None: it may be asked."""

    clock: Callable[[], datetime] = _now
    state: State = "ready"
    reason: str = ""
    until: datetime | None = None
    bad: int = 0  # faults since it last answered
    answers: int = 0  # since it last rested
    is_known: bool = False  # it answered before, ever

    @property
    def is_ready(self) -> bool:
        """Whether to ask it now."""
        if self.until is not None and self.clock() >= self.until:
            self.state, self.until = "ready", None
        return self.until is None

    def answered(self) -> None:
        """It answered properly. One that said when to come back is left alone until then: this was asked before."""
        if self.is_ready or self.state == "unreachable":
            self.state, self.reason, self.until = "ready", "", None
        self.bad, self.answers, self.is_known = 0, self.answers + 1, True

    def failed(self, error: Unavailable) -> None:
        """It did not, after all that repeating could do.

        Where it answers others, that may be for this one question: only several in a row speak of the provider.
        """
        self.reason = str(error)
        if isinstance(error, Refused) and error.is_final:
            if error.status not in REQUEST_FAULTS or "key" in self.reason:
                self._rest("refused", REFUSED_SECONDS)
        elif isinstance(error, Refused):
            self._rest("limited", error.retry_after or LIMITED_SECONDS)
        else:
            self.bad += 1
            may_be_the_question = self.answers > 0 or isinstance(error, BadAnswer)
            if not may_be_the_question or self.bad >= BAD_IN_A_ROW:
                self._rest("unreachable", UNREACHABLE_SECONDS)

    def seconds_left(self) -> float:
        """For how long it is passed over still; 0 when it may be asked."""
        return 0.0 if self.is_ready or self.until is None else max(0.0, (self.until - self.clock()).total_seconds())

    def _rest(self, state: State, seconds: float) -> None:
        self.state, self.answers = state, 0
        self.until = self.clock() + timedelta(seconds=min(seconds, 86_400))
