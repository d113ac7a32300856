"""Builds: zero-downtime, atomic, kept for rollback, and harmless when killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.errors import BuildRejected, IndexMissing, NotFound
from core.ports import Changes, Entry, Factors, IndexInfo, IndexStore, MovieIndex, Question
from core.types import Filters, Sort
from indexer import build
from indexer.build import BuildReport
from tests.contracts import dying, world
from tests.contracts.places import Place

pytestmark = pytest.mark.slow

FOLLOWS_WITHIN = 60.0
"""Seconds until a reader must have followed a publication: it checks about once a second."""


class Faulty:
    """A store whose draft contains other movies than those it was given."""

    def __init__(self, store: IndexStore, lose: int = 0, swap: bool = False) -> None:
        self._store, self._lose, self._swap = store, lose, swap

    def fill(self, version: str, entries: Iterable[Entry]) -> None:
        """Write fewer movies, or each with the vector of another."""
        movies = list(entries)[self._lose :]
        rolled = [*movies[1:], movies[0]] if self._swap else movies
        self._store.fill(version, [Entry(e.movie, r.vector, e.moods) for e, r in zip(movies, rolled, strict=True)])

    def begin(self, info: IndexInfo, *, changes: Changes | None = None) -> bool:
        """See the store; a copy would not get the movies that this loses."""
        del changes
        return self._store.begin(info)

    def attach(self, version: str, name: str, content: bytes) -> None:
        """See the store."""
        self._store.attach(version, name, content)

    def finish(self, version: str) -> None:
        """See the store."""
        self._store.finish(version)

    def open(self, version: str | None = None) -> MovieIndex:
        """See the store."""
        return self._store.open(version)

    def publish(self, version: str) -> None:
        """See the store."""
        self._store.publish(version)

    def published(self) -> str | None:
        """See the store."""
        return self._store.published()

    def versions(self) -> list[str]:
        """See the store."""
        return self._store.versions()

    def delete(self, version: str) -> None:
        """See the store."""
        self._store.delete(version)

    def publish_factors(self, factors: Factors) -> int:
        """See the store."""
        return self._store.publish_factors(factors)

    def remove_abandoned(self) -> list[str]:
        """See the store."""
        return self._store.remove_abandoned()


def _build(store: IndexStore, day: int, count: int | None = None) -> BuildReport:
    movies = world.movies()[:count]
    now = datetime(2026, 1, day, tzinfo=UTC)
    return build.build(store, movies, vectors=world.vectors()[: len(movies)], origin=world.ORIGIN, now=lambda: now)


def _count(index: MovieIndex) -> int:
    return index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=1).total


def _draft(store: IndexStore, version: str, count: int = 3) -> None:
    store.begin(world.info(version, count))
    store.fill(version, world.entries(count))


def _wait_for(index: MovieIndex, version: str) -> None:
    deadline = time.monotonic() + FOLLOWS_WITHIN
    while index.info().version != version:
        assert time.monotonic() < deadline, f"still reading {index.info().version}"
        time.sleep(0.05)


def test_before_the_first_build_the_error_names_the_build_command(store: IndexStore) -> None:
    assert store.published() is None
    assert store.versions() == []
    reader = store.open()
    with pytest.raises(IndexMissing, match="marquee index"):
        reader.info()
    with pytest.raises(IndexMissing, match="marquee index"):
        reader.candidates(Question("robot"))


def test_a_version_that_does_not_exist_cannot_be_opened(store: IndexStore) -> None:
    with pytest.raises(IndexMissing, match="marquee index"):
        store.open("20260101-nothing").info()


def test_a_reader_opened_before_the_first_build_sees_it(store: IndexStore) -> None:
    reader = store.open()
    with pytest.raises(IndexMissing):
        reader.info()
    report = _build(store, 1)
    assert reader.info().version == report.version


def test_a_build_reports_what_it_did(store: IndexStore) -> None:
    steps: list[tuple[int, int]] = []
    movies, vectors = world.movies(), world.vectors()
    report = build.build(
        store, movies, vectors=vectors, origin=world.ORIGIN, progress=lambda done, total: steps.append((done, total))
    )
    assert (report.count, report.verified, report.previous, report.pruned) == (len(movies), 10, None, ())
    assert steps == [(done, len(movies)) for done in range(1, len(movies) + 1)]
    info = store.open().info()
    assert (info.version, info.count, info.dimension) == (report.version, len(movies), world.DIMENSION)
    assert (info.encoder, info.recipe, info.notice) == ("toy@1", "whole-1", "Invented.")
    np.testing.assert_allclose(info.centroid, vectors.mean(axis=0), atol=1e-6)


def test_a_draft_is_not_visible_to_readers(store: IndexStore) -> None:
    report = _build(store, 1)
    _draft(store, "20260102-draft")
    assert store.published() == report.version
    assert store.versions() == [report.version]
    assert _count(store.open()) == len(world.movies())
    store.delete("20260102-draft")


def test_a_finished_version_can_be_read_before_it_is_published(store: IndexStore) -> None:
    _build(store, 1)
    _draft(store, "20260102-next")
    store.finish("20260102-next")
    assert _count(store.open("20260102-next")) == 3
    assert _count(store.open()) == len(world.movies())
    store.delete("20260102-next")


def test_readers_follow_a_publication_automatically(place: Place) -> None:
    _build(place.open(), 1)
    reader = place.open().open()
    assert _count(reader) == len(world.movies())
    report = _build(place.open(), 2, count=30)
    _wait_for(reader, report.version)
    assert _count(reader) == 30


def test_one_previous_version_is_kept_and_older_ones_are_pruned(store: IndexStore) -> None:
    first, second, third = (_build(store, day, count=20 + day) for day in (1, 2, 3))
    assert store.versions() == [second.version, third.version]
    assert (third.previous, third.pruned) == (second.version, (first.version,))


def test_a_rollback_publishes_the_previous_version(store: IndexStore) -> None:
    first, second = _build(store, 1, count=30), _build(store, 2)
    assert build.rollback(store) == first.version
    assert store.published() == first.version
    assert _count(store.open()) == 30
    assert store.versions() == [first.version, second.version]


def test_without_a_previous_version_a_rollback_is_not_possible(store: IndexStore) -> None:
    with pytest.raises(NotFound, match="no earlier version"):
        build.rollback(store)
    report = _build(store, 1)
    with pytest.raises(NotFound, match="no earlier version"):
        build.rollback(store)
    assert store.published() == report.version


def test_after_a_rollback_a_new_build_keeps_the_served_version(store: IndexStore) -> None:
    first, second = _build(store, 1), _build(store, 2)
    build.rollback(store)
    third = _build(store, 3)
    assert store.versions() == [first.version, third.version]
    assert third.pruned == (second.version,)


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [({"lose": 2}, f"has {len(world.movies()) - 2} movies"), ({"swap": True}, "not the nearest to its own vector")],
    ids=["movies lost", "vectors swapped"],
)
def test_a_draft_that_fails_verification_is_deleted_and_the_published_version_unchanged(
    store: IndexStore, faulty: dict[str, int], reason: str
) -> None:
    before = _build(store, 1)
    with pytest.raises(BuildRejected, match=reason):
        _build(Faulty(store, **faulty), 2)  # type: ignore[arg-type]
    assert store.published() == before.version
    assert store.versions() == [before.version]
    assert store.remove_abandoned() == []
    assert _count(store.open()) == len(world.movies())


def test_an_interrupted_build_leaves_no_draft(store: IndexStore) -> None:
    before = _build(store, 1)

    def interrupt(done: int, _total: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build.build(store, world.movies(), vectors=world.vectors(), origin=world.ORIGIN, progress=interrupt)
    assert store.versions() == [before.version]
    assert store.remove_abandoned() == []
    assert _build(store, 2).previous == before.version


@pytest.mark.parametrize("fault", ["twice", "shape"])
def test_a_movie_that_cannot_be_written_is_named(store: IndexStore, fault: str) -> None:
    first, second, *_ = world.entries()
    wrong = first if fault == "twice" else replace(second, vector=second.vector[:-1])
    store.begin(world.info("20260101-wrong"))
    with pytest.raises(BuildRejected, match=f"movie {wrong.movie.id} .*{wrong.movie.title}"):
        store.fill("20260101-wrong", [first, wrong])
    store.delete("20260101-wrong")
    assert store.versions() == []


def test_only_a_finished_version_can_be_published(store: IndexStore) -> None:
    _draft(store, "20260101-draft")
    for version in ("20260101-draft", "20260101-nothing"):
        with pytest.raises(ValueError, match="not finished"):
            store.publish(version)
    assert store.published() is None
    store.delete("20260101-draft")


def test_only_a_draft_of_this_store_can_be_written(store: IndexStore) -> None:
    with pytest.raises(ValueError, match="begin"):
        store.fill("20260101-nothing", world.entries(1))
    with pytest.raises(ValueError, match="begin"):
        store.finish("20260101-nothing")


def test_the_published_version_cannot_be_deleted(store: IndexStore) -> None:
    report = _build(store, 1)
    with pytest.raises(ValueError, match="published"):
        store.delete(report.version)
    assert _count(store.open()) == len(world.movies())


def test_a_version_cannot_be_drafted_twice(store: IndexStore) -> None:
    report = _build(store, 1)
    with pytest.raises(BuildRejected, match=report.version):
        store.begin(world.info(report.version))
    assert _count(store.open()) == len(world.movies())


def test_a_second_build_is_refused_while_another_one_runs_and_leaves_its_draft(place: Place) -> None:
    first, second = place.open(), place.open()
    _draft(first, "20260101-first")
    assert second.remove_abandoned() == []
    with pytest.raises(BuildRejected, match="another build is running"):
        second.begin(world.info("20260102-second"))
    first.finish("20260101-first")
    first.publish("20260101-first")
    assert _build(second, 3).previous == "20260101-first"


@pytest.mark.parametrize("rounds", [3])
def test_of_builds_that_begin_at_the_same_moment_one_is_published_and_none_is_swept(place: Place, rounds: int) -> None:
    for number in range(rounds):
        _build(place.open(), 1 + 4 * number)
        said = _race(place, days=range(2 + 4 * number, 5 + 4 * number))
        published = [line.removeprefix("published ") for line in said if line.startswith("published")]
        refused = [line for line in said if "another build is running" in line]
        # A build that began after another had ended is published too; never are two of them written at the same time.
        assert published
        assert len(published) + len(refused) == len(said) == 3
        assert place.open().published() in published
        assert _count(place.open().open()) == len(world.movies())
        assert place.open().remove_abandoned() == []


def _race(place: Place, *, days: range) -> list[str]:
    """Run a build of each day in a process of its own, all at once, and return what they say."""
    command = [sys.executable, "-m", "tests.contracts.racing", place.engine, place.where]
    with ExitStack() as stack:
        builds = [
            stack.enter_context(
                subprocess.Popen(
                    [*command, str(day)],
                    cwd=Path(__file__).parents[2],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for day in days
        ]
        for process in builds:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in builds:
            assert process.stdin is not None
            process.stdin.write("begin\n")
            process.stdin.flush()
        return [process.communicate()[0].strip() for process in builds]


@pytest.mark.parametrize("step", dying.STEPS)
def test_a_build_killed_at_any_step_leaves_readers_served_and_the_next_build_clean(place: Place, step: str) -> None:
    before = _build(place.open(), 1)
    _kill_at(place, step)
    reader = place.open()
    assert reader.published() == before.version
    assert _count(reader.open()) == len(world.movies())
    after = _build(place.open(), 3, count=40)
    assert after.pruned == (dying.VERSION,)
    assert place.open().versions() == [before.version, after.version]
    assert place.open().remove_abandoned() == []


@pytest.mark.parametrize("pause", [0.0, 0.01, 0.03, 0.1, 0.3])
def test_a_build_killed_while_finishing_is_published_completely_or_not_at_all(place: Place, pause: float) -> None:
    before = _build(place.open(), 1)
    _kill_at(place, "filled", pause=pause)
    assert place.open().published() in (before.version, dying.VERSION)
    assert _count(place.open().open()) == len(world.movies())
    after = _build(place.open(), 3)
    assert place.open().versions() == sorted({str(after.previous), after.version})


def _kill_at(place: Place, step: str, *, pause: float | None = None) -> None:
    """Run a build in its own process and kill it once it prints `step`.

    Args:
        place: where it builds.
        step: the last step that it prints.
        pause: if given, the build continues after `step` and is killed this many seconds later.
    """
    command = [sys.executable, "-m", "tests.contracts.dying", place.engine, place.where]
    last = step if pause is None else "none"
    root = Path(__file__).parents[2]
    with subprocess.Popen([*command, last], cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        while said != step:
            line = process.stdout.readline()
            assert line, f"the build ended before it printed {step!r}"
            said = line.strip()
        time.sleep(pause or 0.0)
        process.kill()
