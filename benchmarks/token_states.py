"""The token vectors of texts before pooling, as the exported encoder computes them: training data of the pooling.

They come from the served graph, so that pooling and ranking are trained with the precision and the number of tokens
that are used in serving.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from engine.search.encoders import encoder, manifest
from engine.search.encoders.pooling import States


def encode(folder: Path, texts: Sequence[str], *, tokens: int = encoder.POST_TOKENS) -> list[States]:
    """Return the token vectors of the first `tokens` tokens of each text.

    Args:
        folder: the folder of the export.
    """
    about = manifest.read(folder)
    graph, name = _with_states(folder / manifest.MODEL)
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    tokenizer = encoder.tokenizer(folder, min(tokens, about.max_length))
    plain = [about.query_prompt + encoder.normalise(text, lower=about.uncased) for text in texts]
    ids = (np.array([tokenizer.encode(text).ids], np.int64) for text in plain)
    return [np.asarray(session.run([name], {"input_ids": row})[0][0], np.float32) for row in ids]


def _with_states(file: Path) -> tuple[bytes, str]:
    """Return the graph with an additional output, the input of the mean, and the name of that output."""
    import onnx  # noqa: PLC0415  comes with the extra `index`

    model = onnx.load(file)
    name = next(node.input[0] for node in model.graph.node if encoder.VECTOR in node.output)
    model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    return model.SerializeToString(), name
