"""One page of a company's site, taken apart once: the words that may be quoted, the data it carries, whose page it says it is.

The citable text (`citable`) is what the page says of the company, a block a line, and under it the statements it
publishes for machines as they stand in its source, so that every fact can be quoted from it.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from longlist.enrich.own_text import OwnText, is_aside, own_text
from longlist.enrich.structured import Organization, embedded_company, embedded_lines, organizations
from longlist.language.injections import Attempt, attempts_in_html
from longlist.language.quotes import folded
from longlist.language.words import fold, sentences
from longlist.model.company import Page
from longlist.model.web import WebPage
from longlist.web.html import Link, Markup

FEW_WORDS = 25  # a page with fewer has its words in its scripts' data
LONGEST_TITLE = 300
_STATED_FACTS = ("foundingDate", "numberOfEmployees", "address", "location", "foundingLocation", "dissolutionDate")


@dataclass(frozen=True)
class SitePage:
    """A readable page of a site. Everything is worked out when it is first asked for."""

    page: WebPage

    @cached_property
    def markup(self) -> Markup:
        """The page, parsed."""
        return Markup(self.page.html)

    @cached_property
    def own(self) -> OwnText:
        """What it says of the company, without what stands on every page."""
        return own_text(self.markup.tree)

    @cached_property
    def organizations(self) -> tuple[Organization, ...]:
        """The organizations its data speaks of, JSON-LD first."""
        embedded = embedded_company(self.markup.tree)
        return (*organizations(self.markup.tree), *([embedded] if embedded is not None else []))

    @cached_property
    def attempt(self) -> Attempt | None:
        """How it tries to instruct whoever grades it, None when it does not. Hidden parts and data count as well."""
        return next(iter(attempts_in_html(self.page.html)), None)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Its links."""
        return self.markup.links(self.page.url)

    @cached_property
    def description(self) -> str:
        """What its metadata says the company does, "" when it says nothing."""
        meta = self.markup.meta
        return meta.get("description") or meta.get("og:description") or ""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """What it says, a block a line: from its scripts' data where it says next to nothing itself."""
        lines = list(self.own.lines)
        if sum(len(line.split()) for line in lines) < FEW_WORDS:
            lines += [line for line in embedded_lines(self.markup.tree) if not _is_aside(line)]
        if not lines and self.page.text.strip():
            lines = [line for line in self.page.text.splitlines() if not _is_aside(line)]
        said = folded(" ".join(lines))
        if self.description and folded(self.description) not in said:
            lines.insert(0, self.description)
        return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))

    @cached_property
    def citable(self) -> Page:
        """The text that is kept and quoted from: the title, what it says, then its statements for machines."""
        title = " ".join((self.page.title or self.markup.title).split())[:LONGEST_TITLE]
        stated = [
            one.quote
            for organization in self.organizations
            for one in organization.statements
            if one.key in _STATED_FACTS
        ]
        text = "\n".join((title or self.page.url, *self.lines, *dict.fromkeys(stated)))
        return Page(_clean(text), self.page.read_at, url=self.page.url)


def _is_aside(line: str) -> bool:
    """Whether most of a line from a script says nothing of the company."""
    return is_aside(line) or all(is_aside(sentence) for sentence in sentences(line))


def _clean(text: str) -> str:
    """The text as a database can keep it: no NUL, no half characters."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def plain_name(name: str) -> str:
    """A name to compare by: letters and digits alone, in lower case."""
    return re.sub(r"[^a-z0-9]", "", fold(name)) or name.strip().lower()
