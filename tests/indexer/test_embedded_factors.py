"""Factors of the embedded engine: files of a version, an atomically replaced manifest, and readers that follow."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import orjson
import pytest

from core.errors import BuildRejected, FactorsMissing, IndexMissing
from core.ports import Factors, Question
from core.types import Movie, MovieId
from indexer.embedded import EmbeddedStore
from indexer.embedded.columns import Columns, ColumnsWriter
from indexer.embedded.files import factors
from indexer.embedded.published_index import LOOK_EVERY, Published
from tests.contracts import tastes, world

FIRST, SECOND, THIRD = "m1", "m2", "m3"


class Clock:
    """A clock that stands still until it is advanced."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    """A store with the world published as `v1`."""
    store = EmbeddedStore(tmp_path / "index")
    store.begin(world.info("v1"))
    store.fill("v1", world.entries())
    store.finish("v1")
    store.publish("v1")
    return store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of `v1`."""
    return tmp_path / "index" / "v1"


def _matrices(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if "factors" in path.name and path.name != factors.MANIFEST)


def test_only_the_current_matrix_is_kept(store: EmbeddedStore, folder: Path) -> None:
    assert _matrices(folder) == []
    for model in (FIRST, SECOND, THIRD):
        store.publish_factors(tastes.factors(model))
        manifest = orjson.loads((folder / factors.MANIFEST).read_bytes())
        assert _matrices(folder) == [manifest["file"]]
        assert (manifest["model"], manifest["dimension"]) == (model, 12)


def test_leftovers_of_a_killed_publication_are_never_read_and_deleted_by_the_next(
    store: EmbeddedStore, folder: Path
) -> None:
    store.publish_factors(tastes.factors(FIRST))
    (folder / "factors-0123.f32").write_bytes(b"half a matr")
    (folder / f".{factors.MANIFEST}.999").write_bytes(b'{"model": "m2", "fi')
    assert store.open().factors_version() == FIRST
    tastes.assert_exact(
        tastes.ask(store.open(), FIRST), tastes.expected(tastes.factors(FIRST), tastes.user()), depth=20
    )
    store.publish_factors(tastes.factors(SECOND))
    assert len(_matrices(folder)) == 1


def test_an_open_version_keeps_its_factors(store: EmbeddedStore) -> None:
    store.publish_factors(tastes.factors(FIRST))
    version = store.open("v1")
    for seed, model in ((2, SECOND), (3, THIRD)):
        store.publish_factors(tastes.factors(model, seed=seed))
    assert version.factors_version() == FIRST
    products = tastes.expected(tastes.factors(FIRST), tastes.user())
    tastes.assert_exact(tastes.ask(version, FIRST, depth=500), products, depth=500)


def test_a_reader_checks_for_new_factors_once_a_second(store: EmbeddedStore, tmp_path: Path) -> None:
    clock = Clock()
    reader = Published(tmp_path / "index", clock=clock)
    assert reader.factors_version() == ""
    store.publish_factors(tastes.factors(FIRST))
    clock.now = LOOK_EVERY * 0.9
    assert reader.factors_version() == ""
    clock.now = LOOK_EVERY
    assert reader.factors_version() == FIRST
    store.publish_factors(tastes.factors(SECOND))
    assert reader.factors_version() == FIRST
    clock.now = LOOK_EVERY * 2
    assert reader.factors_version() == SECOND


@pytest.mark.parametrize("damage", ["manifest", "fields", "matrix", "lost"])
def test_damaged_factors_do_not_break_a_search_and_a_publication_repairs_them(
    store: EmbeddedStore, folder: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    store.publish_factors(tastes.factors(FIRST))
    matrix = folder / _matrices(folder)[0]
    if damage == "manifest":
        (folder / factors.MANIFEST).write_bytes(b'{"model": ')
    elif damage == "fields":
        (folder / factors.MANIFEST).write_bytes(b"{}")
    elif damage == "matrix":
        matrix.write_bytes(matrix.read_bytes()[:-4])
    else:
        matrix.unlink()
    with caplog.at_level(logging.WARNING):
        reader = store.open()
        assert len(reader.candidates(Question("robot"))) > 0
    assert "publish them again" in caplog.text
    with pytest.raises(FactorsMissing, match="has no factors"):
        tastes.ask(reader, FIRST)
    store.publish_factors(tastes.factors(SECOND))
    assert len(tastes.ask(store.open(), SECOND).movies) == 20


def test_factors_that_cannot_be_written_are_rejected_with_a_message(store: EmbeddedStore, folder: Path) -> None:
    (folder / factors.MANIFEST).mkdir()
    with pytest.raises(BuildRejected, match="model 'm1' cannot be written to the index v1"):
        store.publish_factors(tastes.factors(FIRST))
    assert store.open().factors_version() == ""


def test_an_index_of_another_schema_revision_gets_no_factors(store: EmbeddedStore, folder: Path) -> None:
    info = orjson.loads((folder / "info.json").read_bytes())
    (folder / "info.json").write_bytes(orjson.dumps({**info, "schema": 99}))
    with pytest.raises(IndexMissing, match="revision 99"):
        store.publish_factors(tastes.factors(FIRST))
    assert _matrices(folder) == []


def test_concurrent_publications_are_serialized(store: EmbeddedStore, folder: Path, tmp_path: Path) -> None:
    models = [f"model-{number}" for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        counts = pool.map(
            lambda model: EmbeddedStore(tmp_path / "index").publish_factors(tastes.factors(model)), models
        )
        assert set(counts) == {tastes.KNOWN}
    reader = store.open()
    assert reader.factors_version() in models
    assert len(tastes.ask(reader, reader.factors_version()).movies) == 20
    assert len(_matrices(folder)) == 1


def test_a_build_in_another_process_does_not_block_publishing_factors(store: EmbeddedStore, tmp_path: Path) -> None:
    other = EmbeddedStore(tmp_path / "index")
    other.begin(world.info("v2"))
    assert store.publish_factors(tastes.factors(FIRST)) == tastes.KNOWN
    other.delete("v2")


@pytest.mark.parametrize("dimension", [3, 67, 128])
def test_equal_rows_have_equal_scores_at_any_position_in_the_matrix(tmp_path: Path, dimension: int) -> None:
    """BLAS rounds the last rows of a block differently."""
    count = 1_003
    writer = ColumnsWriter()
    for movie in range(1, count + 1):
        writer.add(Movie(MovieId(movie), "Same"))
    writer.save(tmp_path)
    columns = Columns.load(tmp_path)
    rows = np.tile(np.random.default_rng(2).normal(size=dimension).astype(np.float32), (count, 1))
    factors.save(tmp_path, columns, Factors(FIRST, columns.ids[::-1].copy(), rows))
    stamped = factors.load(tmp_path, count)
    for depth in (1, 10, 500, 1_002):
        vector = np.random.default_rng(depth).normal(size=dimension).astype(np.float32)
        found = stamped.best(vector, columns, mask=None, without=(), depth=depth)
        assert found.movies.tolist() == list(range(1, depth + 1))
        assert len(set(found.scores.tolist())) == 1


def test_factors_can_be_published_in_an_index_without_movies(tmp_path: Path) -> None:
    ColumnsWriter().save(tmp_path)
    columns = Columns.load(tmp_path)
    assert factors.save(tmp_path, columns, tastes.factors(FIRST)) == 0
    stamped = factors.load(tmp_path, 0)
    assert len(stamped.best(tastes.user(), columns, mask=None, without=[1], depth=5).movies) == 0
