"""`longlist migrate` and `longlist copy`: databases as a whole."""

from rich.progress import TaskID

from longlist.errors import InvalidInput
from longlist.serve.bars import live
from longlist.serve.session import go, interrupted
from longlist.serve.terminal import print_json, tell
from longlist.settings import load_settings
from longlist.wiring.databases import copy_database, migrate_database

KEPT = "Interrupted. What was copied so far is kept; the same command goes on."


def migrate(*, as_json: bool) -> None:
    """Bring the database up to date, and say from where to where."""
    before, after = go(migrate_database(load_settings()))
    if as_json:
        print_json({"before": before or None, "after": after})
    elif before == after:
        tell(f"The database is up to date: its tables are those of revision {after}.")
    elif before:
        tell(f"The database was brought from revision {before} to {after}.")
    else:
        tell(f"The database was empty; it has the tables of revision {after} now.")


def copy(source: str, target: str, task_ids: list[str] | None, *, as_json: bool) -> None:
    """Copy one database into another, and count what was written."""
    if source == target:
        raise InvalidInput("Source and target are the same database.", field="to_url")

    async def work() -> dict[str, int]:
        with interrupted(lambda: KEPT), live() as bar:
            lines: dict[str, TaskID] = {}

            def on_progress(name: str, count: int) -> None:
                if name not in lines:
                    lines[name] = bar.add_task(name)
                bar.update(lines[name], description=f"{name}: {count:,}")

            return await copy_database(source, target, task_ids, on_progress)

    counts = go(work())
    if as_json:
        print_json(counts)
        return
    if not any(counts.values()):
        tell("Nothing had to be copied: the target has it all.")
        return
    tell("Copied: " + ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) + ".")
