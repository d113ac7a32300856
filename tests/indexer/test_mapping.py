"""Files that are mapped for reads at random places."""

from __future__ import annotations

import mmap
from pathlib import Path

import pytest

from indexer.embedded.files import mapping

SMAPS = Path("/proc/self/smaps")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of eight short pieces of what is read ahead, each with its own byte."""
    found = tmp_path / "rows.bin"
    found.write_bytes(b"".join(bytes([number]) * mapping.SHORT for number in range(8)))
    return found


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
    assert mapped[mapping.SHORT] == 1


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.bin").touch()
    mapped = mapping.at_random(tmp_path / "empty.bin")
    assert mapped == b""
    mapping.read_ahead(mapped, 0, 10 * mapping.SHORT)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        mapping.at_random(tmp_path / "none.bin")


@pytest.mark.parametrize("first", [0, 1, mmap.PAGESIZE - 1, mmap.PAGESIZE, 3 * mapping.SHORT + 5])
@pytest.mark.parametrize("length", [0, 1, mapping.SHORT, 4 * mapping.SHORT])
def test_any_part_can_be_read_ahead(path: Path, first: int, length: int) -> None:
    mapped = mapping.at_random(path)
    mapping.read_ahead(mapped, first, first + length)
    expected = path.read_bytes()[first : first + length]
    assert mapped[first : first + length] == expected
