"""What the outer rooms may ask of the engine: one frozen record of use cases, made by `engine.wiring`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from core.config import Settings
from core.evaluation import EvaluationRun, LabelledRequest
from core.experiments import ExperimentReport
from core.jobs import Act, Parameter, Run
from core.models import Comparison, ModelVersion
from core.people import Change, Diary, Event, MarkKind, Preferences, Scope, Session, Token, Viewer, ViewerId
from core.ports import IndexInfo
from core.taste import Alike, Predictions, Recommendation, Recommendations, Row, TasteProfile, Wish
from core.trends import Origin, Trend, Window
from core.types import FacetValue, Filters, Hit, Movie, MovieId, Page, SearchRequest, Suggestion
from core.understanding import Understanding


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


class Lifecycle(Protocol):
    """The versions of the model, for administrators."""

    def versions(self) -> Sequence[ModelVersion]:
        """Every version, the newest first."""
        ...

    def current(self) -> ModelVersion | None:
        """The one that is published."""
        ...

    def get(self, version: str) -> ModelVersion:
        """Raises `NotFound`."""
        ...

    def best(self, metric: str) -> ModelVersion:
        """The best by a metric. Raises `InvalidRequest` (field `metric`) for one that no version has."""
        ...

    def compare(self, first: str, second: str) -> Comparison:
        """Two versions side by side. Raises `NotFound`."""
        ...

    def activate(self, version: str, *, by: Viewer) -> ModelVersion:
        """Publish a version that is there, in one step; also how one rolls back. Written into the audit log.

        Raises:
            NotFound: there is no such version.
            ModelMissing: its files are damaged; nothing changed.
        """
        ...

    def delete(self, version: str, *, by: Viewer) -> None:
        """Delete a version. Raises `NotFound`; `Busy` for the one that serves."""
        ...


class Operations(Protocol):
    """Jobs and their runs, for administrators."""

    def ask(self, job: str, *, parameters: Mapping[str, Any], by: Viewer) -> Run:
        """Want a job to run; a scheduler takes it up within seconds. Written into the audit log.

        Raises:
            NotFound: there is no such job.
            InvalidRequest: a parameter is unknown or out of range; names it.
            Busy: the job is asked for or runs already.
            SchedulerAway: nobody would take it up; nothing is written.
        """
        ...

    def parameters(self, job: str) -> Mapping[str, Parameter]:
        """What may be asked of a job, by name. Raises `NotFound`."""
        ...

    def cancel(self, run: int, *, by: Viewer) -> Run:
        """Ask a run to stop. Raises `NotFound`."""
        ...

    def get(self, run: int) -> Run:
        """One run. Raises `NotFound`."""
        ...

    def runs(self, job: str | None = None, *, limit: int = 50, before: int | None = None) -> Sequence[Run]:
        """The latest first."""
        ...

    def live(self) -> Sequence[Run]:
        """What is asked for or running."""
        ...

    def upcoming(self) -> Mapping[str, datetime]:
        """When each job runs next, by its name; empty where no scheduler has ever run."""
        ...

    def scheduler(self) -> str:
        """Who runs jobs now (`host:pid`); empty where no scheduler is alive."""
        ...

    def acts(self, *, limit: int = 100, before: int | None = None) -> Sequence[Act]:
        """The audit log, the latest first."""
        ...

    def names(self, viewers: Iterable[ViewerId]) -> Mapping[ViewerId, str]:
        """What accounts are called; those that are gone are left out."""
        ...


class Experiments(Protocol):
    """Questions put to viewers, and what they came to so far."""

    def reports(self) -> Sequence[ExperimentReport]:
        """One for each experiment of the settings, in their order; some seconds old at most."""
        ...


@dataclass(frozen=True, slots=True)
class DataStatistics:
    """How much viewers of this site have said."""

    ratings_per_day: tuple[tuple[date, int], ...]
    """The last days (UTC), the oldest first."""
    viewers: int
    """Who rated anything."""
    films: int
    """Films that anybody rated."""
    ratings: int
    sparsity: float | None
    """Share of the pairs of these viewers and films without a rating; None while there are none."""
    cold_share: float | None
    """Share of the catalogue that the published model learned nothing about from ratings; None where unknown."""


@dataclass(frozen=True, slots=True)
class UnansweredSearch:
    """A text that several viewers searched for without clicking anything."""

    text: str
    """Folded."""
    times: int
    viewers: int


@dataclass(frozen=True, slots=True)
class OnlineFigures:
    """What was measured of what viewers did with what they were shown, see docs/online.md."""

    latest: Mapping[str, Any]
    """Figures of the latest `evaluate-online`, as plain JSON values; empty while there are none."""
    history: tuple[tuple[datetime, Mapping[str, Any]], ...]
    """When, and the shares `click_through`, `sessions` and `rated_well`, the oldest first."""


class Insights(Protocol):
    """What the data say about themselves, for administrators."""

    def data(self, *, days: int = 30) -> DataStatistics:
        """How much viewers have said, with the last days one by one."""
        ...

    def unanswered(self, *, days: int = 30, limit: int = 50) -> Sequence[UnansweredSearch]:
        """Searches of the last days that nobody clicked anything of, the most frequent first; never one person's."""
        ...

    def online(self) -> OnlineFigures:
        """The latest figures, and those before."""
        ...


@dataclass(frozen=True, slots=True)
class LabelsImported:
    """What became of a file of labelled requests."""

    written: int
    faults: tuple[str, ...]
    """Rows that cannot be used, each named by file and row."""


class Understandings(Protocol):
    """Labelled requests, and how well readers of search texts understand them; for administrators."""

    def labelled(self) -> Sequence[LabelledRequest]:
        """All labelled requests, the latest first."""
        ...

    def get(self, number: int) -> LabelledRequest:
        """One of them. Raises `NotFound`."""
        ...

    def label(self, text: str, stance: str, pieces: str, *, by: Viewer, source: str = "form") -> LabelledRequest:
        """Add a request, or replace the one with this text. Raises `InvalidRequest` (the faulty field)."""
        ...

    def edit(self, number: int, text: str, stance: str, pieces: str, *, by: Viewer) -> LabelledRequest:
        """Change one. Raises `NotFound`, `InvalidRequest`."""
        ...

    def delete(self, number: int, *, by: Viewer) -> None:
        """Delete one. Raises `NotFound`."""
        ...

    def load(self, content: bytes, *, name: str, by: Viewer) -> LabelsImported:
        """Import a file, TSV or JSON lines; rows with faults are left out. Raises `DataError` for the whole file."""
        ...

    def runs(self, *, limit: int = 60) -> Sequence[EvaluationRun]:
        """Evaluations of all readers, the latest first."""
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
