"""A look at a Postgres database that changes nothing and makes nothing, whatever state it is in."""

from typing import Any

from longlist.store.look import UNFINISHED, DatabaseLook
from longlist.store.postgres import POOL, SCHEMA, Address

NEEDED = 2 * POOL + 1
"""Connections that a Longlist process may want."""

TOKENS = "SELECT count(*) FROM token WHERE kind = 'token' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())"
IS_QUEUED = "(to_jsonb(task) ->> 'is_queued')::boolean"  # false, not an error, where tables are of the first revision
COUNTS = {
    "tasks": ("task", "SELECT count(*) FROM task"),
    "unfinished": ("task", f"SELECT count(*) FROM task WHERE {UNFINISHED}"),  # noqa: S608 - nothing from outside
    "waiting": ("task", f"SELECT count(*) FROM task WHERE {UNFINISHED} AND {IS_QUEUED}"),  # noqa: S608
    "tokens": ("token", TOKENS),
    "companies": ("record", "SELECT count(DISTINCT company_key) FROM record"),
}
ABOUT = """
SELECT current_setting('server_version') AS version,
       current_setting('transaction_read_only')::boolean OR pg_is_in_recovery() AS is_read_only,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
       pg_database_size(current_database()) AS bytes,
       has_database_privilege(current_database(), 'CREATE') AS may_make_schema,
       to_regnamespace($1) IS NOT NULL AS has_schema
"""

MAY_WRITE = """
SELECT bool_and(has_table_privilege(format('%I.%I', schemaname, tablename), right_to))
FROM pg_tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS right_to WHERE schemaname = $1
"""


async def look_at_postgres(url: str) -> DatabaseLook | None:
    """What is in the database, None when nothing of ours is; StoreError when it cannot be read, InvalidInput for a wrong URL.

    `revision` is "" where our schema is another program's. Where a table is missing its counts are 0.
    """
    address = Address(url)
    with address.sentences():
        connection = await address.connect()
        try:
            async with connection.transaction(isolation="repeatable_read"):
                return await _look(connection)
        finally:
            await connection.close()


async def _look(connection: Any) -> DatabaseLook | None:
    about = await connection.fetchrow(ABOUT, SCHEMA)
    tables = {row[0] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", SCHEMA)}
    hindrances = []
    if about["is_read_only"]:
        hindrances.append("it can only be read: it is a standby, or was set so")
    elif not about["has_schema"] and not about["may_make_schema"]:
        hindrances.append(f"its user may not make the schema {SCHEMA} there")
    elif tables and not await connection.fetchval(MAY_WRITE, SCHEMA):
        hindrances.append("its user may not read and write all tables")
    if about["most"] - about["used"] < NEEDED:
        hindrances.append(f"few connections are left, and a Longlist process uses up to {NEEDED}")
    server = f"Postgres {about['version'].split()[0]}, {about['used']} of {about['most']} connections in use"
    hindered = "; ".join(hindrances)
    if not tables:
        return DatabaseLook(about["bytes"], 0, "", server=server, hindrance=hindered) if hindered else None
    if "alembic_version" not in tables:
        return DatabaseLook(about["bytes"], 0, "", server=server)
    versions = sorted(row[0] for row in await connection.fetch("SELECT version_num FROM alembic_version"))
    counts: dict[str, Any] = {
        name: await connection.fetchval(sql) if table in tables else 0 for name, (table, sql) in COUNTS.items()
    }
    print_of = "SELECT value FROM meta WHERE key = 'catalog_fingerprint'"
    return DatabaseLook(
        bytes=about["bytes"],
        wal_bytes=0,
        revision=",".join(versions),
        fingerprint=str((await connection.fetchval(print_of) if "meta" in tables else None) or ""),
        server=server,
        hindrance=hindered,
        **counts,
    )
