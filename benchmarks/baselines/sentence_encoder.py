"""The encoder run by sentence-transformers; torch is loaded with the first text."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.ports import Vectors
from engine.search.encoders import model_files

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 32
"""Texts per batch. Larger batches are no faster on a CPU, because they exceed its cache."""


class SentenceEncoder:
    """The original model in float32, on all threads of the machine. Weights are loaded when needed."""

    def __init__(self, files: model_files.ModelFiles) -> None:
        self.files = files

    @functools.cached_property
    def name(self) -> str:
        """The identity of the vector space, known without loading the model."""
        return model_files.identity(self.files)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self.model.get_embedding_dimension() or 0)

    @functools.cached_property
    def model(self) -> SentenceTransformer:
        """The loaded `SentenceTransformer`."""
        return model_files.load(self.files)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode each text independently, in batches of similar length.

        Returns:
            float32, (n_texts, dimension), unit rows.
        """
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self.model.encode_document(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, np.float32)
