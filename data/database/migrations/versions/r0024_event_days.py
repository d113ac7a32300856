"""Hours that must be counted again; in PostgreSQL, a partition of `events` for each day.

The existing table becomes the first partition, for everything before the day after tomorrow, and a new table gets its
name: no row is copied. PostgreSQL reads the old table once to verify that all of its rows belong there; meanwhile,
events cannot be read or written, but everything else can. Servers of the version before notice nothing.

Partitions need no primary key: numbers come from one sequence. A unique index over all days would have to contain the
time, and building it would take far longer than verifying the rows.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
RENAMES = "the new table takes the name of the old one, with the same columns"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AHEAD = 14
"""Days for which there are partitions ahead, so that two weeks without maintenance change nothing."""
COLUMNS = "id, kind, at, user_id, movie, list, position, model, query"
INDEXES = {"at": "at", "user_id_at": "user_id, at", "movie_at": "movie, at"}

PARTITIONED = (
    "CREATE TABLE events_partitioned (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (at)",
    "LOCK TABLE events IN ACCESS EXCLUSIVE MODE",
    # Of browsers or servers whose clock was ahead.
    "CREATE TEMPORARY TABLE later ON COMMIT DROP AS SELECT * FROM events WHERE at >= {end}",
    "DELETE FROM events WHERE at >= {end}",
    "ALTER TABLE events ADD CONSTRAINT ck_events_initial_at CHECK (at < {end})",
    "ALTER TABLE events RENAME TO events_initial",
    *(f"ALTER INDEX ix_events_{name} RENAME TO ix_events_initial_{name}" for name in INDEXES),
    "ALTER INDEX pk_events RENAME TO pk_events_initial",
    "ALTER TABLE events_partitioned RENAME TO events",
    *(f"CREATE INDEX ix_events_{name} ON events ({columns})" for name, columns in INDEXES.items()),
    "ALTER TABLE events ADD CONSTRAINT fk_events_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE",
    "ALTER TABLE events ATTACH PARTITION events_initial FOR VALUES FROM (MINVALUE) TO ({end})",
    "ALTER TABLE events_initial DROP CONSTRAINT ck_events_initial_at",
    "CREATE TABLE events_default PARTITION OF events DEFAULT",
    "ALTER SEQUENCE events_id_seq OWNED BY events.id",
)
"""`{end}` is the start of the day after tomorrow, in UTC."""

PARTITIONS = """
CREATE VIEW event_partitions AS
SELECT pg_class.relname AS name,
       substring(pg_get_expr(pg_class.relpartbound, pg_class.oid) FROM $$ TO \\('([^']+)'\\)$$)::timestamptz AS "until"
FROM pg_inherits JOIN pg_class ON pg_class.oid = pg_inherits.inhrelid
WHERE pg_inherits.inhparent = 'events'::regclass
"""
"""The partitions with the end of their period, which is NULL for the one of all other rows."""

PREPARE = """
CREATE FUNCTION prepare_event_partitions(first date, days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
AS $$
DECLARE
    missing date[];
    one date;
    made text;
BEGIN
    missing := ARRAY(
        SELECT day::date FROM generate_series(first, first + days - 1, interval '1 day') AS day
        WHERE to_regclass('events_' || to_char(day, 'YYYYMMDD')) IS NULL
          AND NOT EXISTS (SELECT FROM event_partitions WHERE name = 'events_initial' AND "until" > day)
    );
    IF cardinality(missing) = 0 THEN
        RETURN 0;
    END IF;
    -- In the order in which deleting an account locks them, so that the two cannot wait for each other.
    LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE events_default IN ACCESS EXCLUSIVE MODE;
    FOREACH one IN ARRAY missing LOOP
        made := 'events_' || to_char(one, 'YYYYMMDD');
        CONTINUE WHEN to_regclass(made) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', made);
        EXECUTE format(
            'WITH moved AS (DELETE FROM events_default WHERE at >= $1 AND at < $2 RETURNING *)'
            ' INSERT INTO %I SELECT * FROM moved', made
        ) USING one::timestamptz, (one + 1)::timestamptz;
        EXECUTE format(
            'ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            made, one::timestamptz, (one + 1)::timestamptz
        );
    END LOOP;
    RETURN cardinality(missing);
END $$
"""
"""Rows of these days that arrived before their partition are moved into it."""

DROP = """
CREATE FUNCTION drop_event_partitions(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
AS $$
DECLARE
    one text;
    rows_of_one bigint;
    dropped bigint := 0;
BEGIN
    IF NOT EXISTS (SELECT FROM event_partitions WHERE "until" <= before) THEN
        RETURN 0;
    END IF;
    LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE events IN ACCESS EXCLUSIVE MODE;
    FOR one IN SELECT name FROM event_partitions WHERE "until" <= before LOOP
        EXECUTE format('SELECT count(*) FROM %I', one) INTO rows_of_one;
        EXECUTE format('DROP TABLE %I', one);
        dropped := dropped + rows_of_one;
    END LOOP;
    RETURN dropped;
END $$
"""

FUNCTIONS = "prepare_event_partitions(date, integer)", "drop_event_partitions(timestamptz)"

GRANTS = """
DO $$
DECLARE
    one record;
    role text;
BEGIN
    FOR one IN
        SELECT grantee, privilege_type FROM pg_class, aclexplode(relacl)
        WHERE pg_class.oid = 'events_initial'::regclass AND grantee <> relowner
    LOOP
        role := CASE one.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(one.grantee)) END;
        EXECUTE format('GRANT %s ON events TO %s', one.privilege_type, role);
        IF one.privilege_type = 'DELETE' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION {functions} TO %s', role);
        END IF;
    END LOOP;
END $$
"""
"""Roles keep their privileges; those that may delete events may also drop old ones and prepare partitions."""

WHOLE = (
    "CREATE TABLE events_whole (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
    f"INSERT INTO events_whole SELECT {COLUMNS} FROM events",  # noqa: S608
    "ALTER SEQUENCE events_id_seq OWNED BY NONE",
    *(f"DROP FUNCTION {function}" for function in FUNCTIONS),
    "DROP VIEW event_partitions",
    "DROP TABLE events",
    "ALTER TABLE events_whole RENAME TO events",
    "ALTER TABLE events ADD CONSTRAINT pk_events PRIMARY KEY (id)",
    "ALTER TABLE events ADD CONSTRAINT fk_events_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE",
    *(f"CREATE INDEX ix_events_{name} ON events ({columns})" for name, columns in INDEXES.items()),
    "ALTER SEQUENCE events_id_seq OWNED BY events.id",
)


def upgrade() -> None:
    """Create the table of hours, and partition events."""
    op.create_table(
        "changed_hours",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("hour", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changed_hours"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changed_hours_hour", "changed_hours", ["hour"])
    if op.get_bind().dialect.name == "postgresql":
        _partition()


def downgrade() -> None:
    """Put all events into one table again; hours that changed are not counted again."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in WHOLE:
            op.execute(statement)
    op.drop_index("ix_changed_hours_hour", "changed_hours")
    op.drop_table("changed_hours")


def _partition() -> None:
    connection = op.get_bind()
    schema = str(connection.scalar(sa.select(sa.func.quote_ident(sa.func.current_schema()))))
    today = connection.scalar(sa.text("SELECT (now() AT TIME ZONE 'UTC')::date"))
    end = f"'{today + timedelta(days=2)} 00:00:00+00'"
    for statement in PARTITIONED:
        op.execute(statement.format(end=end))
    functions = ", ".join(FUNCTIONS)
    for statement in (
        PARTITIONS,
        PREPARE.replace("{schema}", schema),
        DROP.replace("{schema}", schema),
        f"REVOKE EXECUTE ON FUNCTION {functions} FROM PUBLIC",
        GRANTS.replace("{functions}", functions),
        f"SELECT prepare_event_partitions('{today}', {AHEAD})",
        f"INSERT INTO events SELECT {COLUMNS} FROM later",  # noqa: S608
    ):
        op.execute(statement)
