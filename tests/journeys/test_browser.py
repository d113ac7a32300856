"""Visitors in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import NARROW, WIDE, Visit

pytestmark = pytest.mark.browser

Keep = Callable[[Page, str], None]


def test_a_visitor_describes_a_movie_and_finds_it(visit: Visit) -> None:
    with visit("/") as page:
        page.get_by_role("combobox").fill("robot inventor black glove")
        page.get_by_role("button", name="Search", exact=True).click()
        expect(page).to_have_url(re.compile("/search"))
        first = page.locator(".result").first
        expect(first.get_by_role("heading")).to_contain_text("Metropolis")
        expect(first.locator("mark").first).to_be_visible()
        first.get_by_role("heading").get_by_role("link").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Metropolis")
        page.get_by_role("link", name="Fritz Lang").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Fritz Lang")


def test_everything_works_without_javascript(visit: Visit) -> None:
    with visit("/", java_script_enabled=False) as page:
        page.get_by_role("searchbox").fill("robot")
        page.get_by_role("button", name="Search", exact=True).click()
        page.get_by_role("link", name=re.compile("^Science Fiction")).first.click()
        chips = page.get_by_role("list", name="Active filters")
        expect(chips).to_contain_text("Science Fiction")
        chips.get_by_role("link").click()
        expect(chips).to_have_count(0)
        page.locator(".result h2 a").first.click()
        expect(page.get_by_role("heading", level=2, name="Cast")).to_be_visible()
        expect(page.get_by_role("heading", level=2, name="Similar films")).to_be_visible()


@pytest.mark.slow
def test_pages_of_results_can_be_turned_without_javascript(visit: Visit) -> None:
    with visit("/search", java_script_enabled=False) as page:
        first = page.locator(".result h2").first.inner_text()
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").click()
        expect(page.locator(".result h2").first).not_to_have_text(first)
        expect(page.get_by_role("navigation", name="Pages")).to_contain_text("Page 2 of")


def test_suggestions_can_be_navigated_with_the_keyboard(visit: Visit, keep: Keep) -> None:
    with visit("/") as page:
        page.keyboard.press("/")
        box = page.get_by_role("combobox")
        expect(box).to_be_focused()
        page.keyboard.type("metropol")
        expect(page.get_by_role("option").first).to_be_visible()
        expect(box).to_have_attribute("aria-expanded", "true")
        keep(page, "suggestions-light-wide")
        page.keyboard.press("ArrowDown")
        chosen = page.get_by_role("option", selected=True)
        expect(chosen).to_contain_text("Metropolis")
        assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/movies/19-metropolis$"))


@pytest.mark.slow
def test_escape_closes_the_suggestions_and_keeps_the_text(visit: Visit) -> None:
    with visit("/") as page:
        box = page.get_by_role("combobox")
        box.press_sequentially("metropol")
        expect(page.get_by_role("listbox")).to_be_visible()
        box.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(box).to_have_value("metropol")
        expect(box).to_have_attribute("aria-expanded", "false")


@pytest.mark.slow
def test_a_suggestion_can_be_clicked(visit: Visit) -> None:
    with visit("/about") as page:
        page.get_by_role("combobox").press_sequentially("fritz la")
        page.get_by_role("option").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Fritz Lang")


@pytest.mark.slow
def test_more_movies_are_appended_and_focused(visit: Visit) -> None:
    with visit("/search") as page:
        expect(page.locator(".result")).to_have_count(20)
        page.get_by_role("link", name="Show more films").click()
        expect(page.locator(".result")).to_have_count(40)
        expect(page.locator(".result").nth(20).get_by_role("link").first).to_be_focused()
        page.get_by_role("link", name="Show more films").click()
        expect(page.locator(".result")).to_have_count(60)
        titles = page.locator(".result h2").all_inner_texts()
        assert len(set(titles)) == len(titles)


@pytest.mark.slow
def test_a_poster_that_fails_to_load_is_replaced_with_the_drawn_one(visit: Visit) -> None:
    def as_photograph(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace(
            'src="/poster/19.svg" alt=""', 'src="/nowhere.jpg" alt="Poster" data-drawn="/poster/19.svg"'
        )
        route.fulfill(response=answer, body=body)

    with visit("/about") as page:
        page.route("**/movies/19", as_photograph)
        page.goto("/movies/19")
        expect(page.locator(".movie-poster img")).to_have_attribute("src", "/poster/19.svg")
        expect(page.locator(".movie-poster img")).to_have_js_property("naturalWidth", 300)


@pytest.mark.slow
def test_the_chosen_theme_persists_on_the_next_page(visit: Visit) -> None:
    with visit("/", color_scheme="light") as page:
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Switch between light and dark").click()
        page.goto("/about")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != paper


def test_the_keyboard_can_skip_to_the_content(visit: Visit) -> None:
    with visit("/movies/19") as page:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


@pytest.mark.slow
def test_filters_are_collapsed_on_phones_and_open_on_desktops(visit: Visit) -> None:
    for viewport, shown in ((NARROW, False), (WIDE, True)):
        with visit("/search?q=robot", viewport=viewport) as page:
            expect(page.get_by_role("heading", name="Genre", exact=True)).to_be_visible(visible=shown)


@pytest.mark.slow
def test_a_range_of_years_is_applied_from_the_form(visit: Visit) -> None:
    with visit("/search?q=robot") as page:
        years = page.get_by_role("group", name="Year")
        years.get_by_label("to").fill("1950")
        page.get_by_role("button", name="Apply").click()
        expect(page.get_by_role("list", name="Active filters")).to_contain_text("up to 1950")
        expect(page.locator(".result")).to_have_count(1)


@pytest.mark.slow
def test_nothing_is_loaded_from_other_sites(visit: Visit, site: str) -> None:
    requested: list[str] = []
    with visit("/about") as page:
        page.on("request", lambda request: requested.append(request.url))
        for path in ("/", "/search?q=robot", "/movies/19", "/api/docs"):
            page.goto(path)
            page.wait_for_load_state("networkidle")
    assert [url for url in requested if not url.startswith(site)] == []


@pytest.mark.slow
def test_animations_respect_reduced_motion(visit: Visit) -> None:
    with visit("/", reduced_motion="reduce") as page:
        duration = "getComputedStyle(document.querySelector('.card .poster')).transitionDuration"
        assert page.evaluate(duration) == "0s"


@pytest.mark.slow
def test_a_printed_movie_page_contains_only_the_movie(visit: Visit) -> None:
    with visit("/movies/19") as page:
        page.emulate_media(media="print")
        expect(page.locator(".masthead")).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
