"""Answers that a profile states as facts, each with the words that state it. A fact without its words is no answer."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from longlist.language.vocabulary import business_models
from longlist.language.words import fold, sentences
from longlist.model.company import CompanyProfile, Facts, Page
from longlist.model.table import NOT_FOUND
from longlist.tables.answering import Found, Question, page_with, proven
from longlist.tables.forms import Unformed, formed, label_of
from longlist.tables.intents import Intent, intent_of

EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9.+_-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}(?![\w-])")
PHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d\s().\-/]{6,20}\d(?!\w)")
_PHONE_NEAR = re.compile(r"\b(?:tel(?:ephone)?|phone|call|fon|telefon|mobile)\b", re.IGNORECASE)
NETWORKS = ("linkedin", "twitter", "facebook", "instagram", "youtube", "github", "tiktok", "crunchbase")
MODEL_NAMES: Mapping[str, str] = {
    "saas": "SaaS",
    "b2b": "B2B",
    "b2c": "B2C",
    "d2c": "D2C",
    "open_source": "open source",
    "ecommerce": "e-commerce",
}


def stated(question: Question) -> Found | None:
    """What the profile of the company states in answer; None when the question is about something else, or it does not."""
    profile, intent = question.subject.profile, intent_of(question)
    if profile is None or intent is None:
        return None
    answer = _READERS[intent](question, profile)
    return answer if answer is None or answer.value.answer != NOT_FOUND else None


def _fact(name: str, value: Callable[[Question, Facts], Any]) -> Callable[[Question, CompanyProfile], Found | None]:
    def read(question: Question, profile: CompanyProfile) -> Found | None:
        quote = profile.facts.quotes.get(name, "")
        page = page_with(quote, profile.pages) if quote else None
        raw = value(question, profile.facts)
        if page is None or raw is None:
            return None
        return _formed(question, raw, "Stated in these words.", [(quote, page)])

    return read


def _formed(question: Question, raw: Any, why: str, quotes: list[tuple[str, Page]]) -> Found | None:
    try:
        return proven(formed(question.agent, raw), why, quotes)
    except Unformed:
        return None


def _founded(question: Question, facts: Facts) -> Any:
    if facts.founded is None or question.agent.answers not in ("numeric", "text", "date", "select"):
        return None
    return facts.founded if question.agent.answers == "numeric" else str(facts.founded)


def _employees(question: Question, facts: Facts) -> Any:
    count = facts.employees
    if count is None:
        return None
    if question.agent.answers == "numeric":
        return count.low if count.low == count.high else None
    if question.agent.answers == "select":
        middle = count.low if count.high is None else (count.low + count.high) // 2
        return _range_label(question.agent.labels, middle) or count.bucket
    return str(count.low) if count.low == count.high else count.bucket


def _range_label(labels: tuple[str, ...], number: int) -> str | None:
    """The label whose range holds a number: "11-50", "1000+", "under 10"."""
    for label in labels:
        figures = [int(re.sub(r"\D", "", part)) for part in re.findall(r"\d[\d,.]*", label)]
        if len(figures) == 2 and figures[0] <= number <= figures[1]:
            return label
        if len(figures) == 1:
            is_open = re.search(r"\+|more|over|above|>", label, re.IGNORECASE)
            is_below = re.search(r"under|below|fewer|less|up to|<", label, re.IGNORECASE)
            if (is_open and number >= figures[0]) or (is_below and number < figures[0]):
                return label
    return None


def _seat(question: Question, facts: Facts) -> Any:
    parts = [part for part in (facts.hq.city, facts.hq.state, facts.hq.country) if part]
    if question.agent.answers in ("select", "multiselect"):
        for part in reversed(parts):
            try:
                return label_of(part, question.agent.labels)
            except Unformed:
                continue
        return None
    return ", ".join(parts) or None


def _listed(question: Question, facts: Facts) -> Any:
    if facts.listed is None:
        return None
    words = (
        ("yes", "public", "publicly traded", "listed")
        if facts.listed
        else ("no", "private", "privately held", "not listed")
    )
    return _any_label(question, words) if question.agent.labels else words[0].capitalize()


def _status(question: Question, facts: Facts) -> Any:
    if facts.status is None:
        return None
    words = {
        "active": ("active", "operating", "yes"),
        "acquired": ("acquired",),
        "closed": ("closed", "inactive", "defunct", "no"),
    }
    if question.agent.labels:
        return _any_label(question, words[facts.status])
    return facts.status


def _any_label(question: Question, words: tuple[str, ...]) -> str | None:
    levelled = {fold(label).strip(): label for label in question.agent.labels}
    return next((levelled[word] for word in words if word in levelled), None)


def _models(question: Question, facts: Facts) -> Any:
    """The business models by the labels' own words; the most telling ones first."""
    if not facts.business_models:
        return None
    if not question.agent.labels:
        return ", ".join(MODEL_NAMES.get(model, model.replace("_", " ")) for model in facts.business_models)
    fitting = [
        label
        for label in question.agent.labels
        if set(business_models(label, (label,))) & set(facts.business_models)
        or fold(label).strip() in facts.business_models
    ]
    plain = [label for label in fitting if set(_plain_models(label)) & set(facts.business_models)]
    chosen = plain or fitting
    return chosen if question.agent.answers == "multiselect" else (chosen[0] if chosen else None)


def _plain_models(label: str) -> tuple[str, ...]:
    level = fold(label).strip().replace("-", "").replace(" ", "_")
    return (level, level.replace("_", ""))


def _text_of(name: str) -> Callable[[Question, CompanyProfile], Found | None]:
    def read(question: Question, profile: CompanyProfile) -> Found | None:
        value = str(getattr(profile, name))
        page = page_with(value, profile.pages) if value else None
        return None if page is None else _formed(question, value, "As it is stated.", [(value, page)])

    return read


def _description(question: Question, profile: CompanyProfile) -> Found | None:
    if question.agent.answers != "text":
        return None
    for text in (profile.description, *sentences(profile.full_description)[:1]):
        first = text.strip()
        if first and (page := page_with(first, profile.pages)):
            return _formed(question, first, "What it says of itself.", [(first, page)])
    return None


def _website(question: Question, profile: CompanyProfile) -> Found | None:
    if not profile.domain or question.agent.answers not in ("url", "text"):
        return None
    page = next((page for page in profile.pages if page.url and profile.domain in page.url), None)
    quoted = page_with(profile.domain, profile.pages)
    if page is None and quoted is None:
        return None
    value = f"https://{profile.domain}" if question.agent.answers == "url" else profile.domain
    if quoted is not None:
        return _formed(question, value, "Its own domain.", [(profile.domain, quoted)])
    assert page is not None
    line = next(iter(sentences(page.text)), "")
    return _formed(question, value, "Its own site answers at this address.", [(line, page)]) if line else None


def _social(question: Question, profile: CompanyProfile) -> Found | None:
    asked = fold(f"{question.key} {question.name} {question.prompt}")
    network = next((name for name in NETWORKS if name in asked), None)
    address = profile.social_profiles.get(network or "") or (
        profile.social_profiles.get("x") if network == "twitter" else None
    )
    if address is None or question.agent.answers not in ("url", "text"):
        return None
    bare = re.sub(r"^https?://(?:www\.)?", "", address).rstrip("/")
    page = page_with(address, profile.pages) or page_with(bare, profile.pages)
    quote = address if page is not None and address in page.text else bare
    return None if page is None else _formed(question, address, "Its own site links there.", [(quote, page)])


def _contact(pattern: re.Pattern[str], *, needs_word: bool) -> Callable[[Question, CompanyProfile], Found | None]:
    def read(question: Question, profile: CompanyProfile) -> Found | None:
        if question.agent.answers not in ("email", "phone", "text"):
            return None
        found: list[tuple[int, str, str, Page]] = []
        for page in profile.pages:
            for line in sentences(page.text):
                match = pattern.search(line)
                if match is None or (needs_word and not (_PHONE_NEAR.search(line) or match[0].startswith("+"))):
                    continue
                is_own = not profile.domain or match[0].lower().endswith(profile.domain)
                found.append((0 if is_own or needs_word else 1, match[0], line, page))
        if not found:
            return None
        rank, value, line, page = min(found, key=lambda one: one[0])
        if rank and question.agent.answers == "email":
            return None  # somebody else's address
        return _formed(question, value, "Stated on its pages.", [(line, page)])

    return read


def _industry(question: Question, profile: CompanyProfile) -> Found | None:
    for tag in profile.tags:
        page = page_with(tag, profile.pages)
        if page is None:
            continue
        line = next((one for one in sentences(page.text) if tag in one), tag)
        if (answer := _formed(question, tag, "How it is classed.", [(line, page)])) is not None:
            return answer
    return None


def _address(question: Question, profile: CompanyProfile) -> Found | None:
    page = page_with(profile.address, profile.pages) if profile.address else None
    return (
        None if page is None else _formed(question, profile.address, "Its postal address.", [(profile.address, page)])
    )


_READERS: Mapping[Intent, Callable[[Question, CompanyProfile], Found | None]] = {
    "founded": _fact("founded", _founded),
    "employees": _fact("employees", _employees),
    "country": _fact("hq", lambda q, f: _label_or(q, f.hq.country)),
    "state": _fact("hq", lambda q, f: _label_or(q, f.hq.state)),
    "city": _fact("hq", lambda q, f: _label_or(q, f.hq.city)),
    "seat": _fact("hq", _seat),
    "address": _address,
    "funding_stage": _fact(
        "funding_stage", lambda q, f: _label_or(q, (f.funding_stage or "").replace("_", " ") or None)
    ),
    "funding_amount": _fact("funding_amount", lambda q, f: _amount(q, f.funding_amount)),
    "listed": _fact("listed", _listed),
    "status": _fact("status", _status),
    "business_model": _fact("business_models", _models),
    "email": _contact(EMAIL, needs_word=False),
    "phone": _contact(PHONE, needs_word=True),
    "social": _social,
    "website": _website,
    "name": _text_of("name"),
    "industry": _industry,
    "description": _description,
    "people": lambda _question, _profile: None,
}


def _label_or(question: Question, value: str | None) -> Any:
    return value if question.agent.answers in ("text", "select", "multiselect") else None


def _amount(question: Question, amount: int | None) -> Any:
    if amount is None:
        return None
    return {
        "money": {"amount": amount, "currency": "USD"},
        "numeric": amount,
        "text": f"{amount:,} US dollars",
    }.get(question.agent.answers)
