"""The records of an import: its lines with their movies, and what it adds to a diary. Immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.diary.lists import ListAddition, ListDetails
from core.diary.watches import WatchEntry, WatchGoal
from core.types import MovieId
from core.users import MarkKind, Review

BY_ID, BY_TITLE, BY_USER = "id", "title and year", "you"
AMBIGUOUS, UNKNOWN = "ambiguous", "unknown"
"""Why a line has no movie: several movies, or ids and titles that disagree; or none with such a title."""

Ratings = dict[MovieId, tuple[float, datetime]]
Marks = dict[MarkKind, dict[MovieId, datetime]]


@dataclass(frozen=True, slots=True)
class MatchedMovie:
    """The movie of a line, as far as it is shown."""

    id: MovieId
    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A usable row of an export and its matched movie."""

    row: int
    title: str
    year: int | None
    movie: MatchedMovie | None
    """None if no movie of the catalogue matches with certainty."""
    stars: float | None
    mark: MarkKind | None
    at: datetime | None
    matched_by: str = ""
    """`id`, `title and year`, `you` or empty."""
    watched: date | None = None
    """The day of a watching, if the row is one."""
    rewatch: bool = False
    number: int = 0
    """The place of the line among those of the import, from 1: files of an archive have equal numbers of rows."""
    file: str = ""
    of_day: bool = False
    """Whether the stars are only those of the watching, not the rating."""
    review: str = ""
    since: datetime | None = None
    """When the review was written, if it was changed later."""
    note: str = ""
    tags: str = ""
    list: int | None = None
    """The list of the line: its place among those of the plan."""
    fault: str = ""
    """`ambiguous` or `unknown` for a line that matched no movie."""
    first: MatchedMovie | None = None
    """The movie before corrections."""
    first_by: str = ""
    skipped: bool = False
    """Whether the user chose not to import the line."""


@dataclass(frozen=True, slots=True)
class SeriesCount:
    """What an export says about series, which are not imported."""

    series: int = 0
    episodes: int = 0


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The effects of an import, before it is carried out."""

    kind: str
    """The detected kind of file: `Letterboxd ratings`, `IMDb watchlist`, …"""
    lines: tuple[ImportLine, ...]
    bad: tuple[str, ...]
    """Unusable rows: file, row, column and what was expected."""
    tagged: int = 0
    """Rows with tags that are not imported, because they are of no watching."""
    series: SeriesCount = SeriesCount()
    lists: tuple[ListDetails, ...] = ()
    shortened: int = 0
    """Reviews that are longer than reviews here, of which the beginning is imported."""
    goals: tuple[WatchGoal, ...] = ()

    @property
    def matched(self) -> tuple[ImportLine, ...]:
        """The lines with a movie that are imported."""
        return tuple(line for line in self.lines if line.movie is not None and not line.skipped)

    @property
    def unmatched(self) -> tuple[ImportLine, ...]:
        """The lines without a movie, which the user did not skip."""
        return tuple(line for line in self.lines if line.movie is None and not line.skipped)

    @property
    def skipped(self) -> tuple[ImportLine, ...]:
        """The lines that the user skipped."""
        return tuple(line for line in self.lines if line.skipped)


@dataclass(frozen=True, slots=True)
class EffectCounts:
    """How much an import adds to a diary."""

    movies: int = 0
    """Movies that the import changes."""
    ratings: int = 0
    watches: int = 0
    reviews: int = 0
    marks: int = 0
    lists: int = 0
    listed: int = 0
    """Movies that are added to lists."""
    goals: int = 0

    def __bool__(self) -> bool:
        """Whether anything changes; a list without movies may be created too."""
        return bool(self.movies or self.lists or self.goals)


@dataclass(frozen=True, slots=True)
class ImportEffects:
    """What an import adds to a diary."""

    ratings: Ratings
    marks: Marks
    watches: tuple[tuple[WatchEntry, datetime], ...] = ()
    """Watchings, and when each was entered."""
    reviews: Mapping[MovieId, Review] = field(default_factory=dict)
    lists: tuple[ListAddition, ...] = ()
    goals: tuple[WatchGoal, ...] = ()
    """Goals of years that have none."""

    @property
    def movies(self) -> frozenset[MovieId]:
        """The movies that the import changes."""
        marked = (movie for movies in self.marks.values() for movie in movies)
        listed = (movie for addition in self.lists for movie, _ in addition.entries)
        return frozenset((*self.ratings, *marked, *(entry.movie for entry, _ in self.watches), *self.reviews, *listed))

    @property
    def counts(self) -> EffectCounts:
        """How much changes."""
        return EffectCounts(
            len(self.movies), len(self.ratings), len(self.watches), len(self.reviews),
            sum(len(movies) for movies in self.marks.values()), len(self.lists),
            sum(len(addition.entries) for addition in self.lists), len(self.goals),
        )  # fmt: skip

    def __bool__(self) -> bool:
        """Whether anything changes; a list without movies may be created too."""
        return bool(self.movies or self.lists or self.goals)
