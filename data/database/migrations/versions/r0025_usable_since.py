"""The oldest revision whose Marquee can use the database as it is: it tells older servers whether they can start."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Add it beside the revision. A migration that contracts the database sets it to its own revision."""
    op.add_column("alembic_version", sa.Column("usable_since", sa.Text(), nullable=True))
    op.execute("UPDATE alembic_version SET usable_since = '0025'")


def downgrade() -> None:
    """Remove it."""
    op.drop_column("alembic_version", "usable_since")
