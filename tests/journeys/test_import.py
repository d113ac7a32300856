"""Correcting a row of an import, and the connections, in a real browser without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.types import SearchRequest
from engine.services import Services
from tests.journeys.access import grave, settled
from tests.journeys.conftest import NARROW, Visit, unused
from tests.journeys.test_taste import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Keep = Callable[[Page, str], None]


@pytest.mark.parametrize("script", [True, False])
def test_a_user_corrects_a_row_and_imports_the_file(
    visit: Visit,
    keep: Keep,
    services: Services,
    script: bool,
) -> None:
    user = services.accounts.sign_up(unused("Importing"), PASSWORD)
    movies = [hit.movie for hit in services.search.run(SearchRequest(size=2)).hits]
    rows = (f'2024-01-01,"{movies[0].title}",{movies[0].year},u,4.5', "2024-01-02,Nowhere to be Found,1999,u,3")
    content = "\n".join(("Date,Name,Year,Letterboxd URI,Rating", *rows, "")).encode()
    with visit("/sign-in", java_script_enabled=script, viewport=NARROW) as page:
        sign_in(page, user.name)
        page.goto("/import")
        page.set_input_files("#file", {"name": "ratings.csv", "mimeType": "text/csv", "buffer": content})
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("ratings.csv")
        settled(page)
        keep(page, f"import-preview-{script}")
        assert not script or grave(page) == []
        page.get_by_role("link", name="Correct row 3: Nowhere to be Found").click()
        page.locator("#q").last.fill(movies[1].title)
        page.locator("main").get_by_role("button", name="Search").click()
        choice = page.locator(f'button[name="movie"][value="{movies[1].id}"]')
        expect(choice).to_be_visible()
        keep(page, f"import-line-{script}")
        assert not script or grave(page) == []
        choice.click()
        page.get_by_role("button", name="Import 2 films").click()
        expect(page.locator("main")).to_contain_text("2 films imported from ratings.csv. (2 ratings)")
    assert {m: r.stars for m, r in services.diaries.read(user).ratings.items()} == {movies[0].id: 4.5, movies[1].id: 3}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_connections_are_accessible_and_as_wide_as_their_window(
    visit: Visit, keep: Keep, services: Services, scheme: str
) -> None:
    user = services.accounts.sign_up(unused("Connected"), PASSWORD)
    with visit("/sign-in", color_scheme=scheme, viewport=NARROW) as page:
        sign_in(page, user.name)
        page.goto("/account/apps")
        settled(page)
        keep(page, f"connections-{scheme}")
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        page.locator("#server-password").fill(PASSWORD)
        page.get_by_role("button", name="Create the address").click()
        assert "/api/scrobble/plex?token=" in page.locator("#secret").input_value()
