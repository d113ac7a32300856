"""The page that a browser shows without a connection."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.services import Services
from tests.journeys.conftest import NARROW, Visit, unused
from tests.journeys.test_taste import PASSWORD, sign_in, stars_of
from tests.week import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_without_a_connection_a_page_of_the_site_says_so_and_tries_again(
    visit: Visit, keep: Callable[[Page, str], None]
) -> None:
    with visit(viewport=NARROW) as page:
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.context.set_offline(True)
        page.goto("/browse")
        expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.button')).borderRadius") == "999px"
        keep(page, "offline-phone")
        page.context.set_offline(False)
        page.get_by_role("link", name="Try again").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Browse")


def test_a_rating_outlives_a_page_that_the_service_worker_controls(
    visit: Visit, services: Services, chromium: Browser, site: str
) -> None:
    user = services.accounts.sign_up(unused("Traveller"), PASSWORD)
    context = chromium.new_context(base_url=site)
    sign_in(context.new_page(), user.name)
    state = context.storage_state()
    context.close()
    movie = services.movies.home_rows()[0].movies[0]
    with visit(f"/movies/{movie.id}", storage_state=state) as page:
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.reload()
        assert page.evaluate("navigator.serviceWorker.controller !== null")
        for key, stars in (("End", 5.0), ("Home", None)) * 3:
            page.get_by_role("slider", name="Your rating of").first.focus()
            page.keyboard.press(key)
            page.goto("/about")
            until(lambda stars=stars: stars_of(services, user, movie.id) == stars or None, f"the rating {stars}")
            page.goto(f"/movies/{movie.id}")
            expect(page.get_by_role("slider", name="Your rating of").first).to_have_value(f"{stars or 0:g}")
