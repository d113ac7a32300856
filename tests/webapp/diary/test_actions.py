"""Form actions on movies: ratings, marks, reviews and swipes, with and without JavaScript."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from core.types import MovieId
from core.users import EventKind, MarkKind
from tests.webapp.user_browser import Join, Member, fake

MOVIE = MovieId(101)


def undo_form(text: str) -> tuple[str, dict[str, str]]:
    """Return the target and the fields of the notice's form."""
    found = re.search(r'(?s)class="wrap said".*?<form method="post" action="([^"]+)">(.*?)</form>', text)
    assert found
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', found[2]))
    del fields["csrf_token"]
    return html.unescape(found[1]), fields


def stars(member: Member) -> float | None:
    rating = member.diary.ratings.get(MOVIE)
    return rating.stars if rating else None


def test_a_rating_redirects_to_its_page_with_a_notice_that_is_shown_once(ada: Member) -> None:
    answer = ada.post("/movies/101/rate", stars="4.5", came_from="/years/1952?page=1")
    assert answer.headers["Location"] == "/years/1952?page=1"
    assert stars(ada) == 4.5
    assert "You gave The Lighthouse Keeper 1 4½ stars." in ada.follow(answer)
    assert "You gave" not in ada.page("/years/1952")


@pytest.mark.parametrize("came_from", ["", "//evil.example/x"])
def test_without_a_referring_page_a_rating_redirects_to_the_movie(ada: Member, came_from: str) -> None:
    headers = {"Referer": "http://evil.example/years/1952"} if not came_from else {}
    answer = ada.post("/movies/101/rate", stars="4", headers=headers, came_from=came_from)
    assert answer.headers["Location"] == "/movies/101"


def test_the_notice_undoes_a_first_rating_and_a_changed_one(ada: Member) -> None:
    for before, after in ((None, "4"), (4.0, "1.5")):
        text = ada.follow(ada.post("/movies/101/rate", stars=after, came_from="/movies/101"))
        url, fields = undo_form(text)
        assert stars(ada) == float(after)
        ada.post(url, **fields)
        assert stars(ada) == before
        ada.rate(4.0, MOVIE)


@pytest.mark.parametrize("nothing", ["", "0", "0.0"])
def test_no_stars_remove_the_rating(ada: Member, nothing: str) -> None:
    ada.rate(3.0, MOVIE)
    ada.post("/movies/101/rate", stars=nothing)
    assert stars(ada) is None


@pytest.mark.parametrize("wrong", ["x", "4.2", "5.5", "-1", "nan", "inf", "1e9", "٤"])
def test_anything_but_half_stars_is_refused_by_its_field(ada: Member, wrong: str) -> None:
    answer = ada.post("/movies/101/rate", stars=wrong)
    if wrong == "٤":  # a digit is a digit
        assert stars(ada) == 4
        return
    assert answer.status_code == 400
    assert "<b>stars</b>" in answer.text
    assert stars(ada) is None


def test_an_unknown_movie_cannot_be_rated_or_marked(ada: Member) -> None:
    for path in ("/movies/4/rate", "/movies/4/review"):
        assert ada.post(path, stars="4", text="x").status_code == 404
    assert ada.post("/movies/4/mark?kind=watched&on=1").status_code == 404
    assert ada.post("/swipe", movie="4", direction="left").status_code == 404


@pytest.mark.parametrize("kind", list(MarkKind))
def test_a_mark_is_set_and_undone(ada: Member, kind: MarkKind) -> None:
    text = ada.follow(ada.post(f"/movies/101/mark?kind={kind}&on=1", came_from="/movies/101"))
    assert MOVIE in ada.diary.marked(kind)
    url, fields = undo_form(text)
    ada.post(url, **fields)
    assert MOVIE not in ada.diary.marked(kind)


@pytest.mark.parametrize(("query", "field"), [("kind=love&on=1", "kind"), ("kind=watched&on=2", "on"), ("", "kind")])
def test_a_mark_that_does_not_exist_is_refused_by_its_field(ada: Member, query: str, field: str) -> None:
    answer = ada.post(f"/movies/101/mark?{query}")
    assert answer.status_code == 400
    assert f"<b>{field}</b>" in answer.text


def test_a_script_gets_the_state_afterwards_and_what_undoes_it(ada: Member) -> None:
    ada.script("/movies/101/mark", kind="favourite", on="1")
    answer = ada.script("/movies/101/rate", stars="3.5")
    assert answer == {
        "id": 101,
        "stars": 3.5,
        "marks": ["favourite"],
        "text": "You gave The Lighthouse Keeper 1 3½ stars.",
        "undo": {"url": "/movies/101/rate", "fields": {"stars": ""}},
    }
    marked = ada.script("/movies/101/mark", kind="watchlist", on="1")
    assert (marked["stars"], marked["marks"]) == (3.5, ["favourite", "watchlist"])
    assert ada.script(answer["undo"]["url"], **answer["undo"]["fields"])["stars"] is None
    assert "said" not in ada.page("/movies/101").partition("<main")[2].partition("<article")[0]


def test_a_script_without_a_session_is_told_to_sign_in(ada: Member) -> None:
    fake(ada.services.accounts).open.clear()
    answer = ada.post("/movies/101/rate", stars="4", headers={"Accept": "application/json"})
    assert answer.status_code in (400, 401)
    assert answer.mimetype == "application/problem+json"


def test_a_review_is_written_replaced_and_deleted(ada: Member, join: Join) -> None:
    reader = join("Reader")
    text = ada.follow(ada.post("/movies/101/review", text="A quiet film.\nVery quiet."))
    assert "Your review of The Lighthouse Keeper 1 was saved." in text
    assert "A quiet film.\nVery quiet.</textarea>" in text
    assert "A quiet film.\nVery quiet.</p>" in reader.page("/movies/101")
    ada.post("/movies/101/review", text="A loud film.")
    assert "A loud film." in reader.page("/movies/101")
    ada.post("/movies/101/review", text="whatever stands in the field", delete="1")
    assert "loud film" not in reader.page("/movies/101")
    assert not ada.diary.reviews


def test_users_can_only_change_their_own_data(ada: Member, join: Join) -> None:
    other = join("Other")
    ada.post("/movies/101/review", text="Mine.")
    other.post("/movies/101/review", text="", delete="1")
    assert ada.diary.reviews[MOVIE].text == "Mine."


def test_a_review_that_is_too_long_is_refused_by_its_field(ada: Member) -> None:
    answer = ada.post("/movies/101/review", text="x" * 2_001)
    assert answer.status_code == 400
    assert "<b>text</b>" in answer.text


def test_a_review_is_shown_with_the_rating_of_its_author(ada: Member, join: Join) -> None:
    ada.rate(4.5, MOVIE)
    ada.post("/movies/101/review", text="Good.")
    assert "4½ stars" in join("Reader").page("/movies/101")


@pytest.mark.parametrize(
    ("direction", "kind", "event"),
    [("right", MarkKind.LIKED, EventKind.SWIPE_RIGHT), ("left", MarkKind.PASSED, EventKind.SWIPE_LEFT)],
)
def test_a_swipe_counts_immediately_and_shows_the_next_card(
    ada: Member, direction: str, kind: MarkKind, event: EventKind
) -> None:
    first = cards(ada.page("/swipe"))[0]
    text = ada.follow(ada.post("/swipe", movie=str(first), direction=direction, position="1"))
    assert first in ada.diary.marked(kind)
    assert first not in cards(text)
    (noticed,) = fake(ada.services.events).events
    assert (noticed.kind, noticed.movie, noticed.list, noticed.position) == (event, first, "swipe", 1)


def test_an_undone_swipe_puts_its_card_on_top(ada: Member) -> None:
    first = cards(ada.page("/swipe"))[0]
    url, fields = undo_form(ada.follow(ada.post("/swipe", movie=str(first), direction="left")))
    text = ada.follow(ada.post(url, **fields))
    assert cards(text)[0] == first
    assert not ada.diary.marked(MarkKind.PASSED)


def test_swipes_of_users_who_opted_out_are_not_recorded(ada: Member) -> None:
    ada.prefer(keep_events=False)
    ada.post("/swipe", movie="101", direction="right")
    assert MOVIE in ada.diary.marked(MarkKind.LIKED)
    assert fake(ada.services.events).events == []


def test_a_swipe_is_not_recorded_if_the_browser_asks_not_to_be_tracked(ada: Member) -> None:
    ada.post("/swipe", movie="101", direction="right", headers={"Sec-GPC": "1"})
    assert MOVIE in ada.diary.marked(MarkKind.LIKED)
    assert fake(ada.services.events).events == []


def test_a_search_is_recorded_once_and_only_if_the_user_allows_it(ada: Member, visitor: FlaskClient) -> None:
    visitor.get("/search?q=storm")
    for path in ("/search?q=storm", "/search?q=storm&page=2", "/search"):
        ada.page(path)
    (noticed,) = fake(ada.services.events).events
    assert (noticed.kind, noticed.query, noticed.user) == (EventKind.SEARCH, "storm", ada.user.id)
    ada.prefer(keep_events=False)
    ada.page("/search?q=storm")
    assert fake(ada.services.events).events == []


@pytest.mark.parametrize(
    ("fields", "field"), [({"movie": "x"}, "movie"), ({"movie": "101", "direction": "up"}, "direction")]
)
def test_an_invalid_swipe_is_refused_by_its_field(ada: Member, fields: dict[str, str], field: str) -> None:
    answer = ada.post("/swipe", **fields)
    assert answer.status_code == 400
    assert f"<b>{field}</b>" in answer.text


def test_a_script_gets_fresh_cards_only(ada: Member) -> None:
    answer = ada.client.get("/swipe", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith("<li")
    assert len(cards(answer.text)) == 12


def test_the_last_card_is_followed_by_a_message(ada: Member) -> None:
    assert 'class="nothing deck-empty" hidden' in ada.page("/swipe")
    ada.rate(3.0, *(movie.id for movie in fake(ada.services.movies).movies))
    text = ada.page("/swipe")
    assert 'class="nothing deck-empty">' in text
    assert "That was the last card" in text


def cards(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="swipe-card" data-movie="(\d+)"', text)]
