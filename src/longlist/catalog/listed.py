"""Listed companies (package `pytickersymbols`, MIT): stock symbols with facts taken from Wikipedia's company boxes."""

import hashlib
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from longlist.catalog.packages import installed
from longlist.catalog.seats import headquarters_place, seat, tidy
from longlist.catalog.statements import Statements, clean, model_facts
from longlist.errors import CatalogError
from longlist.language.domains import own_domain
from longlist.language.facts import employees, founded_year
from longlist.model.company import Facts, Place, Record, Status

PACKAGE = "pytickersymbols"
SET = "listed"

_NO_PRODUCTS = re.compile(
    r"^(?:see |list of|full list|various|products?$|services?$|\d|n/?a$|none$)|^see\b|^list\b", re.IGNORECASE
)
_INDEX_WORDS = re.compile(r"\s+(?:component|constituent)s?\b", re.IGNORECASE)
_GONE = re.compile(r"\b(?:defunct|dissolved|former(?:ly)? public|bankrupt)", re.IGNORECASE)


def listed_records() -> Iterator[Record]:
    """Every company of the package as a record; CatalogError when the package is absent or damaged."""
    installed(PACKAGE)
    try:
        module = importlib.import_module(PACKAGE)
        stocks = list(module.PyTickerSymbols().get_all_stocks())
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise CatalogError(
            f"The data package '{PACKAGE}' is installed but cannot be read ({type(error).__name__}: {error}); "
            "re-install it with `make setup`."
        ) from error
    seen: dict[str, int] = {}
    for stock in stocks:
        identity = _identity(stock)
        seen[identity] = seen.get(identity, 0) + 1
        if seen[identity] > 1:  # two companies under one symbol
            identity = f"{identity}~{_name_key(str(stock.get('name')))}"
        yield record_of(identity, stock)


def _identity(stock: Mapping[str, Any]) -> str:
    """The symbol; for companies without one the ISIN, else a short hash of the name."""
    symbol = clean(str(stock.get("symbol") or ""))
    isins = stock.get("isins") or ()
    return symbol or (clean(str(isins[0])) if isins else "") or _name_key(str(stock.get("name")))


def _name_key(name: str) -> str:
    return "name-" + hashlib.sha256(name.encode()).hexdigest()[:12]


def record_of(identity: str, stock: Mapping[str, Any]) -> Record:
    """One company of the package as a record under `identity`."""
    box: Mapping[str, Any] = stock.get("metadata") or {}

    def field(name: str) -> str:
        value = box.get(name)
        return "" if value in (None, 0, "") else clean(str(value))

    name = clean(str(stock.get("name") or identity))
    industries = _unique(clean(str(i)) for i in stock.get("industries") or ())
    products = "" if _NO_PRODUCTS.search(field("products")) else field("products").replace(" , ", ", ")
    description = "; ".join(part for part in ((", ".join(industries)), products) if part)
    website = field("website")
    domain = own_domain(website)
    headquarters = tidy(field("headquarters"))
    stated_country = clean(str(stock.get("country") or ""))
    stated_country = "" if stated_country.lower() == "none" else stated_country
    company_type, traded_as = field("company_type"), _INDEX_WORDS.sub("", field("traded_as"))

    said = Statements()
    said.say(name)
    said.label("Industries", industries)
    said.label("Products", products)
    said.label("Type", company_type, "status")
    said.label("Traded as", traded_as, "listed", "status")
    symbols = _unique(
        str(s.get("google") or s.get("yahoo") or "") for s in stock.get("symbols") or () if isinstance(s, Mapping)
    )
    said.label("Stock symbol", clean(str(stock.get("symbol") or "")) or ", ".join(symbols[:3]), "listed", "status")
    said.say("Listed on a stock exchange", *(("listed", "status") if "listed" not in said.quotes else ()))
    said.label("Founded", field("founded"), "founded")
    said.label("Founder", field("founder"))
    said.label("Employees", field("employees"), "employees")
    place = headquarters_place(headquarters, stated_country)
    if seat(headquarters).country:
        said.label("Headquarters", headquarters, "hq")
    else:  # the text alone names no country: the `country` field is what the place rests on
        said.label("Country", stated_country, "hq")
        said.label("Headquarters", headquarters, "hq")
    said.label("Website", domain and website)
    said.label("Wikipedia", field("wikipedia_url"))
    models, model_quote = model_facts(said.lines, description, industries)
    facts = Facts(
        founded=founded_year(box.get("founded")),
        employees=employees(box.get("employees")),
        hq=place,
        status=_status(company_type, traded_as),
        listed=True,
        business_models=models,
    )
    quotes = {**said.quotes, **model_quote}
    return Record(
        key=f"catalog:{SET}:{identity}",
        name=name,
        domain=domain,
        description=description,
        text=said.text,
        tags=industries,
        facts=replace(
            facts,
            quotes={name: quote for name, quote in quotes.items() if getattr(facts, name) not in (None, Place(), ())},
        ),
        website=website if domain else "",
    )


def _status(company_type: str, traded_as: str) -> Status:
    words = company_type.lower()
    if _GONE.search(words):
        return "closed"
    taken_over = re.search(r"\bsubsidiary\b|\bdivision\b", words) and "public" not in words and not traded_as
    return "acquired" if taken_over else "active"


def _unique(values: Iterator[str]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for value in values:
        if value:
            seen.setdefault(value.casefold(), value)
    return tuple(seen.values())
