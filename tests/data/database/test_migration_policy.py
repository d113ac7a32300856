"""Migrations expand the database, so that an old and a new version can serve side by side."""

from __future__ import annotations

import pytest

from tests.data.database import migration_policy
from tests.data.database.migration_policy import SINCE
from tests.data.database.servers import ROOT

VERSIONS = sorted((ROOT / "data" / "database" / "migrations" / "versions").glob("r*.py"))
NEW = [path for path in VERSIONS if path.name[1:5] > SINCE]


def migration(*lines: str) -> str:
    """Return a migration with these lines."""
    body = [f"    {line}" for line in lines]
    return "\n".join(["def upgrade():", *body, "def downgrade():", "    op.drop_table('x')"])


def test_every_migration_since_the_rule_only_expands() -> None:
    found = {path.name: migration_policy.violations(path.read_text(encoding="utf-8")) for path in NEW}
    assert found == {name: [] for name in found}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("op.drop_column('users', 'name')", "drop_column removes"),
        ("op.drop_table('users')", "drop_table removes"),
        ("op.rename_table('users', 'accounts')", "rename_table removes"),
        ("op.alter_column('users', 'name', new_column_name='title')", "renames a column"),
        ("op.alter_column('users', 'name', nullable=False)", "forbids NULL"),
        ("op.alter_column('users', 'name', type_=sa.Integer())", "changes its type"),
        ("op.add_column('users', sa.Column('more', sa.Text(), nullable=False))", "does not fill it"),
        ("op.create_unique_constraint('uq', 'users', ['name'])", "refuses what the version before writes"),
        ("op.execute('ALTER TABLE users DROP COLUMN name')", "executes"),
        ("op.execute('ALTER TABLE users RENAME name TO title')", "executes"),
    ],
)
def test_what_an_old_version_may_not_survive_is_found(line: str, said: str) -> None:
    (found,) = migration_policy.violations(migration("pass", line))
    assert found.startswith("line 3: ")
    assert said in found
    in_batch = line.replace("op.", "batch.")
    assert migration_policy.violations(migration("with op.batch_alter_table('users') as batch:", f"    {in_batch}"))
    helper = f"def _change():\n    {line}\n{migration('_change()')}"
    assert migration_policy.violations(helper)
    assert migration_policy.violations(f"CONTRACTS = '0.3.0 reads it last'\n{migration(line)}") == []


def test_only_renaming_is_allowed_to_a_migration_that_puts_another_table_in_the_place_of_one() -> None:
    renaming = migration("op.execute('ALTER TABLE events RENAME TO first')")
    assert migration_policy.violations(renaming)
    assert migration_policy.violations(f"RENAMES = 'nobody notices'\n{renaming}") == []
    dropping = migration("op.execute('DROP TABLE events')")
    assert migration_policy.violations(f"RENAMES = 'nobody notices'\n{dropping}")


@pytest.mark.parametrize(
    "line",
    [
        "op.create_table('more', sa.Column('id', sa.Integer(), nullable=False))",
        "op.add_column('users', sa.Column('more', sa.Text(), nullable=True))",
        "op.add_column('users', sa.Column('more', sa.Text()))",
        "op.add_column('users', sa.Column('more', sa.Text(), nullable=False, server_default=''))",
        "op.alter_column('users', 'name', nullable=True)",
        "op.create_index('ix', 'users', ['name'])",
        "op.drop_index('ix')",
    ],
)
def test_expanding_is_allowed(line: str) -> None:
    assert migration_policy.violations(migration(line)) == []


def test_the_migration_that_renamed_everything_would_be_refused() -> None:
    (renaming,) = [path for path in VERSIONS if path.name.startswith("r0009")]
    assert migration_policy.violations(renaming.read_text(encoding="utf-8"))
