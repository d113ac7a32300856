"""Fakes of accounts, diaries and events in memory, with the contracts of the real classes."""

from __future__ import annotations

import csv
import secrets
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import IO, Any, TypeVar

from core import texts
from core.errors import Busy, DataError, InvalidRequest, NotFound, NotSignedIn
from core.types import Movie, MovieId
from core.users import (
    MAX_REVIEW_LENGTH,
    NO_CLIENT,
    Change,
    Client,
    Diary,
    Event,
    MarkKind,
    Preferences,
    Rating,
    Review,
    Scope,
    Session,
    Token,
    User,
    UserId,
    check_stars,
)
from engine.accounts.imports.records import UNKNOWN, ImportEffects, ImportLine, ImportPlan, MatchedMovie
from tests.made_up import MOVIES

MIN_PASSWORD = 8
SESSION_AGE = timedelta(days=30)

Value = TypeVar("Value")


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


@dataclass
class FakeEventQueue:
    """An event queue that keeps events in a list."""

    events: list[Event] = field(default_factory=list)
    dropped: int = 0

    def notice(self, events: Sequence[Event]) -> None:
        """Store events."""
        self.events.extend(events)

    def flush(self) -> None:
        """Do nothing: no event is ever waiting."""


@dataclass
class FakeDiaries:
    """Diaries by user, replaced as a whole; `reads` counts how often they were read."""

    movies: Sequence[Movie] = MOVIES
    diaries: dict[UserId, Diary] = field(default_factory=dict)
    changes: list[tuple[UserId, Change]] = field(default_factory=list)
    names: dict[UserId, str] = field(default_factory=dict)
    reads: int = 0
    importing: set[UserId] = field(default_factory=set)
    """Users with a running import: another one is refused."""
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def read(self, user: User) -> Diary:
        """Return the diary of a user."""
        self.reads += 1
        return self.of(user)

    def of(self, user: User) -> Diary:
        """Return the diary without counting."""
        return self.diaries.get(user.id, Diary())

    def rate(self, user: User, movie: MovieId, stars: float | None) -> None:
        """Set or delete a rating."""
        self._known(movie)
        try:
            rating = None if stars is None else Rating(movie, stars, now())
        except ValueError as error:
            raise InvalidRequest({"stars": str(error).removeprefix("stars: ")}) from None
        with self._lock:
            diary = self.of(user)
            before = diary.ratings.get(movie)
            if (before and before.stars) != stars:
                kept = _put(diary.ratings, movie, rating)
                self._write(user, replace(diary, ratings=kept))
                self._note(user, movie, "rating", before and before.stars, stars)

    def thumb(self, user: User, movie: MovieId, *, up: bool) -> float:
        """Rate with four stars or one and a half."""
        stars = 4.0 if up else 1.5
        self.rate(user, movie, stars)
        return stars

    def mark(self, user: User, movie: MovieId, kind: MarkKind, *, on: bool) -> None:
        """Set or delete a mark."""
        self._known(movie)
        with self._lock:
            diary = self.of(user)
            had = movie in diary.marked(kind)
            if had != on:
                marked = _put(diary.marked(kind), movie, now() if on else None)
                self._write(user, replace(diary, marks={**diary.marks, kind: marked}))
                self._note(user, movie, kind.value, "on" if had else None, "on" if on else None)

    def review(self, user: User, movie: MovieId, text: str, *, spoilers: bool = False) -> None:
        """Write, rewrite or delete a review."""
        del spoilers
        self._known(movie)
        text = text.strip()
        if len(text) > MAX_REVIEW_LENGTH:
            raise InvalidRequest({"text": f"expected at most {MAX_REVIEW_LENGTH} characters, got {len(text)}"})
        with self._lock:
            diary = self.of(user)
            before = diary.reviews.get(movie)
            after = Review(movie, text, before.at if before else now(), now()) if text else None
            self._write(user, replace(diary, reviews=_put(diary.reviews, movie, after)))
            self._note(user, movie, "review", before and before.text, text or None)

    def history(self, user: User, *, limit: int = 100, before: datetime | None = None) -> Sequence[Change]:
        """Return changes, latest first."""
        own = [change for who, change in reversed(self.changes) if who == user.id]
        return [change for change in own if before is None or change.at < before][:limit]

    def reviews(self, movie: MovieId) -> Sequence[tuple[str, float | None, str, datetime]]:
        """Return the latest reviews of a movie."""
        found = [
            (self.names.get(who, f"viewer {who}"), _stars(diary, movie), review.text, review.changed_at)
            for who, diary in self.diaries.items()
            if (review := diary.reviews.get(movie))
        ]
        return sorted(found, key=lambda row: row[3], reverse=True)

    def import_turn(self, user: User) -> AbstractContextManager[None]:
        """Return a turn, unless an import of the user is running."""
        if user.id in self.importing:
            raise Busy("another import of yours is running; try again when it has finished")
        return nullcontext()

    def plan_import(self, content: IO[bytes], *, name: str, zone: tzinfo = UTC) -> ImportPlan:  # noqa: ARG002 - reads no dates
        """Match Letterboxd's `Name,Year[,Rating]` or IMDb's `Const,Your Rating,Title,Year` by title and year."""
        rows = list(csv.DictReader(content.read().decode("utf-8-sig", "replace").splitlines()))
        columns = set(rows[0]) if rows else set()
        title = "Name" if "Name" in columns else "Title"
        if not {title, "Year"} <= columns:
            raise DataError("expected columns Name and Year (Letterboxd) or Const, Title and Year (IMDb)", file=name)
        house = "Letterboxd" if title == "Name" else "IMDb"
        score = "Rating" if house == "Letterboxd" else "Your Rating"
        lines, bad = [], []
        for number, row in enumerate(rows, 2):
            try:
                line = self._line(number, row, title, score, scale=1 if house == "Letterboxd" else 2)
                lines.append(replace(line, number=len(lines) + 1, file=name))
            except ValueError as error:
                bad.append(f"{name}, row {number}: {error}")
        return ImportPlan(f"{house} {'ratings' if score in columns else 'watchlist'}", tuple(lines), tuple(bad))

    def effects(self, user: User, plan: ImportPlan) -> ImportEffects:
        """Return what `carry_out` would write: every matched line."""
        del user
        rated = {line.movie.id: (line.stars, now()) for line in plan.matched if line.movie and line.stars}
        marks: dict[MarkKind, dict[MovieId, datetime]] = {}
        for line in plan.matched:
            if line.movie and line.mark:
                marks.setdefault(line.mark, {})[line.movie.id] = now()
        return ImportEffects(rated, marks)

    def state(self, user: User) -> str:
        """Return a text that differs after any change of the diary."""
        return str(self.of(user).revision)

    def near(self, title: str, year: int | None) -> Sequence[Movie]:
        """Return the movies with a title, whatever their year."""
        del year
        return [movie for movie in self.movies if texts.fold(movie.title) == texts.fold(title)]

    def carry_out(self, user: User, plan: ImportPlan) -> ImportEffects:
        """Write the matched lines."""
        effects = self.effects(user, plan)
        for line in plan.matched:
            assert line.movie is not None
            if line.stars is not None:
                self.rate(user, line.movie.id, line.stars)
            if line.mark is not None:
                self.mark(user, line.movie.id, line.mark, on=True)
        return effects

    def forget(self, user: User) -> None:
        """Delete all data of a user."""
        self.diaries.pop(user.id, None)
        self.changes = [(who, change) for who, change in self.changes if who != user.id]

    def _line(self, number: int, row: Mapping[str, str], title: str, score: str, *, scale: int) -> ImportLine:
        stars = float(row[score]) / scale if row.get(score) else None
        if stars is not None:
            check_stars(stars)
        year = int(row["Year"]) if row["Year"] else None
        wanted = (texts.fold(row[title]), year)
        found = next((movie for movie in self.movies if (texts.fold(movie.title), movie.year) == wanted), None)
        mark = None if score in row else MarkKind.WATCHLIST
        movie = MatchedMovie(found.id, found.title, found.year) if found else None
        how = "title and year" if found else ""
        return ImportLine(
            number,
            row[title],
            year,
            movie,
            stars,
            mark,
            None,
            how,
            first=movie,
            first_by=how,
            fault="" if movie else UNKNOWN,
        )

    def _known(self, movie: MovieId) -> None:
        if all(one.id != movie for one in self.movies):
            raise NotFound(f"no film has the id {movie}")

    def _write(self, user: User, diary: Diary) -> None:
        self.names[user.id] = user.name
        self.diaries[user.id] = replace(diary, revision=diary.revision + 1)

    def _note(self, user: User, movie: MovieId, what: str, before: object, after: object) -> None:
        words = [None if value is None else str(value) for value in (before, after)]
        self.changes.append((user.id, Change(movie, what, words[0], words[1], now())))


@dataclass
class FakeAccounts:
    """Accounts, sessions and tokens in dictionaries, with plain passwords, as no real person has one here."""

    diaries: FakeDiaries = field(default_factory=FakeDiaries)
    events: FakeEventQueue = field(default_factory=FakeEventQueue)
    users: dict[UserId, User] = field(default_factory=dict)
    passwords: dict[UserId, str] = field(default_factory=dict)
    open: dict[str, Session] = field(default_factory=dict)
    given: dict[str, Token] = field(default_factory=dict)
    resumed: int = 0
    """How often a session was read."""
    _numbers: int = 0

    def check(self) -> None:
        """Accounts can always be read."""

    def sign_up(self, name: str, password: str, *, preferences: Preferences | None = None) -> User:
        """Create an account."""
        faults = {} if name.strip() else {"name": "expected a name"}
        if self._named(name):
            faults["name"] = "somebody has this name already; choose another"
        if len(password) < MIN_PASSWORD:
            faults["password"] = f"expected at least {MIN_PASSWORD} characters"
        if faults:
            raise InvalidRequest(faults)
        user = User(UserId(self._next()), name.strip(), now(), preferences=preferences or Preferences())
        self.users[user.id], self.passwords[user.id] = user, password
        return user

    def sign_in(self, name: str, password: str, *, client: Client = NO_CLIENT) -> tuple[User, str]:
        """Return the user and the secret of a new session."""
        user = self._named(name)
        if user is None or self.passwords[user.id] != password:
            raise NotSignedIn("no account has this name and password")
        secret = secrets.token_urlsafe(16)
        self.open[secret] = Session(self._next(), user.id, now(), now(), now() + SESSION_AGE, client.label)
        return user, secret

    def resume(self, secret: str) -> tuple[User, Session] | None:
        """Return the owner of a session's secret."""
        self.resumed += 1
        session = self.open.get(secret)
        return (self.users[session.user], session) if session else None

    def sign_out(self, secret: str, *, client: Client = NO_CLIENT) -> None:
        """End a session."""
        del client
        self.open.pop(secret, None)

    def sessions(self, user: User) -> Sequence[Session]:
        """Return the signed-in browsers."""
        return [session for session in reversed(self.open.values()) if session.user == user.id]

    def end_session(self, user: User, session: int, *, client: Client = NO_CLIENT) -> None:
        """End a session."""
        del client
        found = [secret for secret, kept in self.open.items() if (kept.user, kept.id) == (user.id, session)]
        if not found:
            raise NotFound(f"no session {session}")
        del self.open[found[0]]

    def change_password(
        self,
        user: User,
        old: str,
        new: str,
        *,
        keep_session: int | None = None,
        keep_tokens: bool = False,
        client: Client | None = None,
    ) -> str:
        """Change the password and end all other sessions; return the new secret of the kept one."""
        del client
        if self.passwords[user.id] != old:
            raise InvalidRequest({"old": "this is not your password"})
        if len(new) < MIN_PASSWORD:
            raise InvalidRequest({"new": f"expected at least {MIN_PASSWORD} characters"})
        self.passwords[user.id] = new
        self._end(user, keep=keep_session)
        if not keep_tokens:
            self.given = {secret: token for secret, token in self.given.items() if token.user != user.id}
        kept = [secret for secret, session in self.open.items() if session.user == user.id]
        renewed = {secrets.token_urlsafe(16): self.open.pop(secret) for secret in kept}
        self.open.update(renewed)
        return next(iter(renewed), "")

    def close(self, user: User, password: str, *, client: Client = NO_CLIENT) -> None:
        """Delete the account with all its data."""
        del client
        if self.passwords[user.id] != password:
            raise InvalidRequest({"password": "this is not your password"})
        self._end(user)
        self.given = {secret: token for secret, token in self.given.items() if token.user != user.id}
        self.events.events = [event for event in self.events.events if event.user != user.id]
        self.diaries.forget(user)
        del self.users[user.id], self.passwords[user.id]

    def export(self, user: User) -> Mapping[str, Any]:
        """Return all data of the user."""
        diary = self.diaries.of(user)
        return {
            "account": {"name": user.name, "created_at": user.created_at.isoformat()},
            "ratings": [{"movie": movie, "stars": rating.stars} for movie, rating in diary.ratings.items()],
            "marks": {kind.value: list(movies) for kind, movies in diary.marks.items()},
            "reviews": [{"movie": movie, "text": review.text} for movie, review in diary.reviews.items()],
            "events": [event.kind.value for event in self.events.events if event.user == user.id],
        }

    def prefer(self, user: User, preferences: Preferences) -> User:
        """Replace the preferences."""
        changed = replace(self.users[user.id], preferences=preferences)
        self.users[user.id] = changed
        if not preferences.keep_events:
            self.events.events = [event for event in self.events.events if event.user != user.id]
        return changed

    def add_token(
        self, user: User, name: str, scopes: frozenset[Scope], *, days: int | None = None, client: Client = NO_CLIENT
    ) -> tuple[Token, str]:
        """Create an API token; return it with its secret."""
        del client
        if not name.strip() or not scopes:
            raise InvalidRequest({"scopes": "expected at least one"} if name.strip() else {"name": "expected a name"})
        token = Token(self._next(), user.id, name, scopes, now(), now() + timedelta(days=days or 90))
        secret = secrets.token_urlsafe(16)
        self.given[secret] = token
        return token, secret

    def tokens(self, user: User) -> Sequence[Token]:
        """Return tokens, latest first."""
        return [token for token in reversed(self.given.values()) if token.user == user.id]

    def revoke_token(self, user: User, token: int, *, client: Client = NO_CLIENT) -> None:
        """Revoke a token."""
        del client
        found = [secret for secret, kept in self.given.items() if (kept.user, kept.id) == (user.id, token)]
        if not found:
            raise NotFound(f"no token {token}")
        del self.given[found[0]]

    def of_token(self, secret: str) -> tuple[User, frozenset[Scope]] | None:
        """Return the owner and the scopes of a token's secret."""
        token = self.given.get(secret)
        if token is None:
            return None
        user = self.users[token.user]
        return replace(user, administrator=user.administrator and Scope.ADMIN in token.scopes), token.scopes

    def lacks_factor(self, user: User) -> bool:
        """Return False: nobody needs a second factor here."""
        return user.id not in self.users

    def make_administrator(self, user: User) -> User:
        """Make a user an administrator, for tests."""
        self.users[user.id] = replace(self.users[user.id], administrator=True)
        return self.users[user.id]

    def _named(self, name: str) -> User | None:
        return next((v for v in self.users.values() if texts.fold(v.name) == texts.fold(name)), None)

    def _end(self, user: User, *, keep: int | None = None) -> None:
        self.open = {secret: kept for secret, kept in self.open.items() if kept.user != user.id or kept.id == keep}

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers


def _put(kept: Mapping[MovieId, Value], movie: MovieId, value: Value | None) -> dict[MovieId, Value]:
    rest = {key: old for key, old in kept.items() if key != movie}
    return rest if value is None else {**rest, movie: value}


def _stars(diary: Diary, movie: MovieId) -> float | None:
    rating = diary.ratings.get(movie)
    return rating.stars if rating else None
