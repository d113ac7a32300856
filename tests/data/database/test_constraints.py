"""Constraints of the tables, cascading deletes, and the indexes that queries use."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.types import MovieId
from core.users import Event, EventKind, MarkKind, Scope, User
from data.database import Stores, schema
from data.database.events import partitions
from tests.data.database.servers import (
    LIFE,
    MINUTE,
    NOW,
    fill_credentials,
    fill_social,
    fill_sync,
    fill_watches,
    raw,
    rows,
    say_what_runs_by_the_clock,
    sign_up,
)

HEAT = MovieId(949)
WITH_REVIEWS = ("reports", "review_likes")
"""Tables that also refer to published reviews."""
OF_USERS = [table for table in schema.metadata.sorted_tables if "user_id" in table.c]


def _insert(url: str, table: sa.Table, /, **values: Any) -> None:
    with raw(url) as connection, connection.begin():
        connection.execute(sa.insert(table).values(**values))


def _said_of_movie(user: int, **changed: Any) -> dict[str, Any]:
    return {"user_id": user, "movie": HEAT, "at": NOW, **changed}


@pytest.mark.parametrize("stars", [0, 0.25, 0.75, 4.75, 5.5, -0.5, float("inf")])
def test_the_table_rejects_stars_other_than_half_stars(stores: Stores, ann: User, url: str, stars: float) -> None:
    with pytest.raises(IntegrityError, match="ck_ratings_half_stars"):
        _insert(url, schema.ratings, **_said_of_movie(ann.id, stars=stars))
    assert stores.diaries.read(ann.id).ratings == {}


@pytest.mark.parametrize("stars", [step / 2 for step in range(1, 11)])
def test_the_table_accepts_every_half_star(stores: Stores, ann: User, url: str, stars: float) -> None:
    _insert(url, schema.ratings, **_said_of_movie(ann.id, stars=stars))
    assert stores.diaries.read(ann.id).ratings[HEAT].stars == stars


@pytest.mark.parametrize("mark", MarkKind)
def test_the_table_accepts_every_mark(stores: Stores, ann: User, url: str, mark: MarkKind) -> None:
    _insert(url, schema.marks, **_said_of_movie(ann.id, kind=mark))
    assert stores.diaries.read(ann.id).marks == {mark: {HEAT: NOW}}


@pytest.mark.parametrize("noticed", EventKind)
def test_the_table_accepts_every_kind_of_event(stores: Stores, noticed: EventKind) -> None:
    stores.events.add([Event(noticed, NOW)])
    assert stores.events.count() == 1


@pytest.mark.parametrize(
    ("table", "values", "constraint"),
    [
        (schema.marks, {"kind": "hated"}, "ck_marks_kind"),
        (schema.changes, {"what": "hated"}, "ck_changes_what"),
        (schema.ratings, {"stars": 4, "movie": 0}, "ck_ratings_movie"),
        (schema.marks, {"kind": "liked", "movie": -1}, "ck_marks_movie"),
        (schema.reviews, {"text": "", "changed_at": NOW}, "ck_reviews_words"),
    ],
)
def test_the_tables_reject_meaningless_values(
    ann: User, url: str, table: sa.Table, values: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        _insert(url, table, **_said_of_movie(ann.id, **values))


def test_the_tables_reject_unknown_scopes_and_kinds_of_events(ann: User, url: str) -> None:
    token = {"user_id": ann.id, "secret_hash": "t", "name": "t", "created_at": NOW, "expires_at": NOW}
    with pytest.raises(IntegrityError, match="ck_tokens_scopes"):
        _insert(url, schema.tokens, **token, scopes="root")
    with pytest.raises(IntegrityError, match="ck_events_kind"):
        _insert(url, schema.events, kind="stare", at=NOW, list="", model="", query="")


def test_names_secrets_and_ratings_are_unique(stores: Stores, ann: User, url: str) -> None:
    stores.diaries.rate(ann.id, {HEAT: 4.0}, at=NOW)
    stores.accounts.open_session(ann.id, secret_hash="s", at=NOW, expires_at=NOW + MINUTE, label="")
    with pytest.raises(IntegrityError):
        _insert(url, schema.ratings, **_said_of_movie(ann.id, stars=3))
    with pytest.raises(IntegrityError):
        stores.accounts.open_session(ann.id, secret_hash="s", at=NOW, expires_at=NOW + MINUTE, label="")
    again = {"name": "Ann", "folded_name": "ann", "password_hash": "", "created_at": NOW}
    with pytest.raises(IntegrityError):
        _insert(url, schema.users, **again, administrator=False, preferences={}, revision=0)


@pytest.mark.parametrize("table", OF_USERS, ids=str)
def test_no_row_can_refer_to_an_unknown_account(url: str, table: sa.Table) -> None:
    with pytest.raises(IntegrityError, match=r"FOREIGN KEY|foreign key"):
        _insert(url, table, **_made_up(table, user=999_999))


def test_deleting_an_account_leaves_no_row_in_any_table_that_refers_to_it(stores: Stores, ann: User, url: str) -> None:
    """Every table of the metadata is filled for two users, so that new tables are covered."""
    bob = sign_up(stores, "Bob")
    referring = [
        table
        for table in schema.metadata.sorted_tables
        if any(key.column.table is schema.users and key.ondelete == "CASCADE" for key in table.foreign_keys)
    ]
    assert referring == OF_USERS
    reviews: dict[int, int] = {}
    referring.sort(key=lambda table: table.name in WITH_REVIEWS)
    for table in referring:
        for user in (ann, bob):
            row = _made_up(table, user=user.id)
            if "list_id" in row:
                row["list_id"] = stores.lists.of_user(user.id)[0].id
            if "review_id" in row:
                row["review_id"] = reviews[user.id]
            if "webhook_id" in row:
                row["webhook_id"] = stores.webhooks.of_user(user.id)[0].id
            _insert(url, table, **row)
            if table.name == "published_reviews":
                reviews[user.id] = stores.reviews.of_user(user.id, user.id, limit=1)[0].id
    stores.accounts.delete(ann.id)
    with raw(url) as connection:
        left = {table.name: list(connection.scalars(sa.select(table.c.user_id))) for table in referring}
    assert left == {table.name: [bob.id] for table in referring}


def test_references_to_accounts_cascade_or_are_set_to_null(url: str) -> None:
    """Reads from the database itself which columns refer to accounts, and which tables do not."""
    with raw(url) as connection:
        found = sa.inspect(connection)
        tables = {*found.get_table_names()} - partitions.names(connection)
        keys = {table: found.get_foreign_keys(table) for table in tables}
    ends = {
        (table, key["constrained_columns"][0]): (key["referred_table"], key["options"].get("ondelete"))
        for table, of_table in keys.items()
        for key in of_table
        if len(key["constrained_columns"]) == 1
    }
    forgetting = {("job_runs", "queued_by"), ("audit_log", "by_id"), ("reports", "reporter_id")}
    assert {place for place, end in ends.items() if end == ("users", "SET NULL")} == forgetting
    parts = ("list_entries", "list_members", "list_tastes", "list_invitations", "reports")
    of_lists = {(table, "list_id") for table in parts}
    assert {place for place, end in ends.items() if end == ("lists", "CASCADE")} == of_lists
    of_reviews = {("reports", "review_id"), ("review_likes", "review_id")}
    assert {place for place, end in ends.items() if end == ("published_reviews", "CASCADE")} == of_reviews
    assert ends.pop(("published_reviews", "watch_id")) == ("watches", "CASCADE")
    of_webhooks = {("webhook_deliveries", "webhook_id")}
    assert {place for place, end in ends.items() if end == ("webhooks", "CASCADE")} == of_webhooks
    of_users = set(ends) - forgetting - of_lists - of_reviews - of_webhooks
    assert {place for place, end in ends.items() if end == ("users", "CASCADE")} == of_users
    nobodys = {"users", "alembic_version", "leases", "movie_hours", "changed_hours", "trends", "trend_lists"}
    nobodys |= {"labelled_requests", "evaluation_runs", "job_times", "enrichments", "movie_providers", "request_counts"}
    assert {table for table, of_table in keys.items() if not of_table} == nobodys


def test_deleting_an_account_anonymizes_runs_and_the_audit_log(stores: Stores, ann: User, url: str) -> None:
    run = stores.jobs.enqueue("retrain", parameters={}, by=ann.id, at=NOW)
    stores.audit_log.add(by=ann.id, action="run", subject="retrain", details={}, at=NOW)
    stores.accounts.delete(ann.id)
    assert stores.jobs.get(run.id).queued_by is None
    assert [act.by for act in stores.audit_log.latest()] == [None]
    assert (rows(url, "job_runs"), rows(url, "audit_log")) == (1, 1)


def test_the_table_of_runs_allows_one_active_run_of_a_job(stores: Stores, url: str) -> None:
    run = {"job": "retrain", "queued_at": NOW, "holder": "", "parameters": {}, "attempt": 1, "doing": "", "figures": {}}
    run |= {"error": "", "log": "", "cancel": False}
    for outcome in ("done", "failed", "done", "running"):
        _insert(url, schema.job_runs, **run, outcome=outcome)
    for outcome in ("queued", "running"):
        with pytest.raises(IntegrityError):
            _insert(url, schema.job_runs, **run, outcome=outcome)
    with pytest.raises(IntegrityError, match="ck_job_runs_outcome"):
        _insert(url, schema.job_runs, **{**run, "job": "other"}, outcome="lost")
    assert len(stores.jobs.live()) == 1


def test_the_tables_of_trends_reject_unknown_windows_and_origins(url: str) -> None:
    with pytest.raises(IntegrityError, match="ck_trend_lists_window"):
        _insert(url, schema.trend_lists, window="year", origin="events", made_at=NOW)
    with pytest.raises(IntegrityError, match="ck_trend_lists_origin"):
        _insert(url, schema.trend_lists, window="day", origin="rumour", made_at=NOW)
    trend = {"rank": 1, "movie": HEAT, "score": 1, "users": 1, "recent": 1, "usual": 1}
    with pytest.raises(IntegrityError, match="ck_trends_window"):
        _insert(url, schema.trends, window="year", **trend)


def test_the_stores_fill_every_table(stores: Stores, ann: User, url: str) -> None:
    stores.accounts.open_session(ann.id, secret_hash="s", at=NOW, expires_at=NOW + MINUTE, label="")
    scopes = frozenset({Scope.SCROBBLE})
    stores.accounts.add_token(ann.id, name="t", secret_hash="t", scopes=scopes, at=NOW, expires_at=NOW + LIFE)
    stores.diaries.rate(ann.id, {HEAT: 4.0}, at=NOW)
    stores.diaries.mark(ann.id, MarkKind.LIKED, [HEAT], on=True, at=NOW)
    stores.diaries.review(ann.id, HEAT, "Good", at=NOW)
    stores.events.add([Event(EventKind.CLICK, NOW, ann.id, HEAT)])
    say_what_runs_by_the_clock(stores, ann)
    fill_credentials(stores, ann)
    fill_watches(stores, ann)
    fill_social(stores, ann)
    fill_sync(stores, ann)
    assert all(rows(url, table.name) for table in schema.metadata.sorted_tables)


HOT = [
    "SELECT revision FROM users WHERE id = 7",
    "SELECT id FROM users WHERE folded_name = 'ann'",
    "SELECT id FROM sessions WHERE secret_hash = 'x'",
    "SELECT id FROM tokens WHERE secret_hash = 'x'",
    "SELECT id FROM users WHERE skeleton = 'ann'",
    "SELECT id FROM users WHERE email = 'ann@example.org'",
    "SELECT kind FROM one_time_secrets WHERE secret_hash = 'x'",
    "SELECT kind FROM security_events WHERE user_id = 7 ORDER BY at DESC, id DESC LIMIT 30",
    "SELECT stars FROM ratings WHERE user_id = 7",
    "SELECT at FROM marks WHERE user_id = 7",
    "SELECT text FROM reviews WHERE user_id = 7",
    "SELECT text FROM reviews WHERE movie = 7 ORDER BY changed_at DESC LIMIT 20",
    "SELECT movie FROM changes WHERE user_id = 7 ORDER BY at DESC, id DESC LIMIT 100",
    "SELECT kind FROM events WHERE user_id = 7 ORDER BY at",
    "DELETE FROM events WHERE at < '2026-01-01'",
    "SELECT kind FROM events WHERE at >= '2026-01-01' AND at < '2026-01-02' ORDER BY at, id",
    "SELECT movie, count(DISTINCT user_id) FROM events WHERE movie IN (7, 8) AND at >= '2026-01-01' GROUP BY movie",
    "SELECT id FROM job_runs WHERE outcome IN ('queued', 'running') AND job = 'retrain'",
    "SELECT id FROM job_runs WHERE job = 'retrain' ORDER BY id DESC LIMIT 50",
    "SELECT holder FROM leases WHERE name = 'scheduler'",
    "SELECT weight FROM movie_hours WHERE hour >= 7",
    "SELECT movie FROM trends WHERE \"window\" = 'day' ORDER BY rank",
    "SELECT name FROM import_drafts WHERE id = 'x'",
    "DELETE FROM import_drafts WHERE expires_at <= '2026-01-01'",
    "SELECT url FROM webhooks WHERE user_id = 7 ORDER BY id",
    "SELECT id FROM changes WHERE user_id = 7 AND id > 9 ORDER BY id LIMIT 100",
    "SELECT event FROM webhook_deliveries WHERE webhook_id = 7 ORDER BY id DESC LIMIT 100",
    "SELECT id FROM webhook_deliveries WHERE next_at <= '2026-01-01'",
    "SELECT title FROM scrobbles WHERE user_id = 7 ORDER BY id DESC LIMIT 100",
    "UPDATE job_runs SET queued_by = NULL WHERE queued_by = 7",
    "UPDATE audit_log SET by_id = NULL WHERE by_id = 7",
    "UPDATE reports SET reporter_id = NULL WHERE reporter_id = 7",
    "SELECT id FROM reports WHERE outcome = 'open' ORDER BY id DESC LIMIT 50",
    "SELECT user_id FROM follows WHERE followed_id = 7 AND accepted ORDER BY at DESC LIMIT 50",
    "SELECT followed_id FROM follows WHERE user_id = 7 ORDER BY at DESC LIMIT 50",
    "SELECT user_id FROM blocks WHERE blocked_id = 7",
    "SELECT id FROM published_reviews WHERE movie = 7 ORDER BY likes DESC, id DESC LIMIT 10",
    "SELECT id FROM published_reviews WHERE movie = 7 ORDER BY id DESC LIMIT 10",
    "SELECT id FROM published_reviews WHERE user_id = 7 ORDER BY published_at DESC LIMIT 10",
    "SELECT at FROM ratings WHERE user_id = 7 ORDER BY at DESC LIMIT 1 OFFSET 30",
    "SELECT created_at FROM watches WHERE user_id = 7 ORDER BY created_at DESC LIMIT 1 OFFSET 30",
    "SELECT changed_at FROM lists WHERE user_id = 7 ORDER BY changed_at DESC LIMIT 1 OFFSET 30",
    *(f"DELETE FROM {table.name} WHERE user_id = 7" for table in OF_USERS),  # noqa: S608
]


@pytest.mark.parametrize("statement", HOT)
def test_frequent_queries_use_an_index(url: str, kind: str, statement: str) -> None:
    explain = "EXPLAIN QUERY PLAN" if kind == "sqlite" else "EXPLAIN"
    with raw(url) as connection:
        if kind == "postgresql":  # small tables are scanned, whatever the indexes
            connection.exec_driver_sql("SET enable_seqscan = off")
        plan = str(connection.exec_driver_sql(f"{explain} {statement}").all())
    assert "Seq Scan" not in plan
    assert "SCAN" not in plan, plan


def _made_up(table: sa.Table, *, user: int) -> dict[str, Any]:
    """Return a row that the table accepts: any value of each column's type, and values that its CHECKs allow."""
    kinds = {"marks": "liked", "events": "click", "one_time_secrets": "reset", "security_events": "sign_in"}
    kinds["reports"] = "review"
    words: dict[str, Any] = {"kind": kinds.get(table.name), "what": "rating", "scopes": "read", "visibility": "public"}
    words |= {"reason": "spam", "outcome": "logged" if table.name == "scrobbles" else "open"}
    words |= {"status": "waiting", "events": "rating.changed"}
    words |= dict.fromkeys(("followed_id", "blocked_id", "number", "user_id"), user)
    skipped = ("id", "watch_id", "reporter_id")
    return {
        column.name: words.get(column.name) or _any(column, user)
        for column in table.columns
        if column.name not in skipped or isinstance(column.type, schema.Words)
    }


def _any(column: sa.Column[Any], user: int) -> object:
    """Return a value of the column's type."""
    if isinstance(column.type, schema.Words):
        return f"{column.name} of {user}"
    values = {schema.Time: NOW, sa.Date: NOW.date(), sa.JSON: [], sa.LargeBinary: b"content"}
    return values.get(type(column.type), 1)
