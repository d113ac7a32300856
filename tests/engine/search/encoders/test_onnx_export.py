"""Export of encoders: its files, when it is repeated, and which models are rejected."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.baselines.sentence_encoder import SentenceEncoder
from core.config import Settings
from core.errors import ModelMissing
from engine.search.encoders import manifest, model_files, onnx_export, pooling, quantization
from engine.search.encoders.encoder import OnnxEncoder
from tests import tiny_model

pytestmark = pytest.mark.slow

MODEL = "all-MiniLM-L6-v2"
TEXTS = ["a shark terrorises a small town", "a girl bathes in a river of light", "the same day again and again"]


def test_the_manifest_describes_the_export(exported: Settings, model: SentenceEncoder) -> None:
    found = manifest.read(manifest.folder(exported))
    assert (found.name, found.dimension, found.max_length) == (model.name, 384, 256)
    assert (found.pooling, found.precision, found.uncased, found.query_prompt) == ("mean", "float32", True, "")


def test_posts_use_the_learned_pooling(exported: Settings, model: SentenceEncoder) -> None:
    served, learned = OnnxEncoder(manifest.folder(exported)), pooling.load()
    tokens = [model.model[0](model.model.preprocess([text]))["token_embeddings"][0].detach().numpy() for text in TEXTS]
    assert served.manifest.recalled == learned.checksum
    assert np.sum(served.encode_recalled(TEXTS) * learned.pool(tokens), axis=1).min() > 0.9999
    assert np.sum(served.encode_recalled(TEXTS) * served.encode(TEXTS), axis=1).max() < 0.999


def test_an_existing_export_is_reused(exported: Settings) -> None:
    file = manifest.folder(exported) / manifest.MODEL
    before = file.stat().st_mtime_ns, file.stat().st_ino
    assert onnx_export.ensure_exported(exported) == manifest.folder(exported)
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


def test_int8_is_smaller_and_close_to_the_model(exported: Settings, model: SentenceEncoder) -> None:
    small, large = onnx_export.ensure_exported(_in_int8(exported)), manifest.folder(exported)
    cosines = np.sum(OnnxEncoder(small).encode(TEXTS) * model.encode(TEXTS), axis=1)
    assert 0.98 < cosines.min() < 0.9999
    assert (small / manifest.MODEL).stat().st_size < 0.7 * (large / manifest.MODEL).stat().st_size
    assert (manifest.read(small).name, manifest.read(small).precision) == (model.name, "int8")


def test_int8_keeps_the_pooling_of_posts(exported: Settings) -> None:
    small, large = OnnxEncoder(manifest.folder(_in_int8(exported))), OnnxEncoder(manifest.folder(exported))
    assert small.manifest.recalled == large.manifest.recalled != ""
    recalled = small.encode_recalled(TEXTS)
    assert np.sum(recalled * large.encode_recalled(TEXTS), axis=1).min() > 0.98
    assert np.sum(recalled * small.encode(TEXTS), axis=1).max() < 0.98


def test_an_inaccurate_int8_export_is_not_used(
    tmp_path: Path, exported: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path, offline=True, encoder_precision="int8")
    shutil.copytree(manifest.folder(exported), manifest.folder(settings, precision="float32"))
    monkeypatch.setattr(quantization, "LEAST_COSINE", 0.9999)
    with pytest.raises(ModelMissing, match=r"in int8: cosine 0\.9.*MARQUEE_ENCODER_PRECISION=float32"):
        onnx_export.ensure_exported(settings)
    assert not manifest.folder(settings).exists()


def test_int8_is_made_from_float32_and_updated_with_it(tmp_path: Path, exported: Settings, source: Path) -> None:
    settings = Settings(home=tmp_path, offline=True, encoder_model=str(source))
    place, old = manifest.folder(settings), exported.home / "encoders"
    shutil.copytree(old / f"{MODEL}-int8", place)
    onnx_export.ensure_exported(settings)
    assert manifest.read(place).name == "my-model@53aa51172d14"
    assert {found.name.rpartition("-")[2] for found in place.parent.iterdir()} == {"float32", "int8"}


def test_changed_weights_and_damaged_exports_are_exported_again(
    tmp_path: Path, exported: Settings, source: Path
) -> None:
    settings = Settings(home=tmp_path, offline=True, encoder_model=str(source), encoder_precision="float32")
    place = manifest.folder(settings)
    shutil.copytree(manifest.folder(exported), place)
    assert manifest.read(place).name != model_files.identity(model_files.find(str(source)))
    onnx_export.ensure_exported(settings)
    assert manifest.read(place).name == "my-model@53aa51172d14"
    (place / manifest.MODEL).write_bytes(b"torn")
    onnx_export.ensure_exported(settings)
    assert OnnxEncoder(place).encode(TEXTS).shape == (3, 384)
    assert [found.name for found in place.parent.iterdir()] == [place.name]


def test_cls_pooling_is_exported_as_such(tmp_path: Path, source: Path) -> None:
    _configure(source / "1_Pooling", pooling_mode_cls_token=True, pooling_mode_mean_tokens=False)
    settings = Settings(home=tmp_path, offline=True, encoder_model=str(source), encoder_precision="float32")
    served = OnnxEncoder(onnx_export.ensure_exported(settings))
    expected = SentenceEncoder(model_files.find(str(source))).encode(TEXTS)
    assert (served.manifest.pooling, served.manifest.recalled) == ("cls", "")
    assert served.encode_recalled(TEXTS).tolist() == served.encode(TEXTS).tolist()
    assert np.sum(served.encode(TEXTS) * expected, axis=1).min() > 0.9999


def test_prompts_are_prepended_to_queries_and_movies(tmp_path: Path, source: Path) -> None:
    prompts = {"query": "question: ", "document": "film: "}
    (source / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}), encoding="utf-8")
    settings = Settings(home=tmp_path, offline=True, encoder_model=str(source), encoder_precision="float32")
    place = onnx_export.ensure_exported(settings)
    model = SentenceEncoder(model_files.find(str(source)))
    for documents, expected in (
        (False, model.model.encode_query(TEXTS, normalize_embeddings=True)),
        (True, model.encode(TEXTS)),
    ):
        assert np.sum(OnnxEncoder(place, documents=documents).encode(TEXTS) * expected, axis=1).min() > 0.9999


def test_a_model_with_another_pooling_is_rejected_with_an_explanation(tmp_path: Path, source: Path) -> None:
    _configure(source / "1_Pooling", pooling_mode_max_tokens=True, pooling_mode_mean_tokens=False)
    settings = Settings(home=tmp_path / "home", offline=True, encoder_model=str(source))
    with pytest.raises(ModelMissing, match=r"my-model cannot be exported: expected .* mean or cls.* max"):
        onnx_export.ensure_exported(settings)
    assert list((tmp_path / "home" / "encoders").iterdir()) == []


def test_an_inaccurate_export_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_export, "LEAST_COSINE", 1.1)
    settings = Settings(home=tmp_path, offline=True)
    with pytest.raises(ModelMissing, match=r"differs from the model: cosine 1\.0"):
        onnx_export.ensure_exported(settings)
    assert not manifest.folder(settings).exists()


def test_a_model_that_is_not_available_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="MARQUEE_OFFLINE"):
        onnx_export.ensure_exported(Settings(home=tmp_path, offline=True, encoder_model="someone/model"))


def test_movies_are_always_encoded_in_float32(exported: Settings) -> None:
    assert onnx_export.indexing_encoder(_in_int8(exported)).manifest.precision == "float32"


def test_two_concurrent_exports_leave_one_complete_export(tmp_path: Path) -> None:
    model = str(tiny_model.make(tmp_path / "small"))
    settings = Settings(home=tmp_path, offline=True, encoder_model=model)
    program = (
        "from pathlib import Path; from core.config import Settings; from engine.search.encoders import onnx_export\n"
        "onnx_export.ensure_exported("
        f"Settings(home=Path({str(tmp_path)!r}), offline=True, encoder_model={model!r}))"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    place = manifest.folder(settings)
    assert OnnxEncoder(place).encode(TEXTS).shape == (3, tiny_model.DIMENSION)
    assert {found.name.rpartition("small-")[2] for found in place.parent.iterdir()} == {"float32", "int8"}
    assert len(list(place.parent.iterdir())) == 2


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("all-MiniLM-L6-v2", "all-MiniLM-L6-v2-int8"),
        ("sentence-transformers/all-MiniLM-L6-v2", "all-MiniLM-L6-v2-int8"),
        ("someone/model", "someone_model-int8"),
        ("../../etc/passwd", "etc_passwd-int8"),
    ],
)
def test_an_export_is_always_in_the_folder_of_encoders(tmp_path: Path, model: str, expected: str) -> None:
    assert manifest.folder(Settings(home=tmp_path, encoder_model=model)) == tmp_path / "encoders" / expected


def _in_int8(settings: Settings) -> Settings:
    return settings.model_copy(update={"encoder_precision": "int8"})


def _configure(folder: Path, **changes: bool) -> None:
    file = folder / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **changes}), encoding="utf-8")
