"""The default encoder exported without torch, compared with sentence-transformers and an export with torch."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.baselines.sentence_encoder import SentenceEncoder
from core.config import Settings
from core.errors import ModelMissing
from data.catalogues import sources
from engine.search.encoders import direct_export, encoder, manifest, model_files, onnx_export
from tests import tiny_model

pytestmark = pytest.mark.slow

MOST = 1e-5
"""Maximum difference between coordinates of unit vectors."""
ODD = (
    "", " ", "ÉTÉ ß ǅ Ⅳ", "夢を盗む男", "[CLS] [MASK] don't", "🦈 shark", "\u200bzero\u00a0width", "İstanbul",
    "a" * 300, "word " * 600,
)  # fmt: skip


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Return several hundred texts: titles, plots and edge cases for tokenizers."""
    movies = sources.load(Settings(offline=True)).movies
    return [*(movie.title for movie in movies), *(movie.overview for movie in movies), *ODD]


def test_vectors_equal_those_of_sentence_transformers(
    served: encoder.OnnxEncoder, model: SentenceEncoder, texts: list[str]
) -> None:
    assert set(served.manifest.versions) == {"onnx", "onnxruntime"}
    assert len(texts) > 300
    assert np.abs(served.encode(texts) - model.encode(texts)).max() <= MOST


def test_tokens_equal_those_of_sentence_transformers(
    exported: Settings, model: SentenceEncoder, texts: list[str]
) -> None:
    tokenizer = encoder.tokenizer(manifest.folder(exported), 256)
    wanted = [model.model.tokenizer.encode(text, truncation=True, max_length=256) for text in texts]
    assert [tokenizer.encode(text).ids for text in texts] == wanted


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_an_export_with_torch_has_the_same_vectors(
    precision: str, exported: Settings, tmp_path: Path, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(direct_export, "suits", lambda _: False)
    settings = exported.model_copy(update={"home": tmp_path, "encoder_precision": precision})
    traced = encoder.OnnxEncoder(onnx_export.ensure_exported(settings))
    direct = encoder.OnnxEncoder(manifest.folder(exported, precision=precision))
    assert "torch" in traced.manifest.versions
    assert _without_files(direct.manifest) == _without_files(traced.manifest)
    some = texts[::5]
    assert np.abs(direct.encode(some) - traced.encode(some)).max() <= MOST
    assert np.abs(direct.encode_recalled(some) - traced.encode_recalled(some)).max() <= MOST


def test_the_reference_vectors_are_those_of_sentence_transformers(model: SentenceEncoder) -> None:
    computed = model.model.encode_query(list(onnx_export.CHECKED), normalize_embeddings=True)
    assert np.abs(direct_export.expected_vectors() - computed).max() <= MOST


def test_it_needs_neither_torch_nor_sentence_transformers(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules.update(dict.fromkeys(('torch', 'sentence_transformers', 'transformers', 'onnxscript')))\n"
        "from pathlib import Path; from core.config import Settings; from engine.search.encoders import onnx_export\n"
        f"settings = Settings(home=Path({str(tmp_path)!r}), offline=True)\n"
        "print(onnx_export.ensure_exported(settings, say=print).name)"
    )
    run = subprocess.run([sys.executable, "-c", program], env=os.environ, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [
        "building the ONNX graph of the encoder all-MiniLM-L6-v2 from its weights: usually 5 s",
        "all-MiniLM-L6-v2-int8",
    ]


def test_the_default_weights_are_exported_directly_from_any_folder(source: Path) -> None:
    assert direct_export.suits(model_files.find(str(source)))


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}),
        ("config_sentence_transformers.json", {"prompts": {"query": "question: "}}),
        ("modules.json", [{"type": "a.Transformer"}, {"type": "a.Pooling"}, {"type": "a.Dense"}]),
    ],
)
def test_the_default_weights_with_another_configuration_are_exported_with_torch(
    source: Path, file: str, content: object
) -> None:
    (source / file).write_text(json.dumps(content), encoding="utf-8")
    assert not direct_export.suits(model_files.find(str(source)))


def test_other_weights_are_exported_with_torch(tmp_path: Path) -> None:
    assert not direct_export.suits(model_files.find(str(tiny_model.make(tmp_path / "tiny"))))


def test_another_encoder_without_its_extra_names_the_packages_to_install_and_their_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny_model.make(tmp_path / "tiny")
    monkeypatch.setattr(model_files, "NEEDED", ("sentence_transformers", "not_installed"))
    settings = Settings(home=tmp_path, offline=True, encoder_model=str(folder))
    with pytest.raises(ModelMissing, match=r"tiny needs not_installed.*'marquee\[encoders\]'.*GB.*MB"):
        onnx_export.ensure_exported(settings)


def _without_files(found: manifest.Manifest) -> manifest.Manifest:
    return dataclasses.replace(found, versions={}, sizes={}, sha256={})
