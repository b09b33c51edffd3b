"""The seam of the step: a question about the thing in a row, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from longlist.language.quotes import occurs
from longlist.model.company import CompanyProfile, Page
from longlist.model.criterion import Evidence
from longlist.model.table import NOT_FOUND, Agent, CellValue
from longlist.model.web import NO_ERRAND, Errand

MOST_SOURCES = 10


@dataclass(frozen=True, slots=True)
class Subject:
    """What a row is about: a company with its profile (and texts), or why it has none; and the row's other values."""

    name: str = ""
    domain: str = ""
    profile: CompanyProfile | None = None
    why_unknown: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A cell to be made. `prompt` has the row's values in the place of references; `key` and `name` are the column's."""

    key: str
    name: str
    prompt: str
    agent: Agent
    subject: Subject
    errand: Errand = NO_ERRAND


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a question, and the pages that its evidence quotes from."""

    value: CellValue
    pages: tuple[Page, ...] = ()


class Answerer(Protocol):
    """Answers questions. What stands in the way is raised as an error of ours; finding nothing is an answer."""

    async def answer(self, question: Question) -> Found:
        """The answer, in the form that the question's agent asks for, or NOT_FOUND."""
        ...


def not_found(why: str, sources: tuple[str, ...] = ()) -> Found:
    """That nothing answers, and what was looked at."""
    return Found(CellValue(NOT_FOUND, why, sources))


def proven(answer: object, why: str, quotes: list[tuple[str, Page]]) -> Found:
    """An answer with the sentences that prove it."""
    evidence = tuple(Evidence(q, page.hash, page.read_at, url=page.url, record=page.record) for q, page in quotes)
    sources = tuple(dict.fromkeys(page.url for _, page in quotes if page.url))[:MOST_SOURCES]
    pages = tuple({page.hash: page for _, page in quotes}.values())
    return Found(CellValue(answer, why, sources, evidence), pages)


def page_with(quote: str, pages: tuple[Page, ...]) -> Page | None:
    """The page in which a quotation stands."""
    return next((page for page in pages if occurs(quote, page.text)), None)


def read_addresses(pages: tuple[Page, ...]) -> tuple[str, ...]:
    """The addresses of pages that were read."""
    return tuple(dict.fromkeys(page.url for page in pages if page.url))[:MOST_SOURCES]


def noted(found: Found, note: str) -> Found:
    """The same with a remark behind its explanation."""
    value = found.value
    return replace(found, value=replace(value, explanation=f"{value.explanation} {note}".strip()))
