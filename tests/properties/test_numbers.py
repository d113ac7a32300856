"""Numbers that are none or absurd never reach a list: factors, votes, years."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import BuildRejected, ModelMissing
from core.ports import Factors
from core.types import FIRST_YEAR, LAST_YEAR, MAX_COUNT, MAX_RUNTIME, MAX_VOTE, Filters, Movie, MovieId, Sort
from data.catalogues import marquee_format
from engine.recommender import model as models
from indexer import build
from indexer.embedded import EmbeddedStore
from tests.contracts import world
from tests.properties import worlds

ABSURD = st.sampled_from([np.nan, np.inf, -np.inf, 3e38, -3e38])
NUMBER = st.one_of(
    st.integers(-(10**12), 10**12), st.floats(), st.sampled_from([None, 0, -1, 1e300, 99_999_999, "many", "", True])
)


@lru_cache
def _saved() -> dict[str, np.ndarray]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        models.save(worlds.fit(worlds.said(worlds.Spot(1, 20, 20, 2, 0.5)), stars=False), Path(folder))
        with np.load(Path(folder) / models.ARRAYS) as stored:
            arrays = {name: stored[name] for name in stored.files}
        kept = {name: (Path(folder) / name).read_bytes() for name in models.FILES if name != models.ARRAYS}
    return {**arrays, **{f"file {name}": np.frombuffer(content, np.uint8) for name, content in kept.items()}}


@settings(max_examples=30)
@given(name=st.sampled_from(models.RANKED_BY), place=st.integers(0, 10_000), number=ABSURD)
def test_a_model_with_a_number_that_cannot_be_ranked_is_never_loaded(name: str, place: int, number: float) -> None:
    # A very low score is how a small catalogue marks columns without a neighbour: its movie comes last, not first.
    assume(name != models.NEIGHBOUR_SCORES or not number < 0)
    arrays = {key: value.copy() for key, value in _saved().items()}
    flat = arrays[name].reshape(-1)
    flat[place % len(flat)] = number
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for key in [key for key in arrays if key.startswith("file ")]:
            (Path(folder) / key.removeprefix("file ")).write_bytes(arrays.pop(key).tobytes())
        np.savez(Path(folder) / models.ARRAYS, allow_pickle=False, **arrays)
        with pytest.raises(ModelMissing, match=f"{name} contains numbers"):
            models.load(Path(folder))


@settings(max_examples=8)
@given(place=st.integers(0, 10_000), number=ABSURD)
def test_factors_that_cannot_be_ranked_are_never_published(place: int, number: float) -> None:
    vectors = np.ones((3, 4), np.float32)
    vectors.reshape(-1)[place % vectors.size] = number
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = EmbeddedStore(Path(folder))
        build.build(store, world.movies()[:3], vectors=world.vectors()[:3], origin=world.ORIGIN)
        ids = np.array([movie.id for movie in world.movies()[:3]], np.int64)
        with pytest.raises(BuildRejected):
            store.publish_factors(Factors("m1", ids, vectors))


@settings(max_examples=25)
@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("year", "vote_count", "vote_average", "popularity", "runtime"), NUMBER)
    )
)
def test_a_movie_with_absurd_numbers_is_a_bad_row_and_never_listed(numbers: dict[str, object]) -> None:
    lines = [{"id": 1, "title": "Plain"}, {"id": 2, "title": "Odd", **numbers}]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / marquee_format.JSON_LINES
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        catalogue = marquee_format.read(path)
        store = EmbeddedStore(Path(folder) / "index")
        vectors = world.vectors()[: len(catalogue.movies)]
        build.build(store, catalogue.movies, vectors=vectors, origin=replace(world.ORIGIN, moods=()))
        for sort in Sort:
            listing = store.open().listing(Filters(), sort=sort, offset=0, size=5)
            assert {movie.id for movie in listing.movies} == {movie.id for movie in catalogue.movies}
            assert all(map(_sane, listing.movies))
    assert len(catalogue.movies) + len(catalogue.skipped) == len(lines)


def _sane(movie: Movie) -> bool:
    return (
        (movie.year is None or FIRST_YEAR <= movie.year <= LAST_YEAR)
        and (movie.runtime is None or 0 < movie.runtime <= MAX_RUNTIME)
        and (movie.vote_average is None or 0 <= movie.vote_average <= MAX_VOTE)
        and 0 <= movie.vote_count <= MAX_COUNT
        and 0 <= movie.popularity <= MAX_COUNT
    )


@given(number=st.floats(allow_nan=True, allow_infinity=True))
def test_a_movie_cannot_have_a_vote_or_a_popularity_that_is_no_number(number: float) -> None:
    for field, most in (("vote_average", MAX_VOTE), ("popularity", MAX_COUNT)):
        if not 0 <= number <= most:
            with pytest.raises(ValueError, match=field):
                Movie(MovieId(1), "Odd", **{field: number})  # type: ignore[arg-type]
