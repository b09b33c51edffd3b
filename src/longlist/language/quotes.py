"""Whether a quotation is verbatim."""

import unicodedata


def folded(text: str) -> str:
    """The text with compatibility forms unified (NFKC) and each run of white space as one space; case stays."""
    return " ".join(text.split() if text.isascii() else unicodedata.normalize("NFKC", text).split())


def occurs(quote: str, text: str) -> bool:
    """Whether `quote` stands in `text`, both `folded`. An empty quote proves nothing: False."""
    wanted = folded(quote)
    return bool(wanted) and (quote in text or wanted in folded(text))
