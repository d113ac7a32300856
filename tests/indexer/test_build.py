"""The checks of a build before it writes and before it publishes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import BuildRejected, SearchUnavailable
from core.ports import Candidates, Changes, Entry, IndexInfo, Question, Vectors
from core.types import Movie, MovieId
from indexer import build, verification
from indexer.embedded import EmbeddedStore
from indexer.embedded.version import Version
from tests.contracts import world


class Unreachable(EmbeddedStore):
    """A store whose server disappears at the end."""

    def finish(self, version: str) -> None:
        """Fail like an unreachable engine."""
        raise SearchUnavailable(f"nobody answers about {version}")


class Forgetful(EmbeddedStore):
    """A store whose drafts have the name of another encoder."""

    def begin(self, info: IndexInfo, *, changes: Changes | None = None) -> bool:
        """Begin with a wrong name."""
        return super().begin(replace(info, encoder="other@9"), changes=changes)


class Bent(Version):
    """An index whose candidates have wrong word scores or matches."""

    def __init__(self, folder: Path, **bent: int) -> None:
        super().__init__(folder)
        self._bent = bent

    def candidates(self, question: Question) -> Candidates:
        """Return the candidates with every named column set to one value."""
        found = super().candidates(question)
        return replace(found, **{name: np.full_like(getattr(found, name), to) for name, to in self._bent.items()})


def _build(store: EmbeddedStore, movies: tuple[Movie, ...], vectors: Vectors) -> build.BuildReport:
    return build.build(store, movies, vectors=vectors, origin=world.ORIGIN)


def _unlike(vectors: Vectors, row: int, value: float) -> Vectors:
    changed = vectors.copy()
    changed[row] *= np.float32(value)
    return changed


@pytest.mark.parametrize(
    ("movies", "vectors", "reason"),
    [
        ((), world.vectors()[:0], "no movies"),
        (world.movies(), world.vectors()[:-1], "one vector per movie"),
        (world.movies(), world.vectors().ravel(), "one vector per movie"),
        ((world.KNOWN[0], world.KNOWN[0]), world.vectors()[:2], "duplicate ids 1"),
        (world.KNOWN, _unlike(world.vectors()[:7], 2, 1.01), "unit length: movies 3"),
        (world.KNOWN, _unlike(world.vectors()[:7], 2, np.nan), "unit length: movies 3"),
        (world.KNOWN, _unlike(world.vectors()[:7], 2, 0.0), "unit length: movies 3"),
    ],
    ids=["no movies", "a vector short", "flat", "an id twice", "long", "not a number", "zero"],
)
def test_invalid_movies_and_vectors_are_rejected_before_anything_is_written(
    tmp_path: Path, movies: tuple[Movie, ...], vectors: Vectors, reason: str
) -> None:
    store = EmbeddedStore(tmp_path / "index")
    with pytest.raises(BuildRejected, match=reason):
        _build(store, movies, vectors)
    assert not (tmp_path / "index").exists()


def test_many_invalid_movies_are_counted_rather_than_listed() -> None:
    faults = verification.check_input(world.movies(), world.vectors() * np.float32(2))
    assert len(faults) == 1
    assert f"and {len(world.movies()) - 5} more" in faults[0]


def test_a_store_that_fails_rejects_the_build_and_says_why(tmp_path: Path) -> None:
    store = Unreachable(tmp_path)
    with pytest.raises(BuildRejected, match="nobody answers"):
        _build(store, world.movies(), world.vectors())
    assert store.remove_abandoned() == []
    assert store.versions() == []


def test_an_index_with_other_metadata_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(BuildRejected, match="metadata differs"):
        _build(Forgetful(tmp_path), world.movies(), world.vectors())


@pytest.mark.parametrize("title", ["It", "???", "日本", "The"])
def test_a_catalogue_of_one_movie_without_a_distinctive_title_can_be_built(tmp_path: Path, title: str) -> None:
    report = _build(EmbeddedStore(tmp_path), (Movie(MovieId(1), title),), world.vectors()[:1])
    assert (report.count, report.verified) == (1, 1)


def test_many_movies_with_the_same_title_can_be_built(tmp_path: Path) -> None:
    movies = tuple(Movie(MovieId(movie), "Love Story", overview="x " * movie) for movie in range(1, 40))
    assert _build(EmbeddedStore(tmp_path), movies, world.vectors()[: len(movies)]).verified == 10


def test_movies_with_equal_vectors_can_be_built(tmp_path: Path) -> None:
    movies = tuple(Movie(MovieId(movie), f"Film {movie}") for movie in range(1, 30))
    assert _build(EmbeddedStore(tmp_path), movies, np.repeat(world.vectors()[:1], len(movies), axis=0)).verified == 10


def _ask_for_a_title(folder: Path, *, rivals: int, **bent: int) -> list[str]:
    """Verify one movie among rivals with higher scores: its long original title makes its field longer."""
    movie = Movie(MovieId(1), "Love Story", "Ein ganz anderer Name")
    movies = (movie, *(Movie(MovieId(2 + rival), "Story Love") for rival in range(rivals)))
    store = EmbeddedStore(folder)
    store.begin(world.info("v1", len(movies)))
    store.fill("v1", [Entry(movie, vector) for movie, vector in zip(movies, world.vectors(), strict=False)])
    store.finish("v1")
    index = Bent(folder / "v1", **bent)
    return verification.verify(index, [movie], vectors=world.vectors()[:1], info=index.info())[1]


@pytest.mark.parametrize(("rivals", "found"), [(9, True), (10, False)])
def test_a_title_must_find_its_movie_among_the_first_ten(tmp_path: Path, rivals: int, found: bool) -> None:
    faults = _ask_for_a_title(tmp_path, rivals=rivals, match=0)
    assert [fault for fault in faults if "among the first 10" not in fault] == []
    assert bool(faults) is not found


def test_a_movie_matched_by_its_exact_title_need_not_be_among_the_first_ten(tmp_path: Path) -> None:
    assert _ask_for_a_title(tmp_path, rivals=20) == []


def test_a_movie_whose_title_has_no_word_score_is_never_found(tmp_path: Path) -> None:
    (fault,) = _ask_for_a_title(tmp_path, rivals=2, words=0)
    assert "movie 1 (Love Story) is not among the first 10" in fault
