"""The pooling is trained on the states that the served graph pools."""

from __future__ import annotations

import numpy as np

from benchmarks import token_states
from core.config import Settings
from engine.search.encoders import encoder, manifest

TEXTS = ["A film about a man who relives the same day again and again.", "shark", "the one with the woods " * 80]


def test_the_mean_of_the_states_is_the_vector_that_is_served(exported: Settings) -> None:
    folder = manifest.folder(exported)
    served = encoder.OnnxEncoder(folder).encode(TEXTS[:2])
    means = [states.mean(axis=0) for states in token_states.encode(folder, TEXTS[:2])]
    np.testing.assert_allclose([mean / np.linalg.norm(mean) for mean in means], served, atol=1e-5)


def test_a_long_text_has_as_many_states_as_a_post_has_encoded_tokens(exported: Settings) -> None:
    (states,) = token_states.encode(manifest.folder(exported), TEXTS[2:], tokens=16)
    assert states.shape == (16, manifest.read(manifest.folder(exported)).dimension)
