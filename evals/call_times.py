"""How fast a task could have been, from the calls that the worker logged (LONGLIST_LOG=debug)."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from longlist.language.domains import registered_domain
from longlist.wiring.pages import HOST_AT_ONCE, HOST_GAP_SECONDS

_LINE = re.compile(
    r"^(?P<at>[\d-]{10} [\d:]{8},\d{3}) DEBUG longlist\.times: (?P<event>call_ended|round_begins) (?P<told>.*)$"
)
_PAIR = re.compile(r"(\w+)=(\S*)")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request and its answer; times in seconds."""

    begin: float
    end: float
    provider: str
    host: str
    step: str

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds: what a task took from its first call to its last; the sum of its calls over 64; the longest time for which calls to
    one company's site were under way; the longest that one host's requests take at the pace that is owed to it. And the
    sum, over rounds, of the largest of these within the round (a company that the round did not wait for left out), but no less
    than those: rounds follow one another, as each asks for what the one before brought.
    """

    taken: float
    calls: float
    company: float
    host: float
    rounds: float

    @property
    def least(self) -> float:
        """The largest of the first three."""
        return max(self.calls, self.company, self.host)


def bounds(log: Path, task_id: str, at_once: int) -> Bounds:
    """See `Bounds`; of a log without lines of the task, zeros."""
    attempts, rounds = _read(log, task_id)
    if not attempts:
        return Bounds(0.0, 0.0, 0.0, 0.0, 0.0)
    first, last = min(one.begin for one in attempts), max(one.end for one in attempts)
    starts = [first, *rounds[1:], last]
    in_rounds = 0.0
    for start, end in itertools.pairwise(starts):
        own = [one for one in attempts if start <= one.begin < end]
        waited_for = [one for one in own if one.end <= end]
        in_rounds += max(_calls(own, at_once), _company(waited_for), _host(own))
    whole = _calls(attempts, at_once), _company(attempts), _host(attempts)
    return Bounds(last - first, *whole, max(in_rounds, *whole))


def _calls(attempts: Iterable[Attempt], at_once: int) -> float:
    return sum(one.seconds for one in attempts) / at_once


def _company(attempts: Iterable[Attempt]) -> float:
    """The longest time in which calls to one company's site were under way."""
    sites: dict[str, list[Attempt]] = defaultdict(list)
    for one in attempts:
        if one.step == "enrich" and one.host:
            sites[registered_domain(one.host)].append(one)
    longest = 0.0
    for ones in sites.values():
        until = under_way = 0.0
        for one in sorted(ones, key=lambda one: one.begin):
            under_way += max(0.0, one.end - max(one.begin, until))
            until = max(until, one.end)
        longest = max(longest, under_way)
    return longest


def _host(attempts: Iterable[Attempt]) -> float:
    """The longest that one host's requests take, so many at once and so far apart as is allowed."""
    hosts: dict[str, list[float]] = defaultdict(list)
    for one in attempts:
        if one.host:
            hosts[one.host].append(one.seconds)
    return max(
        (max(sum(all_of) / HOST_AT_ONCE, (len(all_of) - 1) * HOST_GAP_SECONDS) for all_of in hosts.values()),
        default=0.0,
    )


def _read(log: Path, task_id: str) -> tuple[Sequence[Attempt], Sequence[float]]:
    """The attempts of a task, and when its rounds began."""
    attempts, rounds = [], []
    for line in log.read_text(errors="replace").splitlines():
        if not (found := _LINE.match(line)):
            continue
        told = dict(_PAIR.findall(found["told"]))
        if told.get("task") != task_id:
            continue
        at = datetime.fromisoformat(found["at"]).timestamp()
        if found["event"] == "round_begins":
            rounds.append(at)
        else:
            attempts.append(Attempt(at - float(told["seconds"]), at, told["provider"], told["host"], told["step"]))
    return attempts, rounds
