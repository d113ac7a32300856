"""Suggestions while typing: movies with their posters, people, genres and moods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from flask import url_for

from core import texts
from core.errors import SearchUnavailable
from core.types import Movie, MovieId, Suggestion
from engine.catalogue.movies import Movies
from webapp.localization import labels
from webapp.localization.translation import gettext as _
from webapp.movies import schemas, serializers

MIN_TOPIC = 3
"""Letters of a genre or mood that have to be typed: fewer stand for too many other things."""
MOST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list box; `movie` has a poster."""

    text: str
    url: str
    note: str
    kind: str
    movie: schemas.MovieCard | None = None


def lines(typed: str, found: Sequence[Suggestion], movies: Movies, *, poster_base: str) -> list[Line]:
    """Return the lines for what was typed: movies and people as found, then genres and moods.

    Posters are left out if the engine does not answer a second time: the names are worth showing alone.
    """
    ids = [suggestion.id for suggestion in found if suggestion.id is not None]
    try:
        shown = {movie.id: movie for movie in movies.many(ids)}
        topics = list(islice(_topics(typed, movies), MOST_TOPICS))
    except SearchUnavailable:
        shown, topics = {}, []
    return [*(_line(suggestion, shown, poster_base) for suggestion in found), *topics]


def _line(suggestion: Suggestion, shown: Mapping[MovieId, Movie], poster_base: str) -> Line:
    plain = serializers.line(suggestion)
    if plain.kind != "movie":
        return Line(plain.text, plain.url, _("person"), plain.kind)
    movie = shown.get(suggestion.id) if suggestion.id is not None else None
    card = serializers.card(movie, poster_base=poster_base) if movie is not None else None
    note = str(plain.year) if plain.year else _("film")
    return Line(plain.text, card.url if card else plain.url, note, plain.kind, card)


def _topics(typed: str, movies: Movies) -> Iterator[Line]:
    start = texts.fold(typed)
    if len(start) < MIN_TOPIC:
        return
    for name in _starting(start, [genre.value for genre in movies.genres()], labels.genre):
        yield Line(labels.genre(name), url_for("pages.genre", name=name), _("genre"), "genre")
    for name in _starting(start, movies.mood_names(), labels.mood):
        yield Line(labels.mood(name), url_for("pages.search", mood=name), _("mood"), "mood")


def _starting(start: str, names: Iterable[str], label: Callable[[str], str]) -> Iterator[str]:
    """Return the names whose label, or a word in it, starts with the typed text."""
    for name in names:
        folded = texts.fold(label(name))
        if folded.startswith(start) or f" {start}" in folded:
            yield name
