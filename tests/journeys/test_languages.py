"""Languages of the site in a real browser, over made-up movies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import fakes
from tests.journeys.conftest import Visit, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Keep = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A site over made-up movies."""
    with running(fakes.services()) as address:
        yield address


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
