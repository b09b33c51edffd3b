"""The seams to the web: who searches it, who knows its maps, who reads its pages.

Whatever implements them asks through a `longlist.model.call.Caller`, so that nothing is paid twice.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from longlist.model.web import Contact, ContactPart, Errand, Hit, Listing, Sought, Spot, WebPage, Wish
from longlist.web.health import Health


class WebSearch(Protocol):
    """A search engine. Raises Unavailable (Refused, NoAnswer, BadAnswer), with a reason for the user, when it cannot."""

    name: str
    page_size: int

    @property
    def health(self) -> Health:
        """How it is doing: whether to ask it now, and if not why."""
        ...

    async def search(self, text: str, page: int, errand: Errand) -> Sequence[Hit]:
        """The hits of one page of results, from 1, best first; empty when there are no more. `text` may hold `site:`,
        `-site:` and quoted phrases.
        """
        ...


class Maps(Protocol):
    """A map. Raises as `WebSearch` does."""

    name: str

    @property
    def health(self) -> Health:
        """How it is doing: whether to ask it now, and if not why."""
        ...

    async def find(self, what: str, where: str, page: int, errand: Errand) -> Sequence[Spot]:
        """Places of a kind (`what`: "bakeries", "dental clinics") in a place ("Portland, Oregon"), page from 1; each once;
        empty when there are no more.
        """
        ...


class Register(Protocol):
    """A register of companies that can be searched. Raises as `WebSearch` does."""

    name: str
    page_size: int

    @property
    def health(self) -> Health:
        """How it is doing: whether to ask it now, and if not why."""
        ...

    async def find(self, wish: Wish, page: int, errand: Errand) -> Sequence[Listing]:
        """One page of companies, from 1, best first; empty when there are no more."""
        ...


class Encyclopaedia(Protocol):
    """Knows facts about companies by their websites. Raises as `WebSearch` does."""

    name: str

    @property
    def health(self) -> Health:
        """How it is doing: whether to ask it now, and if not why."""
        ...

    async def look_up(self, domains: Sequence[str], errand: Errand) -> Mapping[str, Listing]:
        """What it knows of the companies with these registered domains; those it does not know are missing."""
        ...

    async def by_name(self, name: str, errand: Errand) -> Sequence[Listing]:
        """Companies that go by a name, best first."""
        ...


class Contacts(Protocol):
    """Knows people: their addresses at work, telephone numbers, roles. Raises as `WebSearch` does."""

    name: str
    title: str
    gives: frozenset[ContactPart]

    @property
    def health(self) -> Health:
        """How it is doing: whether to ask it now, and if not why."""
        ...

    async def find(self, sought: Sought, errand: Errand) -> Contact | None:
        """The person that is meant, with all that is known of them; None when nobody fits, or too little was said."""
        ...

    async def check(self, errand: Errand) -> None:
        """Ask something that costs nothing, to see whether it answers."""
        ...


class PageReader(Protocol):
    """Reads pages, with manners. Never raises for what a page or its server does: that is in the page's state."""

    async def read(self, url: str, errand: Errand) -> WebPage:
        """The page at this address. Stopped or BudgetSpent when the task may not go on."""
        ...
