"""Whether an answer is proven: a quotation that stands in a page that was read, and that holds what is answered.

A figure, date, address or number counts only when the quoted words hold it, or another passage does; for words the
quotation alone decides. A business model counts only when the quoted words speak of it.
"""

import re
from typing import Any

from longlist.language.numbers import quantities
from longlist.language.quotes import occurs
from longlist.language.vocabulary import MODEL_WORDS, cues
from longlist.language.words import fold, terms
from longlist.model.company import Page
from longlist.model.table import Agent
from longlist.tables.forms import shown
from longlist.tables.passages import Passage

LEAST_QUOTE = 3  # characters; less proves nothing
EXACT = frozenset({"numeric", "money", "date", "email", "phone", "url"})


def proof_of(
    answer: Any, agent: Agent, quote: str, numbers: list[int], passages: list[Passage], pages: tuple[Page, ...]
) -> tuple[str, Page] | None:
    """The sentence that proves an answer and the page it stands in; None when nothing does."""
    named = [passages[number - 1] for number in numbers if 0 < number <= len(passages)]
    if agent.answers in EXACT:
        candidates = ([Passage(quote, page) for page in pages if occurs(quote, page.text)], named, passages)
        for group in candidates:
            for passage in group:
                if holds(answer, passage.text):
                    return passage.text, passage.page
        return None
    if len(quote.strip()) >= LEAST_QUOTE:
        for passage in (*named, *passages):
            if occurs(quote, passage.text):
                return quote, passage.page
        for page in pages:
            if occurs(quote, page.text):
                return quote, page
    return None


def speaks_of(label: str, text: str) -> bool:
    """Whether a text speaks of the business model that a label names; True for labels that name none we know."""
    folded, known = fold(label).strip(), fold(text)
    model = next((name for name, words in MODEL_WORDS if re.fullmatch(words, folded)), None)
    if model is None or set(terms(label)) <= set(terms(text)):
        return True
    return any(re.search(rf"(?<![\w-]){re.escape(cue)}(?![\w-])", known) for cue in cues(model).for_)


def holds(answer: Any, text: str) -> bool:
    """Whether a text holds a figure, date, address or number as it is answered."""
    if isinstance(answer, dict):
        return holds(answer.get("amount"), text)
    if isinstance(answer, int | float):
        whole = shown(answer)
        if re.search(rf"(?<![\d.,]){re.escape(whole)}(?![\d]|[.,]\d)", re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", text)):
            return True
        return any(one.low == answer and one.low == one.high for one in quantities(text))
    said = str(answer)
    if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", said):
        return re.search(rf"(?<!\d){said[:4]}(?!\d)", text) is not None
    if re.fullmatch(r"[\d\s().+/-]+", said):
        return re.sub(r"\D", "", said) in re.sub(r"\D", "", text)
    bare = re.sub(r"^https?://(?:www\.)?", "", fold(said)).rstrip("/")
    return bool(bare) and bare in fold(text)
