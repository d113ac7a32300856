"""Quantization of the exported model to int8 for search texts: twice as fast as float32, with equally good results.

Weights have one scale per matrix column; the scales of activations are computed at run time. Movies are encoded in
float32.
"""

from __future__ import annotations

import dataclasses
import logging
import shutil
from pathlib import Path

import numpy as np

from core.errors import ModelMissing
from core.ports import Vectors
from engine.search.encoders import encoder, manifest

LEAST_COSINE = 0.98
"""Minimum cosine between vectors of the quantized and the original model. The lowest of 200 search texts is .988; with
one scale per matrix, which degrades results, all are below .975."""
TRANSFORMER = "/transformer/"
"""Prefix of the names of the transformer's operators. The pooling after it is small and stays in float32."""


def write(source: Path, place: Path, *, checked: tuple[str, ...]) -> None:
    """Write an int8 version of the export in `source` to the folder `place`.

    Raises:
        ModelMissing: its vectors of the texts `checked` differ too much from those of the original.
    """
    _quantise(source / manifest.MODEL, place / manifest.MODEL)
    shutil.copyfile(source / manifest.TOKENIZER, place / manifest.TOKENIZER)
    original = manifest.read(source)
    sizes, hashes = manifest.sizes(place), manifest.hashes(place)
    manifest.write(dataclasses.replace(original, precision="int8", sizes=sizes, sha256=hashes), place)
    _compare(encoder.OnnxEncoder(source), encoder.OnnxEncoder(place), checked)


def _quantise(source: Path, target: Path) -> None:
    import onnx  # noqa: PLC0415
    from onnxruntime import quantization  # noqa: PLC0415

    model = onnx.load(source)  # given a path, the quantizer would write files next to it
    names = [node.name for node in model.graph.node if node.name.startswith(TRANSFORMER)]
    root, level = logging.getLogger(), logging.getLogger().level
    root.setLevel(logging.ERROR)  # suppress a recommendation that makes no measurable difference
    try:
        quantization.quantize_dynamic(
            model,
            target,
            op_types_to_quantize=["MatMul"],
            nodes_to_quantize=names,
            per_channel=True,
            # Use seven bits per weight: without VNNI instructions, sums of eight-bit products would overflow.
            reduce_range=True,
            weight_type=quantization.QuantType.QInt8,
        )
    finally:
        root.setLevel(level)


def _compare(original: encoder.OnnxEncoder, quantised: encoder.OnnxEncoder, texts: tuple[str, ...]) -> None:
    found = min(
        _least(original.encode(texts), quantised.encode(texts)),
        _least(original.encode_recalled(texts), quantised.encode_recalled(texts)),
    )
    if not found >= LEAST_COSINE:
        raise ModelMissing(
            f"{original.name} loses too much in int8: cosine {found:.5f}, expected at least {LEAST_COSINE}; "
            "set MARQUEE_ENCODER_PRECISION=float32"
        )


def _least(original: Vectors, quantised: Vectors) -> float:
    return float(np.min(np.sum(original * quantised, axis=1)))
