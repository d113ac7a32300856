"""Fakes of the engine: the use cases over a list of movies in memory, and services that fail in known ways."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core import texts
from core.config import Settings
from core.enrichment.records import Extras
from core.errors import NotFound
from core.ports import IndexInfo
from core.types import (
    Clause,
    Degradation,
    Facets,
    FacetValue,
    Filters,
    Hit,
    Movie,
    MovieId,
    Page,
    QueryKind,
    Reason,
    SearchRequest,
    Sort,
    Suggestion,
    Trait,
)
from core.understanding import Understanding
from core.users import User
from engine.accounts.diary.lists import Lists
from engine.accounts.diary.watches import Watches
from engine.accounts.imports.previews import ImportDrafts
from engine.catalogue.availability import AvailableAt
from engine.catalogue.movies import HomeRow
from engine.search import named_people
from engine.services import Services
from engine.social.service import Social
from engine.sync.scrobbles import Scrobbles
from engine.sync.webhooks import Webhooks
from tests import fake_understanding
from tests.fake_asking import FakeAsking, FakeUnderstandings
from tests.fake_imports import EmptyExport, FakeDrafts, FakeScrobbles, FakeWebhooks
from tests.fake_jobs import (
    FakeActivity,
    FakeExperiments,
    FakeLifecycle,
    FakeOperations,
    FakeReports,
    FakeTrending,
)
from tests.fake_people import FakeAccounts, FakeDiaries, FakeEventQueue
from tests.fake_social import social
from tests.fake_taste import FakeRecommending
from tests.fake_watches import FakeWatchStore, KnownMovies, NoLists
from tests.made_up import MOVIES, ODD_MOVIES, ORDERS, made_up, meets

__all__ = [
    "INFO",
    "MOVIES",
    "ODD_MOVIES",
    "Failing",
    "FakeAccounts",
    "FakeAsking",
    "FakeDiaries",
    "FakeEventQueue",
    "FakeExperiments",
    "FakeExtras",
    "FakeLibrary",
    "FakeLifecycle",
    "FakeMovies",
    "FakeOperations",
    "FakeRecommending",
    "FakeReports",
    "FakeSearching",
    "FakeTrending",
    "FakeUnderstandings",
    "SlowSearching",
    "broken_services",
    "made_up",
    "services",
]

INFO = IndexInfo(
    version="20240101-000000",
    count=0,
    dimension=384,
    encoder="fake@0",
    recipe="fake-1",
    schema=1,
    catalogue="made-up films",
    catalogue_hash="0",
    built_at="2024-01-01T00:00:00+00:00",
    centroid=(),
    notice="These films do not exist.",
)


@dataclass
class FakeSearching:
    """A search that finds movies with a text that contains every word of the query not covered by a piece."""

    movies: Sequence[Movie] = MOVIES
    requests: list[SearchRequest] = field(default_factory=list)
    users: list[User | None] = field(default_factory=list)
    """The user of each search."""

    def run(self, request: SearchRequest, *, user: User | None = None) -> Page:
        """Search, filter, sort and page like the engine."""
        self.requests.append(request)
        self.users.append(user)
        corrected = "" if request.literal else fake_understanding.correct(request.query)
        reading = self.understand(corrected or request.query, drop=request.drop, literal=request.literal)
        kept = fake_understanding.relax(request, reading, self.movies)
        page = self._page(request, kept)
        annotated = fake_understanding.annotate(page, reading, reading.pieces[len(kept.pieces) :], corrected)
        return named_people.credited(annotated)

    def understand(self, query: str, *, drop: Sequence[str] = (), literal: bool = False) -> Understanding:
        """Return how a text is understood."""
        return fake_understanding.read(query, self.movies, drop=drop, literal=literal)

    def suggest(self, text: str, *, limit: int = 8) -> Sequence[Suggestion]:
        """Return titles that begin with `text`, then people."""
        prefix = texts.fold(text)
        if not prefix:
            return []
        movies = [
            Suggestion("movie", f.title, f.id, f.year) for f in self.movies if texts.fold(f.title).startswith(prefix)
        ]
        names = dict.fromkeys(name for movie in self.movies for name in movie.people)
        people = [Suggestion("person", name) for name in names if texts.fold(name).startswith(prefix)]
        return [*movies, *people][:limit]

    def _page(self, request: SearchRequest, reading: Understanding) -> Page:
        wanted = texts.words(reading.remainder)
        found = [
            movie
            for movie in self.movies
            if meets(movie, request.filters)
            and has_moods(movie, request.filters)
            and fake_understanding.allows(movie, reading.pieces)
            and _matches(movie, wanted)
        ]
        found.sort(key=ORDERS[request.sort])
        if request.query and not found:
            return _nothing_close(request)
        shown = found[request.offset : request.offset + request.size]
        hits = tuple(
            Hit(movie, 1.0, _reason(movie, request.query, rank)) for rank, movie in enumerate(shown, request.offset + 1)
        )
        return Page(request, len(found), hits, _facets(found), QueryKind.DESCRIPTION, took_ms=len(self.requests) / 8)


@dataclass
class FakeMovies:
    """Single movies and rows of movies, in memory."""

    movies: Sequence[Movie] = MOVIES

    def get(self, movie: MovieId) -> Movie:
        """Return a movie."""
        found = [one for one in self.movies if one.id == movie]
        if not found:
            raise NotFound(f"no film has the id {movie}")
        return found[0]

    def many(self, movies: Sequence[MovieId]) -> Sequence[Movie]:
        """Return the known movies, in the requested order."""
        known = {movie.id: movie for movie in self.movies}
        return [known[movie] for movie in movies if movie in known]

    def similar(self, movie: MovieId, *, size: int = 12) -> Sequence[Hit]:
        """Return the first movies that share a genre."""
        own = self.get(movie)
        near = [one for one in self.movies if one.id != movie and set(one.genres) & set(own.genres)]
        return [Hit(movie, 0.9, Reason(meaning_rank=rank, similarity=0.6)) for rank, movie in enumerate(near[:size], 1)]

    def of_years(self, first: int, last: int, *, size: int) -> Sequence[Movie]:
        """Return the movies of the years."""
        return [movie for movie in self.movies if movie.year and first <= movie.year <= last][:size]

    def home_rows(self) -> Sequence[HomeRow]:
        """Return the rows of the home page."""
        rows = [
            self._home_row("Popular", Filters(), Sort.POPULARITY),
            self._home_row("Highly rated", Filters(), Sort.RATING),
            self._home_row("Feel-good", Filters(moods=("feel-good",)), Sort.POPULARITY),
            self._home_row("Drama", Filters(genres=("Drama",)), Sort.POPULARITY),
            self._home_row("The 1990s", Filters(year_from=1990, year_to=1999), Sort.POPULARITY),
        ]
        return [row for row in rows if row.movies]

    def genres(self) -> Sequence[FacetValue]:
        """Return all genres, most frequent first."""
        return _facets(self.movies)["genre"]

    def mood_names(self) -> Sequence[str]:
        """Return the names of all moods of the movies."""
        return sorted({mood for movie in self.movies for mood in fake_understanding.moods(movie)})

    def decades(self) -> Sequence[FacetValue]:
        """Return all decades, latest first."""
        return sorted(_facets(self.movies)["decade"], key=lambda value: value.value, reverse=True)

    def languages(self) -> Sequence[FacetValue]:
        """Return all original languages."""
        return _facets(self.movies)["language"]

    def moods(self, movie: MovieId) -> Mapping[str, float]:
        """Return the moods of a movie, the strongest first."""
        return fake_understanding.moods(self.get(movie))

    def _home_row(self, name: str, filters: Filters, sort: Sort) -> HomeRow:
        met = (movie for movie in self.movies if meets(movie, filters) and has_moods(movie, filters))
        kept = sorted(met, key=ORDERS[sort])
        return HomeRow(name, filters, sort.value, tuple(kept[:60]))


@dataclass
class FakeExtras:
    """What other services say about movies, as far as a test sets it."""

    known: dict[MovieId, Extras] = field(default_factory=dict)

    def of(self, movie: MovieId) -> Extras | None:
        """Return what is set."""
        return self.known.get(movie)


@dataclass
class FakeAvailability:
    """Where movies can be watched, as far as a test sets it."""

    known: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Movies by `US:Netflix`."""

    def providers(self) -> list[AvailableAt]:
        """Return what is set."""
        pairs = ((value.partition(":"), len(movies)) for value, movies in self.known.items())
        return [AvailableAt(region, name, movies) for (region, _, name), movies in pairs]

    def clause(self, value: str) -> Clause | None:
        """Return the condition for what is set."""
        return Clause(Trait.MOVIE, tuple(map(str, self.known[value]))) if value in self.known else None


@dataclass
class FakeLibrary:
    """An index that is always available."""

    index: IndexInfo = INFO

    def info(self) -> IndexInfo:
        """Return the index that is served."""
        return self.index

    def known(self) -> IndexInfo | None:
        """Return the same index."""
        return self.index

    def check(self) -> None:
        """Do nothing: the index is always valid."""


@dataclass
class FakeDemo:
    """The label of demo data, which a test switches on."""

    loaded: bool = False

    def in_use(self) -> bool:
        """Whether it is."""
        return self.loaded


@dataclass
class Failing:
    """Any service, all of whose calls raise `error`."""

    error: Exception

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a method that fails."""

        def fail(*_: object, **__: object) -> None:
            raise self.error

        fail.__name__ = name
        return fail


@dataclass
class FailingLibrary(Failing):
    """An index that cannot be asked and was never loaded."""

    def known(self) -> IndexInfo | None:
        """Return nothing: unlike other calls, this one does not fail."""
        return None


@dataclass
class SlowSearching(FakeSearching):
    """A search that takes `seconds`."""

    seconds: float = 0.2

    def run(self, request: SearchRequest, *, user: User | None = None) -> Page:
        """Wait, then search."""
        time.sleep(self.seconds)
        return super().run(request, user=user)


@dataclass
class DegradedSearching:
    """A search whose answers lack something."""

    search: Any
    degraded: tuple[Degradation, ...]

    def run(self, request: SearchRequest, *, user: User | None = None) -> Page:
        """Search."""
        page: Page = self.search.run(request, user=user)
        return replace(page, degraded=self.degraded)

    def __getattr__(self, name: str) -> Any:
        """Delegate to the search."""
        return getattr(self.search, name)


def degraded(search: Any, *reasons: Degradation) -> Any:
    """Return a search whose answers lack something."""
    return DegradedSearching(search, reasons)


def services(movies: Sequence[Movie] = MOVIES, *, settings: Settings | None = None, info: IndexInfo = INFO) -> Services:
    """Return services over `movies` in memory, without accounts."""
    diaries = FakeDiaries(movies)
    over: Any = diaries
    fake_webhooks: Any = FakeWebhooks()
    fake_scrobbles: Any = FakeScrobbles()
    events = FakeEventQueue()
    return Services(
        settings=settings or Settings(rate_limits=False),
        search=FakeSearching(movies),
        movies=FakeMovies(movies),
        extras=FakeExtras(),
        availability=FakeAvailability(),
        library=FakeLibrary(replace(info, count=len(movies))),
        accounts=FakeAccounts(diaries, events),
        diaries=diaries,
        watches=watches(diaries, movies),
        lists=lists(movies),
        imports=imports(diaries, movies),
        letterboxd=EmptyExport(),
        webhooks=Webhooks(fake_webhooks, key=lambda: "a key for tests"),
        scrobbles=Scrobbles(fake_scrobbles, over, watches(diaries, movies)),
        events=events,
        request_counts=FakeEventQueue(),
        recommending=FakeRecommending(movies, diaries),
        trending=FakeTrending(movies),
        lifecycle=FakeLifecycle(),
        operations=FakeOperations(),
        experiments=FakeExperiments(),
        reports=FakeReports(),
        activity=FakeActivity(),
        question_answering=FakeAsking(movies),
        understandings=FakeUnderstandings(),
        demo=FakeDemo(),
        social=social(diaries),
    )


def imports(diaries: FakeDiaries, movies: Sequence[Movie] = MOVIES) -> ImportDrafts:
    """Return imports with their previews in memory."""
    known: Any = FakeMovies(movies)
    over: Any = diaries
    return ImportDrafts(FakeDrafts(), over, known)


def watches(diaries: FakeDiaries, movies: Sequence[Movie] = MOVIES) -> Watches:
    """Return the real use cases over watchings in memory."""
    store: Any = FakeWatchStore(diaries)
    index: Any = KnownMovies(movies)
    return Watches(store, index)


def lists(movies: Sequence[Movie] = MOVIES) -> Lists:
    """Return the real use cases over no lists; tests of lists use a real database."""
    store: Any = NoLists()
    index: Any = KnownMovies(movies)
    return Lists(store, index)


def broken_services(error: Exception, *, settings: Settings | None = None) -> Services:
    """Return services whose calls raise `error`."""
    failing: Any = Failing(error)
    return Services(
        settings=settings or Settings(rate_limits=False),
        search=failing,
        movies=failing,
        extras=FakeExtras(),
        availability=FakeAvailability(),
        library=FailingLibrary(error),  # type: ignore[arg-type]  # all its calls fail
        accounts=failing,
        diaries=failing,
        watches=failing,
        lists=failing,
        imports=failing,
        letterboxd=failing,
        webhooks=failing,
        scrobbles=failing,
        events=failing,
        request_counts=FakeEventQueue(),  # type: ignore[arg-type]  # never fails either
        recommending=failing,
        trending=failing,
        lifecycle=failing,
        operations=failing,
        experiments=failing,
        reports=failing,
        activity=failing,
        question_answering=failing,
        understandings=failing,
        demo=FakeDemo(),
        social=Social(failing, failing, failing, failing, failing),
    )


def has_moods(movie: Movie, filters: Filters) -> bool:
    """Whether a movie has all moods of the filters."""
    return set(filters.moods) <= set(fake_understanding.moods(movie))


def _matches(movie: Movie, wanted: Sequence[str]) -> bool:
    text = (movie.title, movie.original_title, movie.overview, *movie.keywords, *movie.genres, *movie.people)
    return set(wanted) <= set(texts.words(" ".join(text)))


def _reason(movie: Movie, query: str, rank: int) -> Reason:
    if not query:
        return Reason()
    matched = tuple(dict.fromkeys(query.split()))
    snippet = " ".join(
        f"\x02{word}\x03" if texts.fold(word) in texts.words(query) else word for word in movie.overview.split()
    )
    return Reason(rank, rank + 1, 0.42, matched, snippet, 0.05)


def _nothing_close(request: SearchRequest) -> Page:
    return Page(
        request,
        0,
        (),
        {},
        notice="Nothing comes close to that.",
        did_you_mean="lighthouse",
        suggestions=("Name what happens.", "Name a place or a time."),
    )


def _facets(movies: Iterable[Movie]) -> Facets:
    kept = list(movies)
    return {
        "genre": _count(genre for movie in kept for genre in movie.genres),
        "mood": _count(mood for movie in kept for mood in fake_understanding.moods(movie)),
        "decade": _count(str(movie.year // 10 * 10) for movie in kept if movie.year),
        "language": _count(movie.language for movie in kept if movie.language),
    }


def _count(values: Iterable[str]) -> tuple[FacetValue, ...]:
    return tuple(
        FacetValue(value, count) for value, count in sorted(Counter(values).items(), key=lambda kv: (-kv[1], kv[0]))
    )
