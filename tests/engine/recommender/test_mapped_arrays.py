"""Arrays that are mapped into memory from an archive that numpy can read too."""

from __future__ import annotations

import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from numpy.typing import NDArray

from engine.recommender import mapped_arrays
from engine.recommender.mapped_arrays import ALIGNMENT

ARRAYS: dict[str, NDArray[Any]] = {
    "factors": np.arange(2_000, dtype=np.float32).reshape(50, 40),
    "columns": np.asfortranarray(np.arange(12, dtype=np.float16).reshape(3, 4)),
    "ids": np.arange(7, dtype=np.int64),
    "flags": np.array([True, False]),
    "one": np.array(1.5),
    "none": np.empty((0, 4), np.float32),
    "names": np.array(["a", "bc"]),
}


def is_mapped(array: NDArray[Any]) -> bool:
    """Return whether an array is a view of a mapped file."""
    base: Any = array
    while isinstance(base, np.ndarray) and base.base is not None:
        base = base.base
    return isinstance(base, memoryview) or type(base).__name__ == "mmap"


def test_arrays_are_what_was_saved_aligned_mapped_and_read_only(tmp_path: Path) -> None:
    mapped_arrays.save(tmp_path / "a.npz", ARRAYS)
    found = mapped_arrays.load(tmp_path / "a.npz")
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)
        if array.size:
            assert is_mapped(found[name]), name
            assert found[name].ctypes.data % ALIGNMENT == 0
            assert not found[name].flags.writeable


def test_numpy_reads_such_a_file(tmp_path: Path) -> None:
    mapped_arrays.save(tmp_path / "a.npz", ARRAYS)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(stored[name], array)


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_files_that_numpy_wrote_are_read(write: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.npz", **ARRAYS)
    found = mapped_arrays.load(tmp_path / "a.npz")
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)


def test_a_file_may_be_deleted_while_its_arrays_are_used(tmp_path: Path) -> None:
    mapped_arrays.save(tmp_path / "a.npz", ARRAYS)
    found = mapped_arrays.load(tmp_path / "a.npz")
    (tmp_path / "a.npz").unlink()
    np.testing.assert_array_equal(found["factors"], ARRAYS["factors"])


def test_objects_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        mapped_arrays.save(tmp_path / "a.npz", {"a": np.array([object()])})
    np.savez(tmp_path / "a.npz", a=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="Object arrays cannot be loaded"):
        mapped_arrays.load(tmp_path / "a.npz")


@given(flipped=st.integers(0, 10_000), cut=st.integers(0, 10_000))
def test_a_damaged_file_is_an_error_or_has_other_numbers(flipped: int, cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.npz"
        mapped_arrays.save(file, {name: ARRAYS[name] for name in ("ids", "columns", "one")})
        content = bytearray(file.read_bytes())
        content[flipped % len(content)] ^= 0xFF
        for damaged in (bytes(content), file.read_bytes()[: cut % len(content)]):
            other = Path(folder) / "b.npz"
            other.write_bytes(damaged)
            with suppress(ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile):
                for array in mapped_arrays.load(other).values():
                    array.sum()


@given(arrays_of.arrays(np.float32, arrays_of.array_shapes(max_dims=3, min_side=0, max_side=5)))
def test_any_array_comes_back(array: NDArray[np.float32]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mapped_arrays.save(Path(folder) / "a.npz", {"a": array})
        np.testing.assert_array_equal(mapped_arrays.load(Path(folder) / "a.npz")["a"], array)
