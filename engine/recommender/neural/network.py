"""The network during training: weights, loss, and conversion to the served form. All code that uses tensors.

The names are those of `ncf`: `spoken` is p, `asked` is q, `product` is h.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from core.recommendations.records import Floats, Ids
from engine.recommender.neural.batches import Batch
from engine.recommender.neural.ncf import Ncf

Tensor = Any
"""A `torch.Tensor`; torch is imported for training only."""
Weights = Mapping[str, Tensor]
FIRST_ODDS = -2.0
"""Initial bias of each movie: about one pair in eight is positive."""
LEAST_LEFT = 1e-2
"""Least length of a history, which may be empty without the target movie."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of the network, and how it weights histories."""

    factors: int = 64
    """Length of GMF's vectors."""
    tower: int = 32
    """Length of the tower's vectors."""
    layers: tuple[int, int] = (32, 16)
    """Widths of the tower's two layers."""
    exponent: float = 0.7
    """β: with 0 the user is the sum of the movies, with 1 their mean."""
    against: float = 0.1
    """Factor of negative weights in a history."""


@dataclass(frozen=True, slots=True)
class Dropout:
    """Dropout rates."""

    user: float
    """Rate for the user's vector and the first layer."""
    history: float
    """Rate for the movies of a history."""


def start(movies: int, shape: Shape, *, spread: float) -> dict[str, Tensor]:
    """Return initial weights: random movie vectors, layers after He et al. (2015), a plain inner product."""
    import torch  # noqa: PLC0415 - serving processes do not need it

    width, (first, second) = shape.factors + shape.tower, shape.layers
    weights = {
        "spoken": spread * torch.randn(movies, width),
        "asked": spread * torch.randn(movies, width),
        "biases": torch.full((movies,), FIRST_ODDS),
        "product": torch.ones(shape.factors),
        "entrance": torch.randn(2 * shape.tower, first) / shape.tower**0.5,
        "shift_1": torch.zeros(first),
        "inner": torch.randn(first, second) * (2 / first) ** 0.5,
        "shift_2": torch.zeros(second),
        "output": torch.randn(second) * (2 / second) ** 0.5,
    }
    return {name: weight.requires_grad_(True) for name, weight in weights.items()}


def loss(weights: Weights, batch: Batch, shape: Shape, dropout: Dropout) -> Tensor:
    """Return the weighted binary cross-entropy of a batch, in nats per pair."""
    from torch import from_numpy  # noqa: PLC0415
    from torch.nn import functional  # noqa: PLC0415

    given, drawn = odds(weights, batch, shape, dropout)
    worth, unknown = from_numpy(batch.worth), from_numpy(batch.strange)
    wanted = from_numpy(batch.wanted)
    known = functional.binary_cross_entropy_with_logits(given, wanted, weight=worth, reduction="sum")
    return (known + (functional.softplus(drawn) * unknown).sum()) / pairs(batch)


def pairs(batch: Batch) -> float:
    """Return the (weighted) number of pairs of a batch."""
    return max(len(batch.movie_rows) + float(batch.strange.sum()), 1.0)


def odds(weights: Weights, batch: Batch, shape: Shape, dropout: Dropout) -> tuple[Tensor, Tensor]:
    """Return the log-odds of the pairs: (n,) of the interactions, (n_users, n_drawn) of the negatives."""
    import torch  # noqa: PLC0415

    width, left_out = shape.factors, torch.nn.functional.dropout
    own, whole = (left_out(users, dropout.user) for users in _users(weights, batch, shape, dropout))
    movies, drawn = torch.from_numpy(batch.movie_rows), torch.from_numpy(batch.drawn)
    given, negatives = weights["asked"][movies], weights["asked"][drawn]
    through = partial(_tower, weights, shape, dropout)
    near = (own[:, :width] * given[:, :width]) @ weights["product"] + through(own, given)
    far = (whole[:, :width] * weights["product"]) @ negatives[:, :width].T + through(whole[:, None], negatives[None])
    return near + weights["biases"][movies], far + weights["biases"][drawn]


def served(weights: Weights, movies: Ids, shape: Shape) -> Ncf:
    """Convert the weights to the served model."""
    plain: dict[str, Floats] = {name: weight.detach().numpy().copy() for name, weight in weights.items()}
    width, tower = shape.factors, shape.tower
    return Ncf(
        movies=movies,
        spoken=plain["spoken"],
        products=plain["asked"][:, :width] * plain["product"],
        hidden=plain["asked"][:, width:] @ plain["entrance"][tower:] + plain["shift_1"],
        biases=plain["biases"],
        entrance=plain["entrance"][:tower].copy(),
        inner=plain["inner"],
        shift=plain["shift_2"],
        output=plain["output"],
        manner=np.array([shape.against, shape.exponent], np.float32),
    )


def _users(weights: Weights, batch: Batch, shape: Shape, dropout: Dropout) -> tuple[Tensor, Tensor]:
    """Return (n, d + m): the user of each interaction without that movie; and (n_users, d + m): the whole users."""
    import torch  # noqa: PLC0415

    users, movies = torch.from_numpy(batch.user_rows), torch.from_numpy(batch.movie_rows)
    said = torch.nn.functional.dropout(torch.from_numpy(batch.weights), dropout.history)
    sums = torch.nn.functional.embedding_bag(
        movies, weights["spoken"], torch.from_numpy(batch.starts), mode="sum", per_sample_weights=said
    )
    lengths = torch.zeros(len(batch.starts)).index_add_(0, users, said.abs())
    own = sums[users] - said[:, None] * weights["spoken"][movies]
    left = lengths[users] - said.abs()
    return (
        own / left.clamp(min=LEAST_LEFT).pow(shape.exponent)[:, None],
        sums / lengths.clamp(min=LEAST_LEFT).pow(shape.exponent)[:, None],
    )


def _tower(weights: Weights, shape: Shape, dropout: Dropout, users: Tensor, movies: Tensor) -> Tensor:
    """Return the tower's outputs for users and movies of broadcastable shapes."""
    import torch  # noqa: PLC0415

    width, tower, entrance = shape.factors, shape.tower, weights["entrance"]
    first = users[..., width:] @ entrance[:tower] + (movies[..., width:] @ entrance[tower:] + weights["shift_1"])
    first = torch.nn.functional.dropout(torch.relu(first), dropout.user)
    return torch.relu(first @ weights["inner"] + weights["shift_2"]) @ weights["output"]
