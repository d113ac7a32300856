"""Training of neural collaborative filtering: binary cross-entropy, drawn negatives, dropout, Adam; needs torch.

Training uses one thread and its own random state, so that equal interactions and seeds give equal models and global
state is unchanged. After each epoch the network is evaluated on held-out movies; training ends when it has not improved
for some epochs, and returns the best one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec

import numpy as np

from core.errors import ModelMissing
from engine.recommender.models.interactions import Interactions
from engine.recommender.neural import batches, evaluation, network
from engine.recommender.neural.ncf import Ncf
from engine.recommender.neural.network import Dropout, Shape

NEEDED = "torch"


@dataclass(frozen=True, slots=True)
class NCFConfig:
    """The configuration of the network and its training, tuned on validation data (`benchmarks.taste.tune`)."""

    shape: Shape = field(default_factory=Shape)
    negatives: float = 8
    """Total weight of all negatives per positive movie."""
    drawn: int = 512
    """Negatives drawn per step."""
    dropout: float = 0.3
    history_dropout: float = 0.3
    rate: float = 2.7e-3
    """Learning rate of Adam."""
    decay: float = 1e-7
    """Weight decay."""
    users: int = 32
    """Users per step, each with all their movies."""
    epochs: int = 60
    patience: int = 10
    """Epochs without improvement after which training ends."""
    held_out: float = 0.1
    """Share of each user's movies that is held out for validation."""
    spread: float = 0.03
    """Standard deviation of the initial vectors."""
    seed: int = 20_261


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch of the training."""

    number: int
    """From 1."""
    loss: float
    """Mean binary cross-entropy of the epoch's pairs, in nats."""
    ndcg: float | None
    """NDCG@10 on the held-out movies; None if there are none."""
    best: bool
    """Whether it is better than all previous epochs."""


After = Callable[[Epoch], bool]
"""Called after each epoch; returns whether to continue, and may raise `Cancelled`."""


def check() -> None:
    """Check that training is possible. Raises `ModelMissing`."""
    if find_spec(NEEDED) is None:
        raise ModelMissing("neural collaborative filtering needs torch for training: install marquee[neural]")


def fit(interactions: Interactions, config: NCFConfig, *, after: After | None = None) -> Ncf:
    """Fit a model of all movies in `interactions`; deterministic.

    Raises:
        ModelMissing: torch is not installed.
    """
    check()
    with _alone(config.seed):
        return _Training(interactions, config).run(after or (lambda _: True))


class _Training:
    """A training, from random initial weights to the best epoch."""

    def __init__(self, interactions: Interactions, config: NCFConfig) -> None:
        import torch  # noqa: PLC0415 - serving processes do not need it

        self._config, self._draw = config, np.random.default_rng(config.seed)
        held = evaluation.hold_out(interactions, share=config.held_out, draw=self._draw)
        self._judge, self._movies = evaluation.of(interactions, held), np.unique(interactions.movies)
        self._known = batches.group(interactions.select(~held), self._movies)
        self._weights = network.start(len(self._movies), config.shape, spread=config.spread)
        self._adam = torch.optim.Adam(self._weights.values(), lr=config.rate, weight_decay=config.decay)

    def run(self, after: After) -> Ncf:
        """Run epochs until there is no more improvement."""
        best, worth, waited = self._served(), -1.0, 0
        for number in range(1, self._config.epochs + 1):
            loss, made = self._round(), self._served()
            ndcg = self._judge.ndcg(made)
            better = ndcg is None or ndcg > worth
            best, worth, waited = (made, ndcg or 0.0, 0) if better else (best, worth, waited + 1)
            if not after(Epoch(number, loss, ndcg, better)) or waited >= self._config.patience:
                break
        return best

    def _round(self) -> float:
        """Train on all users once; return the mean loss."""
        config = self._config
        manner = batches.Manner(config.negatives, config.drawn, config.users, config.shape.against)
        dropout = Dropout(config.dropout, config.history_dropout)
        total = pairs = 0.0
        for batch in batches.epoch(self._known, manner, self._draw):
            self._adam.zero_grad(set_to_none=True)
            loss = network.loss(self._weights, batch, config.shape, dropout)
            loss.backward()
            self._adam.step()
            count = network.pairs(batch)
            total, pairs = total + float(loss.detach()) * count, pairs + count
        return total / max(pairs, 1)

    def _served(self) -> Ncf:
        return network.served(self._weights, self._movies, self._config.shape)


@contextmanager
def _alone(seed: int) -> Iterator[None]:
    """Use one thread and a private random state; restore both afterwards."""
    import torch  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        # Evaluating an epoch takes hundreds of small products: with threads, BLAS waits longer than it computes.
        with torch.random.fork_rng(devices=[]), threadpool_limits(1, "blas"):
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(threads)
