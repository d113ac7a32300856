"""Versions on disk: published atomically, verified when loaded, reloaded while serving."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import Busy, InvalidRequest, ModelMissing, NotFound
from core.recommendations.models import Status
from engine.recommender.model import Recommender
from engine.registry import derived_versions
from engine.registry.registry import Registry
from engine.registry.storage.base import POINTER
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training import tiny

ASKED = kit.history({tiny.FIRST_ID: 5, tiny.FIRST_ID + 2: 4})


@pytest.fixture(scope="module")
def model() -> Recommender:
    return tiny.model("v0")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


def publish(registry: Registry, model: Recommender, version: str, **told: object) -> str:
    return registry.publish(replace(model, version=version), {"notes": [], **told})


def root(registry: Registry) -> Path:
    return Path(str(registry.storage))


def test_an_empty_registry_names_the_command_that_trains_a_model(registry: Registry) -> None:
    assert (registry.current(), registry.versions()) == (None, [])
    with pytest.raises(ModelMissing, match="marquee train"):
        registry.load()


def test_what_was_published_is_what_is_loaded(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    loaded = registry.load()
    assert (registry.current(), loaded.model.version, loaded.manifest["version"]) == ("v1", "v1", "v1")
    np.testing.assert_array_equal(loaded.model.blend(ASKED).total, model.blend(ASKED).total)


def test_the_latest_versions_are_kept(tmp_path: Path, model: Recommender) -> None:
    registry = Registry(tmp_path / "models", kept=3)
    for number in range(1, 6):
        publish(registry, model, f"v{number}")
    assert registry.versions() == ["v3", "v4", "v5"]
    assert registry.load("v3").model.version == "v3"
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [".lock", "current", "v3", "v4", "v5"]


@pytest.mark.parametrize("name", ["model.npz", "ease.npy", "model.json", "manifest.json", "members.npz"])
@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_damaged_version_gives_way_to_the_newest_good_one(
    registry: Registry, model: Recommender, caplog: pytest.LogCaptureFixture, name: str, harm: str
) -> None:
    publish(registry, model, "v1")
    publish(registry, model, "v2")
    file = root(registry) / "v2" / name
    content = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(content[: len(content) // 2] if harm == "cut" else b"!" + content[1:])
    with caplog.at_level(logging.ERROR):
        assert registry.load().model.version == "v1"
    assert "serving model v1 in place of the published one (v2)" in caplog.text


def test_a_pointer_to_a_missing_version_falls_back(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    (root(registry) / POINTER).write_text("v9\n", encoding="utf-8")
    assert registry.load().model.version == "v1"


@pytest.mark.parametrize("name", ["../outside", "/etc", ".hidden"])
def test_versions_outside_the_folder_are_never_read(registry: Registry, model: Recommender, name: str) -> None:
    publish(registry, model, "v1")
    with pytest.raises(ModelMissing):
        registry.load(name)


def test_a_failed_publication_leaves_readers_unaffected(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    with pytest.raises(TypeError, match="JSON"):
        publish(registry, model, "v2", notes=object())
    assert (registry.current(), registry.versions()) == ("v1", ["v1"])
    assert sorted(path.name for path in root(registry).iterdir()) == [".lock", "current", "v1"]


@pytest.mark.parametrize("name", ["../outside", "a/b", ".hidden", ""])
def test_a_version_that_cannot_be_a_folder_name_is_refused(registry: Registry, model: Recommender, name: str) -> None:
    with pytest.raises(InvalidRequest, match="folder"):
        publish(registry, model, name)


def test_a_single_wrong_byte_is_detected(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    publish(registry, model, "v2")
    file = root(registry) / "v2" / "ease.npy"
    content = bytearray(file.read_bytes())
    content[-10] ^= 1
    file.write_bytes(content)
    assert registry.load().model.version == "v1"


def test_a_version_can_be_added_first_and_activated_later(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    assert registry.add(replace(model, version="v2"), {}) == "v2"
    assert (registry.current(), registry.versions()) == ("v1", ["v1", "v2"])
    registry.activate("v2")
    assert registry.current() == "v2"
    registry.activate("v1")
    assert registry.load().model.version == "v1", "rolled back"


def test_a_version_deleted_during_activation_is_not_published(
    registry: Registry, model: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(registry, model, "v1")
    registry.add(replace(model, version="v2"), {})
    verified = registry._verified

    def slowly(version: str, part: str) -> object:
        found = verified(version, part)
        registry.delete("v2")
        return found

    monkeypatch.setattr(registry, "_verified", slowly)
    with pytest.raises(ModelMissing, match="v2 was deleted meanwhile"):
        registry.activate("v2")
    assert registry.current() == "v1"


def test_an_unreadable_pointer_does_not_count_as_none(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    (root(registry) / POINTER).unlink()
    (root(registry) / POINTER).mkdir()
    for act in (registry.current, lambda: registry.delete("v1"), registry.prune):
        with pytest.raises(ModelMissing, match="cannot be read"):
            act()
    assert registry.versions() == ["v1"]


def test_a_publication_succeeds_even_if_older_versions_cannot_be_deleted(
    tmp_path: Path, model: Recommender, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    registry = Registry(tmp_path / "models", kept=1)

    def full(_version: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(registry.storage, "remove", full)
    for name in ("v1", "v2", "v3", "v4"):
        publish(registry, model, name)
    assert registry.current() == "v4"
    assert "cannot delete older models: [Errno 28]" in caplog.text


def test_daily_derived_versions_do_not_displace_trainings(tmp_path: Path, model: Recommender) -> None:
    registry = Registry(tmp_path / "models", kept=4)
    publish(registry, model, "v1")
    publish(registry, model, "v2")
    for number in range(3, 9):
        child = replace(model, version=f"v{number}")
        derived_versions.publish(registry, registry.load(), child, {})
    assert registry.current() == "v8"
    assert {"v1", "v8"} < set(registry.versions())
    assert registry.manifest("v8")["child_of"] == "v7"


def test_a_damaged_version_is_not_activated(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    registry.add(replace(model, version="v2"), {})
    (root(registry) / "v2" / "model.npz").write_bytes(b"")
    for version in ("v2", "v3", "../v1"):
        with pytest.raises(ModelMissing):
            registry.activate(version)
    assert registry.current() == "v1"


def test_publication_is_refused_if_another_version_was_published_meanwhile(
    registry: Registry, model: Recommender
) -> None:
    publish(registry, model, "v1")
    publish(registry, model, "v2")
    with pytest.raises(Busy, match="v2 was published meanwhile"):
        registry.publish(replace(model, version="v3"), {}, instead_of="v1")
    assert registry.current() == "v2"


def test_a_rejected_version_never_serves_in_place_of_a_damaged_one(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    publish(registry, model, "v2")
    registry.add(replace(model, version="v3"), {"status": "rejected", "reasons": ["worse than v2"]})
    (root(registry) / "v2" / "ease.npy").unlink()
    assert registry.load().model.version == "v1"
    assert registry.load("v3").model.version == "v3", "it can be looked at"


def test_a_version_name_is_unique(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    with pytest.raises(Busy, match="v1"):
        registry.add(replace(model, version="v1"), {})


def test_the_holdout_model_is_stored_and_verified_separately(registry: Registry, model: Recommender) -> None:
    holdout_model = tiny.model("v1", seed=2)
    registry.publish(replace(model, version="v1"), {}, holdout_model=holdout_model)
    np.testing.assert_array_equal(
        registry.load_holdout_model("v1").blend(ASKED).total, holdout_model.blend(ASKED).total
    )
    np.testing.assert_array_equal(registry.load().model.blend(ASKED).total, model.blend(ASKED).total)
    (root(registry) / "v1" / "twin" / "model.npz").write_bytes(b"!")
    assert registry.load().model.version == "v1"
    with pytest.raises(ModelMissing, match="twin"):
        registry.load_holdout_model("v1")
    publish(registry, model, "v2")
    with pytest.raises(ModelMissing, match="no holdout model"):
        registry.load_holdout_model("v2")


def test_the_published_version_is_never_deleted(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    publish(registry, model, "v2")
    with pytest.raises(Busy, match="v2 is published"):
        registry.delete("v2")
    registry.delete("v1")
    assert registry.versions() == ["v2"]
    for gone in ("v1", "../models", ""):
        with pytest.raises(NotFound):
            registry.delete(gone)


def test_a_version_is_described_by_its_manifest(registry: Registry, model: Recommender) -> None:
    told = {"metrics": {"ndcg@10": 0.31, "bad": float("nan")}, "parameters": {"als": {"alpha": 9}}, "parents": ["v0"]}
    registry.publish(replace(model, version="20260102-030405-000006-ab12"), told)
    found = registry.describe("20260102-030405-000006-ab12")
    assert (found.status, found.made_at.isoformat()) == (Status.PUBLISHED, "2026-01-02T03:04:05.000006+00:00")
    assert (dict(found.metrics), found.parents) == ({"ndcg@10": 0.31}, ("v0",))
    assert found.size_bytes > 1000
    publish(registry, model, "v2", status="rejected", reasons=["too few films"])
    registry.activate("20260102-030405-000006-ab12")
    assert (registry.describe("v2").status, registry.describe("v2").reasons) == (Status.REJECTED, ("too few films",))


def test_damage_shows_in_the_description(registry: Registry, model: Recommender) -> None:
    for version in ("v1", "v2", "v3"):
        publish(registry, model, version)
    (root(registry) / "v1" / "model.npz").write_bytes(b"!")
    (root(registry) / "v2" / "ease.npy").unlink()
    (root(registry) / "v3" / "manifest.json").write_text("{", encoding="utf-8")
    found = [registry.describe(version) for version in ("v1", "v2", "v3")]
    assert {one.status for one in found} == {Status.DAMAGED}
    assert [one.reasons[0].split()[2] for one in found[:2]] == ["model.npz", "ease.npy"]
    with pytest.raises(NotFound):
        registry.describe("v4")


def test_a_model_without_recorded_sizes_is_still_served(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    manifest = root(registry) / "v1" / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    del told["sizes"]
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert registry.load().model.version == "v1"
    assert registry.describe("v1").status is Status.PUBLISHED


def test_a_manifest_written_with_the_old_names_is_described_with_the_new_ones(
    registry: Registry, model: Recommender
) -> None:
    old = {"viewers": 80, "films": 300, "interactions": 1200, "viewers_left_out": 3, "films_left_out": 40}
    publish(registry, model, "v1", learned_from=old)
    expected = {"users": 80, "movies": 300, "interactions": 1200, "users_left_out": 3, "movies_left_out": 40}
    assert registry.describe("v1").learned_from == expected


def test_leftovers_of_a_killed_writer_are_removed_once_they_are_old(registry: Registry, model: Recommender) -> None:
    publish(registry, model, "v1")
    for name, age in ((".draft-old", 7200), (".draft-young", 10), (".gone-old", 7200)):
        folder = root(registry) / name
        folder.mkdir()
        (folder / "model.npz").write_bytes(b"half")
        os.utime(folder, times=(time.time() - age,) * 2)
    registry.prune()
    assert {path.name for path in root(registry).glob(".*-*")} == {".draft-young"}


def _publish_many(folder: Path, first: int) -> None:
    registry = Registry(folder, kept=4)
    for number in range(first, first + 15):
        registry.publish(tiny.model(registry.new_version(), seed=number), {"number": number})


def test_two_processes_publish_concurrently_and_readers_always_have_a_model(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    registry = Registry(folder)
    registry.publish(tiny.model(registry.new_version()), {})
    start = multiprocessing.get_context("spawn")
    writers = [start.Process(target=_publish_many, args=(folder, first)) for first in (0, 100)]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        loaded = registry.load()
        assert loaded.manifest["version"] == loaded.model.version
        seen.add(loaded.model.version)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(seen) > 3
    assert len(registry.versions()) == 4
    assert registry.current() == registry.load().model.version
