"""Vectors of movies: what is encoded, what is reused, and damaged caches."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import Settings
from core.ports import Vectors
from core.types import Movie, MovieId
from engine.search.encoders import vectors
from engine.search.encoders.document_texts import EncoderConfig, Part

RECIPE = EncoderConfig(
    "test", 1, (Part("title", 1.0, lambda movie: movie.title), Part("tag", 0.5, lambda movie: movie.tagline))
)
MOVIES = [Movie(id=MovieId(number), title=f"Film {number}", tagline="same for all") for number in range(1, 6)]


class CountingEncoder:
    """An encoder that derives vectors from hashes of texts and records its calls."""

    dimension = 16

    def __init__(self, name: str = "counting@1") -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        drawn = [np.frombuffer(hashlib.sha512(text.encode()).digest()[:32], np.int16) for text in texts]
        rows = np.array(drawn, np.float32).reshape(len(texts), self.dimension)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def make(
    movies: Sequence[Movie], folder: Path, encoder: CountingEncoder | None = None, *, config: EncoderConfig = RECIPE
) -> vectors.MovieVectors:
    return vectors.movie_vectors(movies, encoder=encoder or CountingEncoder(), config=config, cache_dir=folder)


def test_each_movie_has_a_unit_vector_in_the_order_of_the_movies(tmp_path: Path) -> None:
    made = make(MOVIES, tmp_path)
    backwards = make(MOVIES[::-1], tmp_path / "other")
    assert made.vectors.dtype == np.float32
    assert np.linalg.norm(made.vectors, axis=1) == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(made.vectors, backwards.vectors[::-1], atol=1e-6)


def test_a_movies_vector_is_the_weighted_sum_of_its_texts(tmp_path: Path) -> None:
    title, tag = CountingEncoder().encode(["Film 1", "same for all"])
    expected = (title + 0.5 * tag) / np.linalg.norm(title + 0.5 * tag)
    assert make(MOVIES[:1], tmp_path).vectors[0] == pytest.approx(expected, abs=1e-6)


def test_an_unchanged_catalogue_encodes_nothing(tmp_path: Path) -> None:
    first, again = make(MOVIES, tmp_path), CountingEncoder()
    second = make(MOVIES, tmp_path, again)
    assert (first.encoded, first.reused, second.encoded, second.reused) == (5, 0, 0, 5)
    assert again.asked == []
    np.testing.assert_array_equal(first.vectors, second.vectors)


def test_only_a_movie_that_changed_is_encoded_again(tmp_path: Path) -> None:
    make(MOVIES, tmp_path)
    encoder = CountingEncoder()
    made = make([replace(MOVIES[0], title="Renamed"), *MOVIES[1:]], tmp_path, encoder)
    assert (made.encoded, made.reused) == (1, 4)
    assert encoder.asked == ["Renamed", "same for all"]


def test_a_change_outside_of_the_texts_encodes_nothing(tmp_path: Path) -> None:
    make(MOVIES, tmp_path)
    assert make([replace(movie, popularity=7.0) for movie in MOVIES], tmp_path).encoded == 0


def test_another_encoder_encodes_everything_again(tmp_path: Path) -> None:
    make(MOVIES, tmp_path)
    assert make(MOVIES, tmp_path, CountingEncoder("counting@2")).encoded == 5


def test_another_version_of_the_config_encodes_everything_again(tmp_path: Path) -> None:
    make(MOVIES, tmp_path)
    assert make(MOVIES, tmp_path, config=replace(RECIPE, version=2)).encoded == 5


def test_a_text_moved_to_another_part_is_encoded_again(tmp_path: Path) -> None:
    make([Movie(id=MovieId(1), title="a", tagline="bc")], tmp_path)
    assert make([Movie(id=MovieId(1), title="ab", tagline="c")], tmp_path).encoded == 1


def test_a_shared_text_is_encoded_once(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    make(MOVIES, tmp_path, encoder)
    assert encoder.asked.count("same for all") == 1


def test_empty_texts_are_not_encoded(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    made = make([Movie(id=MovieId(1), title="Bare")], tmp_path, encoder)
    assert encoder.asked == ["Bare"]
    assert made.vectors == pytest.approx(CountingEncoder().encode(["Bare"]), abs=1e-6)


def test_movies_with_the_same_texts_share_a_vector(tmp_path: Path) -> None:
    made = make([MOVIES[0], replace(MOVIES[0], id=MovieId(99))], tmp_path)
    np.testing.assert_array_equal(made.vectors[0], made.vectors[1])
    assert made.encoded == 2


def test_no_movies_return_an_empty_matrix(tmp_path: Path) -> None:
    assert make([], tmp_path).vectors.shape == (0, 16)


def test_movies_removed_from_the_catalogue_leave_the_cache(tmp_path: Path) -> None:
    make(MOVIES, tmp_path)
    make(MOVIES[:2], tmp_path)
    assert make(MOVIES, tmp_path).encoded == 3


def test_progress_counts_the_movies_to_encode(tmp_path: Path) -> None:
    movies = [Movie(id=MovieId(number + 1), title=f"Film {number}") for number in range(vectors.CHUNK + 1)]
    steps: list[tuple[int, int]] = []
    vectors.movie_vectors(
        movies, encoder=CountingEncoder(), cache_dir=tmp_path, progress=lambda done, total: steps.append((done, total))
    )
    assert steps == [(vectors.CHUNK, len(movies)), (len(movies), len(movies))]


class Failing(CountingEncoder):
    """An encoder that is out of order after some texts."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def encode(self, texts: Sequence[str]) -> Vectors:
        if len(self.asked) >= self._after:
            raise RuntimeError("out of memory")
        return super().encode(texts)


MANY = [Movie(id=MovieId(number), title=f"Film {number}" + "x" * (number % 7)) for number in range(1, 101)]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors are saved after every 16 movies."""
    monkeypatch.setattr(vectors, "CHUNK", 8)
    monkeypatch.setattr(vectors, "SAVED", 16)


@pytest.mark.usefixtures("small_parts")
def test_an_interrupted_build_encodes_only_the_rest_with_the_same_vectors(tmp_path: Path) -> None:
    whole = make(MANY, tmp_path / "whole").vectors
    folder = tmp_path / "again"
    for _ in range(2):
        with pytest.raises(RuntimeError, match="out of memory"):
            make(MANY, folder, Failing(after=40))
    assert len(vectors.saved_parts(folder)) == 4  # of 16 movies each; twice 8 that were not saved yet are lost
    encoder = CountingEncoder()
    made = make(MANY, folder, encoder)
    assert (made.encoded, made.reused, len(encoder.asked)) == (36, 64, 36)
    np.testing.assert_array_equal(made.vectors, whole)
    assert [file.name for file in folder.iterdir()] == [vectors.CACHE_FILE]


@pytest.mark.usefixtures("small_parts")
def test_shards_that_several_machines_encoded_are_the_vectors_of_one(tmp_path: Path) -> None:
    whole = make(MANY, tmp_path / "whole").vectors
    joined = tmp_path / "joined" / vectors.PARTS
    joined.mkdir(parents=True)
    encoded = []
    for number in (1, 2, 3):
        folder = tmp_path / str(number)
        done = vectors.encode_shard(MANY, (number, 3), encoder=CountingEncoder(), config=RECIPE, cache_dir=folder)
        again = vectors.encode_shard(MANY, (number, 3), encoder=CountingEncoder(), config=RECIPE, cache_dir=folder)
        assert (done[1], again) == (0, (0, done[0]))
        encoded.append(done[0])
        for part in vectors.saved_parts(folder):
            part.rename(joined / part.name)
    assert sum(encoded) == len(MANY)
    assert min(encoded) > 20
    made = make(MANY, joined.parent, Failing(after=0))
    assert made.encoded == 0
    np.testing.assert_array_equal(made.vectors, whole)


@pytest.mark.usefixtures("small_parts")
def test_a_damaged_part_is_encoded_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    whole = make(MANY, tmp_path / "whole").vectors
    vectors.encode_shard(MANY, (1, 1), encoder=CountingEncoder(), config=RECIPE, cache_dir=tmp_path)
    part = vectors.saved_parts(tmp_path)[0]
    part.write_bytes(part.read_bytes()[:-40])
    made = make(MANY, tmp_path)
    assert 0 < made.encoded <= 16
    assert part.name in caplog.text
    np.testing.assert_array_equal(made.vectors, whole)


@pytest.mark.parametrize("damage", [b"", b"not an archive", b"PK\x03\x04 torn"])
def test_a_damaged_cache_is_rebuilt_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes
) -> None:
    (tmp_path / vectors.CACHE_FILE).write_bytes(damage)
    assert make(MOVIES, tmp_path).encoded == 5
    assert vectors.CACHE_FILE in caplog.text
    assert make(MOVIES, tmp_path).encoded == 0


@given(place=st.integers(0, 400), byte=st.integers(0, 255))
def test_a_cache_with_any_byte_changed_never_returns_other_vectors(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    expected = make(MOVIES, folder).vectors
    file = folder / vectors.CACHE_FILE
    content = bytearray(file.read_bytes())
    content[place % len(content)] = byte
    file.write_bytes(content)
    np.testing.assert_array_equal(make(MOVIES, folder).vectors, expected)


def test_a_cache_never_executes_code(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    np.savez(tmp_path / vectors.CACHE_FILE, keys=np.array([print], object), vectors=np.zeros((1, 16)))
    assert make(MOVIES, tmp_path).encoded == 5
    assert "allow_pickle" in caplog.text


def test_no_temporary_files_are_left(tmp_path: Path) -> None:
    make(MOVIES, tmp_path / "new")
    assert [file.name for file in (tmp_path / "new").iterdir()] == [vectors.CACHE_FILE]


def test_a_rebuild_of_an_unchanged_catalogue_loads_no_torch(exported: Settings, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from core.config import Settings\n"
        "from core.types import Movie, MovieId; from engine.search.encoders import onnx_export, vectors\n"
        f"settings = Settings(home=Path({str(exported.home)!r}), offline=True)\n"
        "made = vectors.movie_vectors([Movie(id=MovieId(1), title='Jaws')], "
        f"encoder=onnx_export.indexing_encoder(settings), cache_dir=Path({str(tmp_path)!r}))\n"
        "print(made.encoded, 'torch' in sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(2)
    ]
    assert [run.stdout.strip() for run in runs] == ["1 False", "0 False"]
