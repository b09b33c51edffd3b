"""What a question is about, where a company's profile may hold the answer as a fact."""

import re
from typing import Literal

from longlist.language.words import fold
from longlist.tables.answering import Question

Intent = Literal[
    "founded",
    "employees",
    "country",
    "state",
    "city",
    "seat",
    "address",
    "funding_stage",
    "funding_amount",
    "listed",
    "status",
    "business_model",
    "email",
    "phone",
    "social",
    "website",
    "name",
    "industry",
    "description",
    "people",
]

LONG_PROMPT = 400  # characters; a longer prompt is about more than one fact, and only the column's own name tells which

_SEAT = r"(?:head ?quarter\w*|head ?office|hq|seat|based|located)"
_PATTERNS: tuple[tuple[Intent, str], ...] = (
    ("people", r"\bwho (?:is|are|founded|leads|runs)\b|\bfounders?\b|\bceo\b|\bchief executive\b|\bleadership\b|\bexecutives?\b"),
    ("funding_stage", r"\bfunding (?:stage|round)|\b(?:latest|last) (?:funding )?round\b|\bseries [a-h]\b|\bstage of funding\b"),
    ("funding_amount", r"\b(?:total|how much|amount)[\w ]{0,20} (?:funding|raised|investment)\b|\btotal raised\b|\bfunding amount\b"),
    ("founded", r"\b(?:founded|founding|foundation|established|incorporat\w+|inception)\b|\byear (?:it )?(?:was )?(?:started|launched)\b"),
    ("employees", r"\b(?:employees?|head ?count|staff|team size|company size|work ?force|how many people)\b"),
    ("country", rf"\bcountry\b(?=.*{_SEAT})|{_SEAT}.*\bcountry\b|\bcountry of (?:origin|the company)|\bhome country\b|^country$"),
    ("state", rf"\b(?:state|province)\b(?=.*{_SEAT})|{_SEAT}.*\b(?:state|province)\b"),
    ("city", rf"\b(?:city|town)\b(?=.*{_SEAT})|{_SEAT}.*\b(?:city|town)\b|^city$"),
    ("address", r"\b(?:postal|street|full|office|hq|headquarters?) address\b"),
    ("seat", rf"\bwhere\b.*\b{_SEAT}\b|\b(?:head ?quarters?|hq|head ?office)\b(?: location)?"),
    ("listed", r"\b(?:publicly (?:traded|listed|held)|stock exchange|listed compan\w+|public(?:ly)? or private|ipo)\b"),
    ("status", r"\b(?:still (?:active|operating|in business)|operating status|company status|defunct|out of business|acquired)\b"),
    ("business_model", r"\b(?:business|revenue|operating) models?\b|\bb2b or b2c\b|\bb2b\b.*\bb2c\b"),
    ("email", r"\be-?mails?\b"),
    ("phone", r"\b(?:telephone|phone)\b"),
    ("social", r"\b(?:linkedin|twitter|facebook|instagram|youtube|github|tiktok|crunchbase)\b"),
    ("website", r"\b(?:web ?site|home ?page|domain)\b"),
    ("name", r"\b(?:company|legal|brand|full) name\b|\bname of the company\b"),
    ("industry", r"\b(?:industry|industries|sector)\b"),
    ("description", r"\bdescri(?:be|ption|bes)\b|\bwhat (?:does|do|is)\b.*\b(?:do|does|make|makes|sell|sells|offer|offers)\b|\bone[- ]?line\w*\b|\btag ?line\b|\b(?:summary|summari[sz]e|overview|elevator pitch)\b"),
)  # fmt: skip
_COMPILED = tuple((intent, re.compile(pattern, re.DOTALL)) for intent, pattern in _PATTERNS)


def intent_of(question: Question) -> Intent | None:
    """What a question is about: by the name of its column first, then by its words; None for anything else."""
    title = fold(f"{question.key.replace('_', ' ')} / {question.name}")
    prompt = fold(question.prompt)
    by_title = _first(title)
    if len(prompt) > LONG_PROMPT:
        return by_title
    by_prompt = _first(prompt)
    if by_prompt == "people" or by_title is None:
        return by_prompt
    return (
        by_title
        if by_title in (by_prompt, "founded", "employees", "country", "state", "city") or by_prompt is None
        else by_prompt
    )


def _first(text: str) -> Intent | None:
    return next((intent for intent, pattern in _COMPILED if pattern.search(text)), None)
