"""Where people and what they said are kept: ports that `data/database/` fulfils on SQLite and on PostgreSQL.

Every method is one transaction: it happens whole or not at all, and is on disk when it returns. All are safe between
threads and processes. Times are aware, in UTC. Each raises `StoreUnavailable` when the database cannot answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.evaluation import EvaluationStore
from core.job_stores import ActStore, ExposureStore, JobStore, LeaseStore, TrendStore
from core.trends import DiaryColumns, EventColumns
from core.types import MovieId
from core.users import (
    Change,
    Diary,
    Event,
    EventKind,
    Hint,
    MarkKind,
    Preferences,
    Scope,
    Session,
    Token,
    Viewer,
    ViewerId,
)


class AccountStore(Protocol):
    """Accounts, the browsers that are signed in, and API tokens. Secrets arrive as hashes; none is stored in clear."""

    def create(self, name: str, *, password_hash: str, preferences: Preferences, at: datetime) -> Viewer:
        """A new account. Names are compared folded (`core.texts.fold`). Raises `NameTaken`."""
        ...

    def find(self, name: str) -> tuple[Viewer, str] | None:
        """The account of a name (compared folded) and its password hash."""
        ...

    def viewer(self, viewer: ViewerId) -> Viewer | None:
        """One account."""
        ...

    def password_hash(self, viewer: ViewerId) -> str | None:
        """The password hash of an account."""
        ...

    def set_password(self, viewer: ViewerId, password_hash: str, *, keep_session: int | None = None) -> None:
        """Change the password; ends every session of the viewer but `keep_session`."""
        ...

    def set_preferences(self, viewer: ViewerId, preferences: Preferences) -> None:
        """Replace the preferences; raises the diary's revision."""
        ...

    def set_administrator(self, viewer: ViewerId, administrator: bool) -> None:
        """Give or take the right to look at everybody's recommendations."""
        ...

    def delete(self, viewer: ViewerId) -> None:
        """Delete an account with everything that refers to it: diary, history, sessions, tokens, events."""
        ...

    def open_session(
        self, viewer: ViewerId, *, secret_hash: str, at: datetime, expires_at: datetime, label: str
    ) -> Session:
        """Sign a browser in."""
        ...

    def session(self, secret_hash: str, *, at: datetime) -> tuple[Session, Viewer] | None:
        """The session of a secret unless it expired or was ended; notes that it was seen, at most once an hour."""
        ...

    def sessions(self, viewer: ViewerId) -> Sequence[Session]:
        """Browsers that are signed in, the latest first."""
        ...

    def end_session(self, viewer: ViewerId, session: int) -> bool:
        """Sign one browser of the viewer out; whether there was such a session."""
        ...

    def purge_sessions(self, *, at: datetime) -> int:
        """Delete sessions that expired; how many."""
        ...

    def add_token(
        self, viewer: ViewerId, *, name: str, secret_hash: str, scopes: frozenset[Scope], at: datetime
    ) -> Token:
        """A new API token."""
        ...

    def token(self, secret_hash: str, *, at: datetime) -> tuple[Token, Viewer] | None:
        """The token of a secret unless it was revoked; notes that it was used, at most once an hour."""
        ...

    def tokens(self, viewer: ViewerId) -> Sequence[Token]:
        """Tokens of the viewer, the latest first."""
        ...

    def revoke_token(self, viewer: ViewerId, token: int) -> bool:
        """Make a token of the viewer worthless; whether there was such a token."""
        ...


class DiaryStore(Protocol):
    """What viewers say of films. Every write is idempotent per viewer and film and leaves a line of history.

    Writing what stands there already changes nothing, not even the revision. Concurrent writes of one viewer all
    count: the revision grows by one for each that changed something.
    """

    def read(self, viewer: ViewerId) -> Diary:
        """Everything, in one consistent reading; an empty diary for an unknown viewer."""
        ...

    def revision(self, viewer: ViewerId) -> int:
        """The diary's revision, one indexed lookup; 0 for an unknown viewer."""
        ...

    def rate(self, viewer: ViewerId, ratings: Mapping[MovieId, float | None], *, at: datetime) -> int:
        """Set or (None) take back ratings; gives the revision afterwards. Raises `NotFound` for an unknown viewer."""
        ...

    def mark(self, viewer: ViewerId, kind: MarkKind, movies: Iterable[MovieId], *, on: bool, at: datetime) -> int:
        """Set or take away a mark; gives the revision afterwards."""
        ...

    def review(self, viewer: ViewerId, movie: MovieId, text: str, *, at: datetime) -> int:
        """Write, rewrite or (empty) delete a review; gives the revision afterwards."""
        ...

    def record(
        self,
        viewer: ViewerId,
        *,
        ratings: Mapping[MovieId, tuple[float, datetime]],
        marks: Mapping[MarkKind, Mapping[MovieId, datetime]],
    ) -> int:
        """Write many at once with times of their own, for imports; gives the revision afterwards."""
        ...

    def history(self, viewer: ViewerId, *, limit: int = 100, before: datetime | None = None) -> Sequence[Change]:
        """The latest changes first."""
        ...

    def reviews(self, movie: MovieId, *, limit: int = 20) -> Sequence[tuple[str, float | None, str, datetime]]:
        """Name, stars, text and time of the latest reviews of a film."""
        ...

    def snapshot(self) -> Snapshot:
        """What all viewers say, for training, in one consistent reading."""
        ...

    def totals(self) -> Totals:
        """How much there is."""
        ...

    def count_ratings(self, *, since: datetime) -> int:
        """How many ratings that stand were given or changed since a moment."""
        ...

    def said(self, *, since: datetime, until: datetime) -> DiaryColumns:
        """Ratings given and marks set in a stretch of time (`until` not included), ordered by time.

        Read from the history, which only grows: what was taken back later was still said then.
        """
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every rating and mark of the site, a row each; ratings and marks are separate tables.

    Attributes:
        rating_viewers, rating_movies: int64, (n_ratings,).
        stars: float32, (n_ratings,).
        rating_times: int64, (n_ratings,), seconds since 1970.
        mark_viewers, mark_movies, mark_times: int64, (n_marks,).
        mark_kinds: the `MarkKind` of each mark, (n_marks,) of str.
    """

    rating_viewers: NDArray[np.int64]
    rating_movies: NDArray[np.int64]
    stars: NDArray[np.float32]
    rating_times: NDArray[np.int64]
    mark_viewers: NDArray[np.int64]
    mark_movies: NDArray[np.int64]
    mark_times: NDArray[np.int64]
    mark_kinds: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Totals:
    """How many ratings stand, of how many viewers and films."""

    ratings: int
    viewers: int
    films: int


class EventStore(Protocol):
    """What was noticed of visits."""

    def add(self, events: Sequence[Event]) -> None:
        """Append a batch."""
        ...

    def of_viewer(self, viewer: ViewerId) -> Sequence[Event]:
        """All events of a viewer, oldest first, for the export."""
        ...

    def forget(self, viewer: ViewerId) -> int:
        """Delete the events of a viewer, who opted out; how many these were."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Delete what is older; how many events these were."""
        ...

    def count(self) -> int:
        """How many events are kept."""
        ...

    def columns(self, *, since: datetime, until: datetime, kinds: Sequence[EventKind] = ()) -> EventColumns:
        """Events of a stretch of time (`until` not included), of some kinds or all, ordered by time."""
        ...

    def distinct_viewers(
        self, movies: Sequence[MovieId], *, since: datetime, kinds: Sequence[EventKind]
    ) -> dict[MovieId, int]:
        """How many viewers took notice of each film since then; all without an account count as one."""
        ...


@dataclass(frozen=True, slots=True)
class Hints:
    """What viewers showed of films without saying it, a row each viewer and film, ordered by viewer and film.

    Attributes:
        viewers, movies: int64, (n,).
        clicks: int64, (n,), clicks, wherever the film stood.
        searches: int64, (n,), those of them that came from a search.
        skips: int64, (n,), days on which it was seen in a list, where it was never touched; else 0.
        times: int64, (n,), seconds since 1970, of the last of these.
    """

    viewers: NDArray[np.int64]
    movies: NDArray[np.int64]
    clicks: NDArray[np.int64]
    searches: NDArray[np.int64]
    skips: NDArray[np.int64]
    times: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.movies)


class HintStore(Protocol):
    """What may be learned from besides what viewers said: made anew each night, of events that are still kept."""

    def replace(self, made: Hints) -> None:
        """Replace all hints, those of viewers without an account left out."""
        ...

    def read(self) -> Hints:
        """All hints."""
        ...

    def of_viewer(self, viewer: ViewerId) -> Sequence[Hint]:
        """The hints of one viewer, for the export."""
        ...

    def forget(self, viewer: ViewerId) -> int:
        """Delete the hints of a viewer, who opted out; how many these were."""
        ...


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one database."""

    accounts: AccountStore
    diaries: DiaryStore
    events: EventStore
    jobs: JobStore
    leases: LeaseStore
    acts: ActStore
    trends: TrendStore
    exposures: ExposureStore
    hints: HintStore
    evaluations: EvaluationStore
