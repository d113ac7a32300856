"""The store of ratings, marks and reviews."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from core.diary.lists import ListAddition
from core.diary.watches import WatchEntry, WatchGoal
from core.recommendations.snapshots import Snapshot, Totals
from core.trends import ActivityCounts, DiaryColumns
from core.types import MovieId
from core.users import Change, Diary, MarkKind, Rating, Review, UserId, check_stars
from data.database import diary_writes
from data.database.connections import Database
from data.database.diary import list_imports, tables
from data.database.diary.watches import add_goals, add_many
from data.database.diary_writes import Line
from data.database.events import activities, changed_hours
from data.database.schema import AnyRow, Key, Time, Words, changes, marks, ratings, reviews, storable, users
from data.database.social.reviews import publish_movie_review
from data.database.stores import snapshots

_REVISION, _RATING, _REVIEW = "revision", "rating", "review"


def _part(name: sa.ColumnElement[Any], table: sa.Table, **columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Return one part of the diary with the columns that all parts share."""
    shared: dict[str, sa.types.TypeEngine[Any]] = {
        "number": Key(),
        "stars": sa.Float(53),
        "text": Words(),
        "at": Time(),
        "changed_at": Time(),
    }
    of_user = table.c.id if table is users else table.c.user_id
    return sa.select(
        name.label("part"),
        *(columns.get(column, sa.cast(sa.null(), kind)).label(column) for column, kind in shared.items()),
    ).where(of_user == sa.bindparam("user"))


def _literal(name: str) -> sa.ColumnElement[Any]:
    return sa.cast(sa.literal_column(f"'{name}'"), Words())


# One statement: one consistent read and one round trip.
_READ = sa.union_all(
    _part(_literal(_REVISION), users, number=users.c.revision),
    _part(_literal(_RATING), ratings, number=ratings.c.movie, stars=ratings.c.stars, at=ratings.c.at),
    _part(marks.c.kind, marks, number=marks.c.movie, at=marks.c.at),
    _part(
        _literal(_REVIEW),
        reviews,
        number=reviews.c.movie,
        text=reviews.c.text,
        at=reviews.c.at,
        changed_at=reviews.c.changed_at,
    ),
).order_by("number")

_REVISION_OF = sa.select(users.c.revision).where(users.c.id == sa.bindparam("user"))

_USER: sa.BindParameter[int] = sa.bindparam("user")
_STATE = (
    sa.select(
        sa.select(users.c.revision).where(users.c.id == _USER).scalar_subquery(),
        sa.select(sa.func.max(changes.c.id)).where(changes.c.user_id == _USER).scalar_subquery(),
        sa.select(sa.func.sum(tables.watch_goals.c.year))
        .where(tables.watch_goals.c.user_id == _USER)
        .scalar_subquery(),
        sa.func.count(),
        sa.func.max(tables.lists.c.changed_at),
    )
    .select_from(tables.lists)
    .where(tables.lists.c.user_id == _USER)
)
_TOTALS = sa.select(
    sa.func.count(), sa.func.count(sa.distinct(ratings.c.user_id)), sa.func.count(sa.distinct(ratings.c.movie))
).select_from(ratings)
_STARS_OF = (
    sa.select(ratings.c.stars, sa.func.count())
    .where(ratings.c.movie == sa.bindparam("movie"))
    .group_by(ratings.c.stars)
    .order_by(ratings.c.stars)
)
_GIVEN_SINCE = sa.select(sa.func.count()).select_from(ratings).where(ratings.c.at >= sa.bindparam("since", type_=Time))


class DiaryStore:
    """Stores ratings, marks and reviews. Writes are idempotent per user and movie and add an entry to the history.

    Writing an existing value changes nothing, not even the revision. Concurrent writes of one user are all applied: the
    revision grows by one for each that changed something.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, user: UserId) -> Diary:
        """Return the whole diary in one consistent read, ordered by movie id; empty for an unknown user."""
        with self._database.reading() as connection:
            return _diary(connection.execute(_READ, {"user": user}).all())

    def revision(self, user: UserId) -> int:
        """Return the diary's revision by an indexed lookup; 0 for an unknown user."""
        with self._database.reading() as connection:
            return connection.scalar(_REVISION_OF, {"user": user}) or 0

    def state(self, user: UserId) -> str:
        """Return a text that differs after any change of the diary, of own lists, or of the years with goals."""
        with self._database.reading() as connection:
            return " ".join(map(str, connection.execute(_STATE, {"user": user}).one()))

    def rate(self, user: UserId, ratings: Mapping[MovieId, float | None], *, at: datetime) -> int:
        """Set or (None) remove ratings; return the new revision. Raises `NotFound` for an unknown user."""
        for stars in ratings.values():
            if stars is not None:
                check_stars(stars)
        return self._write(user, {diary_writes.RATINGS: [Line(movie, stars, at) for movie, stars in ratings.items()]})

    def mark(self, user: UserId, kind: MarkKind, movies: Iterable[MovieId], *, on: bool, at: datetime) -> int:
        """Set or remove a mark; return the new revision. Raises `NotFound` for an unknown user."""
        value = diary_writes.MARKED if on else None
        lines = [Line(movie, value, at) for movie in dict.fromkeys(movies)]
        return self._write(user, {diary_writes.part_of_marks(kind): lines})

    def review(self, user: UserId, movie: MovieId, text: str, *, at: datetime, spoilers: bool = False) -> int:
        """Set and publish, or (empty) delete a review; return the new revision. Raises `NotFound`."""
        with self._database.writing() as connection:
            revision = diary_writes.write(connection, user, {diary_writes.REVIEWS: [Line(movie, text or None, at)]})
            if storable(text):
                publish_movie_review(connection, user, movie, spoilers=spoilers, at=at)
        return revision

    def record(
        self,
        user: UserId,
        *,
        ratings: Mapping[MovieId, tuple[float, datetime]],
        marks: Mapping[MarkKind, Mapping[MovieId, datetime]],
        watches: Sequence[tuple[WatchEntry, datetime]] = (),
        reviews: Mapping[MovieId, Review] = MappingProxyType({}),
        lists: Sequence[ListAddition] = (),
        goals: Sequence[WatchGoal] = (),
        at: datetime | None = None,
    ) -> int:
        """Write many values with their own times, for imports; return the new revision.

        Movies with unchanged stars or marks keep their time. Raises `NotFound`.

        Args:
            ratings: stars and times by movie.
            marks: times by kind and movie.
            watches: watchings to add, even if the diary has equal ones, and when each was entered.
            reviews: reviews by movie.
            lists: what to add to lists.
            goals: goals of years that have none.
            at: the time of the changes of lists; needed if there are any.
        """
        for stars, _ in ratings.values():
            check_stars(stars)
        wanted = {diary_writes.RATINGS: [Line(movie, stars, at) for movie, (stars, at) in ratings.items()]}
        for kind, movies in marks.items():
            wanted[diary_writes.part_of_marks(kind)] = [
                Line(movie, diary_writes.MARKED, at) for movie, at in movies.items()
            ]
        wanted[diary_writes.REVIEWS] = [
            Line(movie, review.text, review.changed_at, since=review.at) for movie, review in reviews.items()
        ]
        with self._database.writing() as connection:
            revision = diary_writes.write(connection, user, wanted)
            changed_hours.add_late(connection, (line.at for lines in wanted.values() for line in lines))
            add_many(connection, user, watches)
            add_goals(connection, user, goals)
            if lists and at is not None:
                list_imports.add(connection, user, lists, at=at)
        return revision

    def watched_on(self, user: UserId) -> Mapping[tuple[MovieId, date], int]:
        """Return the number of watchings of each movie and day."""
        own = sa.select(tables.watches.c.movie, tables.watches.c.day).where(tables.watches.c.user_id == user)
        with self._database.reading() as connection:
            return Counter((movie, day) for movie, day in connection.execute(own))

    def own_lists(self, user: UserId) -> Sequence[tuple[int, str, frozenset[MovieId]]]:
        """Return number, name and movies of the lists that a user owns, the oldest first."""
        with self._database.reading() as connection:
            return list_imports.own(connection, user)

    def goal_years(self, user: UserId) -> frozenset[int]:
        """Return the years for which a user set a goal."""
        own = sa.select(tables.watch_goals.c.year).where(tables.watch_goals.c.user_id == user)
        with self._database.reading() as connection:
            return frozenset(connection.scalars(own))

    def count_watches(self, user: UserId, movie: MovieId) -> int:
        """Return how many watchings of a movie the diary has."""
        own = (tables.watches.c.user_id == user, tables.watches.c.movie == movie)
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(tables.watches).where(*own)) or 0

    def history(self, user: UserId, *, limit: int = 100, before: datetime | None = None) -> Sequence[Change]:
        """Return changes, latest first."""
        statement = (
            sa.select(changes.c.movie, changes.c.what, changes.c.before, changes.c.after, changes.c.at)
            .where(changes.c.user_id == user)
            .order_by(changes.c.at.desc(), changes.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            statement = statement.where(changes.c.at < before)
        with self._database.reading() as connection:
            return [Change(*row) for row in connection.execute(statement)]

    def snapshot(self) -> Snapshot:
        """Return all ratings and marks for training, in one consistent read, ordered by user and movie."""
        with self._database.reading() as connection:
            return snapshots.read(connection)

    def totals(self) -> Totals:
        """Return the numbers of ratings, users and movies."""
        with self._database.reading() as connection:
            return Totals(*connection.execute(_TOTALS).one())

    def ratings_of(self, movie: MovieId) -> Mapping[float, int]:
        """Return how often each number of stars was given to a movie."""
        with self._database.reading() as connection:
            rows = connection.execute(_STARS_OF, {"movie": movie}).all()
        return {stars: count for stars, count in rows}  # noqa: C416 - mypy knows the types of the pairs

    def count_ratings(self, *, since: datetime) -> int:
        """Return how many current ratings were set or changed since a point in time."""
        with self._database.reading() as connection:
            return connection.scalar(_GIVEN_SINCE, {"since": since}) or 0

    def activities(self, *, since: datetime, until: datetime) -> ActivityCounts:
        """Return distinct users by hour, movie and activity within a period (excluding `until`).

        Counted from the append-only history, which also contains values that were removed later.
        """
        with self._database.reading() as connection:
            return activities.of_diaries(connection, since=since, until=until)

    def changes_between(self, *, since: datetime, until: datetime) -> DiaryColumns:
        """Return ratings and marks set within a period (excluding `until`), ordered by time.

        Read from the append-only history, which also contains values that were removed later.
        """
        with self._database.reading() as connection:
            return snapshots.changes_between(connection, since=since, until=until)

    def _write(self, user: UserId, wanted: Mapping[Any, Sequence[Line]]) -> int:
        with self._database.writing() as connection:
            return diary_writes.write(connection, user, wanted)


def _diary(rows: Sequence[AnyRow]) -> Diary:
    revision = 0
    rated: dict[MovieId, Rating] = {}
    reviewed: dict[MovieId, Review] = {}
    marked: dict[MarkKind, dict[MovieId, datetime]] = defaultdict(dict)
    for part, number, stars, text, at, changed_at in rows:
        if part == _RATING:
            rated[number] = Rating(number, stars, at)
        elif part == _REVIEW:
            reviewed[number] = Review(number, text, at, changed_at)
        elif part == _REVISION:
            revision = number
        else:
            marked[MarkKind(part)][number] = at
    return Diary(
        revision=revision,
        ratings=MappingProxyType(rated),
        marks=MappingProxyType({kind: MappingProxyType(movies) for kind, movies in marked.items()}),
        reviews=MappingProxyType(reviewed),
    )
