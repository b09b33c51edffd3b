"""Finding a company by its name: spellings made comparable, and how alike two names are. And the id that never changes."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import ratio

from longlist.language.domains import own_domain
from longlist.language.words import fold

_LEGAL = frozenset(
    """
    ab ag aktiengesellschaft as asa bv co company corp corporation gmbh group holding holdings inc incorporated kg kgaa
    kk limited llc llp lp ltd ltda nv oy oyj plc pte pty sa sab sarl sas se spa srl the tbk
    """.split()
)
_LONG_FORMS = tuple(sorted((form for form in _LEGAL if len(form) > 2 and form != "the"), key=lambda form: -len(form)))
_OFTEN_MISSPELT = (*(form for form in _LONG_FORMS if len(form) > 3), "inc", "ltd", "llc", "plc")
_ALL_PARTS, _WITHOUT = 0.995, 0.97  # what a name counts that was put together anew, or made shorter
_OTHER = 0.99  # what another name of a company is worth, its own being 1
MAX_NAME = 200  # letters of a name that are compared
COMPANIES = UUID("0c8b0f4e-7f0b-4b1d-9f57-6a3f1e2d9c84")  # the namespace in which companies are named


def company_id(key: str) -> str:
    """The id of the company with a key: a UUID, the same for ever and in every data directory."""
    return str(uuid5(COMPANIES, key.encode(errors="replace").decode()))


def record_id(alias: str) -> str:
    """The last part of a record's key, "catalog:<set>:<id>"; what the store put behind it ("~…") is no part of it."""
    return alias.split(":", 2)[-1].partition("~")[0]


def alias_domain(alias: str) -> str:
    """The company's domain that an alias is or names ("acme.com", "catalog:mine:acme.com"), or ""."""
    name = record_id(alias)
    return own_domain(name) if "." in name and " " not in name else ""


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


def spellings(name: str) -> dict[str, float]:
    """The flat forms a name may have been meant as, and how much each counts: 1 for its own.

    Others are the name with all its parts ("co inbase"), and without a legal form that is misspelt ("Acme Corpration")
    or has grown on to it ("AcmeHoldings").
    """
    parts = "".join(c if c.isalnum() else " " for c in fold(name[:MAX_NAME]).replace(".", "").replace("'", "")).split()
    whole = "".join(parts)
    meant = {flat(name): 1.0}
    meant.setdefault(whole, _ALL_PARTS)
    while len(parts) > 1 and (parts[-1] in _LEGAL or _is_misspelt_form(parts[-1])):
        parts = parts[:-1]
    for form in ("".join(part for part in parts if part not in _LEGAL), *list(meant)):
        meant.setdefault(form, _WITHOUT)
        rest = form
        while grown := next((end for end in _LONG_FORMS if rest.endswith(end) and len(rest) > len(end) + 1), ""):
            rest = rest.removesuffix(grown)
            meant.setdefault(rest, _WITHOUT)
    meant.pop("", None)
    return meant


def _is_misspelt_form(part: str) -> bool:
    return len(part) > 1 and any(OSA.distance(part, form) == 1 for form in _OFTEN_MISSPELT)


def edits_allowed(flat_name: str) -> int:
    """How many letters of a name may be wrong and it still be worth a look."""
    return 0 if len(flat_name) < 3 else 1 if len(flat_name) < 6 else 2


def alike(asked: str, title: str, others: Iterable[str] = ()) -> float:
    """How well what was asked fits a company's name or, a little less, one of its other names, 0-1; all of them flat.

    Exactly the same is 1, and the start of a name counts most. Another name (a product, a ticker symbol, the domain)
    is worth less than the company's own, so that "HP" is HP Inc. before a company listed under that symbol.
    """
    return max(_alike(asked, title), max((_OTHER * _alike(asked, name) for name in others), default=0.0))


def _alike(asked: str, name: str) -> float:
    if not asked or not name:
        return 0.0
    if asked == name:
        return 1.0
    edits = OSA.distance(asked, name)
    measures = ratio(asked, name) / 100, JaroWinkler.similarity(asked, name), 1 - edits / max(len(asked), len(name))
    score = sum(measures) / len(measures)
    if edits <= edits_allowed(asked):
        close = 1 - (0.5 if edits == 1 else 1.2) / len(asked)
        score = max(score, close - 0.02 * (1 - score))  # of equally few edits the better placed ones
    if len(asked) > 2 and name.startswith(asked):
        score = max(score, 0.75 + 0.24 * len(asked) / len(name))
    return min(score, 0.98)
