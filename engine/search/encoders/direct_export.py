"""Export of the default encoder from its files, without torch.

Other models are traced with torch (`onnx_export`), which supports all architectures. The architecture of this one is
known, so a default installation needs neither torch nor sentence-transformers. The tests compare the export with
sentence-transformers, and each export is compared with vectors computed by sentence-transformers (`reference.npz`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers

from core.ports import Vectors
from engine.search.encoders import bert_graph, manifest, model_files, pooling

REFERENCE = Path(__file__).parent / "reference.npz"
"""The default encoder's name and its vectors of `onnx_export.CHECKED`, written by `benchmarks.reference_vectors`."""
POOLING = "mean"
_MODULES = ["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]


def suits(files: model_files.ModelFiles) -> bool:
    """Return whether this is the default encoder, by its weights, with its usual mean pooling and no prompts."""
    if not model_files.same_weights(model_files.identity(files), _reference()[0]):
        return False
    pooled, prompts = _read(files.folder / "1_Pooling" / "config.json"), _prompts(files.folder)
    modes = [key for key, on in pooled.items() if key.startswith("pooling_mode") and on]
    return _modules(files.folder) in _MODULES and modes == ["pooling_mode_mean_tokens"] and not any(prompts.values())


def write(files: model_files.ModelFiles, place: Path, *, learned: pooling.Pooling | None) -> None:
    """Write graph, tokenizer and manifest to the folder `place`."""
    from safetensors.numpy import load_file  # noqa: PLC0415 - not needed for serving

    config = _read(files.folder / "config.json")
    shape = bert_graph.Shape(config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"])
    weights = load_file(files.folder / "model.safetensors")
    bert_graph.write(place / manifest.MODEL, weights, shape, learned=learned)
    tokenizer = tokenizers.Tokenizer.from_file(str(files.folder / manifest.TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(place / manifest.TOKENIZER))
    manifest.write(_describe(files, place, tokenizer, config, learned=learned), place)


def expected_vectors() -> Vectors:
    """Return sentence-transformers' vectors of `onnx_export.CHECKED`; float32, (n_texts, dimension), unit rows."""
    return _reference()[1]


def save_reference(name: str, vectors: Vectors) -> None:
    """Write the vectors with which exports of the encoder `name` are compared."""
    np.savez_compressed(REFERENCE, encoder=np.array(name), vectors=vectors)


def _reference() -> tuple[str, Vectors]:
    with np.load(REFERENCE, allow_pickle=False) as stored:
        return str(stored["encoder"]), stored["vectors"]


def _describe(
    files: model_files.ModelFiles,
    place: Path,
    tokenizer: tokenizers.Tokenizer,
    config: Mapping[str, Any],
    *,
    learned: pooling.Pooling | None,
) -> manifest.Manifest:
    return manifest.Manifest(
        name=model_files.identity(files),
        dimension=config["hidden_size"],
        max_length=_read(files.folder / "sentence_bert_config.json")["max_seq_length"],
        pooling=POOLING,
        recalled=learned.checksum if learned is not None else "",
        precision="float32",
        query_prompt="",
        document_prompt="",
        sizes=manifest.sizes(place),
        sha256=manifest.hashes(place),
        uncased=tokenizer.encode("Wald ÉTÉ").ids == tokenizer.encode("wald été").ids,
        versions={package: version(package) for package in ("onnx", "onnxruntime")},
    )


def _modules(folder: Path) -> list[str]:
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    return [str(module["type"]).rpartition(".")[2] for module in modules]


def _prompts(folder: Path) -> dict[str, str]:
    return dict(_read(folder / "config_sentence_transformers.json").get("prompts", {}))


def _read(file: Path) -> dict[str, Any]:
    """Read one of the model's configuration files; empty if there is none."""
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}
