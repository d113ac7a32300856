"""A movie page with what other services say about it, in a real browser; the pictures and the player are made up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from core.config import Settings
from core.enrichment.records import Extras
from tests import fakes
from tests.journeys import access
from tests.journeys.conftest import NARROW, WIDE, running
from tests.webapp.movies.test_extras import HOST, MOVIE, OMDB, TMDB
from webapp.movies.extras import PLAYER

PATH = f"/movies/{MOVIE.id}"
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="92" height="92"><rect width="92" height="92" fill="{}"/></svg>'
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def enriched() -> Iterator[str]:
    settings = Settings(
        rate_limits=False,
        tmdb_key="0" * 32,
        omdb_key="a1b2c3d4",
        regions=("US", "DE"),
        poster_base=f"{HOST}/t/p/w342",
    )
    services = fakes.services(settings=settings)
    services.extras.known[MOVIE.id] = Extras(TMDB, OMDB)  # type: ignore[attr-defined]
    with running(services) as address:
        yield address


@contextmanager
def opened(
    chromium: Browser, site: str, *, backdrop: str = "white", **options: Any
) -> Iterator[tuple[Page, list[str]]]:
    """Open the page; also return the requests to other hosts."""
    context = chromium.new_context(base_url=site, **{"viewport": WIDE, **options})
    page, others = context.new_page(), list[str]()

    def answer(route: Route) -> None:
        others.append(route.request.url)
        if route.request.url.startswith(HOST):
            color = backdrop if "backdrop" in route.request.url else "gray"
            route.fulfill(body=PICTURE.format(color), content_type="image/svg+xml")
        else:
            route.fulfill(body="<!doctype html><title>Player</title>", content_type="text/html")

    page.route(lambda url: not url.startswith(site), answer)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(PATH)
    page.wait_for_load_state("networkidle")
    yield page, others
    context.close()
    assert complaints == []


def test_the_player_is_loaded_after_a_click_and_unloaded_when_it_is_closed(chromium: Browser, enriched: str) -> None:
    with opened(chromium, enriched) as (page, others):
        assert others
        assert all(url.startswith(HOST) for url in others)
        page.get_by_role("button", name="Trailer").click()
        dialog = page.get_by_role("dialog", name=f"Trailer of {MOVIE.title}")
        dialog.wait_for()
        page.frame_locator("iframe").locator("html").wait_for()
        assert others[-1] == f"{PLAYER}/embed/english0001?autoplay=1"
        page.keyboard.press("Escape")
        dialog.wait_for(state="detached")
        assert page.evaluate("document.activeElement.textContent").strip().startswith("Trailer")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Close").click()
        dialog.wait_for(state="detached")


def test_without_scripts_the_trailer_is_a_link(chromium: Browser, enriched: str) -> None:
    with opened(chromium, enriched, java_script_enabled=False) as (page, _):
        link = page.get_by_role("link", name="Trailer")
        assert link.get_attribute("href") == "https://www.youtube.com/watch?v=english0001"
        assert page.get_by_role("button", name="Share").count() == 0


def test_sharing_copies_the_canonical_address(chromium: Browser, enriched: str) -> None:
    permitted = ["clipboard-read", "clipboard-write"]
    with opened(chromium, enriched, permissions=permitted) as (page, _):
        page.evaluate("navigator.share = undefined")
        page.get_by_role("button", name="Share").click()
        page.get_by_role("button", name="Link copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator("link[rel=canonical]").get_attribute("href")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["desktop", "phone"])
@pytest.mark.parametrize(("scheme", "backdrop"), [("light", "black"), ("light", "white"), ("dark", "white")])
def test_the_page_is_accessible_and_fits_over_any_backdrop(
    chromium: Browser, enriched: str, viewport: dict[str, int], scheme: str, backdrop: str
) -> None:
    options = {"viewport": viewport, "color_scheme": scheme, "backdrop": backdrop}
    with opened(chromium, enriched, **options) as (page, _):  # type: ignore[arg-type]
        assert access.grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        targets = page.locator(".movie-links > :not([hidden])")
        for number in range(targets.count()):
            box = targets.nth(number).bounding_box()
            assert box is not None
            assert box["height"] >= 44
