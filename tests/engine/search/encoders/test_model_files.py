"""Lookup of models, and errors if one is missing."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import ModelMissing
from engine.search.encoders import model_files
from engine.search.encoders.model_files import ModelFiles


def make_model(folder: Path, weights: bytes = b"weights") -> Path:
    folder.mkdir(parents=True)
    (folder / "modules.json").write_text("[]", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(weights)
    return folder


def make_cached(cache: Path, name: str) -> Path:
    """Create a model in a hub cache, like a download."""
    repository = cache / f"models--{name.replace('/', '--')}"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("a" * 40, encoding="utf-8")
    return make_model(repository / "snapshots" / ("a" * 40))


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"])
def test_the_default_model_is_found_in_its_package(name: str) -> None:
    files = model_files.find(name, offline=True)
    assert (files.folder / "model.safetensors").is_file()
    assert files.name == "all-MiniLM-L6-v2"


def test_a_folder_is_used_as_it_is(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "my-model")
    assert model_files.find(str(folder)) == ModelFiles("my-model", folder)


def test_a_folder_without_a_model_is_reported_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"MARQUEE_ENCODER_MODEL.*modules\.json"):
        model_files.find(str(tmp_path))


@pytest.mark.parametrize("name", ["/nowhere/model", "./model", "~/model", "a/b/c"])
def test_a_path_that_does_not_exist_never_reaches_the_hub(name: str) -> None:
    with pytest.raises(ModelMissing, match="is not a folder"):
        model_files.find(name)


def test_a_model_in_the_hub_cache_is_found_offline(tmp_path: Path) -> None:
    folder = make_cached(tmp_path, "someone/model")
    assert model_files.find("someone/model", offline=True, hub_cache=tmp_path) == ModelFiles("someone/model", folder)


def test_a_bare_name_refers_to_sentence_transformers_on_the_hub(tmp_path: Path) -> None:
    folder = make_cached(tmp_path, "sentence-transformers/other")
    assert model_files.find("other", offline=True, hub_cache=tmp_path) == ModelFiles("other", folder)


def test_a_revision_of_a_model_is_found(tmp_path: Path) -> None:
    current = make_cached(tmp_path, "someone/model")
    older = make_model(current.parent / ("b" * 40))
    for revision, folder in (("a" * 40, current), ("b" * 40, older)):
        found = model_files.find(f"someone/model@{revision}", offline=True, hub_cache=tmp_path)
        assert found == ModelFiles("someone/model", folder)
    with pytest.raises(ModelMissing):
        model_files.find(f"someone/model@{'c' * 40}", offline=True, hub_cache=tmp_path)


@pytest.mark.parametrize("name", model_files.PINNED[model_files.DEFAULT])
def test_the_default_model_is_refused_with_other_files(tmp_path: Path, name: str) -> None:
    original = model_files.find(model_files.DEFAULT, offline=True).folder
    folder = tmp_path / "model"
    shutil.copytree(original, folder)
    model_files.verify(model_files.DEFAULT, folder)
    content = bytearray((folder / name).read_bytes())
    content[-1] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelMissing, match=rf"{name}: expected the file of .*SHA-256 .*pip install"):
        model_files.verify(model_files.DEFAULT, folder)
    (folder / name).unlink()
    with pytest.raises(ModelMissing, match="found missing"):
        model_files.verify(model_files.DEFAULT, folder)


def test_a_cached_model_without_weights_counts_as_missing(tmp_path: Path) -> None:
    (make_cached(tmp_path, "someone/model") / "model.safetensors").unlink()
    with pytest.raises(ModelMissing):
        model_files.find("someone/model", offline=True, hub_cache=tmp_path)


def test_offline_a_missing_model_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"someone/model is neither a folder.*MARQUEE_OFFLINE"):
        model_files.find("someone/model", offline=True, hub_cache=tmp_path)


def test_an_unreachable_hub_means_a_missing_model(tmp_path: Path) -> None:
    program = (
        "from core.errors import ModelMissing; from engine.search.encoders import model_files\n"
        "try: model_files.find('someone/model')\n"
        "except ModelMissing as error: print(error)"
    )
    environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path), "no_proxy": "*"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert "cannot be downloaded from the hub" in run.stdout


@pytest.mark.parametrize("name", ["no spaces allowed", "someone/-", "../../etc"])
def test_a_name_invalid_on_the_hub_means_a_missing_model(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        model_files.find(name, offline=True, hub_cache=tmp_path)


def test_the_identity_is_the_name_with_the_hash_of_the_weights(tmp_path: Path) -> None:
    files = ModelFiles("mine", make_model(tmp_path / "model"))
    assert model_files.identity(files) == "mine@" + hashlib.sha256(b"weights").hexdigest()[:12]


def test_other_weights_have_another_identity_even_in_the_same_file(tmp_path: Path) -> None:
    files = ModelFiles("mine", make_model(tmp_path / "model"))
    before, weights = model_files.identity(files), files.folder / "model.safetensors"
    weights.write_bytes(b"trained")
    os.utime(weights, ns=(1, 1))
    assert model_files.identity(files) != before


def test_a_model_without_weights_has_no_identity(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="contains no weights"):
        model_files.identity(ModelFiles("empty", tmp_path))
