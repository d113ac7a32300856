"""The folder in which the workers of a server count."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import MultiProcessCollector

from core.errors import InvalidSettings
from webapp.metrics.instruments import Instruments
from webapp.metrics.processes import SharedFolder


@pytest.fixture(autouse=True)
def own_values() -> Iterator[None]:
    """Restore what the library keeps for a process."""
    kept, variable = values.ValueClass, os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    yield
    values.ValueClass = kept
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR")
    if variable is not None:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = variable


def worker(folder: SharedFolder, slot: int) -> Instruments:
    """Return the instruments of a worker in this slot."""
    folder.join(slot)
    return Instruments(CollectorRegistry())


def value(folder: SharedFolder, name: str) -> float | None:
    """Return the value of a metric over all workers."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder.path))
    return registry.get_sample_value(name)


def test_a_worker_goes_on_with_the_counts_of_the_one_before_in_its_slot(tmp_path: Path) -> None:
    folder = SharedFolder.create(tmp_path)
    for slot in (0, 1, 0):
        instruments = worker(folder, slot)
        instruments.searches.inc(2)
        instruments.workers.set(1)
    assert value(folder, "marquee_searches_total") == 6
    assert value(folder, "marquee_workers") == 2
    assert len(list(folder.path.glob("counter_*.db"))) == 2


def test_the_gauges_of_a_worker_end_with_it_but_not_its_counts(tmp_path: Path) -> None:
    folder = SharedFolder.create(tmp_path)
    for slot in (0, 1):
        instruments = worker(folder, slot)
        instruments.searches.inc()
        instruments.workers.set(1)
    folder.leave(1)
    assert value(folder, "marquee_workers") == 1
    assert value(folder, "marquee_searches_total") == 2


def test_folders_of_servers_that_have_ended_are_removed_and_those_of_running_ones_kept(tmp_path: Path) -> None:
    running, ended = SharedFolder.create(tmp_path), SharedFolder.create(tmp_path)
    os.close(ended._lock)
    own = SharedFolder.create(tmp_path)
    assert running.path.exists()
    assert not ended.path.exists()
    own.remove()
    assert not own.path.exists()


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = ""  # restored after the test
    with pytest.raises(InvalidSettings, match=r"absent cannot be written: .*; name another folder in TMPDIR"):
        SharedFolder.create(tmp_path / "absent")
