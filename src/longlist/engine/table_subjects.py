"""What the rows of a table are about: their companies with profiles, found out once and kept with the row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from longlist.engine.table_kit import TableKit
from longlist.language.domains import own_domain
from longlist.model.company import Candidate, CompanyProfile, SameAs
from longlist.model.table import Row, Table
from longlist.model.web import Errand
from longlist.store.table_store import RowKnown, TableStore
from longlist.tables.answering import Subject
from longlist.tables.forms import shown

SOURCE = "table"
SITE_KEYS = ("company_website", "website", "domain", "url", "input")
NAME_KEYS = ("company_name", "name", "input")


@dataclass(slots=True)
class RowWork:
    """A row under work: its subject, and the values of its cells as they come to be, by key of the column."""

    row: Row
    subject: Subject
    values: dict[str, str] = field(default_factory=dict)

    def about(self) -> Subject:
        """The subject with the values there are by now."""
        return replace(self.subject, values=dict(self.values))


async def subjects_of(
    store: TableStore, kit: TableKit, table: Table, rows: Sequence[Row], errand: Errand
) -> dict[str, RowWork]:
    """The rows with what they are about, by id. What is found out is kept. Raises as an enricher does."""
    above = await _rows_above(store, rows)
    parent = None if table.parent_id is None else await store.table(table.parent_id)
    works = {row.id: RowWork(row, Subject(), _values(table, row)) for row in rows}
    holders: dict[str, Row] = {}  # the row that is a company's: itself, or the one above it
    for row in rows:
        holder = above.get(row.parent_row_id or "", row)
        holders[row.id] = holder
        if parent is not None and holder is not row:
            works[row.id].values = {**_values(parent, holder), **works[row.id].values}
    companies = list({holder.id: holder for holder in holders.values()}.values())
    texts = {
        holder.id: (_values(parent, holder) if parent is not None and holder.id in above else works[holder.id].values)
        for holder in companies
    }
    profiles = await _profiles(store, kit, companies, texts, errand)
    for row in rows:
        found = profiles.get(holders[row.id].id, "")
        values = works[row.id].values
        if isinstance(found, CompanyProfile):
            works[row.id].subject = Subject(found.name, found.domain, found)
            values.setdefault("company_name", found.name)
            values.setdefault("company_website", found.domain)
        else:
            works[row.id].subject = Subject(_name(values), own_domain(_site(values)), None, found)
    return works


async def _rows_above(store: TableStore, rows: Sequence[Row]) -> dict[str, Row]:
    ids = {row.parent_row_id for row in rows if row.parent_row_id is not None}
    return await store.rows_of(ids) if ids else {}


async def _profiles(
    store: TableStore, kit: TableKit, rows: Sequence[Row], texts: Mapping[str, Mapping[str, str]], errand: Errand
) -> dict[str, CompanyProfile | str]:
    """The profile of each row's company, or why it has none, by id of the row."""
    known = await store.profiles_with_ids([row.profile_id for row in rows if row.profile_id is not None])
    found: dict[str, CompanyProfile | str] = {}
    wanted: dict[str, Candidate] = {}
    for row in rows:
        if row.profile_id in known:
            found[row.id] = known[row.profile_id]
        elif (candidate := await _candidate(kit, texts[row.id])) is not None:
            wanted[row.id] = candidate
        else:
            found[row.id] = "The row names no company: its input is empty, or no name or address of one."
    by_key = {candidate.key: candidate for candidate in wanted.values()}
    made = dict(await kit.enricher.enrich(list(by_key.values()), errand)) if by_key else {}
    lacking = [by_key[key] for key, one in made.items() if isinstance(one, str)]
    if lacking and kit.records is not kit.enricher:
        told = await kit.records.enrich(lacking, errand)
        made |= {key: one for key, one in told if isinstance(one, CompanyProfile)}
    fresh: list[RowKnown] = []
    for row_id, candidate in wanted.items():
        profile = made.get(candidate.key, "Nothing is known about this company.")
        if isinstance(profile, SameAs):
            found[row_id] = profile.reason
        elif isinstance(profile, CompanyProfile):
            found[row_id] = profile
            fresh.append(RowKnown(row_id, profile.domain or profile.key, profile))
        else:
            found[row_id] = profile
    await store.put_known(fresh)
    return found


async def _candidate(kit: TableKit, values: Mapping[str, str]) -> Candidate | None:
    """The company that a row's values name: by its own domain, else by its name."""
    domain = own_domain(_site(values))
    name = _name(values)
    if domain:
        return Candidate(domain, domain if name == _site(values) else name, domain, SOURCE, url=f"https://{domain}/")
    if not name:
        return None
    return await kit.find_company(name) or Candidate(f"{SOURCE}:{name[:200]}", name[:300], "", SOURCE)


def _site(values: Mapping[str, str]) -> str:
    return next((values[key] for key in SITE_KEYS if "." in values.get(key, "") and own_domain(values[key])), "")


def _name(values: Mapping[str, str]) -> str:
    return next((" ".join(values[key].split()) for key in NAME_KEYS if values.get(key, "").strip()), "")


def _values(table: Table | None, row: Row) -> dict[str, str]:
    """The values of a row as texts, by key of the column."""
    values: dict[str, str] = {}
    for column in table.columns if table is not None else ():
        if column.config.is_input:
            value = row.data.get(column.id)
        else:
            cell = row.cells.get(column.id)
            value = None if cell is None or cell.value is None or cell.status != "done" else cell.value.answer
        if value is not None and (text := shown(value)):
            values[column.config.key] = text
    return values
