"""Answers to "Was this helpful?" as kinds of events."""

from alembic import op

revision = "0020"
down_revision = "0019"

OLD = "'impression', 'click', 'swipe_right', 'swipe_left', 'search'"
NEW = f"{OLD}, 'helpful', 'unhelpful'"


def upgrade() -> None:
    """Let events be answers."""
    _allow_kinds(NEW)


def downgrade() -> None:
    """Delete the answers."""
    op.execute("DELETE FROM events WHERE kind IN ('helpful', 'unhelpful')")
    _allow_kinds(OLD)


def _allow_kinds(kinds: str) -> None:
    """Replace the CHECK of the kind. SQLite cannot change a CHECK: its table is rebuilt."""
    with op.batch_alter_table("events") as table:
        table.drop_constraint("ck_events_kind", type_="check")
        table.create_check_constraint("ck_events_kind", f"kind IN ({kinds})")
