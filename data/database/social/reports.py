"""The store of reports, and of what moderators hid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.errors import InvalidRequest, NotFound
from core.social.moderation import MAX_OPEN_REPORTS, NewReport, Report, ReportKind, ReportOutcome, ReportReason
from core.social.profiles import Person, Visibility
from core.users import UserId
from data.database import diary_writes
from data.database.connections import Database
from data.database.diary.tables import lists, watches
from data.database.schema import AnyRow, reviews, users
from data.database.social.tables import profiles, published_reviews, reports
from data.database.upserts import insert

_SUBJECT = {ReportKind.REVIEW: reports.c.review_id, ReportKind.LIST: reports.c.list_id}
_EMPTY = {
    "visibility": Visibility.PRIVATE, "bio": "", "favourites": [], "ratings": False, "diary": False, "reviews": False,
    "lists": False, "approve_followers": False, "hidden": "", "suspended": "",
}  # fmt: skip
"""The profile of a user who shares nothing."""


class ReportStore:
    """Stores reports. A report is deleted with what it is about."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, reporter: UserId, report: NewReport, *, at: datetime) -> int:
        """Add a report and return its number; an open one of the same user about the same content is replaced.

        Raises:
            NotFound: the account of the reporter does not exist.
            InvalidRequest: `MAX_OPEN_REPORTS` reports of the user are open.
        """
        subject = {_SUBJECT[report.kind].name: report.subject} if report.kind in _SUBJECT else {}
        mine = sa.and_(reports.c.reporter_id == reporter, reports.c.outcome == ReportOutcome.OPEN)
        same = [reports.c.user_id == report.owner.id, reports.c.kind == report.kind]
        same += [reports.c[name] == number for name, number in subject.items()]
        values = {
            "user_id": report.owner.id, "kind": report.kind, "reporter_id": reporter, "reason": report.reason,
            "text": report.text, "at": at, "outcome": ReportOutcome.OPEN, **subject,
        }  # fmt: skip
        with self._database.writing() as connection:
            diary_writes.lock(connection, reporter)
            connection.execute(sa.delete(reports).where(mine, *same))
            if (connection.scalar(sa.select(sa.func.count()).where(mine)) or 0) >= MAX_OPEN_REPORTS:
                raise InvalidRequest({"kind": f"you have {MAX_OPEN_REPORTS} open reports; wait until they are decided"})
            return int(connection.execute(sa.insert(reports).values(values).returning(reports.c.id)).scalar_one())

    def get(self, number: int) -> Report:
        """Return a report. Raises `NotFound`."""
        with self._database.reading() as connection:
            row = connection.execute(_REPORTS.where(reports.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(f"no report {number}")
        return _report(row)

    def page(self, *, open_only: bool, limit: int, before: int | None = None) -> Sequence[Report]:
        """Return open or closed reports, the latest first; `before` is a report's number, for paging."""
        is_open = reports.c.outcome == ReportOutcome.OPEN
        statement = _REPORTS.where(is_open if open_only else sa.not_(is_open))
        if before is not None:
            statement = statement.where(reports.c.id < before)
        with self._database.reading() as connection:
            return [_report(row) for row in connection.execute(statement.order_by(reports.c.id.desc()).limit(limit))]

    def count_open(self) -> int:
        """Return how many reports wait for a decision."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).where(reports.c.outcome == ReportOutcome.OPEN)) or 0

    def close(self, report: Report, outcome: ReportOutcome, *, at: datetime) -> None:
        """Close all open reports of the same content, and the report itself, with the same outcome."""
        same = [reports.c.user_id == report.owner.id, reports.c.kind == report.kind]
        if report.kind in _SUBJECT:
            same.append(_SUBJECT[report.kind] == report.subject)
        which = sa.or_(reports.c.id == report.id, sa.and_(reports.c.outcome == ReportOutcome.OPEN, *same))
        with self._database.writing() as connection:
            connection.execute(sa.update(reports).where(which).values(outcome=outcome, closed_at=at))

    def hide(self, report: Report, why: str, *, at: datetime) -> None:
        """Hide the reported content from everybody but its owner, or (empty) show it again."""
        with self._database.writing() as connection:
            if report.kind is ReportKind.REVIEW:
                one = published_reviews.c.id == report.subject
                connection.execute(sa.update(published_reviews).where(one).values(hidden=why))
            elif report.kind is ReportKind.LIST:
                connection.execute(sa.update(lists).where(lists.c.id == report.subject).values(hidden=why or None))
            else:
                _moderate(connection, report.owner.id, at, hidden=why)

    def suspend(self, owner: UserId, why: str, *, at: datetime) -> None:
        """Stop a user from sharing anything, or (empty) allow it again."""
        with self._database.writing() as connection:
            _moderate(connection, owner, at, suspended=why)

    def exported(self, user: UserId) -> Sequence[dict[str, Any]]:
        """Return the reports that a user sent."""
        names = ("kind", "review_id", "list_id", "reason", "text", "at", "outcome", "closed_at")
        own = sa.select(*(reports.c[name] for name in names)).where(reports.c.reporter_id == user)
        with self._database.reading() as connection:
            return [dict(row._mapping) for row in connection.execute(own.order_by(reports.c.id))]


def _moderate(connection: sa.Connection, user: UserId, at: datetime, **values: str) -> None:
    added = insert(connection, profiles).values({**_EMPTY, "user_id": user, "changed_at": at, **values})
    connection.execute(added.on_conflict_do_update(index_elements=["user_id"], set_=values))


_REPORTER, _OWNER = users.alias("reporter"), users.alias("owner")
_REPORTS = (
    sa.select(
        reports,
        _OWNER.c.name.label("owner_name"),
        _REPORTER.c.name.label("reporter_name"),
        profiles.c.bio,
        profiles.c.suspended,
        profiles.c.hidden.label("profile_hidden"),
        published_reviews.c.movie,
        published_reviews.c.hidden.label("review_hidden"),
        sa.func.coalesce(watches.c.note, reviews.c.text).label("review_text"),
        lists.c.name.label("list_name"),
        lists.c.description,
        lists.c.hidden.label("list_hidden"),
    )
    .join(_OWNER, _OWNER.c.id == reports.c.user_id)
    .outerjoin(_REPORTER, _REPORTER.c.id == reports.c.reporter_id)
    .outerjoin(profiles, profiles.c.user_id == reports.c.user_id)
    .outerjoin(published_reviews, published_reviews.c.id == reports.c.review_id)
    .outerjoin(watches, watches.c.id == published_reviews.c.watch_id)
    .outerjoin(
        reviews,
        sa.and_(reviews.c.user_id == published_reviews.c.user_id, reviews.c.movie == published_reviews.c.reviewed),
    )
    .outerjoin(lists, lists.c.id == reports.c.list_id)
)


def _report(row: AnyRow) -> Report:
    kind = ReportKind(row.kind)
    content, hidden = {
        ReportKind.PROFILE: (row.bio or "", row.profile_hidden),
        ReportKind.REVIEW: (row.review_text or "", row.review_hidden),
        ReportKind.LIST: ("\n".join(filter(None, (row.list_name, row.description))), row.list_hidden),
    }[kind]
    reporter = None if row.reporter_id is None else Person(UserId(row.reporter_id), row.reporter_name)
    return Report(
        id=row.id,
        kind=kind,
        owner=Person(UserId(row.user_id), row.owner_name),
        reporter=reporter,
        subject=row.review_id or row.list_id,
        reason=ReportReason(row.reason),
        text=row.text,
        at=row.at,
        outcome=ReportOutcome(row.outcome),
        closed_at=row.closed_at,
        content=content,
        movie=row.movie,
        hidden=bool(hidden),
        suspended=bool(row.suspended),
    )
