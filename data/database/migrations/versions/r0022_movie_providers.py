"""Where movies can be watched, by country and service, for filters; computed from the stored answers of TMDB."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PORTION = 500


def upgrade() -> None:
    """Create and fill the table."""
    table = op.create_table(
        "movie_providers",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("movie", KEY, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("region", "provider", "movie", name="pk_movie_providers"),
        sa.CheckConstraint("movie > 0", name="ck_movie_providers_movie"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_movie_providers_movie", "movie_providers", ["movie"])
    _fill(op.get_bind(), table)


def downgrade() -> None:
    """Drop the table; its rows are computed from other ones."""
    op.drop_table("movie_providers")


def _fill(connection: sa.Connection, table: sa.Table) -> None:
    entries = sa.table("enrichments", sa.column("movie"), sa.column("source"), sa.column("payload", sa.JSON))
    last = 0
    while True:
        portion = sa.select(entries.c.movie, entries.c.payload).where(
            entries.c.source == "tmdb", entries.c.movie > last
        )
        rows = connection.execute(portion.order_by(entries.c.movie).limit(PORTION)).all()
        found = {
            (region, provider["name"].replace("\0", ""), movie)
            for movie, payload in rows
            for region, providers in ((payload or {}).get("providers") or {}).items()
            for provider in providers
            if provider.get("name")
        }
        if found:
            values = [dict(zip(("region", "provider", "movie"), row, strict=True)) for row in sorted(found)]
            connection.execute(sa.insert(table), values)
        if len(rows) < PORTION:
            return
        last = rows[-1][0]
