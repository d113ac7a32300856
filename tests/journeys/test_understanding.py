"""The interpretation of a search and its correction in a real browser, over made-up movies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import fakes
from tests.journeys.access import grave, settled
from tests.journeys.conftest import NARROW, WIDE, Visit, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Keep = Callable[[Page, str], None]
WISH = "/search?q=drama+from+the+80s+but+not+horror"
PAGES = {
    "understood": WISH,
    "understood-dropped": WISH + "&drop=not-genre%3AHorror&genre=Romance",
    "understood-other": "/search?q=date-night",
    "understood-relaxed": "/search?q=scary+western+romance",
    "understood-corrected": "/search?q=lighthose",
    "understood-literal": "/search?q=storm&literal=1",
    "understood-nothing": "/search?q=scary+zzz&genre=Crime&mood=scary",
    "mood": "/search?mood=feel-good",
    "mood-movie": "/movies/101",
    "mood-browse": "/browse",
}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A site whose engine interprets texts as the tests specify."""
    with running(fakes.services()) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_used_by_everybody(visit: Visit, keep: Keep, name: str, scheme: str) -> None:
    with visit(PAGES[name], color_scheme=scheme) as page:
        settled(page)
        keep(page, f"{name}-{scheme}-wide")
        assert grave(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_window(visit: Visit, keep: Keep, name: str) -> None:
    with visit(PAGES[name], viewport=NARROW) as page:
        keep(page, f"{name}-light-narrow")
        for width in (360, 390, 768, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["desktop", "phone"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_piece_is_removed_and_restored_by_keyboard(visit: Visit, viewport: object, script: bool) -> None:
    with visit(WISH, viewport=viewport, java_script_enabled=script) as page:
        pieces = page.get_by_role("list", name="Looking for")
        expect(pieces.get_by_role("listitem")).to_have_text(["Drama ×", "1980s ×", "not Horror ×"])
        _tab_to(page, "Remove “1980s” from this search")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("drop=years(:|%3A)1980-1989"))
        expect(pieces.get_by_role("listitem")).to_have_text(["Drama ×", "not Horror ×", "+ 1980s"])
        _tab_to(page, "Restore “1980s” in this search")
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(re.compile("drop="))


def test_the_rest_of_a_search_stays_when_a_piece_is_removed(visit: Visit) -> None:
    with visit(WISH + "&language=en&sort=newest", java_script_enabled=False) as page:
        page.get_by_role("link", name="Remove “not Horror” from this search").click()
        expect(page.get_by_role("list", name="Active filters")).to_contain_text("English")
        expect(page.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "true")


def test_a_correction_can_be_declined(visit: Visit) -> None:
    with visit("/search?q=lighthose", java_script_enabled=False) as page:
        expect(page.locator(".did-you-mean")).to_contain_text("Showing results for lighthouse")
        page.get_by_role("link", name="lighthose").click()
        expect(page.get_by_role("heading", name="Nothing close")).to_be_visible()
        page.get_by_role("link", name="Interpret them instead").click()
        expect(page.locator(".result").first).to_be_visible()


def test_dropped_pieces_are_announced(visit: Visit) -> None:
    with visit("/search?q=scary+western+romance") as page:
        expect(page.get_by_role("status").filter(has_text="Romance")).to_be_visible()


def test_a_mood_leads_from_a_movie_to_others_and_can_be_removed(visit: Visit) -> None:
    with visit("/movies/101", viewport=NARROW, java_script_enabled=False) as page:
        page.get_by_role("list", name="Moods").get_by_role("link", name="Feel-good").click()
        chips = page.get_by_role("list", name="Active filters")
        expect(chips).to_contain_text("Feel-good")
        page.get_by_text("Filters", exact=True).click()
        expect(page.get_by_role("heading", name="Mood", exact=True)).to_be_visible()
        chips.get_by_role("link").click()
        expect(chips).to_have_count(0)


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the link of this name has the focus."""
    wanted = page.get_by_role("link", name=name)
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate("link => link === document.activeElement"):
            return
    raise AssertionError(f"{name} is out of the keyboard's reach")
