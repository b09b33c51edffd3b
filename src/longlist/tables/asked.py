"""The type a model is asked to answer a cell in: the column's own key names the answer, beside what proves it."""

import keyword
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from longlist.model.table import Agent
from longlist.tables.forms import Unformed, form_type, formed

PLAIN = "answer"
_TAKEN = frozenset({"quote", "numbers", "reason"})
FORMS = {
    "text": "a short text",
    "url": "a web address",
    "email": "an e-mail address",
    "phone": "a telephone number",
    "numeric": "a number",
    "grade": "a grade from 1 (clearly not) to 5 (clearly)",
    "money": "an amount and the code of its currency (ISO 4217)",
    "date": "a date as precise as is known: 2009, 2009-03 or 2009-03-05",
    "select": "one of the labels",
    "multiselect": "a list of labels",
    "json": "an object of the given form",
}


class Reply(BaseModel):
    """What every answer has besides the answer itself."""

    model_config = ConfigDict(populate_by_name=True)

    quote: str = ""
    numbers: list[int] = Field(default_factory=list)
    reason: str = ""


def field_name(key: str) -> str:
    """The name under which a model answers for a column: its key, where that can be one."""
    is_fine = key.isidentifier() and not keyword.iskeyword(key) and not key.startswith(("_", "model_"))
    return key if is_fine and key not in _TAKEN and not hasattr(Reply, key) else PLAIN


def reply_type(key: str, agent: Agent) -> type[Reply]:
    """The type of a reply for a column; null says that there is no answer."""
    kind: Any = form_type(agent)
    field = Field(None, description=f"The answer as {FORMS[agent.answers]}; null when there is none.")
    fields: dict[str, Any] = {field_name(key): (kind | None, field)}
    return create_model("Reply", __base__=Reply, **fields)


def answer_of(reply: Reply, key: str, agent: Agent) -> Any:
    """What a reply answers, in form; Unformed when it is not."""
    return formed(agent, getattr(reply, field_name(key)))


__all__ = ["FORMS", "Reply", "Unformed", "answer_of", "field_name", "reply_type"]
