"""The index of names of the embedded engine: which of equal names it keeps, and the memory that they take."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from core.types import CastMember, Movie, MovieId
from indexer.embedded.files.names import Names, NamesWriter

MOVIES, PEOPLE = 1_000, 20


def movie(number: int, title: str, *people: str, popularity: float = 1.0) -> Movie:
    cast = tuple(CastMember(name, order=order) for order, name in enumerate(people))
    return Movie(MovieId(number), title, popularity=popularity, cast=cast)


def written(folder: Path, *movies: Movie) -> Names:
    writer = NamesWriter(folder)
    for one in movies:
        writer.add(one)
    writer.finish()
    return Names(folder)


def test_a_person_is_kept_once_with_the_most_prominent_role(tmp_path: Path) -> None:
    small, large, other = movie(1, "Small", "Ann Bell"), movie(2, "Large", "X", "Ann Bell", popularity=9.0), "Ann Dale"
    names = written(
        tmp_path / "names", small, large, movie(3, "Third", other, popularity=3.0), movie(4, "A", "Ann Bell")
    )
    found = [one.text for one in names.suggest("ann", limit=5)]
    assert found == ["Ann Bell", other]  # 9 / 2 comes before 3 / 1, which comes before 1 / 1


def test_of_equally_prominent_spellings_the_first_is_kept(tmp_path: Path) -> None:
    names = written(tmp_path / "names", movie(1, "One", "Zoë Ray"), movie(2, "Two", "Zoe Ray"))
    assert [one.text for one in names.suggest("zoe", limit=5)] == ["Zoë Ray"]


def test_movies_of_the_same_title_are_both_kept(tmp_path: Path) -> None:
    names = written(tmp_path / "names", movie(1, "Solaris"), movie(2, "Solaris"))
    assert sorted(one.id for one in names.suggest("sol", limit=5) if one.id is not None) == [1, 2]


def test_a_draft_without_names_is_an_empty_index(tmp_path: Path) -> None:
    assert written(tmp_path / "names").suggest("sol", limit=5) == []


def test_nothing_of_the_draft_is_left(tmp_path: Path) -> None:
    written(tmp_path / "names", movie(1, "Solaris"))
    assert [path.name for path in tmp_path.iterdir()] == ["names"]


def test_names_are_not_collected_in_memory(tmp_path: Path) -> None:
    movies = [
        movie(number, f"Movie {number}", *(f"Given{number} Family{number}x{place}" for place in range(PEOPLE)))
        for number in range(1, MOVIES + 1)
    ]
    writer = NamesWriter(tmp_path / "names")
    writer.add(movies[0])
    tracemalloc.start()
    try:
        for one in movies[1:]:
            writer.add(one)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        writer.abandon()
    assert taken / MOVIES < 60 * (PEOPLE + 1)  # three numbers for each name, and what their arrays keep in reserve
