"""The model run by sentence-transformers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.baselines.sentence_encoder import SentenceEncoder
from core.ports import Encoder
from engine.search.encoders import model_files

pytestmark = pytest.mark.slow


def test_it_is_an_encoder(model: SentenceEncoder) -> None:
    assert isinstance(model, Encoder)
    assert model.dimension == 384


def test_vectors_are_float32_unit_rows_in_the_order_of_the_texts(model: SentenceEncoder) -> None:
    texts = ["a long text about a shark " * 20, "", "short"]
    vectors = model.encode(texts)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(vectors[2], model.encode(["short"])[0], atol=1e-5)


def test_a_model_that_does_not_normalize_still_returns_unit_rows(source: Path) -> None:
    modules = json.loads((source / "modules.json").read_text(encoding="utf-8"))
    (source / "modules.json").write_text(json.dumps(modules[:2]), encoding="utf-8")
    vectors = SentenceEncoder(model_files.find(str(source))).encode(["a shark"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_text_returns_no_row(model: SentenceEncoder) -> None:
    assert model.encode([]).shape == (0, 384)


def test_its_name_is_known_without_loading_the_model() -> None:
    program = (
        "import sys\n"
        "from benchmarks.baselines import sentence_encoder\n"
        "from engine.search.encoders import model_files\n"
        "encoder = sentence_encoder.SentenceEncoder(model_files.find('all-MiniLM-L6-v2', offline=True))\n"
        "print(encoder.name, 'torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["all-MiniLM-L6-v2@53aa51172d14", "False"]
