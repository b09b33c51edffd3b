"""People of the companies of a table: found on their pages, and put into the table of people below it."""

from longlist.engine.table_columns import automatic
from longlist.engine.table_subjects import RowWork
from longlist.language.words import fold
from longlist.model.table import NOT_FOUND, CellValue, NewRow, PeopleFinder, Person, Table
from longlist.store.table_store import NewTable, TableStore
from longlist.tables.answering import read_addresses
from longlist.tables.passages import sound
from longlist.tables.people import people_in

PEOPLE_OF = "People: "


async def find_people(store: TableStore, table: Table, work: RowWork, finder: PeopleFinder) -> CellValue:
    """The people in some roles at a row's company; each is a row of the table of people from now on, once."""
    profile = work.subject.profile
    if profile is None:
        return CellValue(NOT_FOUND, work.subject.why_unknown)
    pages = sound(profile.pages)
    found = people_in(pages, finder.roles, finder.most)
    if not found:
        why = f"The pages that were read name nobody as {', '.join(finder.roles)[:300]}."
        return CellValue(NOT_FOUND, why, read_addresses(pages))
    new = NewTable(
        table.owner_id, "people", f"{PEOPLE_OF}{table.name}"[:300], configs=automatic("people", ()), parent_id=table.id
    )
    below = await store.people_table(new)
    await store.add_rows(below.id, [_row(person, work) for person in found], unique=True)
    evidence = tuple(dict.fromkeys(proof for person in found for proof in person.evidence))
    sources = tuple(dict.fromkeys(proof.url for proof in evidence if proof.url))
    answer = [{"full_name": one.full_name, "role": one.role, "profile_url": one.profile_url or None} for one in found]
    return CellValue(answer, f"{len(found)} named on its pages.", sources, evidence)


def _row(person: Person, work: RowWork) -> NewRow:
    def value(text: str) -> CellValue:
        sources = tuple(dict.fromkeys(proof.url for proof in person.evidence if proof.url))
        return CellValue(text, "Named on the company's pages.", sources, person.evidence)

    told = {"full_name": person.full_name, "role": person.role, "profile_url": person.profile_url}
    return NewRow(
        {
            "input": f"{person.full_name}, {person.role}, {work.subject.name}",
            **{key: value(text) for key, text in told.items() if text},
        },
        key=f"person:{fold(person.full_name)}",
        parent_row_id=work.row.id,
    )
