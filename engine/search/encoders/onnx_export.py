"""Export of encoders to ONNX: the default encoder from its files (`direct_export`), others with torch."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from core.config import Settings
from core.errors import ModelMissing
from core.ports import Vectors
from engine.search.encoders import (
    direct_export,
    embedding_table,
    encoder,
    manifest,
    model_files,
    pooling,
    quantization,
)

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

OPSET = 17
LEAST_COSINE = 0.9999
"""Minimum cosine between vectors of an export and of its model; `quantization` has the minimum for int8."""
CHECKED = (
    "",
    "a shark terrorises a small seaside town",
    "Ein Mädchen findet im Wald ein verlassenes Haus, in dem die Uhren rückwärts gehen. " * 3,
)
"""Texts of different lengths on which an export is compared with its model."""

Say = Callable[[str], None]
"""Called with a message before a step that takes seconds."""


def _silent(_: str) -> None: ...


def ensure_exported(settings: Settings, *, say: Say = _silent) -> Path:
    """Export the configured model if needed; return the folder of the export.

    Raises:
        ModelMissing: the model was not found, cannot be exported, or needs packages that are not installed.
    """
    return _ensure(settings, settings.encoder_precision, say)


def indexing_encoder(settings: Settings) -> encoder.OnnxEncoder:
    """Return the encoder for movies: the float32 export on all cores, in less than half the time of torch.

    Raises:
        ModelMissing: the model was not found, cannot be exported, or needs packages that are not installed.
    """
    return encoder.OnnxEncoder(_ensure(settings, "float32", _silent), workers=os.cpu_count() or 1, documents=True)


def _ensure(settings: Settings, precision: str, say: Say) -> Path:
    files = model_files.find(settings.encoder_model, offline=settings.offline, say=say)
    place = manifest.folder(settings, precision=precision)
    if not _is_current(place, model_files.identity(files)):
        export = partial(_export, files, say=say)
        if precision == "int8":
            export = partial(quantization.write, _ensure(settings, "float32", say), checked=CHECKED)
        _replace_atomically(export, place, name=model_files.identity(files))
    return place


def _learned(name: str, kind: str) -> pooling.Pooling | None:
    """Return the learned pooling of a model, if any; only models with mean pooling have one."""
    return pooling.of(name) if kind == "mean" else None


def _recalled(name: str, kind: str) -> str:
    learned = _learned(name, kind)
    return learned.checksum if learned is not None else ""


def _is_current(place: Path, name: str) -> bool:
    try:
        found = manifest.verified(place)
        whole = all((place / file).is_file() for file in (manifest.MODEL, manifest.TOKENIZER))
        return (found.name, found.recalled) == (name, _recalled(name, found.pooling)) and whole
    except ModelMissing:
        return False


def _replace_atomically(write: Callable[[Path], None], place: Path, *, name: str) -> None:
    """Write to a temporary folder, then move it into place, so that readers never see a partial export."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}-") as scratch:
        fresh, old = Path(scratch) / "new", Path(scratch) / "old"
        fresh.mkdir()
        write(fresh)
        with contextlib.suppress(FileNotFoundError):
            place.rename(old)
        try:
            fresh.rename(place)
        except OSError:  # another process was faster; its export is equivalent
            if not _is_current(place, name):
                raise


def _export(files: model_files.ModelFiles, place: Path, *, say: Say) -> None:
    if direct_export.suits(files):
        say(f"building the ONNX graph of the encoder {files.name} from its weights: usually 5 s")
        direct_export.write(files, place, learned=_learned(model_files.identity(files), direct_export.POOLING))
        _compare(place, direct_export.expected_vectors())
    else:
        say(f"exporting the encoder {files.name} to ONNX with torch: usually 20 s, longer for a large model")
        _trace(files, place)


def _trace(files: model_files.ModelFiles, place: Path) -> None:
    model = _load(files)
    kind = _pooling(model, files.name)
    learned = _learned(model_files.identity(files), kind)
    tokenizer = model.tokenizer.backend_tokenizer
    with _quiet(), embedding_table.shrunk(model):
        _write_graph(model, kind, place / manifest.MODEL, learned)
    tokenizer.save(str(place / manifest.TOKENIZER))
    manifest.write(_describe(files, model, kind, place=place), place)
    _compare(place, np.asarray(model.encode_query(list(CHECKED), normalize_embeddings=True), np.float32))


def _load(files: model_files.ModelFiles) -> SentenceTransformer:
    """Load the model on the CPU with eager attention, which has the smallest graph."""
    return model_files.load(files, device="cpu", model_kwargs={"attn_implementation": "eager"})


def _pooling(model: SentenceTransformer, name: str) -> str:
    """Return the model's pooling of token vectors; reject models with other steps than that."""
    kinds = [type(module).__name__ for module in model]
    kind = str(getattr(model[1], "pooling_mode", "")) if len(kinds) > 1 else ""
    simple = kinds[:2] == ["Transformer", "Pooling"] and kinds[2:] in ([], ["Normalize"])
    if not simple or kind not in {"mean", "cls"} or not model[1].include_prompt:
        raise ModelMissing(
            f"MARQUEE_ENCODER_MODEL: {name} cannot be exported: expected a transformer with mean or cls pooling, "
            f"got {' + '.join(kinds)} {kind}".rstrip()
        )
    return kind


def _write_graph(model: SentenceTransformer, kind: str, file: Path, learned: pooling.Pooling | None) -> None:
    """Trace the model on one text. Texts are encoded one at a time and unpadded, so the graph has no mask or batch."""
    import torch  # noqa: PLC0415

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = cast("torch.nn.Module", model[0].auto_model)

        def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, ...]:
            states: torch.Tensor = self.transformer(input_ids=input_ids, attention_mask=None).last_hidden_state
            vector = states[:, 0] if kind == "cls" else states.mean(1)
            return (vector,) if learned is None else (vector, _pooled(states, learned))

    ids = torch.tensor([model.tokenizer.encode(CHECKED[1])])
    torch.onnx.export(
        Graph().eval(),
        (ids,),
        str(file),
        dynamo=False,  # a quarter of the time; `_compare` guards what tracing could miss
        opset_version=OPSET,
        input_names=["input_ids"],
        output_names=[encoder.VECTOR, *([encoder.RECALLED] if learned is not None else [])],
        dynamic_axes={"input_ids": {1: "length"}},
    )


def _pooled(states: torch.Tensor, learned: pooling.Pooling) -> torch.Tensor:
    """Compute `Pooling.pool` in the graph, except for the final scaling to unit length, which the caller does."""
    import torch  # noqa: PLC0415

    attention, scores, shift = map(torch.from_numpy, (learned.attention, learned.scores, learned.shift))
    weights = torch.softmax(torch.tanh(states @ attention.T) @ scores, dim=1)
    mean = (weights.unsqueeze(-1) * states).sum(1)
    mean = mean / mean.norm(dim=-1, keepdim=True)
    pooled: torch.Tensor = mean + mean @ shift
    return pooled


def _describe(
    files: model_files.ModelFiles, model: SentenceTransformer, kind: str, *, place: Path
) -> manifest.Manifest:
    return manifest.Manifest(
        name=model_files.identity(files),
        dimension=int(model.get_embedding_dimension() or 0),
        max_length=int(model.max_seq_length or model.tokenizer.model_max_length),
        pooling=kind,
        recalled=_recalled(model_files.identity(files), kind),
        precision="float32",
        query_prompt=model.prompts.get("query") or "",
        document_prompt=model.prompts.get("document") or "",
        sizes=manifest.sizes(place),
        sha256=manifest.hashes(place),
        uncased=model.tokenizer.tokenize("Wald ÉTÉ") == model.tokenizer.tokenize("wald été"),
        versions={package: version(package) for package in ("torch", "sentence-transformers", "onnxruntime")},
    )


def _compare(place: Path, expected: Vectors) -> None:
    """Reject an export whose vectors of the texts `CHECKED` differ from those of the model."""
    cosine = float(np.min(np.sum(encoder.OnnxEncoder(place).encode(CHECKED) * expected, axis=1)))
    if not cosine >= LEAST_COSINE:
        raise ModelMissing(f"the export differs from the model: cosine {cosine:.5f}, expected at least {LEAST_COSINE}")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Suppress the exporter's warnings, and keep its `logging.basicConfig` from changing our logging."""
    silent = logging.NullHandler()
    logging.root.addHandler(silent)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.root.removeHandler(silent)
