"""Compute the vectors with which exports of the default encoder are compared: `python -m benchmarks.reference_vectors`.

Run it when the default encoder or the compared texts change. It needs sentence-transformers.
"""

from __future__ import annotations

import numpy as np

from benchmarks.baselines.sentence_encoder import SentenceEncoder
from core.config import Settings
from engine.search.encoders import direct_export, model_files, onnx_export


def main() -> None:
    """Compute the vectors and write them."""
    model = SentenceEncoder(model_files.find(Settings().encoder_model, offline=True))
    vectors = model.model.encode_query(list(onnx_export.CHECKED), normalize_embeddings=True)
    direct_export.save_reference(model.name, np.asarray(vectors, np.float32))
    print(f"wrote {direct_export.REFERENCE.name}: {len(vectors)} vectors of {model.name}")


if __name__ == "__main__":
    main()
