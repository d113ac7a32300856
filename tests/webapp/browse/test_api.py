"""The JSON API of searching and browsing."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from tests import fakes


def get(client: FlaskClient, url: str) -> dict[str, Any]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    return dict(answer.json)


def test_a_search_returns_everything_documented(client: FlaskClient) -> None:
    found = get(client, "/api/search?q=storm&size=3&page=2")
    names = {"query", "total", "page", "size", "took_ms", "results", "facets", "notice"}
    assert names <= set(found)
    assert (found["query"], found["total"], found["page"], found["size"]) == ("storm", 30, 2, 3)
    assert found["catalogue"] == "made-up films"
    assert {"id", "title", "year", "genres", "overview", "poster", "score", "why"} <= set(found["results"][0])


def test_a_result_has_reasons(client: FlaskClient) -> None:
    why = get(client, "/api/search?q=storm&size=1")["results"][0]["why"]
    assert (why["words_rank"], why["meaning_rank"], why["similarity"]) == (1, 2, 0.42)
    assert why["matched"] == ["storm"]
    assert {"text": "storm.", "match": True} in [part | {"text": part["text"]} for part in why["snippet"]]


def test_a_result_has_the_credits_of_the_person_that_the_search_names(client: FlaskClient) -> None:
    (first,) = client.get("/api/search?person=inez+okafor&size=1").json["results"]
    assert first["credits"] == [{"name": "Inez Okafor", "jobs": ["director", "writer"], "character": ""}]
    (first,) = client.get("/api/search?person=ada+rowe&size=1").json["results"]
    assert first["credits"] == [{"name": "Ada Rowe", "jobs": ["actor"], "character": "The Keeper"}]
    assert client.get("/api/search?q=storm&size=1").json["results"][0]["credits"] == []


def test_a_search_without_close_matches_succeeds(client: FlaskClient) -> None:
    found = get(client, "/api/search?q=qqqq")
    assert (found["total"], found["results"], found["did_you_mean"]) == (0, [], "lighthouse")
    assert found["notice"]
    assert found["suggestions"]


def test_every_result_matches_the_filters(client: FlaskClient) -> None:
    found = get(client, "/api/search?genre=Drama&year_from=1960&year_to=1990&language=en&size=100")
    assert found["results"]
    for movie in found["results"]:
        assert "Drama" in movie["genres"]
        assert 1960 <= movie["year"] <= 1990


def test_facets_count_what_matches(client: FlaskClient) -> None:
    found = get(client, "/api/search?q=storm&genre=Drama")
    counts = {value["value"]: value["count"] for value in found["facets"]["genre"]}
    assert counts["Drama"] == found["total"]


def test_suggestions_are_movies_and_people(client: FlaskClient) -> None:
    movies = get(client, "/api/suggest?q=the+li&size=2")["results"]
    assert [line["kind"] for line in movies] == ["movie", "movie"]
    assert get(client, "/api/suggest?q=ada")["results"] == [
        {"kind": "person", "text": "Ada Rowe", "id": None, "year": None, "url": "/people/Ada%20Rowe"}
    ]


def test_blank_text_has_no_suggestions(client: FlaskClient) -> None:
    assert get(client, "/api/suggest") == {"results": []}


def test_a_movie_comes_with_its_cast_in_order(client: FlaskClient) -> None:
    movie = get(client, "/api/movies/101")
    assert movie["id"] == 101
    assert movie["cast"][0] == {"name": "Ada Rowe", "character": "The Keeper"}
    assert movie["release_date"] == "1952-03-01"


def test_similar_movies_exclude_the_movie_itself(client: FlaskClient) -> None:
    found = get(client, "/api/movies/101/similar?size=5")["results"]
    assert len(found) == 5
    assert 101 not in [movie["id"] for movie in found]


@pytest.mark.parametrize("page", [11, 60, 10_000])
@pytest.mark.parametrize("path", ["/api/search?q=storm&", "/api/search?", "/api/popular?"])
def test_a_page_beyond_the_end_is_empty_with_the_true_total(client: FlaskClient, path: str, page: int) -> None:
    first, beyond = get(client, f"{path}size=20"), get(client, f"{path}size=20&page={page}")
    assert (beyond["results"], beyond["total"], beyond["page"]) == ([], first["total"], page)
    assert first["total"] > 0


def test_popular_movies_come_most_popular_first_in_pages(client: FlaskClient) -> None:
    first, second = get(client, "/api/popular?size=3"), get(client, "/api/popular?size=3&page=2")
    assert [movie["id"] for movie in first["results"]] == [129, 128, 127]
    assert [movie["id"] for movie in second["results"]] == [126, 125, 124]
    assert first["total"] == len(fakes.MOVIES)


def test_genres_come_with_counts(client: FlaskClient) -> None:
    genres = get(client, "/api/genres")["results"]
    assert {"value": "Animation", "label": "Animation", "count": 1} in genres


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("/api/search?page=0", "page"),
        ("/api/search?mode=magic", "mode"),
        ("/api/search?genres=Drama", "genres"),
        ("/api/search?q=" + "x" * 5_001, "q"),
        ("/api/search?year_from=1990&year_to=1980", "year_from"),
        ("/api/suggest?size=1000", "size"),
        ("/api/popular?page=10001", "page"),
        ("/api/genres?x=1", "x"),
        ("/api/movies/1?x=1", "x"),
        ("/api/movies/0", "id"),
        ("/api/movies/1/similar?size=x", "size"),
    ],
)
def test_an_error_is_a_problem_that_names_its_field(client: FlaskClient, url: str, field: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert set(answer.json["errors"]) == {field}
    assert answer.json["title"] == "Bad Request"


@pytest.mark.parametrize("url", ["/api/movies/4", "/api/movies/4/similar", "/api/nothing", "/api/movies/x"])
def test_a_missing_resource_is_a_404_problem(client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json["status"] == 404


def test_other_methods_are_refused_with_the_allowed_ones(client: FlaskClient) -> None:
    answer = client.put("/api/search")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


def test_an_unchanged_response_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/api/search?q=storm").headers["ETag"]
    again = client.get("/api/search?q=storm", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/api/search?q=keeper", headers={"If-None-Match": tag}).status_code == 200


def test_large_responses_are_compressed_and_keep_their_etag(client: FlaskClient) -> None:
    answer = client.get("/api/popular", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.data))["results"]
    both = {"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]}
    assert client.get("/api/popular", headers=both).status_code == 304


def test_other_sites_may_call_the_api_only_if_configured(client: FlaskClient) -> None:
    origin = {"Origin": "https://friend.example"}
    allowed = Settings(cors_origins=("https://friend.example",))
    friendly = webapp.create_app(fakes.services(settings=allowed)).test_client()
    name = "Access-Control-Allow-Origin"
    assert friendly.get("/api/genres", headers=origin).headers[name] == "https://friend.example"
    assert name not in friendly.get("/", headers=origin).headers
    assert name not in friendly.get("/api/genres", headers={"Origin": "https://other.example"}).headers
    assert name not in client.get("/api/genres", headers=origin).headers
