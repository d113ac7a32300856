"""API schemas of imports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import Field

from core.types import Movie
from engine.accounts.imports.previews import Preview, PreviewPage
from engine.accounts.imports.records import ImportLine
from engine.accounts.imports.stored_plans import PlanSummary
from webapp.http.schemas import View


class MatchedMovie(View):
    """The movie in the catalogue that a row was matched to."""

    id: int = Field(description="TMDB id.")
    title: str
    year: int | None


class ImportLineView(View):
    """One row of an uploaded file."""

    number: int = Field(description="Number of the row among those of the import, from 1: names it in corrections.")
    file: str = Field(description="The file, in an archive of several.")
    row: int = Field(description="Row number as in a spreadsheet: the header is row 1. In JSON, the record from 1.")
    title: str
    year: int | None
    movie: MatchedMovie | None = Field(description="Null if no movie in the catalogue matches with certainty.")
    matched_by: str = Field(description="`id`, `title and year`, `you` or empty.")
    fault: str = Field(description="Why no movie was found: `ambiguous` or `unknown`; otherwise empty.")
    skipped: bool
    stars: float | None
    mark: str | None
    at: datetime | None
    watched: date | None = Field(description="The day of a watching, if the row is one.")
    rewatch: bool
    review: bool = Field(description="Whether the row has a review.")
    list: str | None = Field(description="The list that the row belongs to.")


class ImportResponse(View):
    """The result of an import, or a preview of it."""

    kind: str = Field(description="The detected file format, for people.")
    applied: bool = Field(description="Whether the import was applied; otherwise this is a preview.")
    preview: str | None = Field(description="Id of the preview, for corrections; null if the import was applied.")
    expires_at: datetime | None = Field(description="When the preview is deleted.")
    written: int = Field(description="Number of movies that changed; 0 if the same import is repeated.")
    changes: int = Field(description="Number of movies that the import changes: in a preview, what `written` will be.")
    ratings: int = Field(description="Number of ratings that the import sets.")
    marks: int = Field(description="Number of marks that the import sets.")
    watches: int = Field(description="Number of watchings that the import adds to the diary.")
    reviews: int = Field(description="Number of reviews that the import writes.")
    lists: int = Field(description="Number of lists that the import creates or extends.")
    goals: int = Field(description="Number of yearly goals that the import sets.")
    listed: int = Field(description="Number of movies that the import adds to lists.")
    tagged: int = Field(description="Number of rows with tags that are not imported: they are of no watching.")
    shortened: int = Field(description="Number of reviews that are too long and are shortened.")
    series: int = Field(description="Number of series in the file, which are not imported.")
    episodes: int = Field(description="Number of episodes in the file, which are not imported.")
    matched: int = Field(description="Number of rows matched to a movie.")
    unmatched: int = Field(description="Number of rows without a certain match in the catalogue.")
    skipped: int = Field(description="Number of rows that you skipped.")
    bad: tuple[str, ...] = Field(description="Invalid rows: file, row, column and reason.")
    lines: tuple[ImportLineView, ...]


class AlternativesResponse(View):
    """A row, and movies that it may be about."""

    line: ImportLineView
    results: tuple[MatchedMovie, ...] = Field(description="Movies with the title of the row, the nearest years first.")


def preview(found: PreviewPage) -> ImportResponse:
    """Return some lines of a preview as a view."""
    return _response(found, opened=True)


def applied(done: Preview) -> ImportResponse:
    """Return the result of an import as a view."""
    return _response(done.page(done.plan.lines), opened=False)


def alternatives(found: PreviewPage, movies: Sequence[Movie]) -> AlternativesResponse:
    """Return a page with one line, and the movies that it may be about, as a view."""
    results = tuple(MatchedMovie(id=movie.id, title=movie.title, year=movie.year) for movie in movies)
    return AlternativesResponse(line=_line(found.summary, found.lines[0]), results=results)


def _response(found: PreviewPage, *, opened: bool) -> ImportResponse:
    about, effects, rows = found.summary, found.summary.effects, found.summary.rows
    return ImportResponse(
        kind=about.kind,
        applied=not opened,
        preview=found.id if opened else None,
        expires_at=found.expires_at if opened else None,
        written=0 if opened else effects.movies,
        changes=effects.movies,
        ratings=effects.ratings,
        marks=effects.marks,
        watches=effects.watches,
        reviews=effects.reviews,
        lists=effects.lists,
        goals=effects.goals,
        listed=effects.listed,
        tagged=about.tagged,
        shortened=about.shortened,
        series=about.series.series,
        episodes=about.series.episodes,
        matched=rows.matched,
        unmatched=rows.unmatched,
        skipped=rows.skipped,
        bad=about.bad,
        lines=tuple(_line(about, line) for line in found.lines),
    )


def _line(about: PlanSummary, line: ImportLine) -> ImportLineView:
    movie = line.movie
    return ImportLineView(
        number=line.number,
        file=line.file,
        row=line.row,
        title=line.title,
        year=line.year,
        movie=MatchedMovie(id=movie.id, title=movie.title, year=movie.year) if movie else None,
        matched_by=line.matched_by,
        fault=line.fault,
        skipped=line.skipped,
        stars=line.stars,
        mark=line.mark,
        at=line.at,
        watched=line.watched,
        rewatch=line.rewatch,
        review=bool(line.review),
        list=None if line.list is None else about.lists[line.list].name,
    )
