"""Renames the type of a labelled request, also in the figures and failures of stored evaluations."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

OLD, NEW = "stance", "query_type"
TYPES = "('wish', 'description', 'memory', 'title')"
TABLE = "labelled_requests"
KEYS = {"stance": "query_type", "stances": "query_types", "expected_stance": "expected_query_type"}


def upgrade() -> None:
    """Apply the new names."""
    _rename(OLD, NEW, KEYS)


def downgrade() -> None:
    """Restore the old names."""
    _rename(NEW, OLD, {new: old for old, new in KEYS.items()})


def _rename(old: str, new: str, keys: dict[str, str]) -> None:
    with op.batch_alter_table(TABLE, table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(f"ck_{TABLE}_{old}", type_="check")
        table.alter_column(old, new_column_name=new)
    with op.batch_alter_table(TABLE, table_kwargs={"sqlite_autoincrement": True}) as table:
        table.create_check_constraint(f"ck_{TABLE}_{new}", f"{new} IN {TYPES}")
    runs = sa.table(
        "evaluation_runs", sa.column("id", sa.Integer), sa.column("figures", sa.JSON), sa.column("failures", sa.JSON)
    )
    connection = op.get_bind()
    for run in connection.execute(sa.select(runs)).all():
        values = {"figures": _renamed(run.figures, keys), "failures": _renamed(run.failures, keys)}
        connection.execute(runs.update().where(runs.c.id == run.id).values(values))


def _renamed(value: Any, keys: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return plain JSON values with other keys; the values are never touched."""
    if isinstance(value, dict):
        return {keys.get(key, key): _renamed(inner, keys) for key, inner in value.items()}
    return [_renamed(inner, keys) for inner in value] if isinstance(value, list) else value
