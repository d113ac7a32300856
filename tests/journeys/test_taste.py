"""Users in a real browser: sign up, rate, see the lists change with reasons, delete the account."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from core.types import MovieId
from core.users import MarkKind, User
from engine.services import Services
from tests.journeys.access import grave
from tests.journeys.conftest import NARROW, WIDE, Visit, unused

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Keep = Callable[[Page, str], None]
PASSWORD = "correct horse battery"
MOVIE = MovieId(19)


@dataclass(frozen=True)
class Member:
    """A user with ratings, and the state of their browser."""

    user: User
    state: Any


@pytest.fixture(scope="module")
def member(services: Services, chromium: Browser, site: str) -> Member:
    """A user who rated a dozen movies, has a watchlist and wrote a review."""
    user = services.accounts.sign_up(unused("Ada"), PASSWORD)
    starters = services.recommending.starters(user, size=18)
    for movie, stars in zip(starters[:12], (5, 4.5, 4, 2, 1, 5, 4, 3, 2.5, 4, 0.5, 4.5), strict=True):
        services.diaries.rate(user, movie.id, stars)
    for movie in starters[12:]:
        services.diaries.mark(user, movie.id, MarkKind.WATCHLIST, on=True)
    services.diaries.review(user, starters[0].id, "Better every time.")
    context = chromium.new_context(base_url=site)
    sign_in(context.new_page(), user.name)
    state = context.storage_state()
    context.close()
    return Member(user, state)


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.locator(".menu")).to_be_visible()


def stars_of(services: Services, user: User, movie: int) -> float | None:
    rating = services.diaries.read(user).ratings.get(MovieId(movie))
    return rating.stars if rating else None


def click_star(page: Page, movie: int, stars: float) -> None:
    """Click on the half of the star for this rating."""
    box = page.locator(f'[data-say="{movie}"] .stars').first
    box.scroll_into_view_if_needed()
    frame = box.bounding_box()
    assert frame
    page.mouse.click(frame["x"] + frame["width"] * (stars - 0.25) / 5, frame["y"] + frame["height"] / 2)


def first_movies(page: Page, number: int = 6) -> list[str]:
    return page.locator(".wall .card-title").all_inner_texts()[:number]


def test_a_new_user_rates_ten_movies_and_sees_the_list_change_with_reasons(
    visit: Visit, keep: Keep, services: Services, tmp_path: Path
) -> None:
    with visit("/", accept_downloads=True) as page:
        name = sign_up(page, keep)
        choose_genres(page, keep)
        page.goto("/for-you")
        before = first_movies(page)
        keep(page, "journey-3-before-light-wide")
        rate_ten(page, keep)
        page.get_by_role("button", name="Show my recommendations").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("For you")
        assert first_movies(page) != before
        page.get_by_role("button", name="Why this?").first.click()
        expect(page.locator(".because").first).to_contain_text("Because you rated")
        expect(page.locator(".shares").first).to_be_visible()
        keep(page, "journey-5-after-light-wide")
        page.keyboard.press("Escape")
        expect(page.locator(".shares")).to_have_count(0)
        keep_on_the_watchlist(page)
        swipe_by_keyboard(page, keep)
        look_at_the_profile(page, keep)
        take_along(page, tmp_path)
        delete(page)
    assert services.accounts.sign_up(name, PASSWORD)


def sign_up(page: Page, keep: Keep) -> str:
    """Create an account, and return its name."""
    name = unused("Newcomer")
    page.get_by_role("complementary").get_by_role("link", name="Sign up").click()
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    keep(page, "journey-1-sign-up-light-wide")
    page.locator("main").get_by_role("button").last.click()
    expect(page).to_have_url(re.compile("/welcome$"))
    return name


def choose_genres(page: Page, keep: Keep) -> None:
    for genre in ("Science Fiction", "Thriller"):
        page.get_by_role("checkbox", name=genre).check()
    keep(page, "journey-2-genres-light-wide")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rate films you know")


def rate_ten(page: Page, keep: Keep) -> None:
    page.goto("/welcome/movies")
    movies = [int(card.get_attribute("data-movie") or 0) for card in page.locator(".card-box").all()][:10]
    for number, movie in enumerate(movies, 1):
        click_star(page, movie, 5 if number % 2 else 2)
        expect(page.locator("[data-progress-count]")).to_have_text(str(number))
    expect(page.locator(".toast")).to_contain_text("You gave")
    keep(page, "journey-4-rated-light-wide")


def keep_on_the_watchlist(page: Page) -> None:
    first = page.locator(".wall > li").first
    title = first.locator(".card-title").inner_text()
    first.get_by_role("button", name="Watchlist").click()
    expect(first.get_by_role("button", name="Watchlist")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".toast")).to_contain_text("is on your watchlist")
    page.goto("/watchlist")
    expect(page.locator(".card-title")).to_have_text([title])


def swipe_by_keyboard(page: Page, keep: Keep) -> None:
    page.goto("/swipe")
    top = page.locator(".deck > li:first-child h2 a")
    first = top.inner_text()
    keep(page, "journey-6-swipe-light-wide")
    with page.expect_response(lambda answer: answer.url.endswith("/swipe") and answer.request.method == "POST"):
        page.keyboard.press("ArrowRight")
    expect(top).not_to_have_text(first)
    with page.expect_response(lambda answer: answer.url.endswith("/swipe/undo")):
        page.keyboard.press("u")
    expect(top).to_have_text(first)
    with page.expect_response(lambda answer: answer.url.endswith("/swipe") and answer.request.method == "POST"):
        page.keyboard.press("ArrowLeft")
    page.reload()
    expect(top).not_to_have_text(first)


def look_at_the_profile(page: Page, keep: Keep) -> None:
    page.goto("/profile")
    expect(page.locator(".figures")).to_contain_text("10")
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    keep(page, "journey-7-profile-light-wide")


def take_along(page: Page, folder: Path) -> None:
    page.goto("/account")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()
    path = folder / "export.json"
    download.value.save_as(path)
    assert len(json.loads(path.read_text(encoding="utf-8"))["ratings"]) == 10


def delete(page: Page) -> None:
    form = page.locator("form", has=page.get_by_role("button", name="Delete my account"))
    form.locator("input[type=password]").fill(PASSWORD)
    form.get_by_role("button", name="Delete my account").click()
    expect(page.locator(".menu")).to_have_count(0)


def test_for_you_has_rows_without_a_movie_twice_that_the_keyboard_can_skip(visit: Visit, member: Member) -> None:
    with visit("/for-you", storage_state=member.state) as page:
        rows = page.locator("section > h2, .section-head > h2").all_inner_texts()
        assert {"Top picks", "From your watchlist"} <= set(rows)
        movies = [card.get_attribute("data-movie") for card in page.locator(".wall .card-box").all()]
        assert len(set(movies)) == len(movies)
        page.get_by_role("link", name="Skip this row").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('section').querySelector('h2').id") != "row-for-you"


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "desktop"])
def test_general_rows_of_the_home_page_are_loaded_when_they_are_reached(
    visit: Visit, member: Member, services: Services, size: dict[str, int]
) -> None:
    with visit("/", storage_state=member.state, viewport=size) as page:
        expect(page.locator("#row-1")).to_be_visible()
        assert page.locator("#section-1").count() == 0
        page.get_by_role("link", name="Browse all films").scroll_into_view_if_needed()
        expect(page.locator("#section-1")).to_be_visible()
        assert page.locator("main ul.row").count() == page.locator("main .row-box > ul.row").count() > 5
        shown = page.locator("main ul.row .card-box").evaluate_all("all => all.map((one) => one.dataset.movie)")
        assert len(set(shown)) == len(shown)
        assert page.locator("main ul.row").last.locator('.marks[role="toolbar"]').count() > 0
        movie = int(page.locator("main ul.row").last.locator(".card-box").first.get_attribute("data-movie") or 0)
        click_star(page, movie, 4)
        expect(page.locator(".toast")).to_contain_text("4 stars")
        assert stars_of(services, member.user, movie) == 4.0
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".toast")).to_have_text("Undone.")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "desktop"])
def test_filters_of_for_you_apply_at_once_and_going_back_restores_rows_and_scroll_exactly(
    visit: Visit, member: Member, size: dict[str, int]
) -> None:
    with visit("/for-you", storage_state=member.state, viewport=size) as page:
        page.evaluate("window.mark = true")
        if not page.get_by_label("Genre").is_visible():
            page.locator(".wish-more > summary").click()
        before = first_movies(page, 60)
        page.evaluate("document.querySelector('ul.row').scrollTo({ left: 300, behavior: 'instant' })")
        left = page.evaluate("document.querySelector('ul.row').scrollLeft")
        page.evaluate("scrollTo({ top: 321, behavior: 'instant' })")
        page.get_by_label("Genre").evaluate(
            "field => { field.value = 'Drama'; field.dispatchEvent(new Event('change', { bubbles: true })); }"
        )
        expect(page.get_by_role("list", name="Active filters")).to_contain_text("Drama")
        assert page.evaluate("window.mark")
        expect(page.get_by_label("Genre")).to_have_value("Drama")
        page.go_back()
        page.wait_for_function("scrollY === 321")
        assert first_movies(page, 60) == before
        assert page.evaluate("document.querySelector('ul.row').scrollLeft") == left
        page.locator(".wall .card").nth(3).evaluate("link => link.click()")
        page.wait_for_url("**/movies/**")
        page.go_back()
        page.wait_for_function("scrollY === 321")
        assert page.evaluate("document.querySelector('ul.row').scrollLeft") == left


def test_was_this_helpful_is_answered_in_place_and_asked_once(visit: Visit, member: Member) -> None:
    with visit("/search?q=robot", storage_state=member.state) as page:
        page.evaluate("window.mark = true")
        page.locator(".helpful").get_by_role("button", name="Yes").click()
        expect(page.get_by_role("status").filter(has_text="Thank you for your answer.")).to_be_focused()
        assert page.evaluate("window.mark")
        page.reload()
        expect(page.locator("form.helpful")).to_have_count(0)


@pytest.mark.parametrize("path", ["/search?q=robot", "/for-you"])
def test_on_a_phone_the_first_result_comes_early(visit: Visit, member: Member, path: str) -> None:
    with visit(path, storage_state=member.state, viewport=NARROW) as page:
        assert page.locator(".result, .wall > li").first.evaluate("e => e.getBoundingClientRect().top") <= 200
        for name in ("Browse", "Trending"):
            expect(page.get_by_role("navigation", name="Site").get_by_role("link", name=name)).to_be_in_viewport()


def test_one_click_rates_and_another_one_undoes_it(visit: Visit, services: Services, member: Member) -> None:
    with visit(f"/movies/{MOVIE}", storage_state=member.state) as page:
        click_star(page, MOVIE, 3.5)
        expect(page.locator(".toast")).to_contain_text("3½ stars")
        assert stars_of(services, member.user, MOVIE) == 3.5
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".toast")).to_have_text("Undone.")
        assert stars_of(services, member.user, MOVIE) is None
        click_star(page, MOVIE, 4)
        expect(page.locator(".toast")).to_contain_text("4 stars")
        click_star(page, MOVIE, 4)
        expect(page.locator(".toast")).to_contain_text("was removed")
        assert stars_of(services, member.user, MOVIE) is None


def test_stars_work_by_keyboard_and_announce_their_value(visit: Visit, services: Services, member: Member) -> None:
    with visit(f"/movies/{MOVIE}", storage_state=member.state) as page:
        slider = page.get_by_role("slider", name="Your rating of Metropolis")
        slider.focus()
        for _ in range(9):
            page.keyboard.press("ArrowRight")
        expect(slider).to_have_attribute("aria-valuetext", "4½ stars")
        expect(page.locator(".toast")).to_contain_text("4½ stars")
        assert stars_of(services, member.user, MOVIE) == 4.5
        page.keyboard.press("u")
        expect(page.locator(".toast")).to_have_text("Undone.")
        assert stars_of(services, member.user, MOVIE) is None


def test_a_rating_by_keyboard_is_saved_if_the_page_is_left_immediately(
    visit: Visit, services: Services, member: Member
) -> None:
    with visit(f"/movies/{MOVIE}", storage_state=member.state) as page:
        page.get_by_role("slider", name="Your rating of Metropolis").focus()
        page.keyboard.press("End")
        page.goto("/about")
        page.goto(f"/movies/{MOVIE}")
        expect(page.get_by_role("slider", name="Your rating of Metropolis")).to_have_value("5")
    services.diaries.rate(member.user, MOVIE, None)


def test_marks_are_one_tab_stop_with_arrow_keys_inside(visit: Visit, member: Member) -> None:
    with visit("/for-you", storage_state=member.state) as page:
        bar = page.get_by_role("toolbar").first
        bar.get_by_role("button").first.focus()
        page.keyboard.press("ArrowRight")
        expect(bar.get_by_role("button", name="Watched")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.marks')") is None


def test_touch_rates_and_swipes(visit: Visit, services: Services, member: Member) -> None:
    with visit(f"/movies/{MOVIE}", storage_state=member.state, has_touch=True, viewport=NARROW) as page:
        box = page.locator(f'[data-say="{MOVIE}"] .stars').first
        box.scroll_into_view_if_needed()
        frame = box.bounding_box()
        assert frame
        page.touchscreen.tap(frame["x"] + frame["width"] * 0.95, frame["y"] + frame["height"] / 2)
        expect(page.locator(".toast")).to_contain_text("5 stars")
        page.get_by_role("button", name="Undo").tap()
        expect(page.locator(".toast")).to_have_text("Undone.")
        page.goto("/swipe")
        card = page.locator(".deck > li:first-child")
        movie = MovieId(int(card.get_attribute("data-movie") or 0))
        with page.expect_response(lambda answer: answer.url.endswith("/swipe") and answer.request.method == "POST"):
            drag(page, card.locator(".swipe-face"), by=160)
        assert movie in services.diaries.read(member.user).marked(MarkKind.LIKED)
    services.diaries.mark(member.user, movie, MarkKind.LIKED, on=False)


def drag(page: Page, face: Any, *, by: int) -> None:
    """Swipe to the right with the protocol's own touch events, since Playwright only has taps."""
    frame = face.bounding_box()
    assert frame
    finger = page.context.new_cdp_session(page)
    x, y = frame["x"] + 60, frame["y"] + 100
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        point = {"x": x + by * step / 8, "y": y}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_all_user_pages_work_without_javascript(visit: Visit, services: Services, member: Member) -> None:
    with visit(f"/movies/{MOVIE}", storage_state=member.state, java_script_enabled=False) as page:
        page.get_by_role("slider", name="Your rating of Metropolis").focus()
        for _ in range(8):
            page.keyboard.press("ArrowRight")
        page.get_by_role("button", name="Rate Metropolis").click()
        expect(page.get_by_role("status").filter(has_text="You gave Metropolis 4 stars.")).to_be_visible()
        assert stars_of(services, member.user, MOVIE) == 4
        page.get_by_role("button", name="Undo").click()
        assert stars_of(services, member.user, MOVIE) is None
        page.get_by_role("button", name="Favourite").first.click()
        expect(page.get_by_role("button", name="Favourite").first).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="Undo").click()
        page.get_by_label("Write a review").fill("Machines.")
        page.locator(".review-form").get_by_role("button", name="Save").click()
        expect(page.get_by_label("Your review")).to_have_value("Machines.")
        page.get_by_role("button", name="Delete my review").click()
        expect(page.get_by_label("Write a review")).to_have_value("")
        page.goto("/swipe")
        first = page.locator(".swipe-card h2 a").first.inner_text()
        page.get_by_role("button", name=re.compile("^Not now")).click()
        expect(page.locator(".swipe-card h2 a").first).not_to_have_text(first)
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".swipe-card h2 a").first).to_have_text(first)


def test_a_letterboxd_export_is_imported(
    visit: Visit, keep: Keep, services: Services, member: Member, tmp_path: Path
) -> None:
    export = tmp_path / "ratings.csv"
    export.write_text(
        "Date,Name,Year,Letterboxd URI,Rating\n"
        "2024-01-01,Metropolis,1927,https://boxd.it/1,4.5\n"
        "2024-01-02,A Film of Nowhere,1999,https://boxd.it/2,3\n",
        encoding="utf-8",
    )
    with visit("/import", storage_state=member.state) as page:
        page.get_by_label("Exported file").set_input_files(export)
        page.get_by_role("button", name="Preview").click()
        expect(page.locator(".figures")).to_contain_text("Matched")
        expect(page.get_by_text("A Film of Nowhere")).to_be_visible()
        keep(page, "import-plan-light-wide")
        assert grave(page) == []
        page.get_by_role("button", name="Import 1 film").click()
        expect(page.get_by_role("status").first).to_contain_text("1 film imported from ratings.csv")
    assert stars_of(services, member.user, MOVIE) == 4.5
    services.diaries.rate(member.user, MOVIE, None)


def events_of(services: Services, user: User) -> list[dict[str, Any]]:
    services.events.flush()
    return [event for event in services.accounts.export(user)["events"] if event["list"] == "for-you"]


def test_impressions_and_clicks_are_recorded(visit: Visit, services: Services, member: Member) -> None:
    before = events_of(services, member.user)  # The other tests of this user click on For you too.
    with visit("/for-you", storage_state=member.state, viewport=WIDE) as page:
        expect(page.locator("[data-watched]").first).to_be_visible()
        page.locator('[data-list="for-you"] a.card').first.click()
        expect(page.locator("article.movie")).to_be_visible()
        page.wait_for_load_state("networkidle")
    events = [event for event in events_of(services, member.user) if event not in before]
    assert {event["kind"] for event in events} == {"impression", "click"}
    clicked = next(event for event in events if event["kind"] == "click")
    assert clicked["position"] == 1
    assert clicked["model"]


def test_the_slider_submits_its_form(visit: Visit, member: Member) -> None:
    with visit("/for-you", storage_state=member.state) as page:
        page.get_by_label("How well known should they be?").focus()
        page.keyboard.press("Home")
        expect(page).to_have_url(re.compile("familiarity=0"))
