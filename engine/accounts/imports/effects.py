"""What the lines of an import add to a diary. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import zip_longest

from core.diary.lists import MAX_DESCRIPTION_LENGTH, MAX_ENTRIES, ListAddition, ListDetails
from core.diary.watches import FIRST_DAY, MAX_NOTE_LENGTH, WatchEntry, WatchGoal, last_day
from core.types import MovieId
from core.users import MAX_REVIEW_LENGTH, Diary, MarkKind, Review
from engine.accounts.imports.records import ImportLine, Marks, Ratings

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of rows without a date: older than any entry made here."""
REFUSED_BY = {MarkKind.WATCHLIST: MarkKind.DISMISSED, MarkKind.FAVOURITE: MarkKind.DISMISSED}
"""An imported mark (key) is ignored for movies that the user gave the other mark here."""
ELLIPSIS = "…"
TAGS = "Tags: "
"""The beginning of the line of a note that contains tags, which other sites have."""


@dataclass(frozen=True, slots=True)
class OwnList:
    """A list of the user, as far as an import needs it."""

    number: int
    name: str
    movies: frozenset[MovieId]


def news(lines: Sequence[ImportLine], diary: Diary, *, now: datetime) -> tuple[Ratings, Marks]:
    """Return what lines add to a diary: for each movie the newest rating and the newest date of each mark."""
    ratings: Ratings = {}
    marks: Marks = {}
    for line in lines:
        if line.movie is None:
            continue
        movie, at = line.movie.id, min(line.at or UNDATED, now)
        if line.stars is not None and not line.of_day and (movie not in ratings or at >= ratings[movie][1]):
            ratings[movie] = line.stars, at
        if line.mark is not None:
            dated = marks.setdefault(line.mark, {})
            dated[movie] = max(at, dated.get(movie, at))
    return (
        {movie: rating for movie, rating in ratings.items() if _is_news(movie, rating, diary)},
        {kind: kept for kind, dated in marks.items() if (kept := _unmarked(kind, dated, diary))},
    )


def main_reviews(lines: Sequence[ImportLine]) -> dict[MovieId, ImportLine]:
    """Return the newest review of each movie; those of other watchings become their notes."""
    found: dict[MovieId, ImportLine] = {}
    for line in lines:
        if line.movie is not None and line.review:
            known = found.get(line.movie.id)
            if known is None or (line.at or UNDATED) >= (known.at or UNDATED):
                found[line.movie.id] = line
    return found


def new_reviews(main: Mapping[MovieId, ImportLine], diary: Diary, *, now: datetime) -> dict[MovieId, Review]:
    """Return the reviews that the diary lacks, or has in an older version."""
    found = {}
    for movie, line in main.items():
        text, at = shortened(line.review, MAX_REVIEW_LENGTH), min(line.at or UNDATED, now)
        existing = diary.reviews.get(movie)
        if existing is None or (existing.text != text and existing.changed_at < at):
            found[movie] = Review(movie, text, min(line.since or at, at), at)
    return found


def new_watches(
    lines: Sequence[ImportLine],
    existing: Mapping[tuple[MovieId, date], int],
    *,
    now: datetime,
    main: Collection[int] = (),
) -> tuple[tuple[WatchEntry, datetime], ...]:
    """Return the watchings of lines that the diary does not have.

    Files of an archive tell of the same watchings, so those of a movie and day are counted by file. A second one on a
    day must be a rewatch: some sites record a watching twice.

    Args:
        lines: lines with a movie.
        existing: the number of watchings of each movie and day in the diary.
        now: the latest time of an entry.
        main: the numbers of the lines whose review is that of the movie.
    """
    told: dict[tuple[MovieId, date], dict[str, list[ImportLine]]] = {}
    for line in lines:
        if line.movie is not None and line.watched is not None and FIRST_DAY <= line.watched <= last_day(now):
            same = told.setdefault((line.movie.id, line.watched), {}).setdefault(line.file, [])
            if not same or line.rewatch or line.of_day:
                same.append(line)
    found = []
    for key, files in told.items():
        watchings = [[line for line in each if line] for each in zip_longest(*files.values())]
        found += [_watching(key, each, now=now, main=main) for each in watchings[existing.get(key, 0) :]]
    return tuple(found)


def new_lists(
    lines: Iterable[ImportLine], named: Sequence[ListDetails], own: Sequence[OwnList]
) -> tuple[ListAddition, ...]:
    """Return what is added to the user's lists: each list of the export continues the own one of the same name.

    Of several lists with one name, the first continues the first one, and so on. Movies beyond `MAX_ENTRIES` are not
    added.
    """
    entries: dict[int, dict[MovieId, str]] = {place: {} for place in range(len(named))}
    for line in lines:
        if line.movie is not None and line.list is not None:
            entries[line.list].setdefault(line.movie.id, shortened(line.note, MAX_DESCRIPTION_LENGTH))
    left = list(own)
    found = []
    for place, details in enumerate(named):
        known = next((each for each in left if each.name == details.name), None)
        if known is not None:
            left.remove(known)
        present = known.movies if known else frozenset[MovieId]()
        new = [(movie, note) for movie, note in entries[place].items() if movie not in present]
        if known is None or new:
            room = MAX_ENTRIES - len(present)
            found.append(ListAddition(known.number if known else None, details, tuple(new[:room])))
    return tuple(each for each in found if each.number is None or each.entries)


def new_goals(goals: Iterable[WatchGoal], years: Collection[int]) -> tuple[WatchGoal, ...]:
    """Return the goals of years that have none; of several for a year, the first."""
    found: dict[int, WatchGoal] = {}
    for goal in goals:
        if goal.year not in years:
            found.setdefault(goal.year, goal)
    return tuple(found.values())


def shortened(text: str, most: int) -> str:
    """Return a text, or its beginning if it is too long."""
    return text if len(text) <= most else text[: most - len(ELLIPSIS)].rstrip() + ELLIPSIS


def _watching(
    key: tuple[MovieId, date], lines: Sequence[ImportLine], *, now: datetime, main: Collection[int]
) -> tuple[WatchEntry, datetime]:
    """Return the watching that lines of several files tell of, and when it was entered."""
    told = [line.note for line in lines] + [line.review for line in lines if line.number not in main]
    tags = next((f"{TAGS}{line.tags}" for line in lines if line.tags), "")
    note = "\n\n".join(dict.fromkeys(text for text in (*told, tags) if text))
    entry = WatchEntry(
        movie=key[0], day=key[1], rewatch=any(line.rewatch for line in lines),
        stars=next((line.stars for line in lines if line.stars is not None), None),
        note=shortened(note, MAX_NOTE_LENGTH),
    )  # fmt: skip
    entered = next((line.at for line in lines if line.of_day and line.at), now)
    return entry, min(entered, now)


def _is_news(movie: MovieId, rating: tuple[float, datetime], diary: Diary) -> bool:
    """Return whether a rating differs from the diary's and is newer."""
    stars, at = rating
    existing = diary.ratings.get(movie)
    return existing is None or (existing.stars != stars and existing.at < at)


def _unmarked(kind: MarkKind, dated: Mapping[MovieId, datetime], diary: Diary) -> dict[MovieId, datetime]:
    marked = diary.marked(kind)
    refused = diary.marked(REFUSED_BY[kind]) if kind in REFUSED_BY else {}
    return {movie: at for movie, at in dated.items() if movie not in marked and movie not in refused}
