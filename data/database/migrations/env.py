"""The script that Alembic runs for each migration, on the given connection and in its transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # The caller's transaction holds the lock and is committed by the caller.
    transactional_ddl=False,
)
context.run_migrations()
