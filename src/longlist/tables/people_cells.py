"""What the input of a row says of a person: "Jane Doe, CEO at Acme, https://linkedin.com/in/janedoe"."""

import re

from longlist.model.table import CellValue
from longlist.tables.answering import Answerer, Found, Question
from longlist.tables.forms import Unformed, formed

_URL = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:linkedin\.com/in|xing\.com/profile|github\.com)/[^\s,;]+", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,4}")
SAID = "Said by the row's input."


class PersonAnswerer:
    """Reads name, role and address out of a row's input; whatever else is asked is for `other`."""

    def __init__(self, other: Answerer) -> None:
        self._other = other

    async def answer(self, question: Question) -> Found:
        """See `longlist.tables.answering.Answerer`."""
        text = " ".join(question.subject.values.get("input", "").split())
        said = {"full_name": _name, "role": _role, "profile_url": _address}.get(question.key)
        if said is not None and text and (value := said(text)):
            try:
                return Found(CellValue(formed(question.agent, value), SAID))
            except Unformed:
                pass
        return await self._other.answer(question)


def _address(text: str) -> str:
    found = _URL.search(text)
    return "" if found is None else found[0] if found[0].lower().startswith("http") else f"https://{found[0]}"


def _name(text: str) -> str:
    first = re.split(r"\s*[,;|(]\s*| - | – | at ", _URL.sub("", text))[0].strip()
    return first if _NAME.fullmatch(first) else ""


def _role(text: str) -> str:
    parts = [part.strip() for part in re.split(r"\s*[,;|()]\s*| - | – ", _URL.sub("", text)) if part.strip()]
    return re.split(r"\s+(?:at|@|of the company)\s+", parts[1])[0] if len(parts) > 1 and _name(text) else ""
