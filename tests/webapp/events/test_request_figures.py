"""Requests are counted for the overview, without anything about who sent them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import webapp
from core.config import Settings
from core.errors import StoreUnavailable
from core.trends import ServedRequest
from tests import fakes


def _counted(services: Any, *paths: str) -> list[ServedRequest]:
    client = webapp.create_app(services).test_client()
    for path in paths:
        client.get(path)
    return list(services.request_counts.events)


@pytest.mark.parametrize("path", ["/search?q=storm", "/api/search?q=storm"])
def test_a_search_is_counted_with_the_number_of_its_results(path: str) -> None:
    (one,) = _counted(fakes.services(), path)
    assert one.found is not None
    assert one.found > 0
    assert one.ms > 0
    assert not one.failed


def test_further_pages_and_other_pages_are_requests_but_not_searches() -> None:
    found = _counted(fakes.services(), "/search?q=storm&page=2", "/search", "/browse", "/api/genres")
    assert [one.found for one in found] == [None] * 4


def test_a_search_without_results_is_counted_as_empty() -> None:
    (one,) = _counted(fakes.services([]), "/api/search?q=storm")
    assert one.found == 0


def test_files_and_probes_are_not_counted() -> None:
    assert _counted(fakes.services(), "/static/site/marquee.css", "/health/live", "/poster/101.svg") == []


def test_an_error_of_the_server_is_counted_as_failed_and_one_of_the_client_is_not() -> None:
    broken = fakes.broken_services(StoreUnavailable("no database"), settings=Settings(rate_limits=False))
    (one,) = _counted(broken, "/api/genres")
    assert one.failed
    (one,) = _counted(fakes.services(), "/api/movies/999999")
    assert not one.failed


def test_a_counted_request_says_nothing_about_its_sender() -> None:
    assert {field.name for field in dataclasses.fields(ServedRequest)} == {"at", "ms", "failed", "found"}
