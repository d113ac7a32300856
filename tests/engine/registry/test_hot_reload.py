"""Hot reload: new models are loaded in the background, and requests never wait and always have a model."""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import ModelMissing
from engine import request_scope
from engine.published_model import PublishedModel
from engine.registry.artifacts import Loaded
from engine.registry.hot_reload import HotReload
from engine.registry.registry import Registry
from engine.registry.storage.local import LocalStorage
from tests.engine.training import tiny

LIMIT = 60.0
"""Seconds within which a new model must be loaded."""


class Watch:
    """A clock that only moves when it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


def publish(registry: Registry, version: str) -> None:
    registry.publish(tiny.model(version), {})


def version(following: HotReload) -> str:
    found = following.current()
    return found.version if found else "none"


def test_any_error_is_retried_and_the_previous_model_keeps_serving(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch()
    publish(registry, "v1")
    following = HotReload(registry, clock=watch)
    following.look()
    publish(registry, "v2")
    load = registry.load

    def short_of_memory() -> Loaded:
        raise MemoryError

    monkeypatch.setattr(registry, "load", short_of_memory)
    following.look()
    assert version(following) == "v1"
    monkeypatch.setattr(registry, "load", load)
    following.look()
    assert version(following) == "v1", "the pause is not over"
    watch.now += 60
    following.look()
    assert version(following) == "v2"


def wait(until: Callable[[], bool]) -> bool:
    end = time.monotonic() + LIMIT
    while not until():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_a_new_version_is_loaded_without_a_request(registry: Registry) -> None:
    following = HotReload(registry)
    assert version(following) == "none"
    publish(registry, "v1")
    assert wait(lambda: version(following) == "v1")
    publish(registry, "v2")
    assert wait(lambda: version(following) == "v2")
    registry.activate("v1")
    assert wait(lambda: version(following) == "v1"), "a roll-back is a publication"


class SlowStorage(LocalStorage):
    """A registry whose loading waits until it is released."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.let = threading.Event()
        self.let.set()
        self.reading = threading.Event()

    def manifest(self, version: str) -> bytes:
        self.reading.set()
        assert self.let.wait(LIMIT)
        self.reading.clear()
        return super().manifest(version)


def test_no_caller_waits_while_a_newer_version_is_loaded(tmp_path: Path) -> None:
    storage = SlowStorage(tmp_path / "models")
    registry, writer = Registry(storage), Registry(tmp_path / "models")
    publish(writer, "v1")
    following = HotReload(registry)
    assert version(following) == "v1"
    storage.let.clear()
    storage.reading.clear()
    publish(writer, "v2")
    assert storage.reading.wait(LIMIT)
    assert [version(following) for _ in range(1000)] == ["v1"] * 1000
    assert storage.reading.is_set(), "it is still being loaded"
    storage.let.set()
    assert wait(lambda: version(following) == "v2")


def test_a_version_that_cannot_be_loaded_leaves_the_previous_one_in_service(
    registry: Registry, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    following = HotReload(registry)
    publish(registry, "v1")
    before = following.current()
    publish(registry, "v2")
    (tmp_path / "models" / "v2" / "ease.npy").unlink()
    with caplog.at_level(logging.ERROR):
        following.look()
    assert following.current() is before
    assert "model v2 is unusable" in caplog.text
    assert following.problem() == "the published model v2 cannot be loaded; v1 stays"
    for path in (tmp_path / "models" / "v1").iterdir():
        path.unlink()
    os.utime(tmp_path / "models" / "current", ns=(1, 1))
    following.look()
    assert following.current() is before


def test_a_repaired_version_is_loaded(registry: Registry, tmp_path: Path) -> None:
    clock = Watch()
    following = HotReload(registry, clock=clock)
    publish(registry, "v1")
    assert version(following) == "v1"
    publish(registry, "v2")
    file = tmp_path / "models" / "v2" / "ease.npy"
    content = file.read_bytes()
    file.unlink()
    following.look()
    file.write_bytes(content)
    following.look()
    assert version(following) == "v1", "not tried at every look"
    assert following.problem() == "the published model v2 cannot be loaded; v1 stays"
    clock.now = 10
    following.look()
    assert version(following) == "v2"
    assert following.problem() == ""


def test_without_a_published_model_nothing_is_wrong(registry: Registry) -> None:
    following = HotReload(registry)
    assert following.problem() == ""
    registry.add(tiny.model("v1"), {})
    following.look()
    assert following.problem() == ""


def test_a_site_whose_only_model_is_damaged_says_so(registry: Registry, tmp_path: Path) -> None:
    publish(registry, "v1")
    (tmp_path / "models" / "v1" / "ease.npy").unlink()
    with pytest.raises(ModelMissing, match="the published model v1 cannot be loaded; none is loaded yet"):
        PublishedModel(HotReload(registry)).check()


def test_threads_see_the_previous_version_or_the_new_one_and_never_none(registry: Registry) -> None:
    publish(registry, "v0")
    following = HotReload(registry)
    seen: set[str] = set()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            seen.add(version(following))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 6):
        publish(registry, f"v{number}")
        following.look()
    stop.set()
    for thread in threads:
        thread.join()
    assert seen <= {f"v{number}" for number in range(6)}
    assert version(following) == "v5"


def test_the_thread_ends_with_the_object(registry: Registry) -> None:
    publish(registry, "v1")
    following = HotReload(registry)
    following.current()
    gone = weakref.ref(following)
    del following
    gc.collect()
    assert wait(lambda: gone() is None)


def test_a_forked_process_reloads_on_its_own(registry: Registry) -> None:
    following = HotReload(registry)
    publish(registry, "v1")
    assert version(following) == "v1"
    child = os.fork()
    if child == 0:
        publish(registry, "v2")
        os._exit(0 if wait(lambda: version(following) == "v2") else 1)
    assert os.waitpid(child, 0)[1] == 0


class Falling(LocalStorage):
    """A storage that becomes unreachable."""

    away = False

    def fingerprint(self) -> object:
        if self.away:
            raise ModelMissing("the cable was pulled")
        return super().fingerprint()


def test_an_unreachable_storage_is_logged_once_and_leaves_the_model_in_service(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    storage = Falling(tmp_path / "models")
    following = HotReload(Registry(storage), clock=Watch())
    publish(Registry(tmp_path / "models"), "v1")
    before = following.current()
    storage.away = True
    for _ in range(3):
        following.look()
    assert following.current() is before
    assert caplog.text.count("the cable was pulled") == 1
    assert following.problem() == "the cable was pulled"
    storage.away = False
    following.look()
    assert following.problem() == "", "not only after the pause, which grows to minutes"


def test_a_request_uses_one_model_from_beginning_to_end(registry: Registry) -> None:
    following = HotReload(registry)
    served = PublishedModel(following)
    publish(registry, "v1")
    request_scope.begin()
    first = served.current()
    publish(registry, "v2")
    following.look()
    assert version(following) == "v2"
    assert served.current() is first
    request_scope.end()
    now = served.current()
    assert now is not None
    assert now.version == "v2"


def test_requests_of_other_threads_are_independent(registry: Registry) -> None:
    publish(registry, "v1")
    served = PublishedModel(HotReload(registry))
    request_scope.begin()
    try:
        request_scope.once(served.following, lambda: _nobody)
        seen: list[object] = []
        thread = threading.Thread(target=lambda: seen.append(served.current()))
        thread.start()
        thread.join()
        assert served.current() is _nobody.model
        assert seen != [None]
    finally:
        request_scope.end()


_nobody = Loaded(tiny.model("held"), {}, None)  # type: ignore[arg-type]
