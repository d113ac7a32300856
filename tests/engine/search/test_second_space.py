"""Searches in other languages than English on both engines, in the second space and on the scale of the first."""

from __future__ import annotations

import dataclasses
import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from core import texts
from core.ports import Question, Vectors
from core.types import SearchRequest
from engine import wiring
from engine.search.ranking import fusion
from engine.search.search import Search
from engine.search.second_space import LEVEL, SPREADS, SecondSpace, rescaled
from engine.search.understanding import tables
from indexer import build
from indexer.names import gazetteer, gazetteer_builder
from tests import shop_index, video_shop
from tests.contracts.places import Place
from tests.video_shop import HOLLOW_MANOR, LITTLE_TUGBOAT, PAINTED_DOG, QUIET_ORCHARD, SNOW_FERRY

WORDS = {
    "un": "a", "una": "a", "en": "in", "el": "the", "la": "the", "con": "with", "de": "of", "y": "and", "dos": "two",
    "hielo": "ice", "asesino": "killer", "transbordador": "ferry", "atrapado": "stuck", "perro": "dog",
    "pintor": "painters", "hace": "becomes", "famoso": "famous", "jardineros": "gardeners", "cartas": "letters",
    "escriben": "write", "nunca": "never", "conocen": "meet", "fantasma": "ghost", "casa": "house", "guarda": "keeps",
    "remolcador": "tugboat", "quiere": "wants", "ver": "see", "oceano": "ocean",
}  # fmt: skip
PLOTS = {
    "un transbordador atrapado en el hielo con un asesino": SNOW_FERRY,
    "el perro de un pintor se hace famoso": PAINTED_DOG,
    "dos jardineros se escriben cartas y nunca se conocen": QUIET_ORCHARD,
    "un remolcador quiere ver el oceano": LITTLE_TUGBOAT,
}


@dataclass(frozen=True)
class Bilingual:
    """An encoder that also knows Spanish words, with cosines between .7 and 1, as some models have."""

    name: str = "bilingual@1"
    dimension: int = 129

    def encode(self, texts_of: Sequence[str]) -> Vectors:
        """Encode texts: float32, (n_texts, dimension), unit rows."""
        english = [" ".join(WORDS.get(word, word) for word in texts.words(text)) for text in texts_of]
        near = 0.5 * shop_index.ENCODER.encode(english)
        level = np.full((len(near), 1), np.sqrt(0.75), np.float32)
        return np.asarray(np.hstack([level, near]), np.float32)


@pytest.fixture(scope="module", params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Publish the video shop in both spaces, on each engine in turn."""
    embedded = request.param == "embedded"
    address = str(tmp_path_factory.mktemp("shop") / "index") if embedded else os.environ["ELASTICSEARCH_URL"]
    made = Place(request.param, address if embedded else f"{address} contract-{uuid.uuid4().hex[:12]}")
    shipped = tables.load()
    origin = build.Origin(
        encoder=shop_index.ENCODER.name, recipe="plots-1", catalogue="A video shop", catalogue_hash="abc",
        moods=shipped.mood_names, moods_hash=shipped.moods_hash, multilingual=Bilingual().name,
    )  # fmt: skip
    described = [f"{movie.overview} {' '.join(movie.keywords)}" for movie in video_shop.MOVIES]
    names = gazetteer.dump(gazetteer_builder.build(video_shop.MOVIES))
    build.build(
        made.open(), video_shop.MOVIES, vectors=shop_index.vectors(), multilingual=Bilingual().encode(described),
        moods=shop_index.mood_rows(), attachments={gazetteer.NAME: names}, origin=origin,
    )  # fmt: skip
    yield made
    made.remove()


@pytest.fixture(scope="module")
def plain(place: Place) -> Search:
    """Search without a multilingual encoder."""
    return shop_index.search(place.open())


@pytest.fixture(scope="module")
def search(plain: Search) -> Search:
    """Search with a multilingual encoder."""
    return wiring.with_languages(plain, Bilingual())


def found(search: Search, text: str) -> list[int]:
    return [hit.movie.id for hit in search.run(SearchRequest(text)).hits]


@pytest.mark.parametrize(("text", "movie"), PLOTS.items())
def test_a_plot_in_another_language_finds_its_movie(search: Search, plain: Search, text: str, movie: int) -> None:
    assert found(search, text)[:1] == [movie]
    assert found(plain, text) != found(search, text)


def test_the_remaining_text_is_matched_in_the_second_space(search: Search, plain: Search) -> None:
    text = "una película de terror con un fantasma en la casa"
    page = search.run(SearchRequest(text))
    assert page.understood is not None
    assert [piece.key for piece in page.understood.pieces] == ["genre:Horror"]
    assert (page.hits[0].movie.id, page.hits[0].movie.genres) == (HOLLOW_MANOR, ("Horror",))
    similarity, other = (one.run(SearchRequest(text)).hits[0].reason.similarity for one in (search, plain))
    assert similarity is not None
    assert other is not None
    assert similarity > other


def test_a_movie_to_resemble_is_compared_in_the_same_space(search: Search, plain: Search) -> None:
    text = "una película como Copper Lantern con un remolcador que quiere ver el oceano"
    rank, other = (found(one, text).index(LITTLE_TUGBOAT) for one in (search, plain))
    assert rank < other


def test_english_texts_and_names_are_matched_as_before(search: Search, plain: Search) -> None:
    for text in ("a ferry stuck in the ice", "Copper Lantern", "Vera Santori", "a sad drama from the 90s"):
        assert found(search, text) == found(plain, text)


def test_reasons_give_similarity_on_the_scale_of_the_first_space(search: Search) -> None:
    best, *_, last = search.run(SearchRequest(next(iter(PLOTS)))).hits
    assert best.reason.similarity is not None
    assert last.reason.similarity is not None
    assert 0.3 < best.reason.similarity <= 1  # noqa: RUF100
    assert best.reason.similarity > last.reason.similarity


def test_small_words_of_another_language_match_nothing(place: Place) -> None:
    second = SecondSpace(place.open().open(), Bilingual())
    vector = Bilingual().encode(["un perro"])[0]
    assert not (second.candidates(Question("in the un der", vector=vector)).words > 0).any()
    assert (second.candidates(Question("ferry in der un", vector=vector)).words > 0).any()


def test_results_are_above_the_threshold_of_the_space(search: Search) -> None:
    for hit in search.run(SearchRequest("un remolcador quiere ver el oceano")).hits:
        assert hit.reason.similarity is not None
        assert hit.reason.matched or hit.reason.similarity >= LEVEL + SPREADS * fusion.COSINE_SPREAD - 1e-3


def test_the_engine_is_queried_once(search: Search) -> None:
    questions: list[object] = []

    @dataclass(frozen=True)
    class Counting(SecondSpace):
        def candidates(self, question):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            questions.append(question)
            return super().candidates(question)

    assert search.abroad is not None
    counted = dataclasses.replace(search.abroad, index=Counting(search.index, Bilingual()))
    found(dataclasses.replace(search, abroad=counted), next(iter(PLOTS)))
    assert len(questions) == 1


def test_cosines_are_rescaled_to_the_first_space() -> None:
    cosines = np.random.default_rng(1).normal(0.8, 0.02, 5_000).astype(np.float32)
    scaled = rescaled(cosines, mean=0.8, spread=0.2)
    assert float(scaled.mean()) == pytest.approx(LEVEL, abs=0.01)
    assert float(scaled.std()) == pytest.approx(0.1, abs=0.01)
    assert np.isnan(rescaled(np.array([np.nan], np.float32), mean=0.8, spread=0.02)).all()
