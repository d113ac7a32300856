"""Versions on disk: published in one step, checked when loaded, followed while serving."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelMissing
from engine.models import registry as registries
from engine.models.registry import Following, Registry
from engine.models.train import TrainingReport
from engine.taste.model import TasteModel
from tests.engine.taste import scorer_kit as kit

ASKED = kit.history({kit.FIRST_ID: 5, kit.FIRST_ID + 2: 4})


class Watch:
    """A clock that stands until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def model(trained: tuple[object, TrainingReport, object]) -> TasteModel:
    return trained[1].model


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


def publish(registry: Registry, model: TasteModel, version: str) -> str:
    return registry.publish(replace(model, version=version), {"notes": []})


def test_an_empty_registry_says_which_command_makes_a_model(registry: Registry) -> None:
    assert (registry.current(), registry.versions()) == (None, [])
    with pytest.raises(ModelMissing, match="marquee train"):
        registry.load()


def test_what_was_published_is_what_is_loaded(registry: Registry, model: TasteModel) -> None:
    publish(registry, model, "v1")
    loaded = registry.load()
    assert (registry.current(), loaded.model.version, loaded.manifest["version"]) == ("v1", "v1", "v1")
    np.testing.assert_array_equal(loaded.model.blend(ASKED).total, model.blend(ASKED).total)


def test_the_last_three_versions_stay(registry: Registry, model: TasteModel) -> None:
    for number in range(1, 6):
        publish(registry, model, f"v{number}")
    assert registry.versions() == ["v3", "v4", "v5"]
    assert registry.load("v3").model.version == "v3"
    assert not list(registry.folder.glob(f"{registries.DRAFT}*"))


@pytest.mark.parametrize("name", ["model.npz", "ease.npy", "model.json", "manifest.json", "members.npz"])
@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_damaged_version_gives_way_to_the_newest_good_one(
    registry: Registry, model: TasteModel, caplog: pytest.LogCaptureFixture, name: str, harm: str
) -> None:
    publish(registry, model, "v1")
    publish(registry, model, "v2")
    file = registry.folder / "v2" / name
    content = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(content[: len(content) // 2] if harm == "cut" else b"!" + content[1:])
    with caplog.at_level(logging.ERROR):
        assert registry.load().model.version == "v1"
    assert "v1 serves in place of the published one (v2)" in caplog.text


def test_a_pointer_to_nowhere_is_survived(registry: Registry, model: TasteModel) -> None:
    publish(registry, model, "v1")
    (registry.folder / registries.POINTER).write_text("v9\n")
    assert registry.load().model.version == "v1"


@pytest.mark.parametrize("name", ["../outside", "/etc", ".hidden"])
def test_a_version_is_never_looked_for_outside_the_folder(registry: Registry, model: TasteModel, name: str) -> None:
    publish(registry, model, "v1")
    with pytest.raises(ModelMissing):
        registry.load(name)


def test_a_publication_that_dies_leaves_readers_where_they_were(registry: Registry, model: TasteModel) -> None:
    publish(registry, model, "v1")
    full = replace(model, version="v2/impossible")
    with pytest.raises(OSError, match="impossible"):
        registry.publish(full, {})
    assert (registry.current(), registry.versions()) == ("v1", ["v1"])
    assert [path.name for path in registry.folder.iterdir() if path.name.startswith(".")] == []


def test_a_new_version_is_noticed_within_two_seconds(registry: Registry, model: TasteModel) -> None:
    clock = Watch()
    following = Following(registry, clock=clock)
    assert following.current() is None
    publish(registry, model, "v1")
    clock.now = 1.5
    first = following.current()
    assert first is not None
    publish(registry, model, "v2")
    clock.now = 2.0
    assert following.current() is first, "nothing is looked at more than once a second"
    clock.now = 3.5
    found = following.current()
    assert found is not None
    assert found.version == "v2"


def test_a_version_that_cannot_be_loaded_leaves_the_one_before_in_service(
    registry: Registry, model: TasteModel
) -> None:
    clock = Watch()
    following = Following(registry, clock=clock)
    publish(registry, model, "v1")
    before = following.current()
    assert before is not None
    for path in (registry.folder / "v1").iterdir():
        path.unlink()
    os.utime(registry.folder / registries.POINTER, ns=(1, 1))
    clock.now = 5
    assert following.current() is before


def test_threads_see_the_version_before_or_the_new_one_and_never_none(registry: Registry, model: TasteModel) -> None:
    clock = Watch()
    publish(registry, model, "v0")
    following = Following(registry, clock=clock)
    assert following.current() is not None
    seen: list[str] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            found = following.current()
            seen.append(found.version if found else "none")

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 6):
        publish(registry, model, f"v{number}")
        clock.now += 2
        following.current()
    stop.set()
    for thread in threads:
        thread.join()
    assert set(seen) <= {f"v{number}" for number in range(6)}
    clock.now += 2
    last = following.current()
    assert last is not None
    assert last.version == "v5"


def test_one_wrong_byte_among_the_numbers_is_noticed(registry: Registry, model: TasteModel) -> None:
    publish(registry, model, "v1")
    publish(registry, model, "v2")
    file = registry.folder / "v2" / "ease.npy"
    content = bytearray(file.read_bytes())
    content[-10] ^= 1
    file.write_bytes(content)
    assert registry.load().model.version == "v1"
