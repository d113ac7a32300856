"""The ONNX graph of a BERT encoder, built from its weights without torch.

The operators are the same as in a graph traced with torch, so onnxruntime fuses them alike and int8 quantization
(`engine.search.encoders.quantization`) finds them by name. Texts are encoded one at a time and unpadded, so the graph
has no mask or batch. The layers are those of Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers"
(2018).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.search.encoders import encoder, pooling, quantization

if TYPE_CHECKING:
    import onnx

OPSET, IR_VERSION = 17, 8
"""The first opset with layer normalization as a single operator, and the file format of its release."""

Weights = Mapping[str, NDArray[np.float32]]
"""The arrays of a model by their names in transformers, such as `embeddings.LayerNorm.bias`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Hyperparameters that cannot be read from the weights, such as the epsilon of layer normalization."""

    layers: int
    heads: int
    epsilon: float


def write(file: Path, weights: Weights, shape: Shape, *, learned: pooling.Pooling | None) -> None:
    """Write the graph. Its input is token ids; its outputs are their mean vector and, with `learned`, a pooled one.

    Args:
        weights: weights of a BERT model with absolute positions and the exact GELU.
        learned: pooling of the second output, for texts that recall a movie; None if there is none for the model.
    """
    import onnx  # noqa: PLC0415 - not needed for serving

    graph = _Graph(weights)
    states = _embedded(graph, shape)
    for number in range(shape.layers):
        states = _layer(graph, f"encoder.layer.{number}.", states, shape)
    graph.add("ReduceMean", states, out=encoder.VECTOR, axes=[1], keepdims=0)
    if learned is not None:
        _recalled(graph, states, learned)
    onnx.save_model(graph.model(), file)


class _Graph:
    """Operators in order of execution, and the arrays that they use."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._arrays: dict[str, onnx.TensorProto] = {}
        self._outputs: list[str] = []

    def add(self, operator: str, *inputs: str, at: str = "", out: str = "", **attributes: Any) -> str:  # noqa: ANN401
        """Add an operator; return the name of its result.

        Args:
            at: part of the transformer that it belongs to; empty for operators after the transformer.
            out: name of its result if that is an output of the graph.
        """
        from onnx import helper  # noqa: PLC0415

        name = f"{quantization.TRANSFORMER if at else '/'}{at.replace('.', '/')}{operator}_{len(self._nodes)}"
        self._outputs += [out] if out else []
        self._nodes.append(helper.make_node(operator, inputs, [out or name], name, **attributes))
        return out or name

    def array(self, name: str, values: NDArray[Any]) -> str:
        """Add an array if its name is new; return the name."""
        from onnx import numpy_helper  # noqa: PLC0415

        if name not in self._arrays:
            self._arrays[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def weight(self, name: str) -> str:
        """Add one of the model's arrays unchanged; return its name."""
        return self.array(name, self.weights[name])

    def dense(self, at: str, states: str) -> str:
        """Add a dense layer: a matrix product plus a bias."""
        matrix = self.array(f"{at}.weight", self.weights[f"{at}.weight"].T)
        return self.add("Add", self.weight(f"{at}.bias"), self.add("MatMul", states, matrix, at=at), at=at)

    def normalised(self, at: str, states: str, shape: Shape) -> str:
        """Add a layer normalization."""
        scale, shift = self.weight(f"{at}.weight"), self.weight(f"{at}.bias")
        return self.add("LayerNormalization", states, scale, shift, at=at, axis=-1, epsilon=shape.epsilon)

    def model(self) -> onnx.ModelProto:
        """Return the complete model."""
        from onnx import TensorProto, helper  # noqa: PLC0415

        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "length"])
        outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None]) for name in self._outputs]
        graph = helper.make_graph(self._nodes, "encoder", [ids], outputs, list(self._arrays.values()))
        opset = helper.make_opsetid("", OPSET)
        return helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="marquee")


def _embedded(graph: _Graph, shape: Shape) -> str:
    """Look up token and position embeddings. All tokens are in the first segment; its embedding is added to theirs."""
    at = "embeddings."
    words, segments = (graph.weights[f"{at}{kind}_embeddings.weight"] for kind in ("word", "token_type"))
    zero = graph.array("zero", np.array([0]))
    length = graph.add("Shape", "input_ids", at=at, start=1, end=2)
    positions = graph.add("Slice", graph.weight(f"{at}position_embeddings.weight"), zero, length, zero, at=at)
    # Adding the tables in advance instead of three vectors per token gives bit-identical results.
    tokens = graph.add("Gather", graph.array(f"{at}words", words + segments[0]), "input_ids", at=at)
    return graph.normalised(f"{at}LayerNorm", graph.add("Add", tokens, positions, at=at), shape)


def _layer(graph: _Graph, at: str, states: str, shape: Shape) -> str:
    attended = graph.dense(f"{at}attention.output.dense", _attention(graph, f"{at}attention.self.", states, shape))
    summed = graph.add("Add", attended, states, at=at)
    states = graph.normalised(f"{at}attention.output.LayerNorm", summed, shape)
    inner = _gelu(graph, at, graph.dense(f"{at}intermediate.dense", states))
    outer = graph.add("Add", graph.dense(f"{at}output.dense", inner), states, at=at)
    return graph.normalised(f"{at}output.LayerNorm", outer, shape)


def _attention(graph: _Graph, at: str, states: str, shape: Shape) -> str:
    width = len(graph.weights[f"{at}query.bias"])
    size = width // shape.heads
    split = graph.array("split", np.array([1, -1, shape.heads, size]))

    def heads(part: str, order: Sequence[int]) -> str:
        reshaped = graph.add("Reshape", graph.dense(f"{at}{part}", states), split, at=at)
        return graph.add("Transpose", reshaped, at=at, perm=order)

    query, key, value = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
    scale = graph.array("scale", np.array(1 / math.sqrt(size), np.float32))
    scores = graph.add("Mul", graph.add("MatMul", query, key, at=at), scale, at=at)
    mixed = graph.add("MatMul", graph.add("Softmax", scores, at=at, axis=-1), value, at=at)
    joined = graph.add("Transpose", mixed, at=at, perm=[0, 2, 1, 3])
    return graph.add("Reshape", joined, graph.array("join", np.array([1, -1, width])), at=at)


def _gelu(graph: _Graph, at: str, states: str) -> str:
    """Add the exact GELU, x (1 + erf(x / √2)) / 2, in the order of operators that onnxruntime fuses."""
    root, one, half = (
        graph.array(name, np.array(number, np.float32))
        for name, number in (("root", math.sqrt(2)), ("one", 1), ("half", 0.5))
    )
    error = graph.add("Erf", graph.add("Div", states, root, at=at), at=at)
    product = graph.add("Mul", states, graph.add("Add", error, one, at=at), at=at)
    return graph.add("Mul", product, half, at=at)


def _recalled(graph: _Graph, states: str, learned: pooling.Pooling) -> None:
    """Add `Pooling.pool` except for the final scaling to unit length, which the caller does."""
    attention = graph.array("pooling.attention", learned.attention.T)
    hidden = graph.add("Tanh", graph.add("MatMul", states, attention))
    scores = graph.add("MatMul", hidden, graph.array("pooling.scores", learned.scores))
    shares = graph.add("Unsqueeze", graph.add("Softmax", scores, axis=1), graph.array("last", np.array([-1])))
    tokens = graph.array("tokens", np.array([1]))
    mean = graph.add("ReduceSum", graph.add("Mul", shares, states), tokens, keepdims=0)
    unit = graph.add("Div", mean, graph.add("ReduceL2", mean, axes=[-1], keepdims=1))
    moved = graph.add("MatMul", unit, graph.array("pooling.shift", learned.shift))
    graph.add("Add", unit, moved, out=encoder.RECALLED)
