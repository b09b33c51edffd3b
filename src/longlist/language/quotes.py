"""Whether a quotation is verbatim."""

import re
import unicodedata

SHORTEST = 12  # characters of a quotation that can prove something: "software" stands on every page
_QUOTES = "\"'“”„«»‘’ \t\n"
_NUMBER = re.compile(r"^\[\d+\]\s*")
_DOTS = ("…", "...")


def folded(text: str) -> str:
    """The text with compatibility forms unified (NFKC) and each run of white space as one space; case stays."""
    return " ".join(text.split() if text.isascii() else unicodedata.normalize("NFKC", text).split())


def occurs(quote: str, text: str) -> bool:
    """Whether `quote` stands in `text`, both `folded`. An empty quote proves nothing: False."""
    wanted = folded(quote)
    return bool(wanted) and (quote in text or wanted in folded(text))


def readings(quote: str) -> list[str]:
    """What a model may have meant to quote: its words as given; without the number of a passage, quotation marks, or the
    dots where it was shortened. Those too short to prove anything (`SHORTEST`) are left out.
    """
    bare = _NUMBER.sub("", quote.strip(_QUOTES)).strip(_QUOTES)
    found = [quote.strip(), bare]
    found += [bare.removeprefix(dots).removesuffix(dots).strip(_QUOTES) for dots in _DOTS]
    return [words for words in dict.fromkeys(found) if len(folded(words)) >= SHORTEST]


def verbatim(quote: str, text: str) -> str:
    """The reading of a model's quotation that stands in a text; "" when none does."""
    return next((words for words in readings(quote) if occurs(words, text)), "")
