"""The exported model in int8, for search texts: half the time of float32, and as good at finding movies.

Weights have a scale for each column of a matrix, activations get theirs as the model runs. Movies stay in float32.
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
"""A quantised model further away from its original is not used. Of 200 search texts the furthest lies at .988; with one
scale for a whole matrix, which costs results, even the nearest lies below .975."""
TRANSFORMER = "/transformer/"
"""What the names of the transformer's operators begin with. The pooling behind it is small, and stays in float32."""


def write(source: Path, place: Path, *, checked: tuple[str, ...]) -> None:
    """Write the int8 form of the export in `source` into the folder `place`.

    Raises:
        ModelMissing: its vectors of the texts `checked` differ from those of the original.
    """
    _quantise(source / manifest.MODEL, place / manifest.MODEL)
    shutil.copyfile(source / manifest.TOKENIZER, place / manifest.TOKENIZER)
    original = manifest.read(source)
    manifest.write(dataclasses.replace(original, precision="int8", sizes=manifest.sizes(place)), place)
    _compare(encoder.OnnxEncoder(source), encoder.OnnxEncoder(place), checked)


def _quantise(source: Path, target: Path) -> None:
    import onnx  # noqa: PLC0415
    from onnxruntime import quantization  # noqa: PLC0415

    model = onnx.load(source)  # given a path, the quantiser would write beside it
    names = [node.name for node in model.graph.node if node.name.startswith(TRANSFORMER)]
    root, level = logging.getLogger(), logging.getLogger().level
    root.setLevel(logging.ERROR)  # it advises a step that was measured to change nothing
    try:
        quantization.quantize_dynamic(
            model,
            target,
            op_types_to_quantize=["MatMul"],
            nodes_to_quantize=names,
            per_channel=True,
            # Seven bits of each weight: without VNNI instructions the sums of eight would overflow.
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
