"""Diary and lists in a real browser: their pages for everybody, and logging and ordering without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from core.diary.lists import ListDetails
from core.diary.watches import WatchEntry
from core.types import MovieId
from core.users import User
from engine.services import Services
from tests.journeys.conftest import Visit, unused
from tests.journeys.test_taste import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Keep = Callable[[Page, str], None]
MOVIE = MovieId(19)
FIRST = date(2026, 1, 2)


@dataclass(frozen=True)
class Member:
    """A user with a diary, and the state of their browser."""

    user: User
    state: Any
    listed: int
    """The id of a list."""


@pytest.fixture
def member(services: Services, chromium: Browser, site: str) -> Member:
    """A user who watched a movie every three days, some of them twice, and wants to watch 52 in the year."""
    user = services.accounts.sign_up(unused("Diarist"), PASSWORD)
    movies = [MOVIE, *(movie.id for movie in services.recommending.starters(user, size=30))]
    for number in range(40):
        entry = WatchEntry(
            movie=movies[number % len(movies)], day=FIRST + timedelta(days=3 * number), rewatch=number >= len(movies),
            stars=(number % 10 + 1) / 2 if number % 3 else None,
            note="" if number % 4 else "Saw it with Bob.\nBetter every time.",
        )  # fmt: skip
        services.watches.log(user, entry)
    made = services.lists.create(user, ListDetails(name="Rainy Sundays", description="When it rains.", public=True))
    for movie in movies[:8]:
        services.lists.put(user, made.id, movie, "With tea." if movie == MOVIE else "")
    services.watches.set_goal(user, FIRST.year, 52)
    context = chromium.new_context(base_url=site)
    sign_in(context.new_page(), user.name)
    state = context.storage_state()
    context.close()
    return Member(user, state, made.id)


def test_a_movie_is_logged_changed_and_deleted_without_javascript(visit: Visit, member: Member) -> None:
    with visit("/diary", storage_state=member.state, java_script_enabled=False) as page:
        page.get_by_role("link", name="Log a film").click()
        page.get_by_label("Title", exact=True).fill("Metropolis")
        page.get_by_role("button", name="Find").click()
        page.get_by_role("link", name=re.compile("^Metropolis")).first.click()
        page.get_by_label("Watched on").fill("2025-12-24")
        page.locator("select[name=stars]").select_option("4.5")
        page.get_by_role("button", name="Add to your diary").click()
        expect(page.get_by_role("status").first).to_contain_text("Metropolis is in your diary.")
        page.get_by_role("link", name="24 December 2025").click()
        page.get_by_label("Note").fill("On Christmas Eve.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("December 2025")
        expect(page.get_by_text("On Christmas Eve.")).to_be_visible()
        page.get_by_role("link", name=re.compile("^Edit Metropolis")).click()
        page.get_by_role("button", name="Delete this entry").click()
        expect(page.get_by_text("Nothing was logged in this month.")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("On Christmas Eve.")).to_be_visible()


def test_a_list_is_made_and_ordered_without_javascript(visit: Visit, member: Member) -> None:
    with visit(f"/movies/{MOVIE}", storage_state=member.state, java_script_enabled=False) as page:
        page.locator("summary", has_text="Add to list").first.click()
        page.get_by_label("New list").fill("Silent")
        page.get_by_role("button", name="Create list").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Silent")
        page.goto(f"/lists/{member.listed}")
        second = page.locator(".watch-title a").nth(1).inner_text()
        page.get_by_role("button", name=f"Move {second} up").click()
        expect(page.locator(".watch-title a").first).to_have_text(second)
