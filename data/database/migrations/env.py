"""What Alembic runs for each migration: the steps, on the connection and in the transaction that it is given."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # The caller's transaction holds the lock, and ends it.
    transactional_ddl=False,
)
context.run_migrations()
