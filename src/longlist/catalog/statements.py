"""The text of a record: one statement a line, so that a line is a whole, quotable piece of evidence."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from longlist.language.vocabulary import business_models

_MAX_TEXT = 100_000
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ud800-\udfff\ufeff\ufffe\uffff]")
_INNER_SPACE = re.compile(r"[ \t\n\r\f\v\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")


def clean(value: str) -> str:
    """One line of text that can be stored and hashed: no control characters, lone surrogates or line breaks."""
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()
    return _INNER_SPACE.sub(" ", _UNSTORABLE.sub("", value)).strip()


def clean_lines(value: str) -> list[str]:
    """The lines of a longer text, each cleaned, empty ones left out."""
    kept = unicodedata.normalize("NFC", value)
    return [line for line in (clean(line) for line in _LINE_BREAK.split(kept)) if line]


@dataclass(slots=True)
class Statements:
    """Collects the lines of a record's text and remembers which line states which fact."""

    lines: list[str] = field(default_factory=list)
    quotes: dict[str, str] = field(default_factory=dict)

    def say(self, line: str, *facts: str) -> None:
        """Add a line (empty ones are ignored); it is the quotation for the named facts."""
        cleaned = clean(line)
        if cleaned:
            if cleaned not in self.lines:
                self.lines.append(cleaned)
            self.quotes |= {fact: cleaned for fact in facts if fact not in self.quotes}

    def prose(self, text: str) -> None:
        """Add running text, its own line breaks kept."""
        for line in clean_lines(text[:_MAX_TEXT]):
            if line not in self.lines:
                self.lines.append(line)

    def label(self, label: str, value: str | Sequence[str], *facts: str) -> None:
        """Add "Label: value" when there is a value."""
        said = value if isinstance(value, str) else ", ".join(value)
        if clean(said):
            self.say(f"{label}: {said}", *facts)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


_TAG_LABELS = ("Categories: ", "Tags: ", "Industry: ", "Industries: ", "Sold as ", "Open source", "Business model: ")


def model_facts(lines: Sequence[str], prose: str, tags: Iterable[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The business models a record states, and the line that says so (under "business_models")."""
    models = business_models(prose, tags)
    if not models:
        return (), {}
    labelled = next((line for line in lines[1:] if line.startswith(_TAG_LABELS)), None)
    if labelled is None or not business_models("", tags):
        spoken = next((line for line in lines[1:] if set(business_models(line)) & set(models)), None)
        labelled = spoken or labelled
    return models, {"business_models": labelled or lines[0]}
