"""What the outer rooms may ask of the engine: one frozen record of use cases, made by `engine.wiring`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from core.config import Settings
from core.ports import IndexInfo
from core.recommendations import Alike, Predictions, Recommendation, Recommendations, Row, TasteProfile, Wish
from core.trends import Origin, Trend, Window
from core.types import FacetValue, Filters, Hit, Movie, MovieId, Page, SearchRequest, Suggestion
from core.understanding import Understanding
from core.users import Change, Diary, Event, MarkKind, Preferences, Scope, Session, Token, Viewer
from engine.administration import (
    Experiments,
    Insights,
    Lifecycle,
    Operations,
    Understandings,
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A row of films on the home page, and the filters (or sort) that lead to all of them."""

    name: str
    filters: Filters
    sort: str
    movies: tuple[Movie, ...]


class Searching(Protocol):
    """Describe a film, find it; or browse by filters."""

    def run(self, request: SearchRequest, *, viewer: Viewer | None = None) -> Page:
        """One page of results; an empty query lists all films that meet the filters.

        The taste of `viewer` reorders the results within a bounded band, unless their preferences say otherwise.

        Raises:
            SearchUnavailable: the engine cannot answer (`IndexMissing`, `EncoderMismatch` say why).
        """
        ...

    def suggest(self, text: str, *, limit: int = 8) -> Sequence[Suggestion]:
        """As-you-type lines; none for blank text."""
        ...

    def understand(self, query: str, *, drop: Sequence[str] = (), literal: bool = False) -> Understanding:
        """What a search text asks for, without searching."""
        ...


MAX_QUESTION = 300
"""Characters of a question: one sentence or two."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, and the movies that it rests on."""

    text: str
    movies: tuple[MovieId, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question."""

    question: str
    claims: tuple[Claim, ...]
    movies: tuple[Movie, ...]
    """The movies that were found, the best first."""
    model: str = ""
    """Who phrased the claims; empty where they are sentences of plots."""
    notice: str = ""


class Asks(Protocol):
    """Short answers from the plots of movies."""

    def ask(self, question: str) -> Answer:
        """A short answer; without claims where nothing was found.

        Raises:
            InvalidRequest: the question is blank or too long (field `question`).
            SearchUnavailable: the engine cannot answer.
        """
        ...


class Films(Protocol):
    """Single films and rows of them."""

    def get(self, movie: MovieId) -> Movie:
        """Raises `NotFound`, naming the id."""
        ...

    def many(self, movies: Sequence[MovieId]) -> Sequence[Movie]:
        """Films in the order asked for, in one call; unknown ones are left out."""
        ...

    def similar(self, movie: MovieId, *, size: int = 12) -> Sequence[Hit]:
        """Films nearest in meaning, the film itself left out. Raises `NotFound`."""
        ...

    def shelves(self) -> Sequence[Shelf]:
        """Popular, highly rated, by genre, by decade: rows with nothing in them are left out."""
        ...

    def genres(self) -> Sequence[FacetValue]:
        """All genres with their numbers of films."""
        ...

    def moods(self, movie: MovieId) -> Mapping[str, float]:
        """The moods that a movie belongs to, with their scores (above 0, up to 1), the highest first."""
        ...

    def decades(self) -> Sequence[FacetValue]:
        """All decades (`1990`) with their numbers of films."""
        ...


class Library(Protocol):
    """What is being served."""

    def info(self) -> IndexInfo:
        """The published index: catalogue, count, version. Raises `IndexMissing`."""
        ...

    def check(self) -> None:
        """Whether a search would work now: index there, engine answering, encoder at hand and the index's own.

        Raises `SearchUnavailable`, `EncoderMismatch` or `ModelMissing` in words.
        """
        ...


class Accounts(Protocol):
    """Who somebody is. Secrets (of sessions, of tokens) exist in the caller's hands only; stores keep hashes."""

    def sign_up(self, name: str, password: str, *, preferences: Preferences | None = None) -> Viewer:
        """A new account. Raises `InvalidRequest` (fields `name`, `password`)."""
        ...

    def sign_in(self, name: str, password: str, *, label: str = "") -> tuple[Viewer, str]:
        """The viewer and the secret of a new session; `label` is what the browser calls itself.

        Raises:
            NotSignedIn: in the same words and time whether the name or the password is wrong.
        """
        ...

    def resume(self, secret: str) -> tuple[Viewer, Session] | None:
        """Who a session's secret belongs to; None once it was ended or expired."""
        ...

    def sign_out(self, secret: str) -> None:
        """End the session of a secret."""
        ...

    def sessions(self, viewer: Viewer) -> Sequence[Session]:
        """Browsers that are signed in, the latest first."""
        ...

    def end_session(self, viewer: Viewer, session: int) -> None:
        """Sign one browser out. Raises `NotFound`."""
        ...

    def change_password(self, viewer: Viewer, old: str, new: str, *, keep_session: int | None = None) -> None:
        """Raises `InvalidRequest` (fields `old`, `new`). Ends every other session."""
        ...

    def close(self, viewer: Viewer, password: str) -> None:
        """Delete the account with all its data. Raises `InvalidRequest` (field `password`)."""
        ...

    def export(self, viewer: Viewer) -> Mapping[str, Any]:
        """Everything that is kept about the viewer, as plain JSON values."""
        ...

    def prefer(self, viewer: Viewer, preferences: Preferences) -> Viewer:
        """Replace the preferences; opting out of events deletes those that are kept."""
        ...

    def add_token(self, viewer: Viewer, name: str, scopes: frozenset[Scope]) -> tuple[Token, str]:
        """A new API token and its secret. Raises `InvalidRequest` (fields `name`, `scopes`)."""
        ...

    def tokens(self, viewer: Viewer) -> Sequence[Token]:
        """Tokens, the latest first."""
        ...

    def revoke_token(self, viewer: Viewer, token: int) -> None:
        """Raises `NotFound`."""
        ...

    def of_token(self, secret: str) -> tuple[Viewer, frozenset[Scope]] | None:
        """Who a token's secret belongs to and what it may do."""
        ...


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One usable row of a viewer's export, and the film that it was matched with."""

    row: int
    title: str
    year: int | None
    movie: Movie | None
    """None: no film of the catalogue matches."""
    stars: float | None
    mark: MarkKind | None
    at: datetime | None
    matched_by: str = ""
    """`id`, `title and year` or empty."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, before it is done."""

    kind: str
    """What the file was taken for, in words: `Letterboxd ratings`, `IMDb watchlist`, …"""
    lines: tuple[ImportLine, ...]
    bad: tuple[str, ...]
    """Rows that cannot be used, each named by file, row and column with what was expected."""

    @property
    def matched(self) -> tuple[ImportLine, ...]:
        """The lines that have a film."""
        return tuple(line for line in self.lines if line.movie is not None)

    @property
    def unmatched(self) -> tuple[ImportLine, ...]:
        """The lines that have none."""
        return tuple(line for line in self.lines if line.movie is None)


class Diaries(Protocol):
    """What viewers say of films. Every write counts in the very next request. Unknown films raise `NotFound`."""

    def read(self, viewer: Viewer) -> Diary:
        """Everything that the viewer said."""
        ...

    def rate(self, viewer: Viewer, movie: MovieId, stars: float | None) -> None:
        """Set or (None) take back a rating. Raises `InvalidRequest` (field `stars`)."""
        ...

    def thumb(self, viewer: Viewer, movie: MovieId, *, up: bool) -> float:
        """A thumb as the half stars that it maps onto; gives these."""
        ...

    def mark(self, viewer: Viewer, movie: MovieId, kind: MarkKind, *, on: bool) -> None:
        """Set or take away a mark."""
        ...

    def review(self, viewer: Viewer, movie: MovieId, text: str) -> None:
        """Write, rewrite or (blank) delete a review. Raises `InvalidRequest` (field `text`)."""
        ...

    def history(self, viewer: Viewer, *, limit: int = 100, before: datetime | None = None) -> Sequence[Change]:
        """The latest changes first."""
        ...

    def reviews(self, movie: MovieId) -> Sequence[tuple[str, float | None, str, datetime]]:
        """Name, stars, text and time of the latest reviews of a film."""
        ...

    def plan_import(self, content: bytes, *, name: str) -> ImportPlan:
        """Read a Letterboxd or IMDb export and match its films. Raises `DataError` for a file that is neither."""
        ...

    def carry_out(self, viewer: Viewer, plan: ImportPlan) -> int:
        """Write the matched lines; safe to repeat. Gives how many films were written."""
        ...


class Noticing(Protocol):
    """Events: what was shown and clicked. Never blocks; drops (and counts) what cannot be kept."""

    def notice(self, events: Sequence[Event]) -> None:
        """Queue events; those of viewers who opted out are the caller's to leave out."""
        ...

    def flush(self) -> None:
        """Wait until everything queued is written."""
        ...


class Recommending(Protocol):
    """Lists that fit somebody, and why."""

    def version(self, viewer: Viewer | None = None) -> str:
        """Version of the model that serves (this viewer) now; empty where there is none."""
        ...

    def for_viewer(self, viewer: Viewer, wish: Wish) -> Recommendations:
        """Diverse, free of what the viewer rated, watched or dismissed; the same until something changes."""
        ...

    def for_guest(self, ratings: Mapping[MovieId, float], wish: Wish) -> Recommendations:
        """For ratings that are sent along; ratings of unknown films are passed over."""
        ...

    def for_member(self, user: str, wish: Wish) -> Recommendations:
        """For a viewer by a model's name: `42` (an account) or `ml:42` (MovieLens). Raises `NotFound`."""
        ...

    def home(self, viewer: Viewer) -> Sequence[Row]:
        """For you, because you liked …, from your watchlist, new to you; empty rows are left out."""
        ...

    def explain(self, viewer: Viewer, movie: MovieId) -> Recommendation:
        """Why this film would (or would not) suit the viewer, and the model that says so. Raises `NotFound`."""
        ...

    def explain_member(self, user: str, movie: MovieId) -> Recommendation:
        """The same for a viewer by a model's name."""
        ...

    def predict(self, user: str, movies: Sequence[MovieId]) -> Predictions:
        """Stars that a viewer (by a model's name) would give. Raises `NotFound`."""
        ...

    def similar(self, movie: MovieId, *, by: str = "both", size: int = 12) -> Alike:
        """Films like one by `meaning`, `taste` or `both`. Raises `NotFound`."""
        ...

    def starters(self, viewer: Viewer, *, size: int = 12) -> Sequence[Movie]:
        """Diverse, well-known films to rate first, of the favourite genres before others; none rated yet."""
        ...

    def deck(self, viewer: Viewer, *, size: int = 10) -> Sequence[Recommendation]:
        """Films to swipe: recommendations mixed with films that teach most about the viewer."""
        ...

    def profile(self, viewer: Viewer) -> TasteProfile:
        """The viewer's taste in figures."""
        ...


@dataclass(frozen=True, slots=True)
class TrendingFilm:
    """One film of a trending list, with why it is there in words."""

    movie: Movie
    trend: Trend
    why: str


@dataclass(frozen=True, slots=True)
class TrendingPage:
    """A trending list as people see it."""

    window: Window
    origin: Origin
    made_at: datetime | None
    """None: nothing was counted yet."""
    films: tuple[TrendingFilm, ...]


class Trending(Protocol):
    """What many people turn to now."""

    def read(self, window: Window, *, size: int = 20) -> TrendingPage:
        """One list, films that left the catalogue left out."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that pages, API and command line are made of."""

    settings: Settings
    search: Searching
    films: Films
    library: Library
    accounts: Accounts
    diaries: Diaries
    events: Noticing
    recommending: Recommending
    trending: Trending
    lifecycle: Lifecycle
    operations: Operations
    experiments: Experiments
    insights: Insights
    asking: Asks
    understandings: Understandings
