"""The packaged word tables with the names of three movies."""

from __future__ import annotations

from dataclasses import dataclass

from core import texts
from core.types import CastMember, Movie, MovieId
from engine.search.understanding import tables
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names import gazetteer_builder
from indexer.names.gazetteer import Gazetteer, NamedMovie

MOVIES = (
    Movie(
        MovieId(27205),
        "Inception",
        year=2010,
        genres=("Action", "Science Fiction"),
        cast=(CastMember("Leonardo DiCaprio", "Cobb"),),
        directors=("Christopher Nolan",),
        companies=("Pixar Animation Studios",),
        vote_count=9_000,
        collection="Dreams Collection",
    ),
    Movie(
        MovieId(137), "Groundhog Day", year=1993, genres=("Comedy",), vote_count=5_000, collection="Dreams Collection"
    ),
    Movie(MovieId(496243), "Parasite", year=2014, genres=("Thriller",), language="ko", countries=("South Korea",)),
)


@dataclass(frozen=True)
class PlainNames(Gazetteer):
    """A gazetteer that finds titles only by their folded spelling."""

    def titled(self, text: str) -> tuple[NamedMovie, ...]:
        """Return the movies with this folded title."""
        return tuple(movie for movie in self.movies if texts.fold(movie.title) == texts.fold(text))


def few_names() -> Vocabulary:
    """Return the vocabulary."""
    made = gazetteer_builder.build(MOVIES)
    return Vocabulary(tables.load(), PlainNames(**{name: getattr(made, name) for name in made.__dataclass_fields__}))
