"""The forms that answers take: for each output format the type a model is asked for, and how what comes is checked.

text, url, email and phone are texts; numeric a number; grade 1-5; select one of the labels, multiselect a list of them;
money `{"amount", "currency"}` with a currency of ISO 4217; date as precise as is known: 2009, 2009-03 or 2009-03-05; json
an object by its schema.
"""

import functools
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import pycountry
from pydantic import BaseModel

from longlist.language.domains import registered_domain
from longlist.language.numbers import quantities
from longlist.language.words import fold
from longlist.model.table import NOT_FOUND, Agent
from longlist.tables.schemas import schema_fault, schema_type

MAX_ANSWER = 10_000  # characters
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_NOTHING = frozenset(
    {"", "not found", "n/a", "na", "none", "null", "unknown", "not stated", "not available", "-", "not stated."}
)
_SYMBOLS = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}


class Money(BaseModel):
    """An amount in a currency."""

    amount: float
    currency: str


class Unformed(Exception):
    """A value that is not in the form that was asked for; the text says what is wrong with it."""


def form_type(agent: Agent) -> Any:
    """The type that a model is asked for."""
    match agent.answers:
        case "numeric":
            return float
        case "grade":
            return Literal[1, 2, 3, 4, 5]
        case "money":
            return Money
        case "select":
            return Literal[agent.labels]
        case "multiselect":
            return list.__class_getitem__(Literal[agent.labels])
        case "json":
            return schema_type(agent.schema or {})
        case _:
            return str


def formed(agent: Agent, value: Any) -> Any:
    """The value in the form that an agent asks for, NOT_FOUND for one that says nothing; Unformed when it cannot be."""
    if isinstance(value, BaseModel):
        value = value.model_dump(by_alias=True, exclude_none=True)
    if value is None or (isinstance(value, str) and fold(value).strip() in _NOTHING):
        return NOT_FOUND
    if isinstance(value, str) and len(value) > MAX_ANSWER:
        raise Unformed(f"it is longer than {MAX_ANSWER:,} characters")
    match agent.answers:
        case "text":
            return _text(value)
        case "url":
            return _url(_text(value))
        case "email":
            return _email(_text(value))
        case "phone":
            return _phone(_text(value))
        case "numeric":
            return _number(value)
        case "grade":
            return _grade(value)
        case "money":
            return _money(value)
        case "date":
            return _date(_text(value))
        case "select":
            return label_of(_text(value), agent.labels)
        case "multiselect":
            return _labels(value, agent.labels)
        case _:
            return _object(agent, value)


def label_of(text: str, labels: Sequence[str]) -> str:
    """The label that a text is, whatever its case and spaces; Unformed when it is none."""
    wanted = _level(text)
    found = next((label for label in labels if _level(label) == wanted), None)
    if found is None:
        raise Unformed(f"{text[:100]!r} is none of the labels {', '.join(labels)[:300]}")
    return found


def shown(answer: Any) -> str:
    """An answer as people write it, for prompts and sheets."""
    match answer:
        case None:
            return ""
        case bool():
            return "yes" if answer else "no"
        case {"amount": amount, "currency": currency} if len(answer) == 2:
            return f"{shown(amount)} {currency}"
        case Mapping():
            return "; ".join(f"{key}: {shown(value)}" for key, value in answer.items())
        case list() | tuple():
            return ", ".join(shown(one) for one in answer)
        case float() if answer.is_integer() and abs(answer) < 1e15:
            return str(int(answer))
        case _:
            return str(answer)


def _level(text: str) -> str:
    return " ".join(fold(text).split())


def _text(value: Any) -> str:
    if isinstance(value, bool | int | float):
        return shown(value)
    if not isinstance(value, str):
        raise Unformed("it is no text")
    return value.strip()


def _url(text: str) -> str:
    address = text if re.match(r"https?://", text, re.IGNORECASE) else f"https://{text}"
    if re.search(r"\s", address) or not registered_domain(address):
        raise Unformed(f"{text[:100]!r} is no web address")
    return address


def _email(text: str) -> str:
    bare = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE)
    if not _EMAIL.fullmatch(bare):
        raise Unformed(f"{text[:100]!r} is no e-mail address")
    return bare


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if not 6 <= len(digits) <= 15 or re.search(r"[A-Za-z]{3}", text):
        raise Unformed(f"{text[:100]!r} is no telephone number")
    return " ".join(text.split())


def _number(value: Any) -> int | float:
    if isinstance(value, str):
        bare = re.sub(r"(?<=\d)[,\u00a0 ](?=\d{3}\b)", "", value.strip())
        try:
            value = float(bare.rstrip("%"))
        except ValueError:
            found = quantities(value)
            if len(found) != 1 or found[0].low is None or found[0].low != found[0].high:
                raise Unformed(f"{value[:100]!r} is no number") from None
            value = found[0].low
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unformed("it is no number")
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value


def _grade(value: Any) -> int:
    number = _number(value)
    if number not in (1, 2, 3, 4, 5):
        raise Unformed("a grade is 1, 2, 3, 4 or 5")
    return int(number)


@functools.cache
def currencies() -> frozenset[str]:
    """The codes of ISO 4217."""
    return frozenset(one.alpha_3 for one in pycountry.currencies)


def _money(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        match = re.fullmatch(
            r"\s*([A-Za-z]{3}|us\$|[$€£¥])?\s*([\d.,\s]+[a-z]*(?: (?:million|billion|thousand))?)\s*([A-Za-z]{3})?\s*",
            value,
            re.IGNORECASE,
        )
        if match is None or not (match[1] or match[3]):
            raise Unformed(f"{value[:100]!r} is no amount with a currency")
        value = {"amount": match[2], "currency": match[1] or match[3]}
    if not isinstance(value, Mapping) or not {"amount", "currency"} <= value.keys():
        raise Unformed("money is an amount and a currency")
    named = str(value["currency"]).strip()
    currency = _SYMBOLS.get(named.lower(), named.upper())
    if currency not in currencies():
        raise Unformed(f"{named[:20]!r} is no currency of ISO 4217")
    return {"amount": _number(value["amount"]), "currency": currency}


def _date(text: str) -> str:
    match = _DATE.fullmatch(text[:10] if re.match(r"\d{4}-\d{2}-\d{2}T", text) else text)
    if match is None:
        raise Unformed(f"{text[:100]!r} is no date such as 2009, 2009-03 or 2009-03-05")
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise Unformed(f"{text[:100]!r} is no day there ever was") from None
    return match[0]


def _labels(value: Any, labels: Sequence[str]) -> Any:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise Unformed("it is no list of labels")
    chosen = {label_of(_text(one), labels) for one in given}
    return [label for label in labels if label in chosen] or NOT_FOUND


def _object(agent: Agent, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise Unformed("it is no object")
    if fault := schema_fault(agent.schema or {}, dict(value)):
        raise Unformed(fault)
    return dict(value)
