"""What a search will cost, about, before it begins: from what searches took in the simulated internet (docs/models.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

ENGINES = 3  # so many, the first that are set, are asked most
SEARCHES = 280  # requests to search engines, of all rounds
MOST_RESULTS = 15  # more seldom qualify
OPENING_GRADINGS, GRADINGS_A_RESULT = (
    15,
    2.2,
)  # companies graded one by one, some twice: so many, and more for each wanted
READ_A_GRADING, READ_A_CRITERION, WRITTEN_A_CRITERION = 400, 60, 75  # tokens of such a question and its answer
OPENING_SIFTINGS, SIFTINGS_A_RESULT = 10, 0.8  # questions that sift several
SIFTING = (720, 30)  # tokens read and written by one
READINGS = 6  # lists read, and companies of which facts are asked
READING = (520, 85)
PLAN_READ, PLAN_WRITTEN = 600, 400  # tokens
USUAL_CRITERIA = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of calls: how many there will be, the tokens they use, and what they cost in millionths of a dollar."""

    what: str
    calls: int
    tokens: int
    cost_micros: int


@dataclass(frozen=True, slots=True)
class Work:
    """What a model will be asked: how many questions about companies; the tokens of the plan, and of those, read and written."""

    questions: int
    plan: tuple[int, int]
    companies: tuple[int, int]


def work(wanted: int, criteria: int) -> Work:
    """What a model will be asked in a search for so many companies, by so many criteria (0: they are inferred)."""
    number, results = criteria or USUAL_CRITERIA, min(wanted, MOST_RESULTS)
    gradings = round(OPENING_GRADINGS + GRADINGS_A_RESULT * results)
    siftings = round(OPENING_SIFTINGS + SIFTINGS_A_RESULT * results)
    read = gradings * (READ_A_GRADING + READ_A_CRITERION * number) + siftings * SIFTING[0] + READINGS * READING[0]
    written = gradings * WRITTEN_A_CRITERION * number + siftings * SIFTING[1] + READINGS * READING[1]
    return Work(gradings + siftings + READINGS, (PLAN_READ, PLAN_WRITTEN), (read, written))


def searches(prices: Sequence[int]) -> Line | None:
    """The searches, at what the search engines that are set cost a request (millionths of a dollar); None without any."""
    if not prices:
        return None
    first = prices[:ENGINES]
    return Line("web searches", SEARCHES, 0, round(SEARCHES * sum(first) / len(first)))
