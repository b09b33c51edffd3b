"""Columns that need somebody outside who is not set up: they say so, and what to do."""

from longlist.errors import Unavailable
from longlist.tables.answering import Found, Question

WANTED = {
    "email_finder": "finds e-mail addresses of people",
    "phone_finder": "finds telephone numbers of people",
    "reverse_email_lookup": "knows whose an e-mail address is",
    "linkedin": "reads professional profiles",
    "company_people_finder": "knows who works where",
}

SETTINGS = {
    "email_finder": ": set LONGLIST_HUNTER_KEY or LONGLIST_PDL_PEOPLE_KEY.",
    **dict.fromkeys(("phone_finder", "reverse_email_lookup", "linkedin"), ": set LONGLIST_PDL_PEOPLE_KEY."),
}


class NotSetUp:
    """Stands in for a provider that is not set up."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    async def answer(self, question: Question) -> Found:
        """Unavailable, with what is missing."""
        del question
        raise Unavailable(
            f"No provider that {WANTED[self._kind]} is set up, so columns of this kind cannot be run here"
            f"{SETTINGS.get(self._kind, '.')} Values can be put into the column by hand."
        )
