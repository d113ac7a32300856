"""The user database on SQLite or PostgreSQL: the only home of SQLAlchemy and Alembic."""

from data.database.revisions import current, migrate
from data.database.scheduler_engine import FOREIGN_TABLES, SchedulerEngine
from data.database.setup import Stores, close, open, open_serving  # noqa: A004 - read as `database.open`

__all__ = ["FOREIGN_TABLES", "SchedulerEngine", "Stores", "close", "current", "migrate", "open", "open_serving"]
