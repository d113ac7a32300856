"""The diary: logging on the movie page, the list, the calendar, the year in film, and undoing. Without JavaScript."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from core.diary.watches import MAX_NOTE_LENGTH, WatchEntry
from core.types import MovieId
from core.users import MarkKind
from tests.webapp.diary.test_actions import undo_form
from tests.webapp.user_browser import Join, Member, carded

MOVIE = MovieId(101)


def entries(member: Member) -> list[WatchEntry]:
    return [watch.entry for watch in member.services.watches.page(member.user).watches]


def log(member: Member, day: str = "2026-03-01", movie: int = 101, **fields: str) -> int:
    member.follow(member.post(f"/movies/{movie}/log", day=day, came_from="/diary", **fields))
    return max(watch.id for watch in member.services.watches.page(member.user).watches)


def test_a_watching_is_logged_on_the_page_of_its_movie(ada: Member) -> None:
    answer = ada.post("/movies/101/log", day="2026-03-01", stars="4.5", rewatch="1", note="With Bob")
    assert answer.headers["Location"] == "/movies/101"
    assert entries(ada) == [WatchEntry(movie=MOVIE, day=date(2026, 3, 1), rewatch=True, stars=4.5, note="With Bob")]
    assert ada.diary.ratings[MOVIE].stars == 4.5
    assert MOVIE in ada.diary.marked(MarkKind.WATCHED)
    text = ada.follow(answer)
    assert "is in your diary" in text
    assert re.search(r'class="seen".*1 March 2026', text)


def test_the_form_proposes_today_in_the_time_zone_of_the_user(ada: Member) -> None:
    days = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        ada.prefer(time_zone=zone)
        found = re.search(r'id="log-day" type="date" name="day" value="([^"]+)"', ada.page("/movies/101"))
        assert found
        days.add(found[1])
    assert len(days) == 2


def test_an_earlier_watching_proposes_a_rewatch(ada: Member) -> None:
    assert not re.search(r'name="rewatch" value="1" checked', ada.page("/movies/101"))
    log(ada)
    assert re.search(r'name="rewatch" value="1" checked', ada.page("/movies/101"))


def test_undoing_a_logged_watching_restores_rating_and_mark(ada: Member) -> None:
    ada.rate(2.0, 101)
    text = ada.follow(ada.post("/movies/101/log", day="2026-03-01", stars="5"))
    assert ada.diary.ratings[MOVIE].stars == 5
    url, fields = undo_form(text)
    ada.post(url, **fields)
    assert entries(ada) == []
    assert ada.diary.ratings[MOVIE].stars == 2
    assert MOVIE not in ada.diary.marked(MarkKind.WATCHED)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"day": "2026-02-30"}, "day"),
        ({"day": "3026-02-03"}, "day"),
        ({"day": "1816-02-03"}, "day"),
        ({"day": "2026-03-01", "stars": "4.2"}, "stars"),
        ({"day": "2026-03-01", "stars": "many"}, "stars"),
        ({"day": "2026-03-01", "note": "x" * (MAX_NOTE_LENGTH + 1)}, "note"),
    ],
)
def test_an_invalid_watching_is_refused_by_its_field(ada: Member, fields: dict[str, str], field: str) -> None:
    answer = ada.post("/movies/101/log", **fields)
    assert answer.status_code == 400
    assert f"<b>{field}</b>" in answer.text
    assert entries(ada) == []


def test_the_diary_lists_months_and_days_newest_first(ada: Member) -> None:
    for day, movie in (("2026-03-01", 101), ("2026-03-15", 105), ("2025-12-24", 109)):
        log(ada, day, movie, note="<b>note</b>")
    text = ada.page("/diary")
    assert re.findall(r'<h2 id="month-([^"]+)"', text) == ["2026-03", "2025-12"]
    assert re.findall(r'class="watch-day" datetime="([^"]+)"', text) == ["2026-03-15", "2026-03-01", "2025-12-24"]
    assert "3 films watched" in text
    assert "&lt;b&gt;note" in text


def test_pages_of_the_diary_show_every_watching_once(ada: Member) -> None:
    for number in range(60):
        log(ada, f"2026-01-{number % 28 + 1:02}")
    first, second = ada.page("/diary"), ada.page("/diary?page=2")
    numbers = [re.findall(r'href="/diary/watchings/(\d+)"', text) for text in (first, second)]
    assert [len(found) for found in numbers] == [50, 10]
    assert len({*numbers[0], *numbers[1]}) == 60
    assert 'rel="next" href="/diary?page=2"' in first


def test_the_calendar_shows_a_movie_on_its_day(ada: Member) -> None:
    number = log(ada, "2026-03-15")
    text = ada.page("/diary/months/2026-03")
    assert re.search(
        rf'(?s)datetime="2026-03-15">15</time>\s*<a class="calendar-movie" href="/diary/watchings/{number}"', text
    )
    assert len(re.findall('<time class="calendar-day"', text)) == 31
    assert 'rel="prev" href="/diary/months/2026-02"' in text
    assert 'rel="next" href="/diary/months/2026-04"' in text
    assert "Nothing was logged" in ada.page("/diary/months/2026-02")


@pytest.mark.parametrize("path", ["/diary/months/2026-13", "/diary/months/x", "/diary/months/0001-01", "/diary/1816"])
def test_a_month_or_year_that_does_not_exist_is_not_found(ada: Member, path: str) -> None:
    assert ada.client.get(path).status_code == 404


def test_a_watching_is_changed_and_the_change_undone(ada: Member) -> None:
    number = log(ada, stars="3", note="a")
    assert 'value="2026-03-01"' in ada.page(f"/diary/watchings/{number}")
    text = ada.follow(ada.post(f"/diary/watchings/{number}", day="2026-04-02", stars="5", rewatch="1", note="b"))
    assert entries(ada) == [WatchEntry(movie=MOVIE, day=date(2026, 4, 2), rewatch=True, stars=5, note="b")]
    assert ada.diary.ratings[MOVIE].stars == 5
    url, fields = undo_form(text)
    ada.follow(ada.post(url, **fields))
    assert entries(ada) == [WatchEntry(movie=MOVIE, day=date(2026, 3, 1), stars=3, note="a")]


def test_a_watching_is_deleted_and_restored(ada: Member) -> None:
    number = log(ada, stars="3", note="x" * MAX_NOTE_LENGTH)
    kept = entries(ada)
    text = ada.follow(ada.post(f"/diary/watchings/{number}/delete"))
    assert entries(ada) == []
    assert ada.diary.ratings[MOVIE].stars == 3, "the rating stays"
    url, fields = undo_form(text)
    ada.post(url, **fields)
    assert entries(ada) == kept


def test_nobody_sees_or_changes_the_diary_of_another(ada: Member, join: Join) -> None:
    number = log(ada)
    bob = join("Bob")
    assert "Your diary is empty" in bob.page("/diary")
    assert bob.client.get(f"/diary/watchings/{number}").status_code == 404
    for path in ("", "/delete", "/undo"):
        assert bob.post(f"/diary/watchings/{number}{path}", day="2026-01-01").status_code == 404
    assert len(entries(ada)) == 1


@pytest.mark.parametrize("path", ["/diary", "/diary/2026", "/diary/months/2026-03", "/diary/log", "/diary/watchings/1"])
def test_a_visitor_signs_in_first(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).headers["Location"].startswith("/sign-in")


def test_a_year_shows_figures_highlights_and_charts(ada: Member) -> None:
    for day, movie, stars in (("2026-01-03", 101, "5"), ("2026-05-01", 104, "2"), ("2026-05-09", 101, "4")):
        log(ada, day, movie, stars=stars)
    log(ada, "2025-05-01", 105)
    text = ada.page("/diary/2026")
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", text))
    assert (figures["Films"], figures["Watched"]) == ("2", "3")
    assert "Most in May." in text
    assert {"picture-months", "picture-genres", "picture-decades"} <= set(re.findall(r'id="(picture-\w+)"', text))
    assert carded(text)[:2] == [101, 101]
    assert re.findall(r'<a href="/diary/(\d{4})"', text)[-1] == "2025"


def test_a_goal_shows_its_progress_and_can_be_removed(ada: Member) -> None:
    log(ada)
    assert "1 of 52 films in 2026" in ada.follow(ada.post("/diary/2026/goal", goal="52"))
    assert '<progress max="52" value="1"' in ada.page("/diary/2026")
    assert "of 52 films" not in ada.follow(ada.post("/diary/2026/goal", goal=""))


@pytest.mark.parametrize("goal", ["0", "-1", "many", "10001", "1.5"])
def test_an_impossible_goal_is_refused(ada: Member, goal: str) -> None:
    answer = ada.post("/diary/2026/goal", goal=goal)
    assert answer.status_code == 400
    assert "<b>goal</b>" in answer.text


def test_a_movie_to_log_is_found_by_its_title(ada: Member) -> None:
    text = ada.page("/diary/log?q=the+lighthouse+keeper+1")
    assert 101 in carded(text)
    assert re.search(r'href="/movies/101[^"]*#log"', text)
    assert "No film begins like this" in ada.page("/diary/log?q=zzz")


def test_a_watching_of_a_movie_that_left_the_catalogue_stays_in_the_diary(ada: Member) -> None:
    number = log(ada, movie=105)
    movies = ada.services.movies
    whole, movies.movies = movies.movies, [movie for movie in movies.movies if movie.id != 105]  # type: ignore[attr-defined]
    try:
        for path in ("/diary", "/diary/months/2026-03", f"/diary/watchings/{number}"):
            assert "A film that is not in this catalogue" in ada.page(path)
    finally:
        movies.movies = whole  # type: ignore[attr-defined]
