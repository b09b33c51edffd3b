"""Bring a database to the newest version of the tables. Runs inside the caller's transaction, so all or nothing."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from longlist.errors import StoreError


def config() -> Config:
    """Alembic's settings; the migrations lie in the package, no alembic.ini is needed."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return settings


def is_current(connection: Connection, place: str) -> bool:
    """Whether the database has the newest tables; StoreError when a newer Longlist made it."""
    scripts = ScriptDirectory.from_config(config())
    known = {script.revision for script in scripts.walk_revisions()}
    found = MigrationContext.configure(connection).get_current_heads()
    if unknown := sorted(set(found) - known):
        raise StoreError(
            f"The database {place} was made by a newer version of Longlist (its tables are {', '.join(unknown)}, this "
            f"version knows up to {scripts.get_current_head()}); it was left as it is. Install the newer version."
        )
    return set(found) == set(scripts.get_heads())


def upgrade(connection: Connection, place: str) -> None:
    """Run the migrations that are lacking; none when another process ran them meanwhile."""
    if is_current(connection, place):
        return
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
