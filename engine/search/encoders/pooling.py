"""Learned attention pooling for texts that recall a movie.

In a post of a hundred words, only a few describe the movie and many describe the evening it was watched. Instead of
the mean of its token vectors h, the vector of a text is

    w = softmax(b · tanh(A h)),    q = normalise(Σ w h),    vector = normalise(q + q W)

(attention pooling after Lin et al., "A Structured Self-attentive Sentence Embedding", 2017). The vectors of movies do
not change, so indexes remain valid. The parameters are trained for one encoder and used only with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelMissing
from core.ports import Vectors
from engine.search.encoders import model_files

FILE = Path(__file__).parent / "pooling.npz"
"""The packaged parameters, with a report of their training data and metrics."""
TINY = 1e-12

States = NDArray[np.float32]
"""The token vectors of one text, float32, (n_tokens, dimension)."""


@dataclass(frozen=True, slots=True)
class Pooling:
    """The parameters of one encoder's pooling.

    Attributes:
        encoder: identity of the encoder (`Encoder.name`).
        attention: A, float32, (hidden, dimension).
        scores: b, float32, (hidden,).
        shift: W, float32, (dimension, dimension).
        report: data, folds and metrics of the training.
    """

    encoder: str
    attention: NDArray[np.float32]
    scores: NDArray[np.float32]
    shift: NDArray[np.float32]
    report: Mapping[str, Any]

    def pool(self, texts: Sequence[States]) -> Vectors:
        """Return the vector of each text from its token vectors, float32, (n_texts, dimension), unit rows."""
        rows = [self._pool(states) for states in texts]
        return np.array(rows, np.float32).reshape(len(texts), self.shift.shape[0])

    @property
    def checksum(self) -> str:
        """Return the first 12 hex digits of the SHA-256 of the parameters."""
        parts = (self.attention, self.scores, self.shift)
        return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()[:12]

    def save(self, file: Path) -> None:
        """Write the parameters, `shift` in half precision, which changes no cosine by more than .001."""
        np.savez_compressed(
            file,
            encoder=np.array(self.encoder),
            attention=self.attention,
            scores=self.scores,
            shift=self.shift.astype(np.float16),
            report=np.array(json.dumps(dict(self.report))),
        )

    def _pool(self, states: States) -> NDArray[np.float32]:
        scores = np.tanh(states @ self.attention.T) @ self.scores
        weights = np.exp(scores - scores.max())
        mean = _unit((weights / weights.sum()) @ states)
        return _unit(mean + mean @ self.shift)


def of(encoder: str, file: Path = FILE) -> Pooling | None:
    """Return the packaged pooling if it was trained for the encoder's weights, whatever the encoder's name; else None.

    Raises:
        ModelMissing: the file is damaged.
    """
    if not file.is_file():
        return None
    packaged = load(file)
    return packaged if model_files.same_weights(packaged.encoder, encoder) else None


def load(file: Path = FILE) -> Pooling:
    """Read saved parameters.

    Raises:
        ModelMissing: the file is missing or damaged.
    """
    try:
        with np.load(file, allow_pickle=False) as stored:
            return Pooling(
                encoder=str(stored["encoder"]),
                attention=stored["attention"].astype(np.float32),
                scores=stored["scores"].astype(np.float32),
                shift=stored["shift"].astype(np.float32),
                report=json.loads(str(stored["report"])),
            )
    except (OSError, ValueError, KeyError) as error:
        raise ModelMissing(f"the pooling in {file} cannot be read ({error}); reinstall Marquee") from error


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), TINY), np.float32)
