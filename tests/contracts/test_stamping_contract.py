"""Publishing factors in place: readers see one model or the next, whatever happens."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.errors import BuildRejected, FactorsMissing, IndexMissing
from core.ports import IndexStore, MovieIndex, Question
from core.types import Clause, Filters, MovieId, Sort, Trait
from indexer import build, changes
from indexer.build import BuildReport
from tests.contracts import dying, tastes, world
from tests.contracts.places import Place

pytestmark = pytest.mark.slow

FOLLOWS_WITHIN = 60.0
"""Seconds until a reader must have followed a publication: it checks about once a second."""
FIRST, SECOND, THIRD, FOURTH = "20260101-als", "20260108-als", "20260115-als", "20260122-als"


def _build(store: IndexStore, day: int, count: int | None = None) -> BuildReport:
    movies = world.movies()[:count]
    now = datetime(2026, 1, day, tzinfo=UTC)
    return build.build(store, movies, vectors=world.vectors()[: len(movies)], origin=world.ORIGIN, now=lambda: now)


def _wait_for(index: MovieIndex, model: str) -> None:
    deadline = time.monotonic() + FOLLOWS_WITHIN
    while index.factors_version() != model:
        assert time.monotonic() < deadline, f"still reading {index.factors_version()!r}"
        time.sleep(0.05)


def _assert_serves(index: MovieIndex, model: str, *, dimension: int = 12, seed: int = 1) -> None:
    assert index.factors_version() == model
    vector = tastes.user(dimension)
    products = tastes.expected(tastes.factors(model, dimension, seed), vector)
    tastes.assert_exact(tastes.ask(index, model, vector, depth=1_000), products, depth=1_000)


def test_without_an_index_factors_cannot_be_published(store: IndexStore) -> None:
    with pytest.raises(IndexMissing, match="marquee index"):
        store.publish_factors(tastes.factors(FIRST))
    assert store.versions() == []


def test_publishing_factors_returns_how_many_movies_have_them(store: IndexStore) -> None:
    _build(store, 1)
    factors = tastes.factors(FIRST)
    assert len(factors.movies) == tastes.KNOWN + len(tastes.STRANGERS)
    assert store.publish_factors(factors) == tastes.KNOWN
    _assert_serves(store.open(), FIRST)
    assert store.open().movies([MovieId(movie) for movie in tastes.STRANGERS]) == []
    assert store.open().listing(Filters(), sort=Sort.POPULARITY, offset=0, size=1).total == len(world.movies())


def test_publishing_factors_keeps_moods_terms_attachments_and_conditions(store: IndexStore) -> None:
    store.begin(world.info("v1"))
    store.attach("v1", "words", b"as they are")
    store.fill("v1", world.entries())
    store.finish("v1")
    store.publish("v1")
    store.publish_factors(tastes.factors(FIRST))
    index, ids = store.open("v1"), [movie.id for movie in world.movies()]
    expected = [[world.moods(movie).get(mood, 0.0) for mood in world.MOODS] for movie in world.movies()]
    assert index.moods(ids).tolist() == expected
    assert index.attachment("words") == b"as they are"
    every = index.candidates(Question(order=(("rating", 1.0),), depth=len(ids)))
    assert dict(zip(every.ids.tolist(), every.terms, strict=True)) == dict(zip(ids, world.weighed(), strict=True))
    own = dict(zip(ids, world.near(), strict=True))
    near = zip(every.ids.tolist(), every.neighbours.tolist(), strict=True)
    assert {movie: [other for other in row if other] for movie, row in near} == own
    filters = Filters(moods=("cozy",), clauses=(Clause(Trait.COMPANY, ("Studio Nord",), wanted=False),))
    found = index.candidates(Question(order=(("mood:cozy", 1.0),), filters=filters, depth=500))
    assert set(found.ids.tolist()) == {movie.id for movie in world.movies() if world.meets(movie, filters)}


def test_an_open_reader_sees_only_the_new_model(store: IndexStore) -> None:
    _build(store, 1)
    store.publish_factors(tastes.factors(FIRST))
    reader = store.open()
    _assert_serves(reader, FIRST)
    store.publish_factors(tastes.factors(SECOND, seed=2))
    _wait_for(reader, SECOND)
    _assert_serves(reader, SECOND, seed=2)
    with pytest.raises(FactorsMissing, match=SECOND):
        tastes.ask(reader, FIRST)


def test_a_reader_opened_before_the_first_factors_follows_them(store: IndexStore) -> None:
    _build(store, 1)
    reader = store.open()
    assert reader.factors_version() == ""
    store.publish_factors(tastes.factors(FIRST))
    _wait_for(reader, FIRST)
    _assert_serves(reader, FIRST)


def test_successive_models_may_differ_in_dimension(store: IndexStore) -> None:
    _build(store, 1)
    for seed, (model, dimension) in enumerate(((FIRST, 1), (SECOND, 40), (THIRD, 16), (FOURTH, 17)), start=1):
        assert store.publish_factors(tastes.factors(model, dimension, seed)) == tastes.KNOWN
        _assert_serves(store.open(), model, dimension=dimension, seed=seed)


def test_a_movie_unknown_to_the_next_model_loses_its_factors(store: IndexStore) -> None:
    _build(store, 1)
    for seed, model in enumerate((FIRST, SECOND, THIRD), start=1):
        # Different movies in each; the third uses the first slot again.
        store.publish_factors(tastes.factors(model, 12, seed))
        _assert_serves(store.open(), model, seed=seed)


def test_the_same_model_can_be_published_again(store: IndexStore) -> None:
    _build(store, 1)
    for _ in range(2):
        assert store.publish_factors(tastes.factors(FIRST)) == tastes.KNOWN
    _assert_serves(store.open(), FIRST)


def test_a_model_without_any_of_the_movies_finds_none(store: IndexStore) -> None:
    _build(store, 1)
    known = tastes.factors(FIRST)
    assert store.publish_factors(replace(known, movies=known.movies[-3:], vectors=known.vectors[-3:])) == 0
    assert len(tastes.ask(store.open(), FIRST).movies) == 0
    assert store.publish_factors(replace(known, model=SECOND, movies=known.movies[:0], vectors=known.vectors[:0])) == 0
    assert len(tastes.ask(store.open(), SECOND).movies) == 0


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"model": ""}, "no version"),
        ({"vectors": np.ones((2, 3), np.float32)}, r"got \(2, 3\)"),
        ({"vectors": np.ones(123, np.float32)}, "a row of 1 to 4096 numbers"),
        ({"vectors": np.ones((123, 4_097), np.float32)}, r"got \(123, 4097\)"),
        ({"vectors": np.full((123, 4), np.nan, np.float32)}, "not finite"),
        ({"vectors": np.full((123, 4), 1e38, np.float32)}, "not finite or too large"),
        ({"movies": np.full(123, 7)}, "movie 7 occurs twice"),
    ],
    ids=["no model", "rows", "flat", "long", "nan", "large", "twice"],
)
def test_invalid_factors_are_rejected_and_the_previous_ones_still_serve(
    store: IndexStore, wrong: dict[str, object], complaint: str
) -> None:
    _build(store, 1)
    store.publish_factors(tastes.factors(FIRST))
    with pytest.raises(BuildRejected, match=complaint):
        store.publish_factors(replace(tastes.factors(SECOND), **wrong))  # type: ignore[arg-type]
    _assert_serves(store.open(), FIRST)


def test_a_whole_build_has_no_factors_until_published_and_a_rollback_has_its_own(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST", -1.0)  # a copy of the index would have those of the movies that it keeps
    _build(store, 1)
    store.publish_factors(tastes.factors(FIRST))
    reader = store.open()
    _build(store, 2)
    _wait_for(reader, "")
    with pytest.raises(FactorsMissing):
        tastes.ask(reader, FIRST)
    store.publish_factors(tastes.factors(SECOND, seed=2))
    _wait_for(reader, SECOND)
    _assert_serves(reader, SECOND, seed=2)
    build.rollback(store)
    _wait_for(reader, FIRST)
    _assert_serves(reader, FIRST)


def test_publishing_factors_changes_nothing_else(store: IndexStore) -> None:
    _build(store, 1)
    ids = [movie.id for movie in world.movies()]
    before, question = store.open(), Question("hunting robot", vector=world.vectors()[3], depth=1_000)
    found, listed = before.candidates(question), before.listing(Filters(), sort=Sort.NEWEST, offset=0, size=1_000)
    for seed, model in enumerate((FIRST, SECOND, THIRD), start=1):
        store.publish_factors(tastes.factors(model, 12, seed))
    after = store.open()
    assert after.info() == before.info()
    assert after.movies(ids) == list(world.movies())
    np.testing.assert_array_equal(after.vectors(ids), world.vectors())
    again = after.candidates(question)
    np.testing.assert_array_equal(again.ids, found.ids)
    # Elasticsearch counts overwritten documents in word frequencies until they are merged away.
    np.testing.assert_allclose(again.words, found.words, rtol=0.05)
    np.testing.assert_allclose(again.cosine, found.cosine, atol=1e-6)
    assert after.listing(Filters(), sort=Sort.NEWEST, offset=0, size=1_000) == listed
    assert [name.text for name in after.suggest("amel", limit=1)] == ["Amélie"]
    assert after.correct(["waitres"]) == before.correct(["waitres"])


def test_readers_are_served_during_publications_and_never_see_a_mixture(place: Place) -> None:
    store = place.open()
    _build(store, 1)
    store.publish_factors(tastes.factors(FIRST, seed=1))
    seeds = {FIRST: 1, SECOND: 2, THIRD: 3}
    with _reading(place.open().open(), seeds) as seen:
        for model, seed in seeds.items():
            store.publish_factors(tastes.factors(model, seed=seed))
            deadline = time.monotonic() + FOLLOWS_WITHIN
            while model not in seen and time.monotonic() < deadline:
                time.sleep(0.02)
    assert set(seen) == {FIRST, SECOND, THIRD}


@pytest.mark.parametrize("pause", [0.0, 0.005, 0.02, 0.1, 0.3, 0.6])
def test_a_publication_killed_at_any_time_leaves_one_model_serving_and_the_next_one_repairs(
    place: Place, pause: float
) -> None:
    _build(place.open(), 1)
    place.open().publish_factors(tastes.factors(FIRST))
    _kill_stamp(place, pause)
    survivor = place.open().open()
    model = survivor.factors_version()
    assert model in (FIRST, dying.MODEL)
    _assert_serves(survivor, model, seed=1 if model == FIRST else 2)
    assert survivor.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=1).total == len(world.movies())
    assert place.open().publish_factors(tastes.factors(THIRD, seed=3)) == tastes.KNOWN
    _assert_serves(place.open().open(), THIRD, seed=3)
    np.testing.assert_array_equal(place.open().open().vectors([MovieId(3)]), world.vectors()[[_row(3)]])


@contextmanager
def _reading(index: MovieIndex, seeds: dict[str, int]) -> Iterator[list[str]]:
    """Read continuously until the end of the block and check every result; yield the models that were seen."""
    vector, seen, stop = tastes.user(), list[str](), threading.Event()
    question = Question("hunting robot", vector=world.vectors()[3], depth=30)
    ids = index.candidates(question).ids.tolist()

    def read() -> None:
        model = index.factors_version()
        products = tastes.expected(tastes.factors(model, seed=seeds[model]), vector)
        try:
            tastes.assert_exact(tastes.ask(index, model, depth=1_000), products, depth=1_000)
            seen.append(model)
        except FactorsMissing:
            pass  # the next model was published between the two calls
        assert index.candidates(question).ids.tolist() == ids
        assert index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=5).total == len(world.movies())

    def loop() -> None:
        while not stop.is_set():
            read()

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(loop) for _ in range(2)]
        try:
            yield seen
        finally:
            stop.set()
    for reader in readers:
        reader.result()


def _row(movie: int) -> int:
    return [movie.id for movie in world.movies()].index(MovieId(movie))


def _kill_stamp(place: Place, pause: float) -> None:
    """Publish factors in another process and kill it `pause` seconds after it started."""
    command = [sys.executable, "-m", "tests.contracts.dying", place.engine, place.where, "stamping"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "stamping"
        time.sleep(pause)
        process.kill()
