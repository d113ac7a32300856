"""Databases created for a test and dropped afterwards."""

from __future__ import annotations

import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from core.diary.lists import ListDetails
from core.diary.watches import WatchEntry
from core.enrichment.records import Entry, EntryStatus, Source
from core.evaluation import EvaluationRun, labelled
from core.jobs.runs import JobTime
from core.recommendations.records import ExploredMovie, LoggedDraw
from core.recommendations.snapshots import ImplicitFeedback
from core.social.moderation import NewReport, ReportKind, ReportReason
from core.social.profiles import Person, ProfileSettings, Visibility
from core.sync.records import ImportDraft, NewDelivery, Scrobble, ScrobbleOutcome, WebhookEvent
from core.trends import HourTally, Origin, ServedRequest, Trend, TrendList, Window
from core.types import MovieId
from core.users import Event, EventKind, OneTimeKind, Preferences, SecurityEvent, SecurityEventKind, User
from data.database import Stores, connections

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIFE = timedelta(days=90)


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    """Return the URL of a file that does not exist yet."""
    yield f"sqlite:///{folder / 'people.sqlite'}"


@contextmanager
def postgresql(server: str, template: str = "template1") -> Iterator[str]:
    """Create a database on a server, empty unless copied from another template; return its URL."""
    name = f"marquee_test_{uuid.uuid4().hex}"
    run_on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def run_on_server(server: str, statement: str) -> None:
    """Execute a statement as the server's owner, outside a transaction."""
    with raw(server) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(statement)


@contextmanager
def raw(url: str) -> Iterator[sa.Connection]:
    """Open a connection that bypasses the stores, to read what they wrote and write what they would reject."""
    engine = connections.engine(connections.parse(url), single=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def rows(url: str, table: str) -> int:
    """Return the number of rows of a table."""
    with raw(url) as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608


@contextmanager
def own_server() -> Iterator[tuple[str, Path]]:
    """Start a PostgreSQL server that the test may kill; return its URL and its folder."""
    # Not in pytest's folders, which the server's user cannot access.
    folder = Path(tempfile.gettempdir()) / f"marquee-postgres-{uuid.uuid4().hex}"
    script = ROOT / "deploy" / "postgres-for-tests.sh"
    # Redirect to a file: the server keeps its output open, and reading a pipe would never end.
    with tempfile.TemporaryFile("w+") as said:
        started = subprocess.run([script, "start", folder], stdout=said, stderr=said, check=False)
        said.seek(0)
        assert started.returncode == 0, said.read()
    try:
        yield (folder / "url").read_text(encoding="utf-8").strip(), folder
    finally:
        subprocess.run([script, "stop", folder], capture_output=True, check=False)


def fill_credentials(stores: Stores, user: User) -> None:
    """Insert a row into every table of second factors, one-time secrets and the security log."""
    stores.second_factors.set_totp(user.id, "sealed", step=1, at=NOW)
    stores.second_factors.add_passkey(user.id, credential=f"c{user.id}", public_key="k", uses=1, name="key", at=NOW)
    stores.second_factors.set_codes(user.id, ["a", "b"])
    stores.one_time_secrets.add(
        user.id, OneTimeKind.RESET, secret_hash=f"r{user.id}", details={}, at=NOW, expires_at=NOW + MINUTE
    )
    stores.security_events.add([SecurityEvent(user.id, NOW, SecurityEventKind.SIGN_IN, "192.0.2.0/24", "Firefox")])


def fill_watches(stores: Stores, user: User) -> None:
    """Insert a row into every table of the watch diary and of lists."""
    stores.watches.log(user.id, WatchEntry(movie=MovieId(949), day=NOW.date(), stars=4.5, note="Coffee!"), at=NOW)
    stores.watches.set_goal(user.id, NOW.year, 52)
    made = stores.lists.create(user.id, ListDetails(name="Rainy"), at=NOW, entries=[(MovieId(949), "Coffee!")])
    for secret in ("joined", "open"):
        expires_at = NOW + timedelta(days=1)
        stores.lists.invite(made, user.id, secret_hash=f"{secret} {user.id}", expires_at=expires_at, at=NOW)
    stores.lists.join(f"joined {user.id}", user.id, at=NOW)
    stores.lists.share_taste(made, user.id, on=True, at=NOW)


def fill_social(stores: Stores, user: User) -> None:
    """Insert a row about a user into every table of profiles, follows, reviews and reports; needs `fill_watches`."""
    other = sign_up(stores, f"Other-{user.id}")
    stores.profiles.put(user.id, ProfileSettings(visibility=Visibility.PUBLIC, bio="Hi", reviews=True), at=NOW)
    stores.profiles.put(other.id, ProfileSettings(visibility=Visibility.PUBLIC, reviews=True), at=NOW)
    stores.diaries.review(other.id, MovieId(949), "Theirs", at=NOW)
    theirs = stores.reviews.of_movie(other.id, MovieId(949))
    assert theirs is not None
    stores.reviews.like(user.id, theirs.id, on=True, at=NOW)
    (watch, *_) = stores.watches.read(user.id)
    stores.reviews.publish(user.id, watch.id, spoilers=True, at=NOW)
    stores.follows.follow(user.id, other.id, accepted=True, at=NOW)
    own, them = Person(user.id, user.name), Person(other.id, other.name)
    report = NewReport(kind=ReportKind.PROFILE, owner=own, subject=None, reason=ReportReason.SPAM, text="They sell!")
    stores.reports.add(other.id, report, at=NOW)
    stores.reports.add(user.id, replace(report, owner=them, text="They yell!"), at=NOW)
    stores.follows.block(user.id, sign_up(stores, f"Blocked-{user.id}").id, at=NOW)


def fill_sync(stores: Stores, user: User) -> None:
    """Insert a row into every table of synchronisation."""
    draft = ImportDraft(f"draft of {user.id}", user.id, "ratings.csv", b"content", NOW + timedelta(days=1))
    stores.import_drafts.add(draft, at=NOW)
    events = [WebhookEvent.RATING]
    webhook = stores.webhooks.add(user.id, "https://example.org/", events, secret="encrypted", at=NOW)
    message = NewDelivery(f"msg_{user.id}", WebhookEvent.TEST, "{}")
    stores.webhooks.enqueue(webhook, [message], change=webhook.change, lists_at=webhook.lists_at, at=NOW)
    stores.lists.delete(stores.lists.create(user.id, ListDetails(name="Old"), at=NOW), at=NOW)
    stores.scrobbles.add(user.id, Scrobble(NOW, "plex", ScrobbleOutcome.UNKNOWN, "Coffee!", 1995))


def say_what_runs_by_the_clock(stores: Stores, user: User) -> None:
    """Insert a row into every table of jobs, trends, experiments, evaluations and enrichment."""
    stores.jobs.enqueue("retrain", parameters={"factors": 8}, by=user.id, at=NOW)
    stores.job_times.change(put=[JobTime("retrain", "retrain", NOW, "weekly", MINUTE)])
    stores.leases.acquire("scheduler", holder="here:1:a", at=NOW, until=NOW + MINUTE)
    stores.audit_log.add(by=user.id, action="run", subject="retrain", details={"run": 1}, at=NOW)
    one = np.array([500_000])
    stores.trends.recount(since=0, tally=HourTally(one, one, one / 2, one))
    trend = Trend(MovieId(949), 2.5, 4, 3.0, 0.5)
    stores.trends.publish([TrendList(Window.DAY, Origin.EVENTS, NOW, (trend,))])
    late = NOW - 300 * MINUTE
    stores.events.add([Event(EventKind.CLICK, late, movie=MovieId(949))])
    stores.events.purge(before=late + MINUTE)
    stores.request_counts.add([ServedRequest(NOW, 5.0)])
    stores.exposures.add("ranker", {user.id: "published"}, at=NOW)
    stores.explorations.add([LoggedDraw(user.id, ExploredMovie(MovieId(949), 2, 0, 40, 0.1), NOW)])
    stores.implicit_feedback.replace(ImplicitFeedback(np.array([user.id]), one, one, one, one, one))
    stores.evaluations.label([labelled("sad", "wish", "mood:cry")], at=NOW)
    stores.evaluations.add_run(EvaluationRun(NOW, "rules", "1", 1))
    offers = {"providers": {"US": [{"name": "MUBI", "kind": "stream"}]}}
    stores.enrichments.write(Entry(MovieId(949), Source.TMDB, EntryStatus.FOUND, NOW, payload=offers))


def sign_up(stores: Stores, name: str = "Ann") -> User:
    """Create a user."""
    return stores.accounts.create(name, password_hash="hash", preferences=Preferences(), at=NOW)
