"""The highest numbers that were ever given to rows. They are part of a backup, because ids are never reused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

_SEQUENCES = """
SELECT tables.relname, pg_attribute.attname, sequences.oid::regclass::text
FROM pg_class AS sequences
JOIN pg_depend ON pg_depend.objid = sequences.oid AND pg_depend.deptype IN ('a', 'i')
JOIN pg_class AS tables ON tables.oid = pg_depend.refobjid
JOIN pg_attribute ON pg_attribute.attrelid = tables.oid AND pg_attribute.attnum = pg_depend.refobjsubid
WHERE sequences.relkind = 'S' AND tables.relnamespace = current_schema()::regnamespace
"""


def read(connection: sa.Connection) -> dict[str, int]:
    """Return the last number of each table that numbers its rows; tables that never had a row are left out."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence WHERE seq > 0")
        return {name: int(last) for name, last in found}
    numbers = {}
    for table, _, sequence in _sequences(connection):
        last, used = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}").one()  # noqa: S608
        if used:
            numbers[table] = int(last)
    return numbers


def write(connection: sa.Connection, counters: Mapping[str, int]) -> None:
    """Continue numbering after these numbers, and after those of the rows that are present."""
    if connection.dialect.name == "sqlite":
        _write_sqlite(connection, counters)
        return
    for table, column, sequence in _sequences(connection):
        # SQLite keeps no number of tables whose numbers may be reused, PostgreSQL of all.
        quoted = connection.dialect.identifier_preparer.quote
        present = connection.exec_driver_sql(f"SELECT max({quoted(column)}) FROM {quoted(table)}").scalar()  # noqa: S608
        if last := max(counters.get(table, 0), present or 0):
            values = {"sequence": sequence, "last": last}
            connection.execute(sa.text("SELECT setval(CAST(:sequence AS regclass), :last)"), values)


def _write_sqlite(connection: sa.Connection, counters: Mapping[str, int]) -> None:
    numbered = set(
        connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'").scalars()
    )
    for table, last in counters.items():
        if table in numbered:
            connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
            values = {"table": table, "last": last}
            connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), values)


def _sequences(connection: sa.Connection) -> Sequence[tuple[str, str, str]]:
    """Return table, column and quoted name of each sequence that numbers a table's rows."""
    return [(str(table), str(column), str(name)) for table, column, name in connection.exec_driver_sql(_SEQUENCES)]
