"""Killing a publisher at any moment never loses the published model."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.jobs import kills

MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, where a thousand kills take seconds


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A storage, and the number of kills that fit into a minute."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path, 200
        return
    with tempfile.TemporaryDirectory(prefix="marquee-kills-", dir=MEMORY) as folder:
        yield Path(folder), 1_000


@pytest.mark.slow
def test_a_thousand_kills_at_random_moments_never_lose_the_published_model(place: tuple[Path, int]) -> None:
    folder, count = place
    found = kills.in_process(folder, count, seed=20_261)
    assert (found["kills"], found["lost"], found["damaged"]) == (count, 0, 0)
    assert found["publications"] > count / 4, "publishers come to publish"
    assert found["killed while writing a version"] > count / 10, "and are killed while they do"
