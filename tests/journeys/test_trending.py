"""Trending lists in a real browser: events arrive, and the lists change with reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from core.trends import Origin, Trend, TrendList, Window
from core.types import Movie, MovieId
from core.users import Event, EventKind, User
from data.database import Stores
from engine import trending, wiring
from engine.services import Services
from engine.trending.lists import SECONDS, Trending
from tests import databases, sample
from tests.engine.trending.made import Watching
from tests.journeys.access import grave
from tests.journeys.conftest import WIDE, Visit, running, unused
from tests.journeys.test_taste import PASSWORD, Member, click_star, sign_in, stars_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Keep = Callable[[Page, str], None]


@dataclass
class Timer:
    """A timer advanced by tests, in seconds."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


TIMER = Timer()
"""The timer of the site's cache of lists."""


@pytest.fixture(scope="module")
def services(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Services:
    """Return the same site with a separate user database: events of other tests would affect the lists."""
    people = tmp_path_factory.mktemp("trending-people") / "people.sqlite"
    changes = {"database_url": SecretStr(f"sqlite:///{people}")}
    separate = sample.services(services.settings.model_copy(update=changes))
    return replace(separate, trending=Trending(wiring.people(separate.settings).trends, separate.movies, timer=TIMER))


@pytest.fixture(scope="module")
def site(services: Services) -> Iterator[str]:
    """The URL of the site."""
    with running(services) as address:
        yield address


@pytest.fixture(scope="module")
def stores(services: Services) -> Stores:
    """The database behind the site."""
    return databases.open_new(services.settings.database)


@pytest.fixture(scope="module")
def movies(services: Services) -> Sequence[Movie]:
    """Movies of the sample."""
    return services.movies.home_rows()[0].movies


@pytest.fixture(scope="module")
def crowd(services: Services) -> list[User]:
    """All users of the site."""
    return [services.accounts.sign_up(unused("Crowd"), PASSWORD) for _ in range(8)]


@pytest.fixture(scope="module", autouse=True)
def busy(services: Services, stores: Stores, movies: Sequence[Movie], crowd: list[User]) -> None:
    """Three weeks in which some movies are opened every day, and one of them today by everybody."""
    now = datetime.now(UTC)
    events = [
        Event(EventKind.CLICK, now - timedelta(days=day, minutes=5), user.id, movie.id)
        for day in range(21)
        for place, movie in enumerate(movies[:9])
        for user in crowd[: 8 if day == 0 and place == 4 else 2 + place % 3 if day else 3 + place % 3]
    ]
    stores.events.add(events)
    refresh(services, stores)


def refresh(services: Services, stores: Stores) -> None:
    trending.refresh(wiring.job_context(services.settings, stores), Watching(), parameters={"full": True})


@pytest.fixture
def member(services: Services, chromium: Browser, site: str) -> Member:
    """A new user, and the state of their browser."""
    user = services.accounts.sign_up(unused("Trudy"), PASSWORD)
    context = chromium.new_context(base_url=site)
    sign_in(context.new_page(), user.name)
    state = context.storage_state()
    context.close()
    return Member(user, state)


def test_without_javascript_the_tabs_lead_from_list_to_list(visit: Visit, movies: Sequence[Movie]) -> None:
    with visit("/", java_script_enabled=False) as page:
        page.get_by_role("navigation", name="Site").get_by_role("link", name="Trending").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Trending")
        expect(page.locator(".card-reason").first).to_contain_text("8 viewers showed interest in the last day")
        page.get_by_role("link", name="This week").click()
        expect(page.locator(".card-reason").first).to_contain_text("in the last week")
        page.get_by_role("link", name="Rising").click()
        expect(page.locator(".card-title").first).to_have_text(movies[4].title)
        expect(page.locator(".card-reason").first).to_contain_text("times as much as usual")
        expect(page.get_by_role("link", name="Rising")).to_have_attribute("aria-current", "page")


def test_a_movie_can_be_reached_by_keyboard(visit: Visit, movies: Sequence[Movie]) -> None:
    with visit("/trending", viewport=WIDE) as page:
        page.locator("nav[aria-label='Lists'] a").first.focus()
        for _ in range(3):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(movies[4].title)


def test_a_movie_can_be_rated_in_the_list(
    visit: Visit, services: Services, member: Member, movies: Sequence[Movie]
) -> None:
    with visit("/trending", storage_state=member.state) as page:
        click_star(page, movies[4].id, 4)
        expect(page.locator(".toast")).to_contain_text("4 stars")
    assert stars_of(services, member.user, movies[4].id) == 4


def test_clicks_in_the_list_are_recorded_with_its_name(visit: Visit, services: Services, member: Member) -> None:
    with visit("/trending", storage_state=member.state) as page:
        expect(page.locator("[data-watched]").first).to_be_visible()
        page.locator(".card").first.click()
        expect(page.locator("article.movie")).to_be_visible()
        page.wait_for_load_state("networkidle")
    services.events.flush()
    events = [event for event in services.accounts.export(member.user)["events"] if event["list"] == "trending"]
    assert {"click", "impression"} <= {event["kind"] for event in events}


def test_the_home_page_links_to_the_list(visit: Visit, keep: Keep, movies: Sequence[Movie]) -> None:
    with visit("/") as page:
        row = page.locator("section", has=page.get_by_role("heading", name="Trending", exact=True))
        expect(row.locator(".card-title").first).to_have_text(movies[4].title)
        row.scroll_into_view_if_needed()
        keep(page, "home-trending-light-wide")
        row.get_by_role("link", name="See all").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Trending")


def test_new_events_change_the_list(
    visit: Visit, services: Services, stores: Stores, movies: Sequence[Movie], crowd: list[User]
) -> None:
    now = datetime.now(UTC)
    for kind in (EventKind.SWIPE_RIGHT, EventKind.CLICK):
        stores.events.add([Event(kind, now, user.id, movies[11].id, query="it") for user in crowd])
    trending.refresh(wiring.job_context(services.settings, stores), Watching(), parameters={})
    with visit("/trending") as page:
        TIMER.seconds += SECONDS
        page.reload()
        expect(page.locator(".card-title").first).to_have_text(movies[11].title)


def test_the_page_says_if_the_list_is_from_movielens(
    visit: Visit, keep: Keep, services: Services, stores: Stores, movies: Sequence[Movie]
) -> None:
    trends = tuple(Trend(MovieId(movie.id), 9.0, 9, 9.0, 1.0) for movie in movies)
    now = datetime.now(UTC)
    stores.trends.publish([TrendList(window, Origin.MOVIELENS, now, trends) for window in Window])
    with visit("/trending") as page:
        TIMER.seconds += SECONDS
        page.reload()
        expect(page.locator(".standing-in")).to_contain_text("newest ratings of MovieLens")
        keep(page, "trending-standing-in-light-wide")
        assert grave(page) == []
    refresh(services, stores)
