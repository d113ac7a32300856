"""The user database on SQLite or PostgreSQL: the only home of SQLAlchemy and Alembic."""

from data.database.privileges import grant_rows
from data.database.revisions import current, migrate
from data.database.setup import Stores, close, open, open_for, open_serving, pooled  # noqa: A004 - read as `database.open`

__all__ = ["Stores", "close", "current", "grant_rows", "migrate", "open", "open_for", "open_serving", "pooled"]
