"""Languages of the site in a real browser, over made-up movies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import fakes
from tests.journeys.access import grave
from tests.journeys.conftest import NARROW, Visit, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Keep = Callable[[Page, str], None]
PAGES = {
    "home": "/",
    "search": "/search?q=drama+from+the+80s+but+not+horror&genre=Romance",
    "movie": "/movies/101",
    "browse": "/browse",
    "about": "/about",
    "sign-up": "/sign-up",
    "ask": "/ask?q=a+storm+at+the+lighthouse",
}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A site over made-up movies."""
    with running(fakes.services()) as address:
        yield address


@pytest.mark.parametrize("locale", ["es-ES", "fr-FR", "de-DE"])
@pytest.mark.parametrize("name", PAGES)
def test_a_translated_page_fits_its_window_and_is_accessible(visit: Visit, keep: Keep, name: str, locale: str) -> None:
    with visit(PAGES[name], locale=locale, viewport=NARROW) as page:
        expect(page.locator("html")).to_have_attribute("lang", locale[:2])
        keep(page, f"{name}-{locale[:2]}-narrow")
        for width in (360, 390, 768, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert grave(page) == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_language_is_chosen_by_keyboard_and_persists(visit: Visit, script: bool) -> None:
    with visit("/search?q=storm", locale="en-GB", java_script_enabled=script) as page:
        page.get_by_role("form", name="Language").get_by_role("button", name="Deutsch").focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url("/search?q=storm")
        expect(page.locator("html")).to_have_attribute("lang", "de")
        page.get_by_role("link", name="Stöbern").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Stöbern")


def test_scripts_use_the_language_of_the_page(visit: Visit) -> None:
    with visit("/", locale="fr-FR") as page:
        page.get_by_role("combobox").press_sequentially("ada")
        expect(page.get_by_role("option").first).to_be_visible()
        expect(page.locator("[data-announcer]")).to_have_text("1 suggestion")
        expect(page.get_by_role("option").first).to_contain_text("personne")
