"""The second, multilingual encoder: its tokenizer, prefixes and index, and errors if it is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks.baselines.sentence_encoder import SentenceEncoder
from core.config import Settings, load
from core.errors import EncoderMismatch, InvalidSettings, ModelMissing
from core.jobs.work import SilentWatch
from core.types import SearchRequest
from engine import wiring
from engine.search.encoders import embedding_table, encoder, manifest, model_files, multilingual, onnx_export
from tests import sample, tiny_model

pytestmark = pytest.mark.slow

SPANISH = "un robot solo en un planeta lleno de basura"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a tiny model."""
    return tiny_model.make(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def settings(folder: Path, embedded_settings: Settings) -> Settings:
    """Index the sample on the embedded engine, also with the tiny model."""
    home = shutil.copytree(embedded_settings.home, folder.parent / "home")  # including encoded movies
    own = embedded_settings.model_copy(update={"home": home, "encoder_multilingual": str(folder)})
    sample.build_index(own, SilentWatch())
    return own


def having(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update=changes)


def test_a_model_with_a_unigram_tokenizer_is_exported(folder: Path, settings: Settings) -> None:
    opened = encoder.OnnxEncoder(manifest.folder(multilingual.as_first(settings)))
    expected = SentenceEncoder(model_files.find(str(folder))).encode(tiny_model.TEXTS)
    assert np.sum(opened.encode(tiny_model.TEXTS) * expected, axis=1).min() > 0.9999
    assert opened.manifest.uncased is False


def test_a_large_vocabulary_is_stored_in_int8_with_the_same_vectors(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Settings(home=tmp_path, offline=True, encoder_model=str(folder), encoder_precision="float32")
    whole = (onnx_export.ensure_exported(own) / manifest.MODEL).stat().st_size
    (manifest.folder(own) / manifest.MANIFEST).unlink()
    monkeypatch.setattr(embedding_table, "LARGE", 0)
    place = onnx_export.ensure_exported(own)
    assert (place / manifest.MODEL).stat().st_size < whole
    expected = SentenceEncoder(model_files.find(str(folder))).encode(tiny_model.TEXTS)
    assert np.sum(encoder.OnnxEncoder(place).encode(tiny_model.TEXTS) * expected, axis=1).min() > 0.9999


@pytest.mark.parametrize(
    ("name", "own", "given", "expected"),
    [
        ("tiny", {}, {}, ("", "")),
        ("tiny", {"query": "ask: ", "document": "film: "}, {}, ("ask: ", "film: ")),
        ("tiny", {"query": "ask: "}, {"encoder_multilingual_query_prefix": "q: "}, ("q: ", "")),
        ("multilingual-e5-small", {}, {}, ("query: ", "passage: ")),
        ("multilingual-e5-small", {}, {"encoder_multilingual_passage_prefix": "p: "}, ("query: ", "p: ")),
        ("notable5", {}, {}, ("", "")),
    ],
)
def test_prefixes_come_from_the_settings_or_the_model(
    name: str, own: dict[str, str], given: dict[str, str], expected: tuple[str, str]
) -> None:
    found = manifest.Manifest(
        name=f"{name}@abc", dimension=3, max_length=8, pooling="mean", precision="float32",
        query_prompt=own.get("query", ""), document_prompt=own.get("document", ""), uncased=False, versions={},
        sizes={},
    )  # fmt: skip
    prefixes = multilingual.Prefixes.of(Settings(**given), found)  # type: ignore[arg-type]
    assert (prefixes.query, prefixes.passage) == expected


def test_prefixes_are_prepended_and_part_of_the_name_of_the_space(folder: Path, settings: Settings) -> None:
    model = SentenceEncoder(model_files.find(str(folder)))
    prefixes = {"encoder_multilingual_query_prefix": "ask: ", "encoder_multilingual_passage_prefix": "film: "}
    own = having(settings, **prefixes)
    queries, movies = multilingual.load(own), multilingual.indexing(own)
    assert queries is not None
    assert movies is not None
    for served, prefix in ((queries, "ask: "), (movies, "film: ")):
        expected = model.encode([prefix + SPANISH])[0]
        assert float(served.encode([SPANISH])[0] @ expected) > 0.9999
    assert queries.name == movies.name == f"{model.name} [ask: |film: ]"
    assert multilingual.expected(own) == queries.name


def test_the_index_contains_both_kinds_of_vectors(settings: Settings) -> None:
    index, served = wiring.store(settings).open(), multilingual.load(settings)
    space = index.info().multilingual
    assert served is not None
    assert space is not None
    assert (space.encoder, space.dimension) == (served.name, tiny_model.DIMENSION)
    assert sample.index_stale(settings) == ""


def test_its_vectors_are_reused(settings: Settings) -> None:
    cached = next(settings.home.glob("vectors/*-multilingual/film-vectors.npz"))
    before = cached.stat().st_mtime_ns
    sample.build_index(settings, SilentWatch())
    assert cached.stat().st_mtime_ns == before


def test_only_searches_in_other_languages_use_it(settings: Settings) -> None:
    services = sample.services(settings)
    foreign, english = (services.search.run(SearchRequest(text)) for text in (SPANISH, "a robot alone on a planet"))
    plain = sample.services(having(settings, encoder_multilingual=""))
    assert [hit.movie.id for hit in english.hits] == [
        hit.movie.id for hit in plain.search.run(SearchRequest("a robot alone on a planet")).hits
    ]
    assert [hit.movie.id for hit in foreign.hits] != [
        hit.movie.id for hit in plain.search.run(SearchRequest(SPANISH)).hits
    ]
    services.library.check()


def test_an_index_without_its_vectors_names_the_command_to_run(settings: Settings, embedded_settings: Settings) -> None:
    own = having(settings, home=embedded_settings.home)
    multilingual.indexing(own)
    services = sample.services(own)
    assert services.search.run(SearchRequest("a robot alone on a planet")).hits
    for call in (lambda: services.search.run(SearchRequest(SPANISH)), services.library.check):
        with pytest.raises(EncoderMismatch, match=r"MARQUEE_ENCODER_MULTILINGUAL .* has none; run `marquee index`"):
            call()
    assert "multilingual encoder none" in sample.index_stale(own)


def test_other_prefixes_need_a_new_index(settings: Settings) -> None:
    own = having(settings, encoder_multilingual_passage_prefix="film: ")
    assert "film: " in sample.index_stale(own)
    with pytest.raises(EncoderMismatch, match=r"film: .* has those of"):
        sample.services(own).search.run(SearchRequest(SPANISH))


def test_a_missing_model_is_reported_with_its_setting(settings: Settings) -> None:
    with pytest.raises(ModelMissing, match=r"^MARQUEE_ENCODER_MULTILINGUAL: someone/model is neither"):
        multilingual.indexing(having(settings, encoder_multilingual="someone/model"))
    with pytest.raises(ModelMissing, match="marquee index"):
        multilingual.load(having(settings, encoder_multilingual="someone/model"))


def test_the_first_model_cannot_be_the_second_one() -> None:
    with pytest.raises(InvalidSettings, match="MARQUEE_ENCODER_MULTILINGUAL: expected another model"):
        load({"MARQUEE_ENCODER_MULTILINGUAL": "all-MiniLM-L6-v2"})
