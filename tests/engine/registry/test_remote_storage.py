"""Remote versions: in memory behind fsspec, and in a bucket of a real S3 server."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import fsspec
import numpy as np
import pytest

from core.config import Settings
from core.errors import Busy, ModelMissing
from core.recommendations.models import Status
from engine import wiring
from engine.registry.hot_reload import HotReload
from engine.registry.registry import Registry
from engine.registry.storage import factory
from engine.registry.storage.client import StorageClient
from engine.registry.storage.local import LocalStorage
from engine.registry.storage.remote import RemoteStorage
from tests.engine.conftest import configure_s3
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training import tiny

pytestmark = pytest.mark.slow

ASKED = kit.history({tiny.FIRST_ID: 5, tiny.FIRST_ID + 2: 4})


@dataclass
class Bucket:
    """A remote storage that tests can manipulate."""

    url: str
    home: Path

    def registry(self, machine: str = "one") -> Registry:
        """Return a registry of a machine with its own cache."""
        return Registry(RemoteStorage(self.url, self.home / machine), kept=3)

    @property
    def files(self) -> fsspec.AbstractFileSystem:
        """The underlying file system."""
        return fsspec.core.url_to_fs(self.url, use_listings_cache=False)[0]

    def path(self, name: str) -> str:
        """Return the path of a file in the file system."""
        return str(fsspec.core.url_to_fs(self.url)[1]) + "/" + name


@pytest.fixture
def in_s3(s3_bucket: str, tmp_path: Path) -> Bucket:
    return Bucket(f"{s3_bucket}/models", tmp_path)


@pytest.fixture(params=["memory", "s3"])
def bucket(request: pytest.FixtureRequest, tmp_path: Path) -> Bucket:
    if request.param == "s3":
        return request.getfixturevalue("in_s3")  # type: ignore[no-any-return]
    return Bucket(f"memory://bucket-{uuid4().hex[:8]}/models", tmp_path)


def publish(registry: Registry, version: str, **told: object) -> None:
    registry.publish(replace(tiny.model("v0"), version=version), told)


def test_an_empty_storage_names_the_command_that_trains_a_model(bucket: Bucket) -> None:
    registry = bucket.registry()
    assert (registry.current(), registry.versions()) == (None, [])
    with pytest.raises(ModelMissing, match="marquee train"):
        registry.load()


def test_a_version_published_by_one_machine_is_served_by_another(bucket: Bucket) -> None:
    publish(bucket.registry("one"), "v1", metrics={"ndcg@10": 0.3})
    there = bucket.registry("two")
    loaded = there.load()
    np.testing.assert_array_equal(loaded.model.blend(ASKED).total, tiny.model("v0").blend(ASKED).total)
    assert there.describe("v1").metrics == {"ndcg@10": 0.3}
    assert there.describe("v1").status is Status.PUBLISHED
    assert there.describe("v1").size_bytes > 1000


def test_a_version_is_fetched_once_and_checked_each_time(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(bucket.registry(), "v1")
    fetched: list[str] = []
    fetch = StorageClient.fetch
    monkeypatch.setattr(
        StorageClient, "fetch", lambda self, name, path: (fetched.append(name), fetch(self, name, path))
    )
    registry = bucket.registry("two")
    registry.load()
    assert len(fetched) == 4
    registry.load()
    assert len(fetched) == 4
    (bucket.home / "two" / "v1" / "ease.npy").write_bytes(b"bit rot")
    assert registry.load().model.version == "v1"
    assert len(fetched) == 8, "a damaged copy is fetched again"


def test_versions_are_activated_described_deleted_and_pruned(bucket: Bucket) -> None:
    registry = bucket.registry()
    for number in range(1, 6):
        publish(registry, f"v{number}")
    assert registry.versions() == ["v3", "v4", "v5"]
    registry.activate("v3")
    assert bucket.registry("two").load().model.version == "v3"
    with pytest.raises(Busy):
        registry.delete("v3")
    registry.delete("v4")
    assert registry.versions() == ["v3", "v5"]
    assert not bucket.files.find(bucket.path("v4"))


def test_the_holdout_model_is_uploaded_and_fetched_only_on_demand(bucket: Bucket) -> None:
    holdout_model = tiny.model("v1", seed=2)
    bucket.registry().publish(tiny.model("v1"), {}, holdout_model=holdout_model)
    registry = bucket.registry("two")
    registry.load()
    assert sorted(path.name for path in (bucket.home / "two").iterdir()) == ["current", "v1"]
    np.testing.assert_array_equal(
        registry.load_holdout_model("v1").blend(ASKED).total, holdout_model.blend(ASKED).total
    )
    assert (list(registry.storage.at_hand()), registry.versions()) == (["v1"], ["v1"])


def test_a_partially_uploaded_version_does_not_count_and_is_removed(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = bucket.registry()
    publish(registry, "v1")
    send = StorageClient.send

    def fail(place: StorageClient, path: Path, name: str) -> None:
        if name.endswith("model.npz"):
            raise ModelMissing("the line was cut")
        send(place, path, name)

    with monkeypatch.context() as patch:
        patch.setattr(StorageClient, "send", fail)
        with pytest.raises(ModelMissing, match="the line was cut"):
            publish(registry, "v2")
    assert bucket.files.find(bucket.path("v2"))
    assert (registry.versions(), registry.load().model.version) == (["v1"], "v1")
    registry.prune()
    assert bucket.files.find(bucket.path("v2")), "somebody may be uploading it right now"
    monkeypatch.setattr("engine.registry.storage.remote.STALE", -60.0)
    registry.prune()
    assert not bucket.files.find(bucket.path("v2"))
    assert registry.load().model.version == "v1"


def test_an_incomplete_upload_is_not_published(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = bucket.registry()
    publish(registry, "v1")
    monkeypatch.setattr(StorageClient, "send", lambda self, path, name: self.write(name, path.read_bytes()[:100]))
    with pytest.raises(ModelMissing, match="incomplete upload"):
        publish(registry, "v2")
    assert (registry.current(), registry.versions()) == ("v1", ["v1"])


def test_a_damaged_remote_version_falls_back_to_the_newest_good_one(
    bucket: Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    registry = bucket.registry()
    publish(registry, "v1")
    publish(registry, "v2")
    bucket.files.pipe_file(bucket.path("v2/model.npz"), b"not a model")
    assert bucket.registry("two").load().model.version == "v1"
    assert "serving model v1 in place of the published one (v2)" in caplog.text
    assert registry.describe("v2").status is Status.DAMAGED
    bucket.files.rm_file(bucket.path("v1/ease.npy"))
    with pytest.raises(ModelMissing):
        bucket.registry("three").load()


@pytest.mark.parametrize("torn", [b"v", b"v1", b"", b"../x\n", b"<html>\n"])
def test_a_torn_pointer_is_detected(bucket: Bucket, torn: bytes) -> None:
    registry = bucket.registry()
    publish(registry, "v1")
    following = HotReload(registry)
    before = following.current()
    bucket.files.pipe_file(bucket.path("current"), torn)
    with pytest.raises(ModelMissing, match="incomplete, or not a pointer"):
        registry.current()
    following.look()
    assert following.current() is before


def test_activating_during_a_deletion_leaves_the_pointer_unchanged(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, rival = bucket.registry("one"), bucket.registry("two")
    publish(registry, "v1")
    publish(registry, "v2")
    write = StorageClient.write

    def deleted_before(place: StorageClient, name: str, content: bytes) -> None:
        if content == b"v1\n":
            monkeypatch.setattr(StorageClient, "write", write)
            rival.delete("v1")
        write(place, name, content)

    monkeypatch.setattr(StorageClient, "write", deleted_before)
    with pytest.raises(ModelMissing):
        registry.activate("v1")
    assert (registry.current(), registry.load().model.version) == ("v2", "v2")


def test_deleting_during_an_activation_restores_the_version(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    registry, rival = bucket.registry("one"), bucket.registry("two")
    publish(registry, "v1")
    publish(registry, "v2")
    remove = StorageClient.remove

    def activated_before(place: StorageClient, name: str) -> None:
        rival.activate("v1")
        remove(place, name)

    monkeypatch.setattr(StorageClient, "remove", activated_before)
    with pytest.raises(Busy, match="at the same time"):
        registry.delete("v1")
    assert (registry.versions(), registry.load().model.version) == (["v1", "v2"], "v1")


def test_a_new_model_in_the_bucket_is_loaded_within_five_seconds(bucket: Bucket) -> None:
    publish(bucket.registry("one"), "v1")
    following = HotReload(bucket.registry("two"))
    assert following.current() is not None
    publish(bucket.registry("one"), "v2")
    assert _wait(lambda: following.current().version == "v2", 5)  # type: ignore[union-attr]


def test_a_missing_bucket_leaves_the_model_in_service_and_new_processes_use_the_copy(
    in_s3: Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    publish(in_s3.registry(), "v1")
    publish(in_s3.registry(), "v2")
    in_s3.registry("two").load()
    following = HotReload(in_s3.registry("two"))
    assert following.current() is not None
    in_s3.files.rm(in_s3.path("")[: -len("/models/")], recursive=True)
    following.look()
    assert following.current().version == "v2"  # type: ignore[union-attr]
    with caplog.at_level(logging.ERROR):
        assert HotReload(in_s3.registry("two")).current().version == "v2"  # type: ignore[union-attr]
    assert "from the local copy" in caplog.text
    with pytest.raises(ModelMissing, match=r"the bucket .* does not exist"):
        in_s3.registry("three").load()
    with pytest.raises(ModelMissing):
        publish(in_s3.registry("two"), "v3")


def test_an_unresponsive_server_is_reported_clearly(in_s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(in_s3.registry(), "v1")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configure_s3(monkeypatch, endpoint_url=f"http://127.0.0.1:{port}")
    with pytest.raises(ModelMissing, match="unreachable"):
        in_s3.registry("two").current()
    assert in_s3.registry("one").storage.at_hand() == []


def test_a_wrong_key_is_reported_clearly(in_s3: Bucket, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(in_s3.registry(), "v1")
    in_s3.registry("two").load()
    _check_keys_after(s3, b"0")
    try:
        configure_s3(monkeypatch, endpoint_url=s3, key="wrong", secret="wrong")
        with pytest.raises(ModelMissing, match="unreachable"):
            in_s3.registry("three").load()
        assert in_s3.registry("two").load().model.version == "v1", "what this machine has serves on"
    finally:
        _check_keys_after(s3, b"1000000000")


def test_the_settings_name_a_bucket_and_the_environment_its_server(in_s3: Bucket, s3: str, tmp_path: Path) -> None:
    publish(in_s3.registry(), "v1")
    environment = {**os.environ, "FSSPEC_S3_ENDPOINT_URL": s3, "MARQUEE_MODELS_URL": in_s3.url}
    environment["MARQUEE_HOME"] = str(tmp_path / "home")
    code = (
        "from core import config; from engine import wiring; print(wiring.models(config.load()).load().model.version)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout == "v1\n"
    assert (tmp_path / "home" / "models-cache" / "v1" / "manifest.json").exists()


def _check_keys_after(s3: str, requests: bytes) -> None:
    """Make the server check keys after the given number of requests."""
    plain = {"Content-Type": "text/plain"}
    request = urllib.request.Request(f"{s3}/moto-api/reset-auth", data=requests, headers=plain, method="POST")  # noqa: S310
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310


@pytest.mark.parametrize("url", ["", "file://{}/elsewhere", "{}/elsewhere"])
def test_local_folders_are_used_directly(url: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", models_url=url.format(tmp_path), models_kept=7)
    registry = wiring.models(settings)
    assert isinstance(registry.storage, LocalStorage)
    assert (str(registry.storage), registry.kept) == (str(tmp_path / ("elsewhere" if url else "home/models")), 7)
    assert isinstance(factory.storage("memory://x", home=tmp_path), RemoteStorage)


def _wait(until: Callable[[], bool], limit: float) -> bool:
    end = time.monotonic() + limit
    while not until():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
