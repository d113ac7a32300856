"""Snapshots of interactions: what is written, and what is left behind. Nothing here starts Spark."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

from core.config import Settings  # noqa: E402
from engine import wiring  # noqa: E402
from engine.recommender.models.interactions import Interactions  # noqa: E402
from engine.spark import snapshots  # noqa: E402
from engine.training.evaluation import splits  # noqa: E402


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", trainer="spark")


def folders(settings: Settings) -> list[str]:
    return sorted(path.name for path in Path(snapshots.location(settings)).glob(f"{snapshots.PREFIX}*"))


def test_all_interactions_of_a_user_are_in_the_file_of_their_hash(settings: Settings, rated: Interactions) -> None:
    hashes = splits.name_hashes(rated.names)
    with snapshots.kept(settings, "a", rated) as folder:
        found = {
            path.parent.name: parquet.read_table(path, partitioning=None)
            for path in Path(folder.root).rglob("*.parquet")
        }
    assert len(found) > 20
    for name, table in found.items():
        users = table["user"].to_numpy()
        assert set((hashes[users] >> np.uint64(59)).tolist()) == {int(name.removeprefix("bucket="))}
        np.testing.assert_array_equal(table["hash"].to_numpy().view(np.uint64), hashes[users])
    whole = pyarrow.concat_tables(found.values()).sort_by([("user", "ascending"), ("movie", "ascending")])
    for name, values in (("user", rated.users), ("movie", rated.movies), ("weight", rated.weights)):
        np.testing.assert_array_equal(whole[name].to_numpy(), values)
    np.testing.assert_array_equal(whole["stars"].to_numpy(), rated.stars)
    np.testing.assert_array_equal(whole["time"].to_numpy(), rated.times)


def test_a_snapshot_is_deleted_even_if_the_training_fails(settings: Settings, rated: Interactions) -> None:
    with pytest.raises(ZeroDivisionError), snapshots.kept(settings, "a", rated):  # noqa: PT012 - the context is tested
        assert folders(settings) == [".snapshot-a"]
        raise ZeroDivisionError
    assert folders(settings) == []


def test_what_killed_trainings_left_does_not_grow(settings: Settings, rated: Interactions) -> None:
    for key in ("a", "b", "c"):
        snapshots.at(settings, key).write(rated)
    yesterday = time.time() - snapshots.OLD - 60
    for path in Path(snapshots.location(settings)).glob(f"{snapshots.PREFIX}b/*/*"):
        os.utime(path, (yesterday, yesterday))
    with snapshots.kept(settings, "a", rated):
        assert folders(settings) == [".snapshot-a", ".snapshot-c"], "the same training resumes; an old one has ended"
    assert folders(settings) == [".snapshot-c"], "another machine may be training now"


def test_the_registry_takes_no_snapshot_for_a_version(settings: Settings, rated: Interactions) -> None:
    with snapshots.kept(settings, "a", rated):
        assert wiring.models(settings).versions() == []


def test_a_bucket_has_another_name_in_spark() -> None:
    pytest.importorskip("s3fs")
    folder = snapshots.at(Settings(models_url="s3://films/models"), "a")  # type: ignore[arg-type]
    assert (folder.root, folder.url) == ("films/models/.snapshot-a", "s3a://films/models/.snapshot-a")
