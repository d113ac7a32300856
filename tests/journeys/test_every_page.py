"""Every page of the site in a real browser: on phones and desktops, with JavaScript and without, in all languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import webapp
from tests import sample
from tests.journeys import access, full_site, targets
from tests.journeys.conftest import HARMLESS, NARROW, WIDE, running
from tests.journeys.every_page import MORE, NO_PAGE, PAGES, SitePage
from tests.journeys.full_site import PASSWORD, FullSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Keep = Callable[[Page, str], None]
ALL = {**PAGES, **MORE}
SIZES = {"desktop": WIDE, "phone": NARROW}
OTHER_WIDTHS = (360, 768, 1600)
FITS = "document.documentElement.scrollWidth <= innerWidth"
LANGUAGES = ("es", "fr", "de")
TRANSLATED = [name for name, page in PAGES.items() if page.by != "Grace" and name != "description.docs"]
"""All but the administrators' pages and the description of the API, which are in English."""


@dataclass
class Walker:
    """A browser with a page for each user, language and setting of JavaScript, which all tests reuse."""

    browser: Browser
    url: str
    parts: dict[str, object]
    states: dict[str, Any] = field(default_factory=dict)
    pages: dict[tuple[str, str, bool], Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def open(self, wanted: SitePage, *, language: str = "en", script: bool = True) -> Page:
        """Open a page on a desktop, and check its status."""
        key = (wanted.by, language, script)
        if key not in self.pages:
            self.pages[key] = self._page(*key)
        page = self.pages[key]
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        self.complaints.clear()
        answer = page.goto(wanted.path.format_map(self.parts))
        assert answer is not None
        assert answer.status == wanted.status
        access.settled(page)
        return page

    def _page(self, user: str, language: str, script: bool) -> Page:
        if user and user not in self.states:
            self.states[user] = self._signed_in(user)
        context = self._context(storage_state=self.states.get(user), locale=language, java_script_enabled=script)
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _signed_in(self, user: str) -> Any:
        context = self._context()
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("#name").fill(user)
        page.locator("#password").fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        state = context.storage_state()
        context.close()
        return state

    def _context(self, **options: Any) -> BrowserContext:
        return self.browser.new_context(base_url=self.url, viewport=WIDE, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FullSite]:
    """The site behind the pages."""
    home = sample.trained(sample.shared(tmp_path_factory.getbasetemp()) / "trained").home
    with full_site.opened(home, tmp_path_factory.mktemp("full")) as site:
        yield site


@pytest.fixture(scope="module")
def walker(full: FullSite, chromium: Browser) -> Iterator[Walker]:
    """The browser of these tests."""
    with running(full.services) as url:
        walking = Walker(chromium, url, full.parts)
        yield walking
        for page in walking.pages.values():
            page.context.close()


def _check(page: Page) -> None:
    """The page has one heading of level 1, visible content, and is no wider than its window."""
    assert page.evaluate("document.querySelectorAll('h1').length") == 1  # RapiDoc has its own in a shadow tree.
    expect(page.locator("#main")).to_be_visible()
    assert len(page.locator("#main").inner_text().split()) > 1
    assert page.evaluate(FITS)


def test_every_page_of_the_site_is_visited(full: FullSite) -> None:
    rules = webapp.create_app(full.services).url_map.iter_rules()
    found = {
        rule.endpoint
        for rule in rules
        if "GET" in (rule.methods or ()) and (not rule.rule.startswith("/api") or rule.endpoint == "description.docs")
    }
    assert found == {*PAGES, *NO_PAGE}


@pytest.mark.parametrize("name", ALL)
def test_a_page_fits_its_window_and_everybody_can_use_it(walker: Walker, keep: Keep, name: str) -> None:
    page = walker.open(ALL[name])
    for size, theme in (("desktop", "light"), ("phone", "dark")):
        page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        if name == "description.docs":  # RapiDoc repaints itself some time after the theme changes.
            page.reload()
            access.settled(page)
        keep(page, f"{name}-{size}-{theme}")
        assert access.grave(page) == []
        _check(page)
        assert targets.too_small(page) == []
    for width in OTHER_WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(FITS)
    assert [text for text in walker.complaints if not any(sign in text for sign in HARMLESS)] == []


@pytest.mark.parametrize("name", ALL)
def test_a_page_works_without_javascript(walker: Walker, keep: Keep, name: str) -> None:
    page = walker.open(ALL[name], script=False)
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        keep(page, f"{name}-{size}-no-script")
        _check(page)


@pytest.mark.parametrize("name", TRANSLATED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translated_page_fits_its_window_and_everybody_can_use_it(walker: Walker, language: str, name: str) -> None:
    page = walker.open(ALL[name], language=language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    number = TRANSLATED.index(name) + LANGUAGES.index(language)
    page.emulate_media(color_scheme="dark" if number % 2 else "light")
    assert access.grave(page) == []
    _check(page)


def test_forms_of_all_sections_work_without_javascript(walker: Walker) -> None:
    """What the journeys of diary, lists, friends, imports, ratings and administration do not do without JavaScript."""
    page = walker.open(PAGES["recommendations.for_you"], script=False)
    page.get_by_role("link", name="Why this?").first.click()
    expect(page.get_by_role("heading", name="Why you might like this")).to_be_in_viewport()
    expect(page.locator(".shares").first).to_be_visible()
    page.go_back()
    page.get_by_label("Genre").select_option("Drama")
    page.locator("form.wish").get_by_role("button", name="Apply").click()
    expect(page.get_by_role("list", name="Active filters")).to_contain_text("Drama")

    page = walker.open(PAGES["pages.search"], script=False)
    page.get_by_role("group", name="Year").get_by_label("to").fill("1950")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".result")).to_have_count(1)

    page = walker.open(PAGES["lists.together_page"], script=False)
    page.get_by_role("button", name="Stop using my ratings here").click()
    page.get_by_role("button", name="Use my ratings here").click()
    page.get_by_label("Maximum minutes").select_option("120")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("button", name="Add to the list").first).to_be_visible()

    page = walker.open(PAGES["social.report_form"], script=False)
    page.get_by_label("Spam").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Thank you. The administrators of this site will look at it.")).to_be_visible()

    page = walker.open(PAGES["apps.show"], script=False)
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_text("A test message will be sent within seconds.")).to_be_visible()
    page = walker.open(PAGES["accounts.account"], script=False)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download for Letterboxd").click()
    assert download.value.suggested_filename.endswith(".zip")
