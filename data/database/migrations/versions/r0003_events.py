"""Events: impressions, clicks and searches."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "'impression', 'click', 'swipe_right', 'swipe_left', 'search'"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "events",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("viewer_id", KEY),
        sa.Column("movie", KEY),
        sa.Column("shelf", sa.Text, nullable=False),
        sa.Column("position", KEY),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="ck_events_kind"),
        sa.ForeignKeyConstraint(["viewer_id"], ["viewers.id"], name="fk_events_viewer_id", ondelete="CASCADE"),
    )
    op.create_index("ix_events_at", "events", ["at"])
    op.create_index("ix_events_viewer_id_at", "events", ["viewer_id", "at"])


def downgrade() -> None:
    """Drop the table with all events."""
    op.drop_table("events")
