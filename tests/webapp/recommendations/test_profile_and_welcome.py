"""The profile and the welcome pages."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tests import fakes
from tests.webapp.user_browser import Member, carded
from webapp.http import sessions
from webapp.recommendations import charts

SVG = re.compile(r'(?s)<svg class="(?:bars|columns)".*?</svg>')


def test_the_profile_has_charts_of_ratings_genres_decades_and_people_with_tables(ada: Member) -> None:
    for number, value in ((101, 5.0), (103, 4.5), (105, 0.5)):
        ada.rate(value, number)
    text = ada.page("/profile")
    assert re.findall(r'<h2 id="picture-(\w+)"', text) == [
        "histogram",
        "genres",
        "decades",
        "people",
    ]
    drawings = SVG.findall(text)
    assert len(drawings) == text.count("As a table") == text.count("<table>") == 4
    for drawing in drawings:
        root = ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-label"]
        assert not {name for element in root.iter() for name in element.attrib} & {"style", "onload", "onclick"}
    assert "Most often, you give 0.5 stars." in text or "Most often, you give" in text
    assert "Inez Okafor" in text


def test_every_figure_of_a_chart_is_at_its_bar_and_in_its_table(ada: Member) -> None:
    for number, value in ((101, 5.0), (103, 4.5), (105, 0.5)):
        ada.rate(value, number)
    profile = ada.services.recommending.profile(ada.user)
    for picture in charts.pictures(profile):
        assert all(bar.label for bar in picture.bars)
        assert {bar.label for bar in picture.bars} <= {row[0] for row in picture.rows}
        lengths = [bar.length for bar in picture.bars]
        assert max(lengths) <= (charts.COLUMN_HEIGHT if picture.upright else charts.BAR_WIDTH)
        assert all(bar.figure for bar in picture.bars if bar.length)


def test_one_movie_next_to_a_thousand_is_still_visible() -> None:
    profile = fakes.services().recommending.profile(fakes.services().accounts.sign_up("Ada", "correct horse"))
    drawn = charts.decades(type(profile)(1001, 4.0, {}, (), (("1950s", 1), ("1990s", 1000)), ()))
    assert drawn.bars[0].length == charts.LEAST


def test_favourite_genres_are_saved_and_used_for_the_next_step(ada: Member) -> None:
    text = ada.follow(ada.post("/welcome", genre=["Western", "Nope", "Horror"]))
    user, _ = ada.services.accounts.resume(session(ada)) or (None, None)
    assert user is not None
    assert set(user.preferences.genres) == {"Western", "Horror"}
    favourites = {movie.id for movie in fakes.MOVIES if {"Western", "Horror"} & set(movie.genres)}
    assert set(carded(text)[:6]) <= favourites
    assert len(re.findall(r"<input[^>]* checked>", ada.page("/welcome"))) == 2


def test_no_genre_is_a_valid_choice(ada: Member) -> None:
    assert len(carded(ada.follow(ada.post("/welcome")))) == 12


def test_the_welcome_page_counts_ratings_and_can_be_skipped(ada: Member) -> None:
    text = ada.page("/welcome/movies")
    assert 'max="10" value="0"' in text
    assert "Skip this step" in text
    ada.rate(4.0, 101, 102, 103)
    text = ada.page("/welcome/movies")
    assert 'max="10" value="3"' in text
    assert "Skip this step" not in text
    assert "For you" in ada.follow(ada.post("/welcome/done"))
    user, _ = ada.services.accounts.resume(session(ada)) or (None, None)
    assert user is not None
    assert user.preferences.onboarded


def test_other_movies_are_shown_until_there_are_none(ada: Member) -> None:
    seen, url = [], "/welcome/movies"
    while url:
        text = ada.page(url)
        seen += carded(text)
        found = re.search(r'href="(/welcome/movies\?page=\d+)">Show other films', text)
        url = found[1] if found else ""
    assert sorted(seen) == sorted(movie.id for movie in fakes.MOVIES)
    assert ada.client.get("/welcome/movies?page=-3").status_code == 200


def session(member: Member) -> str:
    with member.client.session_transaction() as cookie:
        return str(cookie[sessions.OPENED])
