"""The API of recommendations, explanations and predictions: schemas, permissions and errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.users import Scope
from tests.fake_taste import MODEL
from tests.webapp import signed_in
from tests.webapp.signed_in import Caller, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with signed_in.site(tmp_path_factory.mktemp("site")) as made:
        yield made


def test_recommendations_have_reasons_stage_and_model(site: Site) -> None:
    _, caller = site.member()
    answer = caller.get("/recommendations?size=3")
    assert answer.status_code == 200
    content = answer.get_json()
    assert len(content["results"]) == 3
    assert set(content) == {"results", "stage", "model", "movies", "demo", "notice"}
    assert {"id", "title", "year", "score", "why"} <= set(content["results"][0])
    assert {"source", "sentences", "because", "predicted", "confidence"} <= set(content["results"][0]["why"])


def test_rows_have_keys_names_and_movies_with_reasons(site: Site) -> None:
    _, caller = site.member()
    content = caller.get("/recommendations/rows?size=4").get_json()
    assert set(content) == {"rows", "stage", "model", "movies", "demo", "notice"}
    assert [(row["key"], row["name"], len(row["results"])) for row in content["rows"]] == [("for-you", "For you", 4)]
    assert {"id", "title", "why", "model"} <= set(content["rows"][0]["results"][0])
    assert content["model"] == MODEL
    assert caller.get("/recommendations/rows?size=25").status_code == 400


def test_the_preference_for_movies_of_the_watchlist_is_off_until_it_is_changed(site: Site) -> None:
    _, caller = site.member()
    assert caller.get("/me").get_json()["preferences"]["watchlist_in_lists"] is False
    changed = caller.send("PATCH", "/me", json={"watchlist_in_lists": True}).get_json()
    assert changed["preferences"]["watchlist_in_lists"] is True


def test_shared_caches_do_not_store_recommendations(site: Site) -> None:
    _, caller = site.member()
    answer = caller.get("/recommendations")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Authorization" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "path", ["/recommendations", "/recommendations/rows", "/explain/101", "/ml/recommendations/1", "/ml/explain/1/101"]
)
def test_recommendations_need_a_signed_in_user(site: Site, path: str) -> None:
    answer = site.visitor().get(path)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.mimetype == "application/problem+json"


def test_a_read_only_token_gets_recommendations(site: Site) -> None:
    _, caller = site.member(Scope.READ)
    assert caller.get("/recommendations").status_code == 200


def test_a_guest_sends_ratings_and_needs_no_account(site: Site) -> None:
    answer = site.visitor().send("POST", "/recommendations", json={"ratings": {"101": 4.5, "102": 1}, "size": 2})
    assert answer.status_code == 200
    content = answer.get_json()
    assert len(content["results"]) == 2
    assert not {101, 102} & {result["id"] for result in content["results"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "ratings"),
        ({"ratings": {"101": 4.3}}, "ratings.101"),
        ({"ratings": {"101": 6}}, "ratings.101"),
        ({"ratings": {"x": 4}}, "ratings.x"),
        ({"ratings": {"101": 4}, "size": 0}, "size"),
        ({"ratings": {"101": 4}, "colour": "red"}, "colour"),
        ({"ratings": {"101": 4}, "year_from": 2000, "year_to": 1990}, "year_from"),
        ({"ratings": {str(number): 4 for number in range(1, 1_003)}}, "ratings"),
    ],
)
def test_each_error_in_a_guest_request_is_named_by_its_field(site: Site, body: dict[str, object], field: str) -> None:
    answer = site.visitor().send("POST", "/recommendations", json=body)
    assert answer.status_code == 400
    assert field in answer.get_json()["errors"]


@pytest.mark.parametrize(
    "query", ["size=0", "size=101", "familiarity=2", "familiarity=nan", "year_from=x", "runtime_min=200&runtime_max=90"]
)
def test_each_invalid_request_of_a_user_is_refused(site: Site, query: str) -> None:
    _, caller = site.member()
    assert caller.get(f"/recommendations?{query}").status_code == 400


def test_filters_apply_to_the_list(site: Site) -> None:
    _, caller = site.member()
    results = caller.get("/recommendations?genre=Horror&size=5").get_json()["results"]
    assert results
    assert all("Horror" in result["genres"] for result in results)


def test_movies_are_filtered_by_where_they_can_be_watched(site: Site) -> None:
    _, caller = site.member()
    assert caller.get("/providers").get_json()["results"] == []
    site.services.availability.known = {"US:MUBI": (104, 105, 999)}  # type: ignore[attr-defined]
    listed = {"value": "US:MUBI", "name": "MUBI", "region": "US", "count": 3}
    assert caller.get("/providers").get_json()["results"] == [listed]
    results = caller.get("/recommendations?available_at=US:MUBI").get_json()["results"]
    assert {result["id"] for result in results} == {104, 105}
    refused = caller.get("/recommendations?available_at=US:Unknown")
    assert (refused.status_code, list(refused.get_json()["errors"])) == (400, ["available_at"])


def test_an_explanation_is_returned_or_the_movie_is_unknown(site: Site) -> None:
    _, caller = site.member()
    found = caller.get("/explain/101").get_json()
    assert found["sentences"]
    assert found["model"] == MODEL
    assert caller.get("/explain/987654321").status_code == 404


def test_demonstration_users_are_open_to_everybody(site: Site) -> None:
    visitor = site.visitor()
    assert visitor.get("/ml/recommendations/ml:42?size=2").status_code == 200
    explained = visitor.get("/ml/explain/ml:42/110")
    assert (explained.status_code, explained.get_json()["model"]) == (200, MODEL)
    predicted = visitor.send("POST", "/ml/predict", json={"user_id": "ml:42", "movie_ids": [110, 111]})
    assert [row["id"] for row in predicted.get_json()["results"]] == [110, 111]
    assert predicted.get_json()["model"] == MODEL
    assert visitor.get("/ml/recommendations/ml:987").status_code == 404


def test_users_see_their_own_recommendations_only(site: Site) -> None:
    ada, own = site.member()
    _, other = site.member()
    calls = (f"/ml/recommendations/{ada.id}", f"/ml/explain/{ada.id}/101")
    assert [own.get(path).status_code for path in calls] == [200, 200]
    assert [other.get(path).status_code for path in calls] == [403, 403]
    body = {"user_id": str(ada.id), "movie_ids": [101]}
    assert other.send("POST", "/ml/predict", json=body).status_code == 403


def test_the_existence_of_an_account_is_not_revealed(site: Site) -> None:
    ada, _ = site.member()
    _, other = site.member()
    there, missing = other.get(f"/ml/recommendations/{ada.id}"), other.get("/ml/recommendations/987654")
    assert (there.status_code, there.get_json()["detail"]) == (missing.status_code, missing.get_json()["detail"])


def test_an_administrator_may_query_any_account(site: Site) -> None:
    ada, _ = site.member()
    boss, caller = site.member()
    site.stores.accounts.set_administrator(boss.id, True)
    accounts, scopes = site.services.accounts, frozenset({Scope.READ, Scope.ADMIN})
    _, secret = accounts.add_token(replace(boss, administrator=True), "as administrator", scopes)
    assert Caller(site.client, secret).get(f"/ml/recommendations/{ada.id}").status_code == 200
    assert caller.get(f"/ml/recommendations/{ada.id}").status_code == 403  # an ordinary token


@pytest.mark.parametrize("user", ["ml:", "x", "ml:42x", "1 or 1=1", "٤٢"])
def test_an_invalid_user_id_is_refused(site: Site, user: str) -> None:
    assert site.visitor().get(f"/ml/recommendations/{user}").status_code in (400, 404)


def test_similar_movies_use_the_requested_similarity(site: Site) -> None:
    visitor = site.visitor()
    for by in ("meaning", "taste", "both"):
        found = visitor.get(f"/movies/110/similar?by={by}&size=3")
        assert found.status_code == 200
        assert found.get_json()["model"] == ("" if by == "meaning" else MODEL)
    assert "by" in visitor.get("/movies/110/similar?by=smell").get_json()["errors"]


def test_only_searches_of_users_who_allow_it_are_recorded(site: Site) -> None:
    open_user, caller = site.member()
    shy, silent = site.member(keep_events=False)
    for one in (caller, silent, site.visitor()):
        assert one.get("/search?q=lighthouse").status_code == 200
    site.services.events.flush()
    assert [event.query for event in site.stores.events.of_user(open_user.id)] == ["lighthouse"]
    assert site.stores.events.of_user(shy.id) == []
