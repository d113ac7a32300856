"""A build after small changes gives the index that a build of everything would give, on both engines."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.errors import BuildRejected
from core.ports import Changes, IndexStore, MovieIndex, Question, Vectors
from core.types import Filters, Movie, MovieId, Sort
from indexer import build, changes
from indexer.build import BuildReport
from indexer.names import gazetteer, gazetteer_builder
from tests.contracts import tastes, world
from tests.contracts.places import Place

pytestmark = pytest.mark.slow

EVERY = Filters(adult=True)
QUESTIONS = (
    Question(words="robot dream island", depth=40),
    Question(words="The Matrix", name="The Matrix", fields=(("title", 1.0),), depth=40),
    Question(words="astronaut", vector=world.vectors()[3], depth=40),
    Question(vector=world.vectors()[50], filters=Filters(genres=("Drama",)), depth=20),
)
TERM_STEPS = 12
"""Steps by which weights of terms may differ, of 255: they are those of the catalogue when a movie was written."""

World = tuple[list[Movie], Vectors]


@pytest.fixture(autouse=True)
def _small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a world of 147 movies, each has neighbours among a third of the others: allow as many to be written."""
    monkeypatch.setattr(changes, "MOST_WRITTEN", 0.8)


def _changed() -> World:
    """Return the world with one movie changed, one removed and one added."""
    movies, vectors = list(world.movies()), np.array(world.vectors())
    movies[3] = replace(movies[3], title="A Robot's Island", overview="A lighthouse keeper finds an astronaut.")
    vectors[3] = -vectors[3]
    movies[20] = Movie(MovieId(9_001), "Brand New Zebra", year=2024, genres=("Western",), language="fi", popularity=3)
    vectors[20] = np.roll(vectors[20], 1)
    return movies, vectors


def _build(store: IndexStore, day: int, made: World | None = None) -> BuildReport:
    movies, vectors = made or (list(world.movies()), world.vectors())
    return build.build(
        store,
        movies,
        vectors=vectors,
        moods=[world.moods(movie) for movie in movies],
        origin=world.ORIGIN,
        attachments={gazetteer.NAME: gazetteer.dump(gazetteer_builder.build(movies))},
        now=lambda: datetime(2026, 1, day, tzinfo=UTC),
    )


def _assert_same(one: MovieIndex, other: MovieIndex) -> None:
    """Compare all documents and some answers."""
    for sort in Sort:
        first, second = (index.listing(EVERY, sort=sort, offset=0, size=500) for index in (one, other))
        assert first == second
    ids = [movie.id for movie in one.listing(EVERY, sort=Sort.POPULARITY, offset=0, size=500).movies]
    assert np.array_equal(one.vectors(ids), other.vectors(ids))
    assert np.array_equal(one.moods(ids), other.moods(ids))
    assert one.attachment(gazetteer.NAME) == other.attachment(gazetteer.NAME)
    assert one.attachment("spelling") == other.attachment("spelling")
    for question in QUESTIONS:
        own, theirs = one.candidates(question), other.candidates(question)
        assert own.ids.tolist() == theirs.ids.tolist()
        assert own.words == pytest.approx(theirs.words, rel=1e-4, abs=1e-4)
        assert own.cosine == pytest.approx(theirs.cosine, abs=1e-5, nan_ok=True)
        assert own.neighbours.tolist() == theirs.neighbours.tolist()
        for some, others in zip(own.terms, theirs.terms, strict=True):
            assert len(some) == len(others)
            steps = np.abs(np.frombuffer(some, np.uint8).astype(int) - np.frombuffer(others, np.uint8).astype(int))
            assert steps.max(initial=0) <= TERM_STEPS
    for typed in ("brand", "robot", "matr"):
        assert one.suggest(typed, limit=5) == other.suggest(typed, limit=5)
    assert one.correct(["zebrra", "lighthous"]) == other.correct(["zebrra", "lighthous"])


def test_a_build_after_small_changes_gives_the_same_index_as_a_whole_build(place: Place, engine: str) -> None:
    _build(place.open(), 1)
    report = _build(place.open(), 2, _changed())
    copied = place.open().open(report.version)
    assert (report.written < report.count) == (engine == "elasticsearch")
    assert report.previous == "20260101-000000-000000"
    whole = place.open()
    changes_of_none = _changed()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(changes, "MOST", -1.0)
        other = _build(whole, 3, changes_of_none)
    assert other.written == other.count
    _assert_same(copied, place.open().open(other.version))


def test_the_previous_version_is_unchanged_and_can_be_published_again(place: Place) -> None:
    first = _build(place.open(), 1)
    second = _build(place.open(), 2, _changed())
    assert place.open().versions() == [first.version, second.version]
    assert build.rollback(place.open()) == first.version
    index = place.open().open()
    assert [movie.id for movie in index.movies([MovieId(9_001)])] == []
    assert index.listing(EVERY, sort=Sort.POPULARITY, offset=0, size=1).total == len(world.movies())


def test_changes_add_up_until_everything_is_written_again(store: IndexStore, engine: str) -> None:
    movies, vectors = list(world.movies()), world.vectors()
    written = []
    for day in range(1, 7):
        for row in range(3 * day, 3 * day + 2):
            movies[row] = replace(movies[row], overview=f"Version {day}.")
        written.append(_build(store, day, (movies, vectors)).written)
    whole = len(movies)
    assert written == ([whole, 2, 2, 2, whole, 2] if engine == "elasticsearch" else [whole] * 6)


def test_an_unchanged_catalogue_writes_nothing(store: IndexStore, engine: str) -> None:
    _build(store, 1)
    assert _build(store, 2).written == (0 if engine == "elasticsearch" else len(world.movies()))
    assert store.published() == "20260102-000000-000000"


def test_factors_of_copied_movies_are_kept(store: IndexStore, engine: str) -> None:
    _build(store, 1)
    store.publish_factors(tastes.factors("m1"))
    before = tastes.ask(store.open("20260101-000000-000000"), "m1", depth=300)
    movies, vectors = list(world.movies()), world.vectors()
    movies[3] = replace(movies[3], overview="Other words.")
    version = _build(store, 2, (movies, vectors)).version
    if engine != "elasticsearch":
        assert store.open(version).factors_version() == ""
        return
    after = tastes.ask(store.open(version), "m1", depth=300)
    assert after.movies.tolist() == before.movies.tolist()
    assert after.scores == pytest.approx(before.scores)
    assert store.publish_factors(tastes.factors("m2", seed=3)) > 0
    assert store.open(version).factors_version() == "m2"


@pytest.mark.parametrize("step", ["begun", "filled", "finished"])
def test_a_killed_build_of_changes_is_completed_by_the_next_one(place: Place, step: str) -> None:
    first = _build(place.open(), 1)
    _kill_at(place, step)
    assert place.open().published() == first.version
    after = _build(place.open(), 3, _changed())
    assert place.open().versions() == [first.version, after.version]
    assert place.open().open().movies([MovieId(9_001)])[0].title == "Brand New Zebra"
    place.open().publish_factors(tastes.factors("m1"))


def _kill_at(place: Place, step: str) -> None:
    """Kill a build of the changed world once it has reached a step."""
    command = [sys.executable, "-m", "tests.contracts.dying_changes", place.engine, place.where, step]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert step in (line.strip() for line in process.stdout)
        process.kill()


def test_of_two_builds_of_changes_the_second_is_refused(place: Place) -> None:
    _build(place.open(), 1)
    first = place.open()
    ids = frozenset(movie.id for movie in world.movies())
    first.begin(world.info("20260102-a"), changes=Changes("20260101-000000-000000", ids, ()))
    with pytest.raises(BuildRejected, match="another build is running"):
        _build(place.open(), 3, _changed())
    assert place.open().remove_abandoned() == []
    first.delete("20260102-a")
    assert _build(place.open(), 4, _changed()).count == len(world.movies())
