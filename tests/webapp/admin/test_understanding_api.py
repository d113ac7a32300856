"""The interpretation of a search text in the API: pieces, corrections and dropped pieces."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from core.types import MAX_QUERY_LENGTH


def get(client: FlaskClient, url: str) -> dict[str, Any]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def post(client: FlaskClient, **body: object) -> dict[str, Any]:
    answer = client.post("/api/search", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def keys(found: dict[str, Any]) -> list[str]:
    return [piece["key"] for piece in found["understood"]["pieces"]]


def test_a_search_returns_its_interpretation_in_the_order_of_the_text(client: FlaskClient) -> None:
    found = get(client, "/api/search?q=drama+from+the+80s+but+not+horror")
    assert keys(found) == ["genre:Drama", "years:1980-1989", "not-genre:Horror"]
    assert found["understood"]["query_type"] == "wish"
    assert found["results"]
    for movie in found["results"]:
        assert "Drama" in movie["genres"]
        assert "Horror" not in movie["genres"]


def test_a_piece_has_all_of_its_fields(client: FlaskClient) -> None:
    text = "like The Lighthouse Keeper 7"
    pieces = get(client, f"/api/search?q={text}")["understood"]["pieces"]
    assert pieces == [
        {
            "key": "like:107",
            "kind": "like",
            "value": "107",
            "label": text,
            "text": text,
            "start": 0,
            "end": len(text),
            "wanted": True,
            "confidence": 0.9,
            "role": "",
            "movies": [107],
        }
    ]


def test_a_dropped_piece_is_neither_interpreted_nor_matched(client: FlaskClient) -> None:
    narrow = get(client, "/api/search?q=scary+drama")
    wide = get(client, "/api/search?q=scary+drama&drop=mood:scary")
    assert keys(wide) == ["genre:Drama"]
    assert wide["understood"]["dropped"] == ["mood:scary"]
    assert wide["total"] > narrow["total"]


def test_a_literal_search_is_neither_interpreted_nor_corrected(client: FlaskClient) -> None:
    found = get(client, "/api/search?q=lighthose&literal=true")
    assert (found["total"], found["corrected_to"], keys(found)) == (0, "", [])


def test_a_corrected_search_names_the_text_that_was_searched_for(client: FlaskClient) -> None:
    found = get(client, "/api/search?q=lighthose")
    assert (found["query"], found["corrected_to"]) == ("lighthose", "lighthouse")
    assert found["understood"]["query"] == "lighthouse"
    assert found["results"]


def test_pieces_that_no_movie_matches_together_are_relaxed_with_a_notice(client: FlaskClient) -> None:
    found = get(client, "/api/search?q=animation+western+scary+romance")
    assert found["relaxed"] == ["genre:Romance"]
    assert "Romance" in found["notice"]


def test_an_empty_search_has_no_interpretation(client: FlaskClient) -> None:
    assert get(client, "/api/search?genre=Drama")["understood"] is None


def test_an_alternative_interpretation_names_the_pieces_to_drop(client: FlaskClient) -> None:
    other = get(client, "/api/understand?q=date-night")["other"]
    assert other == {"label": "Looking for movies about a date?", "drop": ["mood:date-night"]}


def test_understand_interprets_without_searching(client: FlaskClient) -> None:
    found = get(client, "/api/understand?q=scary+storm&drop=genre:Drama")
    assert [piece["label"] for piece in found["pieces"]] == ["Scary"]
    assert (found["remainder"], found["reader"], found["dropped"]) == ("storm", "rules", [])
    assert get(client, "/api/understand?q=scary&literal=1")["pieces"] == []


def test_moods_filter_and_are_counted(client: FlaskClient) -> None:
    found = get(client, "/api/search?mood=feel-good&size=100")
    assert found["facets"]["mood"] == [{"value": "feel-good", "label": "Feel-good", "count": found["total"]}]
    assert found["results"]
    assert all("Comedy" in movie["genres"] for movie in found["results"])
    assert get(client, "/api/search?mood=feel-good&mood=scary")["total"] == 0


def test_a_movie_has_its_moods_strongest_first(client: FlaskClient) -> None:
    moods = get(client, "/api/movies/100")["moods"] + get(client, "/api/movies/106")["moods"]
    assert {"mood": "feel-good", "label": "Feel-good", "score": 0.8} in moods
    scores = [mood["score"] for mood in get(client, "/api/movies/102")["moods"]]
    assert scores == sorted(scores, reverse=True)


def test_a_search_by_post_is_the_same_search(client: FlaskClient) -> None:
    sent = post(client, q="scary drama", genre=["Crime"], drop=["mood:scary"], page=1, size=3, rating_min=5)
    expected = get(client, "/api/search?q=scary+drama&genre=Crime&drop=mood:scary&size=3&rating_min=5")
    assert {**sent, "took_ms": 0} == {**expected, "took_ms": 0}


def test_a_search_by_post_accepts_the_longest_text(client: FlaskClient) -> None:
    assert post(client, q="storm " * 800 + "🌊" * 200)["total"] == 30
    assert post(client, q="🌊" * MAX_QUERY_LENGTH)["query"] == "🌊" * MAX_QUERY_LENGTH  # 12 bytes each in ASCII


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"q": "x" * 5001}, "q"),
        ({"page": "1"}, "page"),
        ({"literal": 1}, "literal"),
        ({"genre": "Drama"}, "genre"),
        ({"year_from": None}, "year_from"),
        ({"year_from": 1990, "year_to": 1980}, "year_from"),
        ({"films": 1}, "films"),
        ([], "body"),
    ],
)
def test_an_error_in_a_posted_search_names_its_field(client: FlaskClient, body: object, field: str) -> None:
    answer = client.post("/api/search", json=body)
    assert (answer.status_code, set(answer.json["errors"])) == (400, {field})


def test_a_posted_search_must_be_json(client: FlaskClient) -> None:
    assert client.post("/api/search", data={"q": "storm"}).status_code == 415
