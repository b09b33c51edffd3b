"""Round: what is asked of the sources in one go, and how it went; and what an angle has yielded so far."""

from dataclasses import dataclass

from longlist.model.plan import Angle


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a task; `number` counts from 1.

    It is kept before anything is asked, so that a round begun anew asks the same: `freshness` goes with every call (see
    `model.call.Call`), `angles` are what sources are asked, None until they are chosen. `is_done`: the sources were
    asked, and it need not be done again. `is_whole`: all of them could be.
    """

    number: int
    freshness: str = ""
    angles: tuple[Angle, ...] | None = None
    is_done: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Yield:
    """What an angle brought in a round: candidates new to the task, and how many of them qualified by now."""

    round: int
    angle: str
    found: int
    qualified: int
