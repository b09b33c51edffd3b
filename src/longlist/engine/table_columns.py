"""What columns a table may have: checked as a whole, whatever changed; and the changes, as functions of a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import uuid4

from longlist.errors import Conflict, InvalidInput, NotFound
from longlist.model.table import (
    AUTOMATIC,
    MAX_COLUMNS,
    MAX_LABELS,
    Agent,
    Column,
    ColumnConfig,
    ColumnKind,
    Table,
    TableKind,
)
from longlist.tables.schemas import checked_schema

FROM_THE_COMPANY: Mapping[str, ColumnKind] = {
    "company_profile": "company_profile",
    "company_name": "company_name",
    "company_website": "company_website",
}
"""Columns whose cells are known as soon as the company of the row is; the others need not wait for them."""

_PERSON_PROMPTS: Mapping[str, tuple[str, str, str]] = {
    "full_name": ("Full name", "The person's full name.", "text"),
    "role": ("Role", "The person's present role at the company.", "text"),
    "profile_url": ("Profile", "The address of the person's professional profile.", "url"),
}

InsertAfter: TypeAlias = bool | str
Change: TypeAlias = Callable[[Table], Sequence[Column]]


def automatic(kind: TableKind, given: Iterable[ColumnConfig]) -> tuple[ColumnConfig, ...]:
    """The columns of a new table: those it has by itself, then the given ones; one that is given takes the place of its own."""
    given = list(given)
    by_key = {config.key: config for config in given}
    own = [by_key[key] if key in by_key else _automatic(kind, key) for key in AUTOMATIC[kind]]
    return (*own, *(config for config in given if config not in own))


def _automatic(kind: TableKind, key: str) -> ColumnConfig:
    if key == "input":
        return ColumnConfig("input", "input", "Input")
    if kind == "people":
        name, prompt, form = _PERSON_PROMPTS[key]
        return ColumnConfig("agent", key, name, Agent("linkedin", prompt, "url" if form == "url" else "text"))
    return ColumnConfig(FROM_THE_COMPANY[key], key, key.replace("_", " ").capitalize())


def adding(configs: Sequence[ColumnConfig], insert_after: InsertAfter, parent: Table | None) -> Change:
    """Add columns: at the end (True), at the start (False), or after the column with an id. NotFound without that one."""

    def change(table: Table) -> Sequence[Column]:
        now = datetime.now(UTC)
        new = [Column(str(uuid4()), now, config) for config in configs]
        after = list(table.columns)
        place = {True: len(after), False: 0}.get(insert_after) if isinstance(insert_after, bool) else None
        if place is None:
            place = next((number for number, one in enumerate(after, 1) if one.id == insert_after), None)
        if place is None:
            raise InvalidInput(f"There is no column {str(insert_after)[:100]!r} to insert after.", field="insert_after")
        after[place:place] = new
        check(table.kind, [one.config for one in after], parent)
        return after

    return change


def replacing(column_id: str, config: ColumnConfig, parent: Table | None) -> Change:
    """Give a column another config; of the same kind, since its cells stay."""

    def change(table: Table) -> Sequence[Column]:
        old = column_of(table, column_id)
        if old.config.kind != config.kind:
            raise InvalidInput(
                f"A column stays of its kind, {old.config.kind}; delete it and add one of the kind {config.kind}.",
                field="kind",
            )
        after = [replace(one, config=config) if one.id == column_id else one for one in table.columns]
        check(table.kind, [one.config for one in after], parent)
        return after

    return change


def removing(column_id: str) -> Change:
    """Take a column away; Conflict when others need it."""

    def change(table: Table) -> Sequence[Column]:
        old = column_of(table, column_id)
        needing = [
            one.config.name for one in table.columns if old.config.key in one.config.needs and one.id != column_id
        ]
        if needing:
            raise Conflict(
                f"The column {old.config.key} is needed by {', '.join(needing[:5])}; change or delete "
                f"{'that' if len(needing) == 1 else 'those'} first. Nothing was deleted."
            )
        return [one for one in table.columns if one.id != column_id]

    return change


def ordering(names: Sequence[str]) -> Change:
    """Put columns, by id or key, in this order; those not named come after. InvalidInput for one that is not there."""

    def change(table: Table) -> Sequence[Column]:
        by_name = {one.config.key: one for one in table.columns} | {one.id: one for one in table.columns}
        unknown = next((name for name in names if name not in by_name), None)
        if unknown is not None:
            raise InvalidInput(f"There is no column {unknown[:100]!r} in this table.", field="columns_order")
        first = dict.fromkeys(by_name[name] for name in names)
        return [*first, *(one for one in table.columns if one not in first)]

    return change


def column_of(table: Table, column_id: str) -> Column:
    """The column of a table with this id."""
    found = next((one for one in table.columns if one.id == column_id), None)
    if found is None:
        raise NotFound(f"There is no column {column_id[:100]!r} in this table.")
    return found


def check(kind: TableKind, configs: Sequence[ColumnConfig], parent: Table | None) -> None:
    """InvalidInput, with what is wrong, unless these can be the columns of a table of this kind."""
    if len(configs) > MAX_COLUMNS:
        raise InvalidInput(f"A table has at most {MAX_COLUMNS} columns, not {len(configs)}.", field="column_configs")
    keys = [config.key for config in configs]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise InvalidInput(f"Two columns have the key {twice!r}; keys are unique in a table.", field="column_configs")
    reach = _in_reach(kind, keys, parent)
    for config in configs:
        _check_one(kind, config, reach)
    _check_order(configs)


def _in_reach(kind: TableKind, keys: Iterable[str], parent: Table | None) -> frozenset[str]:
    """The keys that columns may refer to."""
    given = {"company": ("company_name", "company_website"), "people": ("full_name", "profile_url", "role")}
    above = () if parent is None else (*(one.config.key for one in parent.columns), *given["company"])
    return frozenset((*keys, *given.get(kind, ()), *above))


def _check_one(kind: TableKind, config: ColumnConfig, reach: frozenset[str]) -> None:
    def wrong(message: str, field: str = "column_configs") -> InvalidInput:
        return InvalidInput(f"Column {config.key!r}: {message}", field=field)

    if config.kind == "company_people_finder" and kind != "company":
        raise wrong("people are found for the companies of a company table only.")
    if config.kind in ("company_profile", "company_name", "company_website") and kind == "people":
        raise wrong(f"a people table has no column of the kind {config.kind}.")
    unknown = [key for key in config.needs if key not in reach]
    if config.kind in ("email_finder", "phone_finder") and (unknown or "company_website" not in reach):
        raise wrong("it needs the columns full_name, profile_url and company_website, here or in the table above.")
    if unknown:
        raise wrong(
            f"it refers to {{{unknown[0]}}}, and there is no such column. There are: {', '.join(sorted(reach))}."
        )
    if config.agent is not None:
        _check_agent(kind, config.agent, wrong)


def _check_agent(kind: TableKind, agent: Agent, wrong: Callable[[str], InvalidInput]) -> None:
    if kind == "people" and agent.kind == "research_pro":
        raise wrong("research_pro asks about companies; in a people table use llm, linkedin or research_reasoning.")
    if agent.answers in ("select", "multiselect"):
        folded = [" ".join(label.split()).casefold() for label in agent.labels]
        if not folded:
            raise wrong(f"the format {agent.format} needs labels to choose from.")
        if len(folded) > MAX_LABELS or len(set(folded)) < len(folded) or not all(folded):
            raise wrong(f"labels are at most {MAX_LABELS}, different, and not empty.")
    elif agent.labels:
        raise wrong(f"labels belong to the formats select and multiselect, not to {agent.format}.")
    if agent.answers == "json":
        if agent.schema is None:
            raise wrong("the format json needs an output_schema.")
        if fault := checked_schema(agent.schema):
            raise wrong(f"its output_schema cannot be used: {fault}")
    elif agent.schema is not None:
        raise wrong(f"output_schema belongs to the format json, not to {agent.format}.")


def _check_order(configs: Sequence[ColumnConfig]) -> None:
    """InvalidInput when columns need each other in a circle."""
    needs = {config.key: config.needs for config in configs if not config.is_input}
    settled: set[str] = set()
    for start in needs:
        path: list[str] = []
        _follow(start, needs, path, settled)


def _follow(key: str, needs: Mapping[str, Sequence[str]], path: list[str], settled: set[str]) -> None:
    if key in settled or key not in needs:
        return
    if key in path:
        circle = " → ".join((*path[path.index(key) :], key))
        raise InvalidInput(f"These columns need each other in a circle: {circle}.", field="column_configs")
    path.append(key)
    for needed in needs[key]:
        _follow(needed, needs, path, settled)
    path.pop()
    settled.add(key)


def in_order(columns: Sequence[Column]) -> list[Column]:
    """Produced columns, each after those it needs, otherwise as they stand."""
    by_key = {one.config.key: one for one in columns if not one.config.is_input}
    ordered: dict[str, Column] = {}

    def put(key: str) -> None:
        if key in by_key and key not in ordered:
            for needed in by_key[key].config.needs:
                if needed != key:
                    put(needed)
            ordered[key] = by_key[key]

    for key in by_key:
        put(key)
    return list(ordered.values())


def upstream(table: Table, column_ids: Iterable[str]) -> tuple[str, ...]:
    """The ids of the columns that these need, and those need, further ones too, that they are not themselves.

    What is known of the company anyway is not waited for.
    """
    asked = set(column_ids)
    by_key = {one.config.key: one for one in table.columns if not one.config.is_input}
    found: dict[str, None] = {}
    open_ = [one for one in by_key.values() if one.id in asked]
    while open_:
        for key in open_.pop().config.needs:
            needed = by_key.get(key)
            if needed is None or needed.id in found or needed.id in asked or needed.config.kind in FROM_THE_COMPANY:
                continue
            found[needed.id] = None
            open_.append(needed)
    return tuple(found)
