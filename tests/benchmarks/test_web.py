"""The measurement of pages: its users, its pages and its tables."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from werkzeug.routing import MapAdapter

import webapp
from benchmarks.web import browser, pages, population, report
from core.types import MovieId
from data import database
from tests import fakes

MOVIES = [MovieId(number) for number in range(1, 401)]
GOOD = {"requests": 6, "kb": 60.0, "pictures": 20, "pictures_kb": 90.0, "lcp_ms": 300, "shift": 0.01}
RESULTS = {
    "users": 1_000,
    "visitors": 20,
    "ratings": 120_000,
    "watches": 60_000,
    "browser": {"home, phone": GOOD, "movie, phone": {**GOOD, "kb": 140.2, "shift": 0.2}},
    "pages": {"home": {"p50": 12.0, "p95": 31.25}, "diary": {"p50": 20.0, "p95": 75.0}},
}


@pytest.fixture(scope="module")
def address() -> MapAdapter:
    return webapp.create_app(fakes.services()).url_map.bind("localhost")


def test_users_rate_watch_and_keep_lists_and_visitors_can_sign_in(tmp_path: Path) -> None:
    stores = database.open(f"sqlite:///{tmp_path / 'people.sqlite'}")
    popularity = np.linspace(1, 2, len(MOVIES))
    visitors, watches = population.create(stores, MOVIES, popularity, users=6, visitors=2)
    assert [visitor.name for visitor in visitors] == ["visitor-0", "visitor-1"]
    assert stores.diaries.totals().users == 6
    found = stores.accounts.find("visitor-1")
    assert found is not None
    user, password_hash = found
    assert password_hash.startswith("$argon2")
    assert tuple(stores.diaries.read(user.id).ratings) != ()
    assert {own.id for own in stores.lists.of_user(user.id)} == set(visitors[1].lists)
    assert watches > 0
    database.close(stores)


def test_every_measured_page_exists(address: MapAdapter) -> None:
    visitor = population.Visitor("Ada", (MovieId(1), MovieId(2)), (1,), ("Bob",))
    for number in range(40):
        for path in pages.paths(visitor, number).values():
            address.match(unquote(urlsplit(path).path), method="GET")
    for path in browser.PAGES.values():
        address.match(unquote(urlsplit(path).path), method="GET")


def test_tables_mark_what_is_over_budget() -> None:
    tables = report.headline(RESULTS)
    assert "| home, phone | 6 | 60 | 300 | 0.01 | 20 | 90 |" in tables
    assert "| movie, phone | 6 | 140.2 MISSED | 300 | 0.2 MISSED | 20 | 90 |" in tables
    assert "| diary | 20.0 | 75 MISSED |" in tables


def test_faults_name_page_figure_and_budget() -> None:
    assert report.faults(RESULTS) == [
        "movie, phone: kb 140.2 > 100",
        "movie, phone: shift 0.2 > 0.05",
        "diary: p95 75 ms > 60",
    ]
