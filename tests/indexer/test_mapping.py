"""Files that are mapped for reads at random places."""

from __future__ import annotations

import mmap
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from indexer.embedded.files import mapping
from tests.jobs.worlds import until

SMAPS = Path("/proc/self/smaps")
PAGES = 4_096
FINCORE = shutil.which("fincore")
"""A program of util-linux that tells how much of a file is in memory."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of eight whole pages, each with its own byte."""
    found = tmp_path / "rows.bin"
    found.write_bytes(b"".join(bytes([number]) * mmap.PAGESIZE for number in range(8)))
    return found


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of 16 MB on the disk, of which nothing is in memory."""
    if FINCORE is None:
        pytest.skip("fincore, of util-linux, shows which pages are in memory")
    found = tmp_path / "films.jsonl"
    with found.open("wb") as file:
        file.write(os.urandom(PAGES * mmap.PAGESIZE))
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if _resident(found):
        pytest.skip("the file system of temporary files keeps them in memory")
    return found


def _resident(path: Path) -> int:
    """Return the number of pages of a file that are in memory."""
    asked = [str(FINCORE), "--noheadings", "--output", "PAGES", str(path)]
    return int(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def _flags(path: Path) -> list[str]:
    """Return the flags that the system keeps for the mapping of a file (proc(5), VmFlags)."""
    lines = iter(SMAPS.read_text(encoding="utf-8").splitlines())
    next(line for line in lines if line.endswith(str(path)))
    return next(line for line in lines if line.startswith("VmFlags:")).split()[1:]


def test_only_the_pages_asked_for_are_read(path: Path) -> None:
    if not SMAPS.exists():
        pytest.skip("this system does not list the flags of mapped files")
    mapped = mapping.at_random(path)
    assert "rr" in _flags(path)
    assert mapped[mmap.PAGESIZE] == 1


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.bin").touch()
    mapped = mapping.at_random(tmp_path / "empty.bin")
    assert mapped == b""
    mapping.read_ahead(mapped, [(0, 0), (0, 10)], large=0)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        mapping.at_random(tmp_path / "none.bin")


@pytest.mark.parametrize("first", [0, 1, mmap.PAGESIZE - 1, mmap.PAGESIZE, 3 * mmap.PAGESIZE + 5, 8 * mmap.PAGESIZE])
@pytest.mark.parametrize("length", [0, 1, mmap.PAGESIZE, 4 * mmap.PAGESIZE])
def test_any_part_can_be_read_ahead(path: Path, first: int, length: int) -> None:
    """Also an empty one at the very end: the terms of a last movie that has none."""
    mapped = mapping.at_random(path)
    end = min(first + length, len(mapped))
    mapping.read_ahead(mapped, [(first, end)], large=0)
    assert mapped[first:end] == path.read_bytes()[first:end]


def test_parts_that_are_read_ahead_get_into_memory_and_hardly_anything_else(large: Path) -> None:
    mapped = mapping.at_random(large)
    asked = range(0, PAGES, 32)
    bounds = [(page * mmap.PAGESIZE + 7, page * mmap.PAGESIZE + 9) for page in asked]
    mapping.read_ahead(mapped, bounds)
    assert _resident(large) == 0  # the file is not large
    mapping.read_ahead(mapped, bounds, large=PAGES * mmap.PAGESIZE)
    until(lambda: _resident(large) >= len(asked))
    assert _resident(large) <= 4 * len(asked)


def test_a_read_brings_no_pages_around_it_into_memory(large: Path) -> None:
    mapped = mapping.at_random(large)
    read = [mapped[page * mmap.PAGESIZE] for page in range(0, PAGES, 64)]
    assert len(read) <= _resident(large) <= 4 * len(read)
