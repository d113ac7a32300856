"""Filters, orders and pages without a reload, and with history, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import NARROW, WIDE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"phone": NARROW, "desktop": WIDE}
DRAMAS = "/search?genre=Drama&sort=popularity"


def _mark(page: Page) -> None:
    """Mark the document, to find out whether it was loaded again."""
    page.evaluate("window.mark = true")


def _marked(page: Page) -> bool:
    return bool(page.evaluate("window.mark === true"))


def _titles(page: Page) -> list[str]:
    return page.locator(".result h2 a:first-child").all_inner_texts()


def _scroll(page: Page, top: int) -> float:
    page.evaluate(f"scrollTo({{ top: {top}, behavior: 'instant' }})")
    found = float(page.evaluate("scrollY"))
    assert found > 0
    return found


def _expect_top(page: Page, top: float) -> None:
    page.wait_for_function("top => scrollY === top", arg=top)


def _click(link: Locator) -> None:
    """Click a link without scrolling to it first, as Playwright would."""
    link.evaluate("link => link.click()")


def _choose(page: Page, name: str, value: str) -> None:
    """Choose a facet, in the filters of a phone or beside the results."""
    filters = page.locator("details.filters")
    if not page.get_by_role("region", name=name, exact=True).is_visible():
        filters.locator("summary").first.click()
    page.get_by_role("region", name=name, exact=True).get_by_role("link", name=value).first.click()


@pytest.mark.parametrize("size", SIZES)
def test_a_facet_changes_the_results_without_a_reload(visit: Visit, size: str) -> None:
    with visit(DRAMAS, viewport=SIZES[size]) as page:
        _mark(page)
        total = page.locator(".total").inner_text()
        _choose(page, "Decade", "1990s")
        expect(page.get_by_role("list", name="Active filters")).to_contain_text("1990–1999")
        assert "year_from=1990" in page.url
        assert _marked(page)
        changed = page.locator(".total").inner_text()
        assert changed != total
        assert page.locator("[data-announcer]").inner_text() == changed
        focused = page.evaluate("document.activeElement.textContent")
        assert "1990s" in focused
        assert page.url.endswith(page.locator("[data-next][name=next]").get_attribute("value") or "nowhere")


@pytest.mark.parametrize("size", SIZES)
def test_going_back_and_forward_restores_results_and_scroll_exactly(visit: Visit, size: str) -> None:
    with visit(DRAMAS, viewport=SIZES[size]) as page:
        _mark(page)
        first, top = _titles(page), _scroll(page, 1_234)
        _click(page.get_by_role("link", name="Highest rated"))
        page.wait_for_url("**sort=rating**")
        _click(page.get_by_role("link", name="1980s", include_hidden=True).first)
        expect(page.get_by_role("list", name="Active filters")).to_contain_text("1980–1989")
        second, other = _titles(page), _scroll(page, 777)
        assert second != first
        page.go_back()
        page.go_back()
        _expect_top(page, top)
        assert _titles(page) == first
        page.go_forward()
        page.go_forward()
        _expect_top(page, other)
        assert _titles(page) == second
        assert _marked(page)


@pytest.mark.parametrize("size", SIZES)
def test_returning_from_a_movie_restores_further_results_and_scroll_exactly(visit: Visit, size: str) -> None:
    with visit(DRAMAS, viewport=SIZES[size]) as page:
        shown = page.locator(".result")
        page.get_by_role("link", name="Show more films").click()
        expect(shown).to_have_count(40)
        page.get_by_role("link", name="Show more films").click()
        expect(shown).to_have_count(60)
        page.evaluate("document.querySelector('details.filters').open = true")
        first, top = _titles(page), _scroll(page, 9_000)
        _click(shown.nth(52).locator("h2 a").first)
        page.wait_for_url("**/movies/**")
        page.go_back()
        _expect_top(page, top)
        assert _titles(page) == first
        assert page.evaluate("document.querySelector('details.filters').open")
        page.reload()
        _expect_top(page, top)


def test_a_later_choice_cancels_the_one_before_it(visit: Visit) -> None:
    with visit(DRAMAS) as page:
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/search?*year_from=1990*", hold)
        _mark(page)
        _click(page.get_by_role("link", name="1990s").first)
        expect(page.locator("[data-results]")).to_have_attribute("aria-busy", "true")
        _click(page.get_by_role("link", name="Newest"))
        page.wait_for_url("**sort=newest**")
        expect(page.locator("[data-results]")).not_to_have_attribute("aria-busy", "true")
        assert len(held) == 1
        assert "year_from" not in page.url
        assert _marked(page)


def test_after_an_error_the_link_is_followed_as_usual(visit: Visit) -> None:
    with visit(DRAMAS) as page:
        page.route(
            "**/search?*", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_()
        )
        _mark(page)
        _click(page.get_by_role("link", name="Newest"))
        page.wait_for_url("**sort=newest**")
        assert not _marked(page)
        page.unroute_all()


def test_without_scripts_filters_and_pages_are_links(visit: Visit) -> None:
    with visit(DRAMAS, java_script_enabled=False) as page:
        _choose(page, "Decade", "1990s")
        assert "year_from=1990" in page.url
        page.get_by_role("link", name="Show more films").click()
        assert "page=2" in page.url
        page.get_by_role("link", name="Previous").click()
        page.get_by_role("link", name="remove this filter").first.click()
        assert "genre" not in page.url


def test_pages_of_a_list_start_at_the_top(visit: Visit) -> None:
    with visit("/genres/Drama") as page:
        _mark(page)
        top = _scroll(page, 1_000)
        _click(page.get_by_role("link", name="Next"))
        page.wait_for_url("**page=2**")
        _expect_top(page, 0)
        assert page.evaluate("document.activeElement.tagName") == "H1"
        page.go_back()
        _expect_top(page, top)
        assert _marked(page)


def test_trending_windows_change_without_a_reload(visit: Visit) -> None:
    with visit("/trending") as page:
        _mark(page)
        page.get_by_role("link", name="This week").click()
        page.wait_for_url("**window=week")
        expect(page).to_have_title("Trending: This week · Marquee")
        expect(page.get_by_role("link", name="This week")).to_be_focused()
        page.go_back()
        expect(page).to_have_title("Trending: Today · Marquee")
        assert _marked(page)
