"""The API of the user's movies, with a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.users import Scope
from tests import fakes
from tests.webapp import signed_in
from tests.webapp.signed_in import Caller, Site

LISTS = ("watchlist", "favourites", "watched", "dismissed")
RATINGS = b"Date,Name,Year,Letterboxd URI,Rating\n"
KEEPER = b"2020-05-17,The Lighthouse Keeper 1,1952,uri,4.5\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with its own database for all tests of this file; each test creates its own users."""
    with signed_in.site(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture
def ada(site: Site) -> Caller:
    """A program with a token of a user."""
    return site.member()[1]


def errors(answer: object) -> dict[str, str]:
    found: dict[str, str] = answer.json["errors"]  # type: ignore[attr-defined]
    assert answer.content_type == "application/problem+json"  # type: ignore[attr-defined]
    return found


def test_a_rating_is_set_read_and_removed(ada: Caller) -> None:
    answer = ada.put("/me/ratings/101", {"stars": 4.5})
    assert (answer.status_code, answer.json["stars"]) == (200, 4.5)
    assert ada.get("/me/ratings/101").json == answer.json
    assert ada.delete("/me/ratings/101").status_code == 204
    assert ada.get("/me/ratings/101").status_code == 404
    assert ada.delete("/me/ratings/101").status_code == 204


def test_a_repeated_put_returns_the_same_and_writes_no_history(ada: Caller) -> None:
    for path, body in (
        ("/me/ratings/101", {"stars": 4}),
        ("/me/watchlist/101", None),
        ("/me/reviews/101", {"text": "A fine storm."}),
    ):
        first = ada.put(path, body)
        assert first.status_code == 200
        assert ada.put(path, body).json == first.json
    assert len(ada.get("/me/history").json["results"]) == 3


def test_a_thumb_is_a_rating(ada: Caller) -> None:
    assert ada.put("/me/ratings/101", {"thumb": "up"}).json["stars"] == 4
    assert ada.put("/me/ratings/101", {"thumb": "down"}).json["stars"] == 1.5


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"stars": 4.7}, "stars"),
        ({"stars": 0}, "stars"),
        ({"stars": 6}, "stars"),
        ({"stars": "4"}, "stars"),
        ({"stars": True}, "stars"),
        ({"thumb": "sideways"}, "thumb"),
        ({}, "body"),
        ({"stars": 4, "thumb": "up"}, "body"),
        ({"stars": 4, "note": "x"}, "note"),
    ],
)
def test_an_invalid_rating_is_refused_by_its_field(ada: Caller, body: dict[str, object], field: str) -> None:
    answer = ada.put("/me/ratings/101", body)
    assert answer.status_code == 400
    assert list(errors(answer)) == [field]
    assert ada.get("/me/ratings").json["total"] == 0


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"4", b'"x"', b"null", b"\xff\xfe", b'{"stars": NaN}'])
def test_a_body_that_is_not_a_json_object_is_refused(ada: Caller, sent: bytes) -> None:
    answer = ada.send("PUT", "/me/ratings/101", data=sent, content_type="application/json")
    assert answer.status_code == 400
    assert errors(answer)


def test_a_content_type_other_than_json_is_refused(ada: Caller) -> None:
    assert ada.send("PUT", "/me/ratings/101", data=b"stars=4", content_type="text/csv").status_code == 415


@pytest.mark.parametrize("name", LISTS)
def test_movies_are_added_to_and_removed_from_each_list(ada: Caller, name: str) -> None:
    put = ada.put(f"/me/{name}/101")
    assert put.status_code == 200
    assert ada.get(f"/me/{name}/101").json == put.json
    assert [movie["movie"]["title"] for movie in ada.get(f"/me/{name}").json["results"]] == ["The Lighthouse Keeper 1"]
    for _ in range(2):
        assert ada.delete(f"/me/{name}/101").status_code == 204
    assert ada.get(f"/me/{name}/101").status_code == 404
    assert ada.get(f"/me/{name}").json == {"total": 0, "page": 1, "size": 20, "results": []}


@pytest.mark.parametrize("name", ["ratings", *LISTS, "reviews"])
def test_an_unknown_movie_is_named(ada: Caller, name: str) -> None:
    body = {"ratings": {"stars": 4}, "reviews": {"text": "x"}}.get(name)
    answer = ada.put(f"/me/{name}/424242", body)
    assert (answer.status_code, "424242" in answer.json["detail"]) == (404, True)
    assert ada.delete(f"/me/{name}/424242").status_code == 404


def test_dismissing_removes_a_movie_from_the_watchlist(ada: Caller) -> None:
    ada.put("/me/watchlist/101")
    ada.put("/me/dismissed/101")
    assert ada.get("/me/watchlist").json["total"] == 0


def test_a_put_without_body_refuses_fields(ada: Caller) -> None:
    assert ada.put("/me/watchlist/101", {}).status_code == 200
    assert errors(ada.put("/me/watchlist/101", {"on": True})) == {"on": "no such field"}


def test_a_review_is_plain_text_that_can_be_replaced_and_deleted(ada: Caller) -> None:
    ada.put("/me/reviews/101", {"text": "<b>Fine</b>\r\nstorm\u0000."})
    assert ada.get("/me/reviews/101").json["text"] == "<b>Fine</b>\nstorm."
    assert ada.get("/me/reviews").json["results"][0]["review"] == "<b>Fine</b>\nstorm."
    assert errors(ada.put("/me/reviews/101", {"text": " \n\u0000"})).keys() == {"text"}
    assert errors(ada.put("/me/reviews/101", {"text": "x" * 2_001})).keys() == {"text"}
    assert errors(ada.put("/me/reviews/101", {"text": "x" * 9_000})).keys() == {"text"}
    assert ada.delete("/me/reviews/101").status_code == 204
    assert ada.get("/me/reviews/101").status_code == 404


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [104, 103, 102, 101]),
        ("?order=asc", [101, 102, 103, 104]),
        ("?sort=stars", [102, 104, 101, 103]),
        ("?sort=stars&order=asc", [103, 101, 104, 102]),
        ("?sort=title", [101, 102, 103, 104]),
        ("?sort=year", [104, 103, 102, 101]),
        ("?size=3", [104, 103, 102]),
        ("?size=3&page=2", [101]),
        ("?size=3&page=3", []),
    ],
)
def test_lists_are_sorted_and_paged(ada: Caller, query: str, ids: list[int]) -> None:
    for movie, stars in ((101, 3), (102, 5), (103, 1), (104, 3)):
        ada.put(f"/me/ratings/{movie}", {"stars": stars})
    answer = ada.get(f"/me/ratings{query}").json
    assert ([movie["id"] for movie in answer["results"]], answer["total"]) == (ids, 4)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/me/ratings?sort=colour", "sort"),
        ("/me/ratings?order=up", "order"),
        ("/me/ratings?page=0", "page"),
        ("/me/ratings?size=101", "size"),
        ("/me/ratings?size=2&size=3", "size"),
        ("/me/ratings?x=1", "x"),
        ("/me/ratings/101?x=1", "x"),
        ("/me/ratings/0", "id"),
        ("/me/history?before=yesterday", "before"),
        ("/me/history?before=2026-01-01T00:00:00", "before"),
    ],
)
def test_errors_in_a_query_are_named(ada: Caller, path: str, field: str) -> None:
    assert list(errors(ada.get(path))) == [field]


def test_history_has_the_values_before_and_after(ada: Caller) -> None:
    ada.put("/me/ratings/101", {"stars": 2})
    ada.put("/me/ratings/101", {"stars": 4.5})
    ada.put("/me/favourites/102")
    lines = ada.get("/me/history").json["results"]
    assert [(line["id"], line["what"], line["before"], line["after"]) for line in lines] == [
        (102, "favourite", None, "on"),
        (101, "rating", "2", "4.5"),
        (101, "rating", None, "2"),
    ]
    assert lines[0]["title"] == "The Lighthouse Keeper 2"
    rest = ada.send("GET", "/me/history", query_string={"before": lines[0]["at"], "size": 1}).json["results"]
    assert [line["after"] for line in rest] == ["4.5"]


def test_a_preview_changes_nothing_and_an_import_applies_once(ada: Caller) -> None:
    content = RATINGS + KEEPER + b"2020-05-17,Unheard Of,1952,uri,4\n2020-05-17,Bad,1952,uri,9\n"
    preview = ada.upload(content, name="ratings.csv").json
    assert (preview["kind"], preview["applied"], preview["matched"], preview["unmatched"]) == (
        "Letterboxd ratings", False, 1, 1,
    )  # fmt: skip
    assert preview["bad"] == ["ratings.csv, row 4, column 'Rating': expected half stars from 0.5 to 5.0, got '9'"]
    assert [(line["title"], line["movie"] and line["movie"]["id"]) for line in preview["lines"]] == [
        ("The Lighthouse Keeper 1", 101),
        ("Unheard Of", None),
    ]
    assert ada.get("/me/ratings").json["total"] == 0
    assert [ada.upload(content, "/me/import?apply=1").json["written"] for _ in range(2)] == [1, 0]
    assert ada.get("/me/ratings/101").json == {"id": 101, "stars": 4.5, "at": "2020-05-17T00:00:00Z"}


def test_a_file_may_be_the_body_with_a_name_parameter(ada: Caller) -> None:
    content = b"Date,Name,Year,Letterboxd URI\n2020-05-17,The Lighthouse Keeper 1,1952,uri\n"
    answer = ada.send("POST", "/me/import?name=watched.csv", data=content, content_type="text/csv").json
    assert (answer["kind"], answer["lines"][0]["mark"]) == ("Letterboxd films seen", "watched")


def test_an_import_may_be_larger_than_other_requests_but_is_limited(ada: Caller) -> None:
    assert ada.upload(RATINGS + KEEPER * 10_000).json["matched"] == 10_000
    refused = ada.upload(RATINGS + b"x" * 6_000_000)
    assert "at most 5 MB" in errors(refused)["file"]
    assert ada.upload(b"x" * 9_000_000).status_code == 413
    assert ada.put("/me/reviews/101", {"text": "x" * 100_000}).status_code == 413


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04 no archive"])
def test_a_file_that_is_not_an_export_is_refused_by_its_field(ada: Caller, content: bytes) -> None:
    assert list(errors(ada.upload(content))) == ["file"]


def test_a_form_without_a_file_is_refused(ada: Caller) -> None:
    answer = ada.send("POST", "/me/import", data={"x": "1"}, content_type="multipart/form-data")
    assert list(errors(answer)) == ["file"]


CALLS = [
    ("GET", "/me/ratings"), ("GET", "/me/ratings/101"), ("PUT", "/me/ratings/101"), ("DELETE", "/me/ratings/101"),
    ("GET", "/me/watchlist"), ("PUT", "/me/favourites/101"), ("DELETE", "/me/watched/101"), ("GET", "/me/dismissed"),
    ("GET", "/me/reviews"), ("PUT", "/me/reviews/101"), ("DELETE", "/me/reviews/101"), ("GET", "/me/history"),
    ("POST", "/me/import"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_visitor_is_told_to_sign_in(site: Site, method: str, path: str) -> None:
    bodies = {"/me/ratings/101": {"stars": 4}, "/me/reviews/101": {"text": "x"}}
    body = {"json": bodies[path]} if method == "PUT" and path in bodies else {}
    answer = site.visitor().send(method, path, **body)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(("method", "path"), [call for call in CALLS if call[0] in ("PUT", "DELETE")])
def test_a_read_only_token_writes_nothing(site: Site, method: str, path: str) -> None:
    user, reader = site.member(Scope.READ)
    bodies = {"/me/ratings/101": {"stars": 4}, "/me/reviews/101": {"text": "x"}}
    body = {"json": bodies[path]} if method == "PUT" and path in bodies else {}
    assert reader.send(method, path, **body).status_code == 403
    assert site.stores.diaries.history(user.id) == []


def test_a_read_only_token_may_preview_an_import_but_not_apply_it(site: Site) -> None:
    _, reader = site.member(Scope.READ)
    assert reader.upload(RATINGS + KEEPER).status_code == 200
    assert reader.upload(RATINGS + KEEPER, "/me/import?apply=1").status_code == 403


def test_nobody_reads_or_changes_the_data_of_others(site: Site) -> None:
    _, ada = site.member()
    _, bob = site.member()
    ada.put("/me/ratings/101", {"stars": 5})
    ada.put("/me/reviews/101", {"text": "Mine."})
    assert bob.get("/me/ratings").json["total"] == 0
    bob.delete("/me/ratings/101")
    bob.delete("/me/reviews/101")
    assert ada.get("/me/ratings/101").json["stars"] == 5
    assert ada.get("/me/reviews/101").json["text"] == "Mine."


def test_responses_are_not_cached(ada: Caller) -> None:
    answer = ada.get("/me/ratings")
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"Cookie", "Authorization"} <= set(answer.vary)


def test_a_movie_that_left_the_catalogue_stays_on_its_list(site: Site) -> None:
    user, ada = site.member()
    site.stores.diaries.rate(user.id, {7_777: 4.0}, at=user.created_at)  # type: ignore[dict-item]
    ada.put("/me/ratings/101", {"stars": 5})
    for sort in ("added", "title", "year", "stars"):
        answer = ada.get(f"/me/ratings?sort={sort}").json
        assert {movie["id"]: movie["movie"] and movie["movie"]["title"] for movie in answer["results"]} == {
            101: "The Lighthouse Keeper 1",
            7_777: None,
        }
    assert ada.delete("/me/ratings/7777").status_code == 204


def test_every_operation_is_documented_with_its_body_and_errors(site: Site) -> None:
    paths = site.client.get("/api/openapi.json").json["paths"]
    for name in ("ratings", "reviews", *LISTS):
        assert set(paths[f"/api/me/{name}/{{id}}"]) == {"get", "put", "delete"}
        assert set(paths[f"/api/me/{name}"]) == {"get"}
    for path, methods in paths.items():
        if path.startswith("/api/me/") and path != "/api/me/export":
            for operation in methods.values():
                assert {"400", "401", "403", "503"} <= set(operation["responses"])
                assert {"bearer": []} in operation["security"]
    rating = paths["/api/me/ratings/{id}"]["put"]["requestBody"]["content"]["application/json"]["schema"]
    assert rating == {"$ref": "#/components/schemas/RatingRequest"}
    assert {"text/csv", "multipart/form-data"} <= set(paths["/api/me/import"]["post"]["requestBody"]["content"])


def test_the_made_up_movies_are_enough_for_these_tests() -> None:
    assert {101, 102, 103, 104} <= {movie.id for movie in fakes.MOVIES}
