"""Behaviour specific to the embedded engine: files, locks, and readers that follow the pointer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import BuildRejected, IndexMissing, SearchUnavailable
from core.ports import Entry, MovieIndex, Question
from core.types import Filters, Movie, MovieId, Sort
from indexer.embedded import EmbeddedStore
from indexer.embedded.exact_terms import ExactTermsWriter
from indexer.embedded.published_index import LOOK_EVERY, Published
from indexer.embedded.version_writer import EXACT_TERMS, WORDS
from tests.contracts import world

ROOT = Path(__file__).parents[2]


class Clock:
    """A clock that stands still until it is advanced."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


def _publish(store: EmbeddedStore, version: str, count: int | None = None) -> None:
    entries = world.entries(count)
    store.begin(world.info(version, len(entries)))
    store.fill(version, entries)
    store.finish(version)
    store.publish(version)


def _count(index: MovieIndex) -> int:
    return index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=1).total


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    """A store without versions."""
    return EmbeddedStore(tmp_path / "index")


def test_a_concurrent_build_is_rejected(store: EmbeddedStore, tmp_path: Path) -> None:
    store.begin(world.info("v1"))
    for other in (store, EmbeddedStore(tmp_path / "index")):
        with pytest.raises(BuildRejected, match="another build is running"):
            other.begin(world.info("v2"))
    store.delete("v1")
    _publish(EmbeddedStore(tmp_path / "index"), "v2")
    _publish(store, "v3")


def test_a_failed_begin_does_not_block_the_next_one(store: EmbeddedStore) -> None:
    _publish(store, "v1")
    with pytest.raises(BuildRejected, match="already exists"):
        store.begin(world.info("v1"))
    _publish(store, "v2")


def test_a_draft_in_use_is_not_deleted(store: EmbeddedStore, tmp_path: Path) -> None:
    store.begin(world.info("v1", 5))
    assert EmbeddedStore(tmp_path / "index").remove_abandoned() == []
    assert store.remove_abandoned() == []
    store.fill("v1", world.entries(5))
    store.finish("v1")
    assert _count(store.open("v1")) == 5


def test_deleting_drafts_without_any_builds_creates_nothing(store: EmbeddedStore, tmp_path: Path) -> None:
    assert store.remove_abandoned() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("version", ["", "../v1", "a/b", "draft-v1", ".hidden"])
def test_a_version_is_a_plain_folder_name(store: EmbeddedStore, version: str) -> None:
    with pytest.raises(ValueError, match="version"):
        store.begin(world.info(version))


def test_a_folder_that_cannot_be_written_is_reported_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(BuildRejected, match=r"file.*MARQUEE_HOME"):
        EmbeddedStore(tmp_path / "file").begin(world.info("v1"))


def test_a_draft_can_be_filled_in_several_calls(store: EmbeddedStore) -> None:
    store.begin(world.info("v1", 6))
    store.fill("v1", world.entries(4))
    store.fill("v1", world.entries(6)[4:])
    store.finish("v1")
    assert store.open("v1").movies([entry.movie.id for entry in world.entries(6)]) == list(world.movies()[:6])


@pytest.mark.parametrize("damage", ["changed", "shortened", "deleted"])
def test_a_damaged_file_is_named_and_a_running_reader_keeps_what_it_loaded(
    store: EmbeddedStore, tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    _publish(store, "v1")
    clock = Clock()
    reader = Published(tmp_path / "index", clock=clock)
    assert reader.info().version == "v1"
    _publish(store, "v2")
    path = tmp_path / "index" / "v2" / "vectors.f32"
    content = path.read_bytes()
    path.unlink()
    if damage != "deleted":
        path.write_bytes(content[:-4] if damage == "shortened" else b"\xff" + content[1:])
    with pytest.raises(SearchUnavailable, match=r"vectors\.f32 is (damaged|missing)"):
        Published(tmp_path / "index").info()
    for _ in range(3):
        clock.now += LOOK_EVERY
        assert reader.info().version == "v1"
        assert _count(reader) == len(world.movies())
    assert [record.message.partition(":")[0] for record in caplog.records] == ["keeping the loaded index"]
    path.write_bytes(content)
    clock.now += LOOK_EVERY
    assert reader.info().version == "v2"


def test_an_unreadable_pointer_keeps_the_loaded_version(store: EmbeddedStore, tmp_path: Path) -> None:
    _publish(store, "v1")
    clock = Clock()
    reader = Published(tmp_path / "index", clock=clock)
    assert reader.info().version == "v1"
    (tmp_path / "index" / "current").write_bytes(b"\xff\xfe broken")
    clock.now += LOOK_EVERY
    assert reader.info().version == "v1"


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from core.errors import BuildRejected
from indexer import build
from indexer.embedded import EmbeddedStore
from tests.contracts import world
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    build.build(EmbeddedStore(Path(sys.argv[1])), world.movies(), vectors=world.vectors(), origin=world.ORIGIN)
except BuildRejected as error:
    print(error)
"""


@pytest.mark.parametrize("size", [1_000, 20_000, 60_000])
def test_a_full_disk_leaves_no_draft_and_the_published_version(store: EmbeddedStore, tmp_path: Path, size: int) -> None:
    _publish(store, "v1")
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "index"), str(size)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "cannot be written" in ended.stdout, ended.stderr
    left = {path.name for path in (tmp_path / "index").iterdir() if not path.name.startswith(".")}
    assert left == {"current", "v1"}
    assert _count(store.open()) == len(world.movies())


def test_a_version_without_movies_finds_nothing(store: EmbeddedStore) -> None:
    store.begin(world.info("v1", 0))
    store.finish("v1")
    index = store.open("v1")
    question = Question("robot", vector=world.vectors()[0], name="robot", filters=Filters(genres=("Drama",)))
    assert len(index.candidates(question)) == 0
    assert _count(index) == 0
    assert index.movies([MovieId(1)]) == []
    assert index.suggest("robot", limit=3) == []
    assert index.correct(["robot"]) == {}


def test_the_pointer_is_checked_at_most_once_a_second(store: EmbeddedStore, tmp_path: Path) -> None:
    clock = Clock()
    _publish(store, "v1", 5)
    reader = Published(tmp_path / "index", clock=clock)
    assert _count(reader) == 5
    _publish(store, "v2", 7)
    clock.now += LOOK_EVERY / 2
    assert _count(reader) == 5
    clock.now += LOOK_EVERY / 2
    assert _count(reader) == 7


def test_a_reader_keeps_its_version_while_the_pointer_is_unchanged(store: EmbeddedStore, tmp_path: Path) -> None:
    clock = Clock()
    _publish(store, "v1", 5)
    reader = Published(tmp_path / "index", clock=clock)
    info = reader.info()
    clock.now += 10 * LOOK_EVERY
    assert reader.info() is info


def test_a_version_deleted_under_an_open_reader_can_still_be_read(store: EmbeddedStore) -> None:
    _publish(store, "v1")
    reader = store.open("v1")
    _publish(store, "v2", 5)
    store.delete("v1")
    found = reader.candidates(Question("robot", vector=world.vectors()[3], depth=4))
    assert [movie.id for movie in reader.movies(found.ids.tolist())] == found.ids.tolist()


def test_readers_on_many_threads_always_see_a_complete_version(store: EmbeddedStore, tmp_path: Path) -> None:
    ticks = iter(range(10_000_000))
    _publish(store, "v0", 5)
    # Every call checks the pointer: each tick of this clock is longer than the interval between two checks.
    reader = Published(tmp_path / "index", clock=lambda: next(ticks) * 2 * LOOK_EVERY)
    seen: set[int] = set()
    faults: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                seen.add(_count(reader))
                reader.candidates(Question("robot", vector=world.vectors()[0]))
            except (SearchUnavailable, ValueError, OSError) as error:
                faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 6):
        _publish(store, f"v{number}", 5 + number)
        store.delete(f"v{number - 1}")
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert seen <= set(range(5, 11))


def test_the_error_for_a_pointer_to_a_missing_version_names_the_build_command(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    _publish(store, "v1")
    (tmp_path / "index" / "current").write_text("v9\n", encoding="utf-8")
    with pytest.raises(IndexMissing, match=r"v9.*marquee index"):
        store.open().info()


@pytest.mark.parametrize(
    "name",
    [
        "columns.npz",
        "labels.json",
        "offsets.npy",
        "vectors.f32",
        "films.jsonl",
        "info.json",
        "word-scores/keys.npy",
        "word-scores/bounds.npy",
        "word-scores/rows.bin",
    ],
)
def test_a_damaged_index_is_reported_with_the_command_that_repairs_it(
    store: EmbeddedStore, tmp_path: Path, name: str
) -> None:
    _publish(store, "v1")
    damaged = tmp_path / "index" / "v1" / name
    os.truncate(damaged, damaged.stat().st_size // 2 + 1)
    with pytest.raises(SearchUnavailable, match=r"v1.*marquee index"):
        store.open().info()


@pytest.mark.parametrize("name", [EXACT_TERMS, "names"])
def test_a_damaged_index_of_tantivy_is_reported(store: EmbeddedStore, tmp_path: Path, name: str) -> None:
    _publish(store, "v1")
    (tmp_path / "index" / "v1" / name / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(SearchUnavailable, match=r"v1.*marquee index"):
        store.open().info()


def test_an_index_of_an_older_version_is_built_again(store: EmbeddedStore, tmp_path: Path) -> None:
    _publish(store, "v1")
    shutil.rmtree(tmp_path / "index" / "v1" / WORDS)
    with pytest.raises(IndexMissing, match=r"older version of Marquee.*marquee index"):
        store.open().info()


def test_an_index_of_another_schema_revision_is_not_read(store: EmbeddedStore) -> None:
    store.begin(replace(world.info("v1", 2), schema=99))
    store.fill("v1", world.entries(2))
    store.finish("v1")
    store.publish("v1")
    with pytest.raises(IndexMissing, match=r"revision 99.*marquee index"):
        store.open().info()


def test_a_movie_that_cannot_be_read_stops_the_draft_and_releases_the_lock(store: EmbeddedStore) -> None:
    def entries() -> Iterator[Entry]:
        yield world.entries(1)[0]
        raise OSError("the catalogue's disk is gone")

    store.begin(world.info("v1"))
    with pytest.raises(OSError, match="disk is gone"):
        store.fill("v1", entries())
    store.delete("v1")
    _publish(store, "v2")


def test_genres_of_candidates_are_shared_rather_than_copied(store: EmbeddedStore) -> None:
    movies = [Movie(MovieId(movie), f"Film {movie}", genres=("Drama", "War")) for movie in (1, 2)]
    store.begin(world.info("v1", 2))
    store.fill("v1", [Entry(movie, vector) for movie, vector in zip(movies, world.vectors(), strict=False)])
    store.finish("v1")
    one, other = store.open("v1").candidates(Question("film")).genres
    assert one is other


def test_returned_vectors_are_copies_that_may_be_changed(store: EmbeddedStore) -> None:
    _publish(store, "v1")
    index, movie = store.open("v1"), world.movies()[0].id
    index.vectors([movie])[0] = 0
    np.testing.assert_array_equal(index.vectors([movie])[0], world.vectors()[0])


def test_an_abandoned_index_of_terms_has_stopped_writing(tmp_path: Path) -> None:
    writer = ExactTermsWriter(tmp_path / EXACT_TERMS)
    writer.add(0, world.movies()[0])
    writer.abandon()
    with pytest.raises((ValueError, RuntimeError)):
        writer.add(1, world.movies()[1])
    writer.abandon()
