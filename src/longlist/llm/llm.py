"""LLM: the seam. A question in words, an answer of a given type; who answers is chosen in `wiring`."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import BaseModel

from longlist.model.web import NO_ERRAND, Errand

Typed = TypeVar("Typed", bound=BaseModel)
MOST_TOKENS = 2000


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question. `instructions` stay the same from question to question, so that vendors can keep them; `text` is what
    is asked now. `most_tokens` is the longest answer of use; so much is reserved.
    """

    instructions: str
    text: str
    most_tokens: int = MOST_TOKENS


class LLM(Protocol):
    """A language model, or several in order."""

    name: str

    async def ask(self, prompt: Prompt | str, answer: type[Typed], errand: Errand = NO_ERRAND) -> Typed:
        """The answer, valid by its type; one that is not was asked for once more.

        BadAnswer when there is none of use: a refusal, nothing, cut off, or not of the type. TooLong when the question
        is more than the model can read. Refused, Unavailable, NoAnswer, BudgetSpent and Stopped as from any call.
        """
        ...
