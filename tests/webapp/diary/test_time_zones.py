"""Dates on pages are in the time zone of the user, or of the site."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask, render_template_string

import webapp
from core.config import Settings
from core.types import MovieId
from tests import fakes
from tests.webapp.user_browser import Member, fake
from webapp.localization import locales

AT = datetime(2028, 2, 29, 11, 30, tzinfo=UTC)
"""1 March in Auckland, 29 February in Los Angeles."""
SHOWN = "{{ at | day }}; {{ at | moment }}; {{ at | since('rated') }}"


@pytest.fixture(scope="module")
def auckland() -> Flask:
    """A site in Auckland."""
    return webapp.create_app(fakes.services(settings=Settings(time_zone="Pacific/Auckland")))


def test_without_a_user_dates_are_in_the_time_zone_of_the_site(auckland: Flask) -> None:
    with auckland.test_request_context("/about"):
        shown = render_template_string(SHOWN, at=AT).replace(locales.NBSP, " ")
    assert shown == "1 March 2028; 1 March 2028, 00:30 NZDT; rated 1 March 2028"


def test_outside_of_requests_dates_are_in_utc(auckland: Flask) -> None:
    with auckland.app_context():
        assert locales.moment(AT) == "29 February 2028, 11:30 UTC"


@pytest.mark.parametrize(
    ("zone", "day"),
    [("", "29 February 2028"), ("Pacific/Auckland", "1 March 2028"), ("America/Los_Angeles", "29 February 2028"),
     ("Gone/Zone", "29 February 2028")],
)  # fmt: skip
def test_ratings_are_listed_with_the_day_of_the_user(ada: Member, zone: str, day: str) -> None:
    ada.rate(4.0, 101)
    diaries = fake(ada.services.diaries)
    diary = diaries.diaries[ada.user.id]
    rating = diary.ratings[MovieId(101)]
    diaries.diaries[ada.user.id] = replace(diary, ratings={MovieId(101): replace(rating, at=AT)})
    ada.prefer(time_zone=zone)
    assert f"rated {day}" in ada.page("/ratings").replace(locales.NBSP, " ")


def test_the_date_of_a_release_is_the_same_in_every_time_zone(ada: Member) -> None:
    for zone in ("Pacific/Auckland", "America/Los_Angeles", "UTC"):
        ada.prefer(time_zone=zone)
        with ada.client.application.test_request_context("/"):
            assert locales.day("2028-02-29") == "29 February 2028"


def test_the_time_of_a_trending_list_is_in_the_time_zone_of_the_user(ada: Member) -> None:
    made_at = '<time datetime="2024-01-01T00:00:00+00:00">'
    ada.prefer(time_zone="Pacific/Auckland")
    assert f"{made_at}1 January 2024, 13:00 NZDT</time>" in ada.page("/trending")
    ada.prefer(time_zone="America/Los_Angeles")
    assert f"{made_at}31 December 2023, 16:00 PST</time>" in ada.page("/trending")


def test_an_entry_without_a_date_is_not_dated_1970(auckland: Flask) -> None:
    with auckland.test_request_context("/about"):
        assert locales.since(datetime(1970, 1, 1, tzinfo=UTC), "rated") == "undated"
