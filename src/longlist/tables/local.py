"""Answers without a model: what the profile states, else the sentence that answers in so many words, else NOT_FOUND.

A wrong answer is worse than none: a sentence counts only when it holds nearly all the words of the question, and a label
only when it alone is spoken of.
"""

import re
from typing import Any

from longlist.language.numbers import quantities
from longlist.language.words import fold, terms
from longlist.model.table import NOT_FOUND, Agent
from longlist.tables.answering import Found, Question, not_found, proven, read_addresses
from longlist.tables.forms import Unformed, formed
from longlist.tables.intents import intent_of
from longlist.tables.passages import Passage, ranked, sound
from longlist.tables.stated import EMAIL, stated

COVER = 0.9  # of the question's words by weight that a sentence has to hold
SPOKEN_OF = frozenset({"business_model", "industry"})  # where a label may stand that no fact states
LEAST_WORDS = 2  # of a question, so that a sentence can answer it at all
_OF_QUESTIONS = (
    "company companies firm business startup organization find list tell give name state answer question return please "
    "provide identify determine check know yes true false currently known number many much kind type short one line "
    "sentence year date city country main primary current based following using only available public information"
)
_NEGATION = re.compile(r"\b(?:not|no|never|without|nor|cannot|isn't|doesn't|don't|aren't)\b", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\"'<>)\]}]+")
_DATE = re.compile(r"(?<![\d-])((?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?)(?![\d-])")
_BOTH = re.compile(r"\bhardware (?:and|&|or) software\b|\bsoftware (?:and|&|or) hardware\b", re.IGNORECASE)
_YES, _NO = ("yes", "true"), ("no", "false")


class LocalAnswerer:
    """Answers from what is known. Asks nothing of the outside."""

    async def answer(self, question: Question) -> Found:
        """See `longlist.tables.answering.Answerer`."""
        return local(question)


def local(question: Question) -> Found:
    """The answer that profile and texts hold."""
    subject = question.subject
    if question.agent.answers == "json":
        return _object(question)
    if (found := stated(question)) is not None:
        return found
    pages = () if subject.profile is None else sound(subject.profile.pages)
    if not pages:
        return not_found(subject.why_unknown or "No text about this is held.")
    intent = intent_of(question)
    if intent is not None and not (intent in SPOKEN_OF and question.agent.labels):
        return not_found("The texts that are held do not state it.", read_addresses(pages))
    passages = ranked(pages, question.prompt, f"{subject.name} {subject.domain} {_OF_QUESTIONS}")
    answer = _chosen(question, passages) if question.agent.labels else _read(question, passages)
    return answer or not_found("No sentence of the texts that are held answers this.", read_addresses(pages))


def _asked(question: Question) -> set[str]:
    return set(terms(question.prompt)) - set(terms(f"{question.subject.name} {_OF_QUESTIONS}"))


def _read(question: Question, passages: list[Passage]) -> Found | None:
    """The first sentence that holds the question's words and a value of the wanted form."""
    if len(_asked(question)) < LEAST_WORDS:
        return None
    for passage in passages:
        if passage.cover < COVER:
            return None
        for raw in _values(question.agent, passage.text):
            try:
                answer = formed(question.agent, raw)
            except Unformed:
                continue
            if answer != NOT_FOUND:
                return proven(
                    answer, "This sentence answers in the words of the question.", [(passage.text, passage.page)]
                )
    return None


def _values(agent: Agent, text: str) -> list[Any]:
    match agent.answers:
        case "text":
            return [text]
        case "numeric":
            exact = [
                one.low for one in quantities(text) if not one.money and one.low == one.high and one.low is not None
            ]
            return exact[:1] if len(set(exact)) == 1 else []
        case "money":
            exact = [one.low for one in quantities(text) if one.money and one.low == one.high and one.low is not None]
            is_dollars = re.search(r"us\$|\$|usd|dollar", text, re.IGNORECASE) and not re.search(
                r"[€£¥]|[A-Z]{1,2}\$", text
            )
            return [{"amount": exact[0], "currency": "USD"}] if len(set(exact)) == 1 and is_dollars else []
        case "date":
            return _DATE.findall(text)[:1]
        case "email":
            return EMAIL.findall(text)[:1]
        case "url":
            return _URL.findall(text)[:1]
        case _:
            return []


def _chosen(question: Question, passages: list[Passage]) -> Found | None:
    """The label that the texts speak of, when it is one; yes, when a sentence says all that is asked."""
    labels = question.agent.labels
    yes = next((label for label in labels if fold(label).strip() in _YES), None)
    no = next((label for label in labels if fold(label).strip() in _NO), None)
    if yes is not None and no is not None:
        best = next(iter(passages), None)
        if best is None or best.cover < 0.95 or len(_asked(question)) < LEAST_WORDS or _NEGATION.search(best.text):
            return None
        return proven(formed(question.agent, yes), "This sentence says so.", [(best.text, best.page)])
    spoken: dict[str, Passage] = {}
    both = _BOTH if intent_of(question) == "business_model" else None  # who makes both is not one of them

    def text(passage: Passage) -> str:
        return passage.text if both is None else both.sub("", passage.text)

    for label in labels:
        wanted = set(terms(label))
        for passage in passages:
            if wanted and wanted <= set(terms(text(passage))) and not _NEGATION.search(passage.text):
                spoken.setdefault(label, passage)
                break
    if not spoken or (len(spoken) > 1 and question.agent.answers == "select"):
        return None
    quotes = list({(one.text, one.page.hash): (one.text, one.page) for one in spoken.values()}.values())
    chosen = list(spoken) if question.agent.answers == "multiselect" else next(iter(spoken))
    return proven(formed(question.agent, chosen), "The texts speak of this, and of no other label.", quotes)


def _object(question: Question) -> Found:
    """An object whose properties are questions of their own; those that nothing answers are left out."""
    schema = question.agent.schema or {}
    parts: dict[str, Found] = {}
    for name, inner in schema.get("properties", {}).items():
        agent = _inner_agent(inner)
        if agent is None:
            continue
        prompt = f"{name.replace('_', ' ')}. {inner.get('description', '')}".strip()
        found = local(Question(name, name, prompt, agent, question.subject, question.errand))
        if found.value.is_found:
            parts[name] = found
    evidence = tuple(dict.fromkeys(proof for found in parts.values() for proof in found.value.evidence))
    value = {name: found.value.answer for name, found in parts.items()}
    try:
        answer = formed(question.agent, value) if value else NOT_FOUND
    except Unformed:
        answer = NOT_FOUND
    if answer == NOT_FOUND:
        return not_found("The texts that are held do not state what the schema asks for.")
    pages = {page.hash: page for found in parts.values() for page in found.pages}
    sources = tuple(dict.fromkeys(url for found in parts.values() for url in found.value.sources))
    made = proven(answer, f"Stated: {', '.join(parts)}.", [])
    value_of = made.value
    return Found(type(value_of)(answer, value_of.explanation, sources, evidence), tuple(pages.values()))


def _inner_agent(inner: Any) -> Agent | None:
    """The question that a property is; None for objects and lists."""
    if "enum" in inner:
        labels = tuple(str(one) for one in inner["enum"])
        return Agent("llm", "", "select", labels) if all(isinstance(one, str) for one in inner["enum"]) else None
    kinds = inner.get("type")
    kind = next((one for one in kinds if one != "null"), None) if isinstance(kinds, list | tuple) else kinds
    forms = {"string": "text", "integer": "numeric", "number": "numeric"}
    return Agent("llm", "", forms[kind]) if kind in forms else None  # type: ignore[arg-type]
