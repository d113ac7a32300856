"""Attachments of a version."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import BuildRejected, NotFound
from core.ports import Entry, IndexStore, Question
from core.types import Clause, Filters, Sort, Trait
from indexer import build
from tests.contracts import world

LARGE = np.random.default_rng(3).bytes(9_000_001)
"""Larger than a message or document can be."""


def _publish(store: IndexStore, **attachments: bytes) -> None:
    store.begin(world.info("v1", 20))
    for name, content in attachments.items():
        store.attach("v1", name, content)
    store.fill("v1", world.entries(20))
    store.finish("v1")
    store.publish("v1")


def test_a_blob_of_any_size_comes_back_as_it_was_written(store: IndexStore) -> None:
    _publish(store, vocabulary=LARGE, empty=b"", newline=b"\n\x00\n")
    for index in (store.open(), store.open("v1")):
        assert index.attachment("vocabulary") == LARGE
        assert index.attachment("empty") == b""
        assert index.attachment("newline") == b"\n\x00\n"


def test_the_last_blob_of_a_name_wins(store: IndexStore) -> None:
    store.begin(world.info("v1", 1))
    store.attach("v1", "words", LARGE)
    store.attach("v1", "words", b"short")
    store.fill("v1", world.entries(1))
    store.finish("v1")
    assert store.open("v1").attachment("words") == b"short"


def test_a_blob_that_was_not_attached_is_not_found(store: IndexStore) -> None:
    _publish(store)
    with pytest.raises(NotFound, match="words"):
        store.open().attachment("words")


def test_only_a_draft_accepts_a_blob_and_only_under_a_plain_name(store: IndexStore) -> None:
    with pytest.raises(ValueError, match="begin"):
        store.attach("v1", "words", b"")
    store.begin(world.info("v1", 1))
    with pytest.raises(ValueError, match=r"attachment: .*'\.\./words'"):
        store.attach("v1", "../words", b"")
    with pytest.raises(ValueError, match="'spelling' is reserved"):
        store.attach("v1", "spelling", b"")


def test_blobs_are_never_counted_listed_or_found(store: IndexStore) -> None:
    _publish(store, words=LARGE)
    index = store.open()
    expected = sorted(movie.id for movie in world.movies()[:20])
    unwanted = Filters(clauses=(Clause(Trait.GENRE, ("Western",), wanted=False),))
    for filters in (Filters(), unwanted):
        listing = index.listing(filters, sort=Sort.NEWEST, offset=0, size=50)
        assert sorted(movie.id for movie in listing.movies) == expected
        assert listing.total == 20
        question = Question("robot", vector=world.vectors()[0], order=(("rating", 1.0),), filters=filters, depth=50)
        assert index.candidates(question).ids.tolist() == expected


def test_a_build_attaches_blobs_and_reads_them_back(store: IndexStore) -> None:
    movies, vectors = world.movies()[:20], world.vectors()[:20]
    moods = [world.moods(movie) for movie in movies]
    build.build(store, movies, vectors=vectors, origin=world.ORIGIN, moods=moods, attachments={"words": b"as they are"})
    index = store.open()
    assert index.attachment("words") == b"as they are"
    assert (index.info().moods, index.info().moods_hash) == (world.MOODS, "def")
    assert index.moods([movies[3].id])[0].tolist() == [moods[3].get(mood, 0.0) for mood in world.MOODS]


def test_a_build_with_moods_for_other_movies_is_rejected(store: IndexStore) -> None:
    with pytest.raises(BuildRejected, match="moods for 1"):
        build.build(store, world.movies(), vectors=world.vectors(), origin=world.ORIGIN, moods=[{}])


@pytest.mark.parametrize(("moods", "fault"), [({"grim": 0.5}, "'grim'"), ({"cozy": 1.5}, "1.5"), ({"cozy": 0.0}, "0")])
def test_a_movie_with_invalid_moods_is_rejected_by_name(store: IndexStore, moods: dict[str, float], fault: str) -> None:
    movie = world.movies()[0]
    store.begin(world.info("v1", 1))
    with pytest.raises(BuildRejected, match=f"movie {movie.id} .*{fault}"):
        store.fill("v1", [Entry(movie, world.vectors()[0], moods)])
