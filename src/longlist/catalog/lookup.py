"""Finding a company by its name: spellings made comparable, and how alike two names are."""

from collections.abc import Iterable

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import ratio

from longlist.language.words import fold

_LEGAL = frozenset(
    """
    ab ag aktiengesellschaft as asa bv co company corp corporation gmbh group holding holdings inc incorporated kg kgaa
    kk limited llc llp lp ltd ltda nv oy oyj plc pte pty sa sab sarl sas se spa srl the tbk
    """.split()
)
MAX_NAME = 200  # letters of a name that are compared


def flat(name: str) -> str:
    """The letters and digits of a name, folded, legal forms left out: "Crédit Agricole S.A." is "creditagricole"."""
    plain = fold(name[:MAX_NAME]).replace(".", "").replace("'", "")
    parts = "".join(c if c.isalnum() else " " for c in plain).split()
    kept = [part for part in parts if part not in _LEGAL]
    return "".join(kept or parts)


def grams(flat_name: str) -> list[str]:
    """Groups of three letters, the ends marked: what a name and its misspelling share."""
    marked = f"^{flat_name}$"
    return sorted({marked[i : i + 3] for i in range(len(marked) - 2)} | ({marked[:2]} if flat_name else set()))


def alike(asked: str, names: Iterable[str]) -> float:
    """How well the best of some flat names fits what was asked (flat as well), 0-1; the start of a name counts most."""
    return max((_alike(asked, name) for name in names), default=0.0)


def _alike(asked: str, name: str) -> float:
    if not asked or not name:
        return 0.0
    if asked == name:
        return 1.0
    score = (ratio(asked, name) / 100 + JaroWinkler.similarity(asked, name)) / 2
    if len(asked) > 2 and name.startswith(asked):
        score = max(score, 0.9 + 0.09 * len(asked) / len(name))
    return min(score, 0.99)
