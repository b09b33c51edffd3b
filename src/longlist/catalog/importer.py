"""A user's own list becomes records: columns mapped by name, each row one citable page, bad lines reported.

`preview` shows what would be read; `read_records` reads it, streaming. Nothing here knows how records are stored.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from longlist.catalog import listed, wappalyzer
from longlist.catalog.fields import Field, mapping_for
from longlist.catalog.lines import Fault
from longlist.catalog.rows import Format, Row, Table, open_table, rows
from longlist.catalog.statements import Statements, clean, clean_lines, model_facts
from longlist.errors import CatalogError, InvalidInput
from longlist.language.domains import own_domain, registered_domain
from longlist.language.facts import (
    employees,
    facts_from_prose,
    founded_year,
    funding_amount,
    funding_stage,
    status,
)
from longlist.language.facts import listed as is_listed
from longlist.language.places import country_name, locate
from longlist.model.company import Facts, Place, Record

_located = lru_cache(maxsize=20_000)(locate)  # lists name the same towns again and again
_SET_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
_RESERVED = frozenset({wappalyzer.SET, listed.SET})
_MAX_NAME = 300
_MAX_VALUE = 4_000
_MAX_PROSE = 100_000
_HYPERLINK = re.compile(r'^=\s*hyperlink\(\s*"([^"]*)"\s*(?:[,;]\s*"([^"]*)")?\s*\)\s*$', re.IGNORECASE)
_QUOTED_FORMULA = re.compile(r'^=\s*"(.*)"\s*$', re.DOTALL)
_FORMULA = re.compile(r"^=\s*[A-Za-z(+@\-$|]")
_NOTHING = frozenset(
    {"", "-", "--", "n/a", "na", "none", "null", "nan", "unknown", "unspecified", "undefined", "#n/a", "nat"}
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """One line that was not taken: its number in the file, why, and how it begins."""

    line: int
    reason: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would read: `mapping` is column to field, `rows` are the first five rows by field."""

    path: Path
    format: Format
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    mapping: Mapping[str, Field]
    unmapped: tuple[str, ...]
    rows: tuple[Mapping[Field, str], ...]


def preview(path: Path, mapping: Mapping[str, str] | None = None) -> Preview:
    """What is in a file and how its columns would be read; `mapping` (column to field) overrides the guess.

    CatalogError when the file cannot be read or nothing in it names a company; InvalidInput for a wrong mapping.
    """
    table = open_table(path)
    chosen = _mapping(table, mapping)
    shown: list[Mapping[Field, str]] = []
    try:
        for item in rows(table):
            if isinstance(item, Row):
                values = _by_field(item.values, chosen)
                shown.append({field: " | ".join(texts)[:200] for field, texts in values.items()})
            if len(shown) == 5:
                break
    except CatalogError:
        if not shown:
            raise
    return Preview(
        path=path,
        format=table.format,
        encoding=table.encoding,
        delimiter=table.delimiter,
        columns=table.columns,
        mapping=chosen,
        unmapped=tuple(column for column in table.columns if column not in chosen),
        rows=tuple(shown),
    )


def read_records(
    path: Path,
    set_name: str,
    mapping: Mapping[str, str] | None = None,
    *,
    on_reject: Callable[[Rejection], None],
    on_note: Callable[[str], None] | None = None,
) -> Iterator[Record]:
    """The companies of a file as records of the set `set_name`, read as they are asked for.

    A record's key is the line's own id, else the company's domain, else made from name and place. Several lines may
    have one key: lines about one company, or companies of two lists that number theirs from 1. Who keeps the records
    must keep them all, as `CatalogStore.put_records` does.

    Every line that is not taken goes to `on_reject`; remarks on the file as a whole go to `on_note`. CatalogError
    when the file cannot be read (records yielded before stay valid); InvalidInput for a wrong set name or mapping.
    """
    if not _SET_NAME.fullmatch(set_name) or set_name in _RESERVED:
        raise InvalidInput(
            f"'{set_name}' cannot name a set: use 1 to 40 lower-case letters, digits, '-', '_' or '.', and none of "
            f"{', '.join(sorted(_RESERVED))}.",
            field="set",
        )
    table = open_table(path)
    return _records(table, set_name, _mapping(table, mapping), on_reject, on_note)


def _mapping(table: Table, given: Mapping[str, str] | None) -> dict[str, Field]:
    chosen = mapping_for(table.columns, given)
    if not {"name", "website"} & set(chosen.values()):
        columns = ", ".join(table.columns[:40]) or "none"
        raise CatalogError(
            f"No column of '{table.path}' could be read as a company's name or website; its columns are: "
            f"{columns[:1_000]}. Say which is which with a mapping: --map COLUMN=name, or --map COLUMN=website."
        )
    return chosen


def _records(
    table: Table,
    set_name: str,
    mapping: Mapping[str, Field],
    on_reject: Callable[[Rejection], None],
    on_note: Callable[[str], None] | None,
) -> Iterator[Record]:
    for item in rows(table, on_note):
        if isinstance(item, Fault):
            on_reject(Rejection(item.number, item.reason, clean(item.excerpt)))
            continue
        record = record_of(_by_field(item.values, mapping), set_name)
        if isinstance(record, str):
            on_reject(
                Rejection(item.line, record, clean(" | ".join(_text(v)[:80] for v in item.values.values()))[:200])
            )
        else:
            yield record


def _by_field(values: Mapping[str, Any], mapping: Mapping[str, Field]) -> dict[Field, list[str]]:
    """The stated values of a row by field, best column first, formulas resolved where they hold text."""
    found: dict[Field, list[str]] = {}
    for column, field in mapping.items():
        text = _text(values.get(column), url=field == "website")
        if text.strip().lower() not in _NOTHING and text not in found.get(field, ()):
            found.setdefault(field, []).append(text)
    return found


def _text(value: Any, *, url: bool = False) -> str:
    """Any value as text: lists joined by commas, objects by their name; lines and blanks of long texts kept."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dict):
        return _text(next((value[key] for key in ("name", "value", "title", "label") if key in value), None))
    if isinstance(value, list | tuple):
        return ", ".join(text for item in value[:200] if (text := _text(item) if not isinstance(item, list) else ""))
    text = "\n".join(clean_lines(str(value)[:_MAX_PROSE]))
    if text.startswith("="):
        if link := _HYPERLINK.match(text):
            return link[1] if url else (link[2] or link[1])
        if quoted := _QUOTED_FORMULA.match(text):
            return quoted[1]
        if _FORMULA.match(text):
            return ""
    return text


def record_of(values: Mapping[Field, list[str]], set_name: str) -> Record | str:
    """One row (texts by field) as a record of a set, or the reason why it cannot be one."""

    def first(field: Field) -> str:
        return clean(values.get(field, [""])[0])[:_MAX_VALUE]

    websites = [clean(text)[:_MAX_VALUE] for text in values.get("website", ())]
    domain = next((found for text in websites if (found := own_domain(text))), "")
    website = next((text for text in websites if own_domain(text)), websites[0] if websites else "")
    name = first("name")[:_MAX_NAME] or domain
    if not re.search(r"\w", name):
        if website and registered_domain(website):
            return f"states no name, and the host '{registered_domain(website)}' carries many companies"
        return (
            f"states no name, and '{website[:80]}' is not a web address" if website else "states no name and no website"
        )

    said = Statements()
    said.say(name)
    said.label("Formerly", first("former_names"))
    prose = values.get("description", [])
    for text in prose:
        said.prose(text)
    description = "\n".join(dict.fromkeys(line for text in prose for line in clean_lines(text)))
    industries = [clean(text)[:_MAX_VALUE] for text in values.get("industry", ())]
    said.label("Industry", "; ".join(industries))
    tags_text = [clean(text)[:_MAX_VALUE] for text in values.get("tags", ())]
    said.label("Tags", "; ".join(tags_text))
    tags = _tags([*industries, *tags_text])
    said.label("Products", first("products"))
    said.label("Business model", first("business_model"))
    place = _place(values, said)
    said.label("Regions", first("regions"))

    founded = next((year for text in values.get("founded", ()) if (year := founded_year(text))), None)
    if values.get("founded"):
        said.label("Founded", _stating(values["founded"], founded_year), "founded")
    told = facts_from_prose(description)
    if batch := first("batch"):
        batch_year = _batch_year(batch)
        earlier = told.founded is not None and batch_year is not None and told.founded <= batch_year
        said.label("Accelerator batch", batch, *(("founded",) if founded is None and not earlier else ()))
        founded = founded or (None if earlier else batch_year)
    size = next((count for text in values.get("employees", ()) if (count := employees(text))), None)
    if values.get("employees"):
        said.label("Employees", _stating(values["employees"], employees), "employees")
    state = first("status")
    said.label("Status", state, "status", "listed")
    ownership = "; ".join(clean(text) for text in values.get("listed", ()))[:_MAX_VALUE]
    said.label("Ownership", ownership, "listed")
    stage, amount = first("funding_stage"), first("funding_amount")
    said.label("Funding stage", stage, "funding_stage")
    said.label("Funding", amount, "funding_amount", "funding_stage")
    said.label("Website", website)

    models, model_quote = model_facts(said.lines, "\n".join([description, first("business_model")]), tags)
    stated = Facts(
        founded=founded,
        employees=size,
        hq=place,
        status=status(state) if state.lower() not in {"true", "false"} else ("active" if state == "true" else None),
        listed=_listed(state, ownership),
        business_models=models,
        funding_stage=funding_stage(stage) or funding_stage(amount),
        funding_amount=funding_amount(amount),
    )
    identity = clean(first("id")).replace(" ", "_")[:100] or domain or _hash(values)
    return Record(
        key=f"catalog:{set_name}:{identity}",
        name=name,
        domain=domain,
        description=description,
        text=said.text,
        tags=tags,
        facts=_completed(stated, told, {**said.quotes, **model_quote}),
        website=website,
    )


def _tags(texts: list[str]) -> tuple[str, ...]:
    parts = (part.strip() for text in texts for part in re.split(r"\s*(?:[,;|]|->)\s*", text))
    return tuple(dict.fromkeys(part for part in parts if part and len(part) <= 80))[:40]


def _stating(texts: list[str], read: Callable[[str], object]) -> str:
    text = clean(next((text for text in texts if read(text) is not None), texts[0]))[:200]
    return re.sub(r"^(\d+)\.0+$", r"\1", text)


def _place(values: Mapping[Field, list[str]], said: Statements) -> Place:
    """The headquarters: the text of a location column first, then city, state and country columns."""
    locations = [clean(text)[:500] for text in values.get("location", ())]
    city, state, country = (clean(values.get(field, [""])[0])[:200] for field in ("city", "state", "country"))
    columns = ", ".join(part for part in (city, state, country) if part)
    place = Place()
    for text in (*locations, columns):
        found = _located(text) if text else Place()
        if found.country and not place.country:
            place = found
            said.label("Headquarters", text, "hq")
        elif text in locations:
            said.label("Headquarters", text)
        elif not all(
            any(part.lower() in location.lower() for location in locations) for part in (city, state, country)
        ):
            said.label("Place", text)
    if place.country is None and country and (named := country_name(country)):
        place = Place(country=named, state=state or None, city=city or None)
        said.label("Country", country, "hq")
    return place


def _batch_year(batch: str) -> int | None:
    """The year of an accelerator batch: "Winter 2024", "W24", "IK12"."""
    if year := founded_year(batch):
        return year
    short = re.fullmatch(r"[A-Za-z]{1,3}\s?'?(\d\d)", batch)
    return founded_year(f"20{short[1]}") if short else None


def _listed(state: str, ownership: str) -> bool | None:
    if (said := is_listed(ownership)) is not None:
        return said
    if re.fullmatch(r"(?:[A-Z]{2,10}\s?:\s?)?[A-Z0-9.]{1,6}", ownership) and re.search(r"[A-Z]", ownership):
        return True  # a stock symbol
    if ownership.lower() == "true":
        return True
    return is_listed(state)


def _hash(values: Mapping[Field, list[str]]) -> str:
    identifying = "\n".join(
        text for field in ("name", "website", "location", "city", "country") for text in values.get(field, ())
    )
    return "line-" + hashlib.sha256(identifying.encode("utf-8", errors="replace")).hexdigest()[:16]


def _completed(stated: Facts, prose: Facts, quotes: Mapping[str, str]) -> Facts:
    """What columns state, and from prose only what no column states; each fact with its quotation."""

    def pick(name: str) -> Any:
        value = getattr(stated, name)
        return getattr(prose, name) if value is None or value in (Place(), ()) else value

    names = ("founded", "employees", "hq", "status", "listed", "business_models", "funding_stage", "funding_amount")
    kept: dict[str, str] = {}
    for name in names:
        value = getattr(stated, name)
        missing = value is None or value in (Place(), ())
        quote = prose.quotes.get(name) if missing else quotes.get(name)
        if quote and pick(name) not in (None, Place(), ()):
            kept[name] = quote
    return Facts(**{name: pick(name) for name in names}, quotes=kept)
