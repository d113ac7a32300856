"""Searches and questions with a language model, end to end on the sample catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from core.config import Settings
from core.types import MovieId, SearchRequest
from engine import wiring
from engine.services import Services
from tests.engine.search.llm_server import Misbehaviour, ModelServer

UNSURE = "a movie that leaves you humming and tapping along for weeks afterwards"
QUESTION = "In which movie does a weatherman live the same day again and again?"
GROUNDHOG_DAY = MovieId(137)


def model(body: Mapping[str, Any]) -> dict[str, Any]:
    """Read humming as a request for music, and answer with the words of the first plot."""
    data = json.loads(body["messages"][-1]["content"])
    if "request" in data:
        piece = {"kind": "genre", "value": "Music", "quote": "humming", "wanted": True, "role": ""}
        return {"query_type": "wish", "pieces": [piece]}
    first = data["movies"][0]
    return {"sentences": [{"text": f"In {first['title']}: {first['plot'][:100]}", "movies": [first["id"]]}]}


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer(answering=model) as running:
        yield running


@pytest.fixture(scope="module")
def with_model(embedded_settings: Settings, server: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Services:
    """The sample with a language model."""
    url = f"sqlite:///{tmp_path_factory.mktemp('people') / 'people.sqlite'}"
    settings = embedded_settings.model_copy(
        update={"llm_url": server.url, "llm_model": "small-model", "llm_timeout": 2.0, "database_url": None}
    )
    return wiring.build(settings, stores=wiring.people(Settings(database_url=url)))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def well(server: ModelServer) -> None:
    server.bad = Misbehaviour()
    server.asked.clear()


def test_without_a_model_answers_quote_the_plots(embedded_services: Services) -> None:
    answer = embedded_services.question_answering.answer(QUESTION)
    assert answer.model == ""
    assert GROUNDHOG_DAY in answer.claims[0].movies
    plots = " ".join(movie.overview for movie in answer.movies)
    assert all(claim.text.removesuffix("…") in plots for claim in answer.claims)


def test_a_model_phrases_the_answer_from_the_same_movies(with_model: Services) -> None:
    answer = with_model.question_answering.answer(QUESTION)
    assert answer.model == "small-model"
    assert answer.claims[0].movies == (GROUNDHOG_DAY,)


def test_the_model_reads_searches_that_the_rules_are_unsure_of(with_model: Services, server: ModelServer) -> None:
    page = with_model.search.run(SearchRequest(UNSURE))
    assert page.understood is not None
    assert (page.understood.reader, [piece.key for piece in page.understood.pieces]) == (
        "small-model",
        ["genre:Music"],
    )
    assert all("Music" in hit.movie.genres for hit in page.hits)
    assert len(server.asked) == 1
    with_model.search.run(SearchRequest(UNSURE, page=2))
    assert len(server.asked) == 1, "the answer is cached"


@pytest.mark.parametrize("text", ["Groundhog Day", "comedy from the 90s", "A shark terrorises a small beach town."])
def test_other_searches_are_not_sent_to_the_model(with_model: Services, server: ModelServer, text: str) -> None:
    with_model.search.run(SearchRequest(text))
    assert server.asked == []


@pytest.mark.parametrize("bad", [Misbehaviour(status=503), Misbehaviour(content="?"), Misbehaviour(cut=True)])
def test_a_failing_model_does_not_affect_searches_and_answers(
    with_model: Services, embedded_services: Services, server: ModelServer, bad: Misbehaviour
) -> None:
    server.bad = bad
    text = f"a movie that leaves you whistling for weeks {bad.status}{bad.cut} afterwards"
    wanted, found = (services.search.run(SearchRequest(text)) for services in (embedded_services, with_model))
    assert found.understood == wanted.understood
    assert [hit.movie.id for hit in found.hits] == [hit.movie.id for hit in wanted.hits]
    assert len(server.asked) == 1
