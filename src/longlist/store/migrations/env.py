"""Alembic's entry: works on the connection that `longlist.store.migrate` hands over, inside its transaction."""

from alembic import context

from longlist.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
