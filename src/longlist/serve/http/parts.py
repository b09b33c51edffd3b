"""What the routes work with, and how they get at it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request

from longlist.engine.companies import Companies
from longlist.serve.http.answers import Answers
from longlist.serve.http.ready import Ready
from longlist.wiring.home import Home


@dataclass(frozen=True, slots=True)
class Parts:
    """An open data directory, company search once it is ready, the answers given so far, and how the worker is."""

    home: Home
    companies: Ready[Companies]
    answers: Answers = field(default_factory=Answers)
    has_worker: Callable[[], bool] = lambda: True  # whether one runs tasks right now


def parts_of(request: Request) -> Parts:
    """The parts of the app that serves this request."""
    parts: Parts = request.app.state.parts
    return parts
