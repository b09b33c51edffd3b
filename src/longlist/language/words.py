"""Words: folding, sentences, stems. The index and the grader must cut text the same way, so both use this."""

import re
import unicodedata
from functools import lru_cache

import Stemmer

WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[A-Z0-9\"'(\[*•-])|\s*[\r\n]+\s*|\s+[•·|]\s+")
_ABBREVIATION = re.compile(r"(?:\b(?:Inc|Ltd|Co|Corp|St|Mr|Ms|Dr|No|vs|approx|est|c|ca|e\.g|i\.e|U\.S|U\.K)\.)$")
_STEMMER = Stemmer.Stemmer("english", 100_000)

STOP_WORDS = frozenset(
    """
    a about above across after again against all also although am an and any are as at be because been before being
    below between both but by can cannot could did do does doing down during each either else etc ever every few for
    from further had has have having he her here hers him his how i if in into is it its itself just least less let
    like made mainly make makes many may me might more most mostly much must my near neither no nor not now of off
    often on once one only or other others our ours out over own per quite rather really same shall she should since
    so some such than that the their theirs them then there these they this those through thus to too toward under
    until up upon us use used uses using very via was we well were what when where whether which while who whom whose
    why will with within without would you your yours
    """.split()
)


def fold(text: str) -> str:
    """Lower case, accents and compatibility forms removed, curly quotes straight: "Crédit" becomes "credit"."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def words(text: str) -> list[str]:
    """The words of a text in order, folded, stop words included, possessive endings off."""
    return [w.partition("'")[0] for w in WORD.findall(text.lower() if text.isascii() else fold(text))]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Snowball English stem of a folded word."""
    return str(_STEMMER.stemWord(word))


def terms(text: str) -> list[str]:
    """Stems of the words of a text, stop words left out: what is indexed and compared."""
    return [stem(w) for w in words(text) if w not in STOP_WORDS]


def sentences(text: str) -> list[str]:
    """The text cut into sentences and lines; each is a verbatim substring of `text`, stripped of outer white space."""
    found: list[str] = []
    for piece in _SENTENCE_END.split(text):
        sentence = piece.strip() if piece else ""
        if not sentence:
            continue
        if found and _ABBREVIATION.search(found[-1]) and f"{found[-1]} {sentence}" in text:
            found[-1] = f"{found[-1]} {sentence}"
        else:
            found.append(sentence)
    return found
