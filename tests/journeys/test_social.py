"""Profiles, friends and reviews in a real browser: their pages for everybody, and the whole path without JavaScript."""

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
from core.social.moderation import ReportKind, ReportReason
from core.social.profiles import ProfileSettings, Visibility
from core.types import MovieId
from core.users import MarkKind, User
from data import database
from engine.services import Services
from tests.journeys.access import grave, settled
from tests.journeys.conftest import NARROW, Visit, unused
from tests.journeys.test_taste import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Keep = Callable[[Page, str], None]
MOVIE = MovieId(19)
FIRST = date(2026, 1, 2)
OPEN = ProfileSettings(
    visibility=Visibility.PUBLIC, bio="Silent films, and coffee.", ratings=True, diary=True, reviews=True, lists=True
)


@dataclass(frozen=True)
class Member:
    """A user who follows another one, and the state of their browser."""

    user: User
    followed: User
    state: Any


def new(services: Services, name: str) -> User:
    return services.accounts.sign_up(name, PASSWORD)


@pytest.fixture(scope="module")
def member(services: Services, chromium: Browser, site: str) -> Member:
    """Fritz follows Wilma, who shares everything, and Greta asks to follow him; an administrator is signed out."""
    wilma, fritz, greta = (new(services, unused(name)) for name in ("Wilma", "Fritz", "Greta"))
    movies = [MOVIE, *(movie.id for movie in services.recommending.starters(wilma, size=12))]
    for number, movie in enumerate(movies):
        stars = (number % 5) + 1.0
        entry = WatchEntry(
            movie=movie, day=FIRST + timedelta(days=number), stars=stars, rewatch=number % 4 == 0, note="Coffee! " * 20
        )
        logged = services.watches.log(wilma, entry)
        if number % 3 == 0:
            services.social.reviews.publish(wilma, logged.id, spoilers=number % 2 == 0)
    for movie in movies[:5]:
        services.diaries.mark(wilma, movie, MarkKind.FAVOURITE, on=True)
    services.lists.create(wilma, ListDetails(name="Rainy Sundays", description="When it rains.", public=True))
    services.social.profiles.set(wilma, ProfileSettings(**{**_fields(OPEN), "favourites": tuple(movies[:4])}))
    services.social.profiles.set(fritz, ProfileSettings(**{**_fields(OPEN), "approve_followers": True}))
    services.social.connections.follow(fritz, wilma.name)
    services.social.connections.follow(greta, fritz.name)
    mine = services.watches.log(fritz, WatchEntry(movie=MOVIE, day=FIRST, stars=3.5, note="Long, and worth it."))
    services.social.reviews.publish(fritz, mine.id, spoilers=False)
    context = chromium.new_context(base_url=site)
    sign_in(context.new_page(), fritz.name)
    state = context.storage_state()
    context.close()
    return Member(fritz, wilma, state)


def _fields(settings: ProfileSettings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in ProfileSettings.__dataclass_fields__}


@pytest.fixture(scope="module")
def office(services: Services, chromium: Browser, site: str) -> Any:
    """The browser of an administrator."""
    admin = new(services, unused("Gundula"))
    stores = database.open(services.settings.database)
    stores.accounts.set_administrator(admin.id, True)
    database.close(stores)
    context = chromium.new_context(base_url=site)
    sign_in(context.new_page(), admin.name)
    state = context.storage_state()
    context.close()
    return state


def test_the_queue_of_reports_is_accessible_and_works_without_javascript(
    visit: Visit, keep: Keep, services: Services, office: Any, member: Member
) -> None:
    state, name = office, member.followed.name
    services.social.moderation.report(member.user, ReportKind.PROFILE, name, ReportReason.SPAM, "Look at the bio.")
    for scheme in ("light", "dark"):
        with visit("/admin/reports", storage_state=state, viewport=NARROW, color_scheme=scheme) as page:
            settled(page)
            expect(page.get_by_text("Look at the bio.")).to_be_visible()
            keep(page, f"reports-{scheme}-narrow")
            assert grave(page) == []
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 844})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
    with visit("/admin/reports", storage_state=state, java_script_enabled=False) as page:
        page.get_by_label("Explanation for the owner").fill("No coffee ads.")
        page.get_by_role("button", name=f"Hide the profile of {name}").click()
        expect(page.get_by_text("Hidden. The owner sees the reason.")).to_be_visible()
        page.goto("/admin/reports?closed=1")
        page.get_by_role("button", name=f"Restore profile of {name}").first.click()
        expect(page.get_by_text("Restored:")).to_be_visible()


def sign_up(page: Page, name: str) -> None:
    """Fill in the form of an open page."""
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Create an account").click()
    expect(page).not_to_have_url(re.compile("/sign-up"))


def test_a_user_shares_is_followed_and_liked_without_javascript(visit: Visit) -> None:
    asta, conrad = unused("Asta"), unused("Conrad")
    with visit("/sign-up", java_script_enabled=False) as page:
        sign_up(page, asta)
        page.goto(f"/movies/{MOVIE}")
        page.locator("details.log > summary").first.click()
        page.get_by_label("Note, which only you see").fill("The machines are the stars.")
        page.get_by_role("button", name="Add to your diary").click()
        page.locator(".seen a").first.click()
        page.get_by_role("button", name="Publish as a review").click()
        page.get_by_role("link", name="See it").click()
        expect(page).to_have_url(re.compile("/reviews/"))
        review = page.url
        page.goto(f"/users/{asta}")
        expect(page.get_by_text("Only you see this page.")).to_be_visible()
        page.get_by_role("link", name="Choose what you share").click()
        page.get_by_label("Everybody").check()
        page.get_by_label("Reviews that you publish").check()
        page.locator("#sharing").get_by_role("button", name="Save").click()
        expect(page.get_by_text("What you share has been saved.")).to_be_visible()
    with visit("/sign-up", java_script_enabled=False) as page:
        sign_up(page, conrad)
        page.goto(f"/users/{asta}")
        page.get_by_role("button", name=f"Follow {asta}").click()
        expect(page.get_by_text(f"You follow {asta}.")).to_be_visible()
        page.goto("/activity")
        expect(page.get_by_text("The machines are the stars.")).to_be_visible()
        page.goto(review)
        page.get_by_role("button", name=re.compile("0 likes")).click()
        expect(page.get_by_role("button", name=re.compile("1 like"))).to_have_attribute("aria-pressed", "true")
        page.goto(f"/users/{asta}")
        page.get_by_text("Block or report").click()
        page.get_by_role("button", name=f"Block {asta}").click()
        expect(page.get_by_text(f"You blocked {asta}.")).to_be_visible()
        gone = page.goto(f"/users/{asta}")
        assert gone is not None
        assert gone.status == 404
