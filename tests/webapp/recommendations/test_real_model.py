"""Recommendations over HTTP with a trained model, a real database and the real index of the sample."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

import webapp
from core.users import Preferences, Scope
from data import database
from data.database import Stores
from engine import wiring
from engine.accounts.accounts import now
from tests import databases, sample

MOVIES = (11, 1891, 348, 603, 78, 157336, 218, 62)


@dataclass
class Reader:
    """A program with a user's token."""

    client: FlaskClient
    secret: str

    def call(self, method: str, path: str, **more: object) -> object:
        """Call the API and return the JSON of the response."""
        answer = self.client.open(
            f"/api{path}", method=method, headers={"Authorization": f"Bearer {self.secret}"}, **more
        )
        assert answer.status_code < 400, answer.get_data(as_text=True)
        return answer.get_json(silent=True)

    def movies(self, size: int = 20) -> list[int]:
        """The ids of the list."""
        found = self.call("GET", f"/recommendations?size={size}")
        return [result["id"] for result in found["results"]]  # type: ignore[index]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    opened = databases.open_new(f"sqlite:///{tmp_path_factory.mktemp('people') / 'people.sqlite'}")
    yield opened
    database.close(opened)


@pytest.fixture(scope="module")
def client(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    home = sample.shared(tmp_path_factory.getbasetemp()) / "trained"
    return webapp.create_app(wiring.build(sample.trained(home), stores=stores)).test_client()


@pytest.fixture
def reader(client: FlaskClient, stores: Stores, request: pytest.FixtureRequest) -> Reader:
    return join(client, stores, request.node.name[:36])


def join(client: FlaskClient, stores: Stores, name: str) -> Reader:
    """A new user."""
    from engine.accounts.accounts import Accounts  # noqa: PLC0415

    user = stores.accounts.create(name, password_hash="-", preferences=Preferences(), at=now())
    return Reader(client, Accounts(stores).add_token(user, "tests", frozenset({Scope.READ, Scope.WRITE}))[1])


def test_a_rating_counts_in_the_very_next_request(reader: Reader) -> None:
    for movie in MOVIES[1:]:
        reader.call("PUT", f"/me/ratings/{movie}", json={"stars": 5})
    before = reader.movies()
    assert not set(before) & set(MOVIES[1:])
    liked = before[0]
    reader.call("PUT", f"/me/ratings/{liked}", json={"stars": 0.5})
    after = reader.movies()
    assert liked not in after
    assert after != before[1:]
    reader.call("DELETE", f"/me/ratings/{liked}")
    assert reader.movies() == before


def test_a_changed_rating_changes_the_list(reader: Reader) -> None:
    for movie in MOVIES:
        reader.call("PUT", f"/me/ratings/{movie}", json={"stars": 5})
    loved = reader.movies()
    for movie in MOVIES:
        reader.call("PUT", f"/me/ratings/{movie}", json={"stars": 1})
    assert reader.movies() != loved


def test_a_burst_of_writes_of_one_client_loses_nothing(client: FlaskClient, reader: Reader) -> None:
    movies = [result["id"] for result in client.get("/api/popular?size=100").get_json()["results"]][:60]

    def rate(own: list[int]) -> None:
        for movie in own:
            reader.call("PUT", f"/me/ratings/{movie}", json={"stars": (movie % 10 + 1) / 2})

    threads = [threading.Thread(target=rate, args=(movies[start::6],)) for start in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    listed = reader.call("GET", "/me/ratings?size=100")["results"]  # type: ignore[index]
    assert {row["id"]: row["stars"] for row in listed} == {movie: (movie % 10 + 1) / 2 for movie in movies}
    assert reader.call("GET", "/recommendations?size=1")["movies"] == len(movies)  # type: ignore[index]


def test_the_reasons_name_movies_that_the_user_really_rated(reader: Reader) -> None:
    for movie in MOVIES:
        reader.call("PUT", f"/me/ratings/{movie}", json={"stars": 4.5})
    for result in reader.call("GET", "/recommendations?size=10")["results"]:  # type: ignore[index]
        assert {one["id"] for one in result["why"]["because"]} <= set(MOVIES)
