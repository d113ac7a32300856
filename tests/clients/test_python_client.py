"""The Python client calls a running site, and is as new as the description of the API."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.serving import make_server

import webapp
from core.config import Settings
from core.users import Scope
from data import database
from engine.accounts.accounts import Accounts
from tests import databases, fakes
from tests.clients.description import CLIENT, DIGEST, description, digest
from tests.webapp.signed_in import CHEAP


@pytest.fixture(scope="module")
def api() -> Iterator[Any]:
    """Import modules of the client by name."""
    sys.path.insert(0, str(CLIENT))
    yield lambda name: importlib.import_module(f"marquee_client{name}")
    sys.path.remove(str(CLIENT))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A running site: its URL, and an API token of a user."""
    stores = databases.open_new(f"sqlite:///{tmp_path_factory.mktemp('client') / 'people.sqlite'}")
    services: Any = fakes.services(settings=Settings(secret_key="k" * 40))
    accounts = Accounts(stores, hashing=CHEAP)
    user = accounts.sign_up("Ada", "correct horse battery")
    secret = accounts.add_token(user, "client", frozenset({Scope.READ, Scope.WRITE}))[1]
    app = webapp.create_app(replace(services, accounts=accounts))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", secret
    server.shutdown()
    thread.join()
    database.close(stores)


def test_a_search_is_returned_as_typed_records(api: Any, site: tuple[str, str]) -> None:
    client = api("").Client(base_url=site[0])
    found = api(".api.search.search_movies").sync(client=client, q="storm", size=3)
    assert found.total > len(found.results) == 3
    assert found.results[0].why
    movie = api(".api.movies.get_a_movie").sync(client=client, id=found.results[0].id)
    assert movie.title == found.results[0].title


def test_a_user_rates_a_movie_with_a_token(api: Any, site: tuple[str, str]) -> None:
    client = api("").AuthenticatedClient(base_url=site[0], token=site[1])
    rated = api(".api.ratings.rate_a_movie").sync(client=client, id=101, body={"stars": 4.5})
    assert (rated.id, rated.stars) == (101, 4.5)
    assert [one.id for one in api(".api.ratings.list_your_ratings").sync(client=client).results] == [101]


def test_an_error_is_a_problem_with_its_fields(api: Any, site: tuple[str, str]) -> None:
    client = api("").Client(base_url=site[0])
    answer = api(".api.search.search_movies").sync_detailed(client=client, page=0)
    assert (answer.status_code, answer.parsed.status) == (400, 400)
    assert set(answer.parsed.errors.additional_properties) == {"page"}


def test_the_example_runs(site: tuple[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, CLIENT / "example.py", site[0]], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert len(ended.stdout.splitlines()) >= 3


def test_the_client_was_generated_from_the_present_description() -> None:
    assert DIGEST.read_text(encoding="utf-8").strip() == digest(description()), "run clients/python/generate.sh"


def test_the_client_has_every_operation() -> None:
    made = {path.stem for path in (CLIENT / "marquee_client" / "api").rglob("*.py")} - {"__init__"}
    paths = description()["paths"].values()
    assert made == {operation["operationId"] for methods in paths for operation in methods.values()}


def test_the_client_needs_only_what_it_names() -> None:
    named = set(re.findall(r'"(\w[\w-]*)[>=]', (CLIENT / "pyproject.toml").read_text(encoding="utf-8")))
    assert {"attrs", "httpx", "python-dateutil"} <= named
