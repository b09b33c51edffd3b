"""Words: folding, sentences, stems. The index and the grader must cut text the same way, so both use this."""

import re
import unicodedata
from functools import lru_cache

import Stemmer

WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*(?P<gap>\s+)(?=[A-Z0-9\"'(\[*•-])|(?P<bullet>(?<!\s)\s+[•·|]\s+)")
_ABBREVIATION = re.compile(r"\b(?:Inc|Ltd|Co|Corp|St|Mr|Ms|Dr|No|vs|approx|est|c|ca|e\.g|i\.e|U\.S|U\.K)\.$")
_LONGEST_ABBREVIATION = 8  # characters, with the one before it
_COMBINING = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)  # Unicode's blocks of them
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
    return _COMBINING.sub("", decomposed).lower()


def words(text: str) -> list[str]:
    """The words of a text in order, folded, stop words included, possessive endings off."""
    return [w.partition("'")[0] for w in _tokens(text)]


def _tokens(text: str) -> list[str]:
    return WORD.findall(text.lower() if text.isascii() else fold(text))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Snowball English stem of a folded word."""
    return str(_STEMMER.stemWord(word))


def terms(text: str) -> list[str]:
    """Stems of the words of a text, stop words left out: what is indexed and compared."""
    return [found for token in _tokens(text) if (found := _term(token))]


@lru_cache(maxsize=200_000)
def _term(token: str) -> str:
    """The stem of a token, "" for a stop word."""
    word = token.partition("'")[0]
    return "" if word in STOP_WORDS else stem(word)


def sentences(text: str) -> list[str]:
    """The text cut into sentences and lines; each is a verbatim substring of `text`, stripped of outer white space."""
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for end in _SENTENCE_END.finditer(line):
            cut = end.start("gap") if end["gap"] else end.start("bullet")
            if end["gap"] and _ABBREVIATION.search(line, max(start, cut - _LONGEST_ABBREVIATION), cut):
                continue
            if piece := line[start:cut].strip():
                found.append(piece)
            start = end.end()
        if rest := line[start:].strip():
            found.append(rest)
    return found
