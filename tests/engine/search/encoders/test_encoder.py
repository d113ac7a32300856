"""The encoder for serving: like the model, without torch, cached."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.baselines.sentence_encoder import SentenceEncoder
from core.config import Settings
from core.errors import ModelMissing
from core.ports import Encoder, Vectors
from engine.search.encoders import encoder, manifest
from engine.search.encoders.encoder import CachedEncoder, OnnxEncoder

TEXTS = [
    "",
    "shark",
    "A film about a man who relives the same day again and again.",
    "Ein Mädchen, 千と千尋の神隠し, إنسان, 🦈 \u202e right to left \x00\x07",
    "the one where they all get lost in the woods and nobody comes back " * 60,
]


class CountingEncoder:
    """An encoder that encodes a text as its length and records its calls."""

    name, dimension = "counting@1", 1

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text)] for text in texts], np.float32).reshape(len(texts), 1)


def test_serving_imports_no_heavy_libraries() -> None:
    heavy = ("torch", "sentence_transformers", "transformers", "implicit", "pandas", "onnx", "sklearn")
    program = f"import sys, engine.search.encoders.encoder; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_query_is_encoded_without_heavy_libraries(exported: Settings) -> None:
    program = (
        "import sys; from pathlib import Path; from core.config import Settings\n"
        "from engine.search.encoders import encoder\n"
        f"served = encoder.load(Settings(home=Path({str(exported.home)!r})))\n"
        "print(served.encode(['a shark']).shape, {'torch', 'transformers', 'huggingface_hub'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "(1, 384) set()"


@pytest.mark.slow
def test_served_vectors_are_those_of_the_model(served: OnnxEncoder, model: SentenceEncoder) -> None:
    cosines = np.sum(served.encode(TEXTS) * model.encode(TEXTS), axis=1)
    assert cosines.min() > 0.9999


def test_serving_and_indexing_use_the_same_space(served: OnnxEncoder, model: SentenceEncoder) -> None:
    assert isinstance(served, Encoder)
    assert (served.name, served.dimension) == (model.name, model.dimension)


def test_vectors_are_float32_unit_rows(served: OnnxEncoder) -> None:
    vectors = served.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_texts_vector_does_not_depend_on_its_neighbours(served: OnnxEncoder) -> None:
    np.testing.assert_array_equal(served.encode(TEXTS)[1], served.encode(["shark"])[0])


def test_several_workers_return_the_same_vectors_in_the_same_order(exported: Settings, served: OnnxEncoder) -> None:
    parallel = OnnxEncoder(manifest.folder(exported), workers=3)
    np.testing.assert_allclose(parallel.encode(TEXTS * 3), served.encode(TEXTS * 3), atol=1e-6)


def test_no_texts_return_no_rows(served: OnnxEncoder) -> None:
    assert served.encode([]).shape == (0, 384)


def test_texts_are_truncated_to_the_models_length(served: OnnxEncoder) -> None:
    long = "woods " * served.manifest.max_length
    np.testing.assert_array_equal(served.encode([long])[0], served.encode([long + "shark"])[0])


def test_similar_meaning_is_closer_than_similar_words(served: OnnxEncoder) -> None:
    query, near, far = served.encode(["a killer fish", "a murderous shark", "a fishing contest for children"])
    assert query @ near > query @ far


def test_loading_without_an_export_names_the_command_to_run(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="marquee index"):
        encoder.load(Settings(home=tmp_path))


@pytest.mark.parametrize("name", [manifest.MODEL, manifest.TOKENIZER])
def test_an_export_that_was_changed_is_not_served(exported: Settings, tmp_path: Path, name: str) -> None:
    place = tmp_path / "changed"
    shutil.copytree(manifest.folder(exported), place)
    assert set(manifest.read(place).sha256) == {manifest.MODEL, manifest.TOKENIZER}
    content = bytearray((place / name).read_bytes())
    content[len(content) // 2] ^= 1  # of the same size
    (place / name).write_bytes(content)
    with pytest.raises(ModelMissing, match="was changed after its export; run `marquee index`"):
        OnnxEncoder(place)


@pytest.mark.parametrize("name", [manifest.MODEL, manifest.TOKENIZER, manifest.MANIFEST])
def test_a_damaged_export_is_detected_at_startup(exported: Settings, tmp_path: Path, name: str) -> None:
    place = tmp_path / "damaged"
    shutil.copytree(manifest.folder(exported), place)
    (place / name).write_bytes(b"{")
    with pytest.raises(ModelMissing, match="damaged"):
        OnnxEncoder(place)


def test_a_model_of_an_older_version_with_wrong_content_is_detected_too(exported: Settings, tmp_path: Path) -> None:
    place = tmp_path / "scrambled"
    shutil.copytree(manifest.folder(exported), place)
    manifest.write(dataclasses.replace(manifest.read(place), sha256={}), place)
    (place / manifest.MODEL).write_bytes(b"\xff" * (place / manifest.MODEL).stat().st_size)
    with pytest.raises(ModelMissing, match="cannot be opened"):
        OnnxEncoder(place)


def test_a_repeated_text_is_encoded_once() -> None:
    counting = CountingEncoder()
    cached = CachedEncoder(counting)
    vectors = cached.encode(["shark", "whale", "shark"]), cached.encode(["whale"])
    assert counting.asked == ["shark", "whale"]
    assert [len(rows) for rows in vectors] == [3, 1]


def test_white_space_and_unicode_form_do_not_matter_to_the_cache() -> None:
    counting = CountingEncoder()
    CachedEncoder(counting).encode([" killer\n ﬁsh ", "killer fish"])
    assert counting.asked == ["killer fish"]


@pytest.mark.parametrize(("uncased", "asked"), [(True, ["jaws"]), (False, ["Jaws", "jaws"])])
def test_case_matters_only_for_a_cased_model(uncased: bool, asked: list[str]) -> None:
    counting = CountingEncoder()
    CachedEncoder(counting, uncased=uncased).encode(["Jaws", "jaws"])
    assert counting.asked == asked


def test_the_packaged_model_is_served_as_uncased(exported: Settings) -> None:
    served = encoder.load(exported)
    np.testing.assert_array_equal(served.encode(["The Shark"]), served.encode(["the  shark"]))


def test_the_least_recently_used_text_is_evicted_first() -> None:
    counting = CountingEncoder()
    cached = CachedEncoder(counting, size=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        cached.encode([text])
    assert counting.asked == ["a", "b", "c", "b"]


def test_more_texts_than_the_cache_holds_are_all_encoded() -> None:
    texts = ["x" * length for length in range(1, 10)]
    vectors = CachedEncoder(CountingEncoder(), size=2).encode(texts)
    assert vectors.ravel().tolist() == [len(text) for text in texts]


def test_a_caller_cannot_change_what_is_cached() -> None:
    cached = CachedEncoder(CountingEncoder())
    cached.encode(["shark"])[:] = 0
    cached.encode(["shark"])[:] = 0
    assert cached.encode(["shark"])[0, 0] == 5


def test_a_cache_has_the_name_and_dimension_of_its_encoder() -> None:
    cached = CachedEncoder(CountingEncoder())
    assert isinstance(cached, Encoder)
    assert (cached.name, cached.dimension, cached.encode([]).shape) == ("counting@1", 1, (0, 1))


def test_many_threads_share_one_cache_and_get_their_own_answers(served: OnnxEncoder) -> None:
    cached, texts = CachedEncoder(served, size=3), [f"film number {number}" for number in range(6)]
    expected = {text: served.encode([text])[0] for text in texts}
    barrier = threading.Barrier(4)

    def ask(start: int) -> bool:
        barrier.wait()
        chosen = [texts[(start + step) % len(texts)] for step in range(30)]
        return all(np.array_equal(cached.encode([text])[0], expected[text]) for text in chosen)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(4)))


@given(st.text(), st.booleans())
def test_normalising_is_idempotent(text: str, lower: bool) -> None:
    once = encoder.normalise(text, lower=False)
    assert encoder.normalise(once, lower=False) == once
    assert not lower or " ".join(encoder.normalise(text, lower=True).split()) == encoder.normalise(text, lower=True)


def test_lower_case_keeps_words_that_casefold_would_change() -> None:
    assert encoder.normalise("STRASSE Straße", lower=True) == "strasse straße"


def test_only_the_beginning_of_a_memory_is_encoded(exported: Settings) -> None:
    folder, words = (
        manifest.folder(exported),
        "a boy saw something in the woods that nobody in the village believed " * 20,
    )
    whole, cut = OnnxEncoder(folder, post_tokens=256), OnnxEncoder(folder)
    assert cut.encode_recalled([words]).tolist() == cut.encode_recalled([words + "then the ship sank"]).tolist()
    assert cut.encode_recalled([words]).tolist() != whole.encode_recalled([words]).tolist()
    assert cut.encode_recalled(["a boy saw it"]).tolist() == whole.encode_recalled(["a boy saw it"]).tolist()
    assert cut.encode([words]).tolist() == whole.encode([words]).tolist()
