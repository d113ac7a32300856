"""The database of people on SQLite or PostgreSQL: the only home of SQLAlchemy and Alembic."""

from data.database.lending import LODGERS, Lent
from data.database.migrating import current, migrate
from data.database.opening import close, open  # noqa: A004 - read as `database.open`

__all__ = ["LODGERS", "Lent", "close", "current", "migrate", "open"]
