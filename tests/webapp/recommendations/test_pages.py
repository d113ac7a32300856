"""The pages of a user without JavaScript."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from core.errors import ModelMissing, StoreUnavailable
from core.types import MovieId
from core.users import MarkKind
from engine.services import Services
from tests import fakes
from tests.webapp.user_browser import Join, Member, carded, fake, listed

USER_PAGES = (
    "/for-you",
    "/watchlist",
    "/ratings",
    "/profile",
    "/welcome",
    "/welcome/movies",
    "/swipe",
    "/import",
)
SHARED_PAGES = ("/", "/search?q=storm", "/genres/Drama", "/movies/101", "/people/Ada%20Rowe", "/years/1960")
ACTIONS = (
    "/movies/101/rate",
    "/movies/101/mark",
    "/movies/101/review",
    "/welcome",
    "/welcome/done",
    "/swipe",
    "/swipe/undo",
    "/search/taste",
    "/import",
)
NAMES = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "مدينة", "🎬")


def forms(text: str) -> list[str]:
    return re.findall(r'(?s)<form[^>]*method="post".*?</form>', text)


@pytest.mark.parametrize("path", USER_PAGES)
def test_a_visitor_is_sent_to_sign_in_and_back(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sign-in?next={path}"


def test_a_visitor_returns_to_the_requested_filters_after_signing_in(visitor: FlaskClient) -> None:
    assert "familiarity%3D0.2" in visitor.get("/for-you?familiarity=0.2").headers["Location"]


@pytest.mark.parametrize("path", ACTIONS)
def test_a_visitor_can_change_no_ratings_or_lists(visitor: FlaskClient, services: Services, path: str) -> None:
    answer = visitor.post(path, data={"stars": "5", "kind": "watchlist", "on": "1", "text": "x", "movie": "101"})
    assert answer.status_code in (303, 400)
    assert fake(services.diaries).diaries == {}


@pytest.mark.parametrize("path", ACTIONS)
def test_no_form_is_accepted_without_its_token(ada: Member, path: str) -> None:
    answer = ada.client.post(path, data={"stars": "5", "kind": "watchlist", "on": "1", "movie": "101"})
    assert answer.status_code == 400
    assert ada.diary.revision == 0


@pytest.mark.parametrize("path", [*USER_PAGES, *SHARED_PAGES])
def test_every_form_has_its_token(ada: Member, path: str) -> None:
    ada.rate(4.5, 101, 103)
    found = forms(ada.page(path))
    assert found
    assert all(re.search(r'name="csrf_token" value="[^"]+"', form) for form in found)


@pytest.mark.parametrize("path", [*USER_PAGES, *SHARED_PAGES])
def test_no_page_needs_inline_scripts_or_styles(ada: Member, path: str) -> None:
    ada.rate(4.5, 101, 103)
    text = ada.page(path)
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/ld\+json\"))", text)  # data is not executed
    assert not re.search(r"<[^>]+\s(style|on\w+)=", text)


@pytest.mark.parametrize("path", [*SHARED_PAGES, "/for-you", "/watchlist", "/ratings", "/welcome/movies"])
def test_a_page_reads_the_diary_once_however_many_movies_it_shows(ada: Member, path: str) -> None:
    ada.rate(4.0, *range(101, 111))
    diaries = fake(ada.services.diaries)
    diaries.reads = 0
    ada.page(path)
    assert diaries.reads == 1


@pytest.mark.parametrize("path", SHARED_PAGES)
def test_a_visitor_needs_no_query_and_sees_no_stars(visitor: FlaskClient, services: Services, path: str) -> None:
    text = visitor.get(path).text
    assert 'type="range"' not in text
    assert "data-list" not in text
    assert "diary.js" not in text
    assert (fake(services.diaries).reads, fake(services.accounts).resumed) == (0, 0)


def test_a_visitor_is_invited_on_the_home_page_and_movie_pages(visitor: FlaskClient) -> None:
    assert 'href="/sign-up"' in visitor.get("/").text
    assert "to rate it" in visitor.get("/movies/101").text
    assert 'href="/sign-in?next=/movies/101"' in visitor.get("/movies/101").text


@pytest.mark.parametrize("path", [*SHARED_PAGES, "/for-you", "/welcome/movies"])
def test_every_card_has_a_star_slider_with_a_label_and_its_value_in_words(ada: Member, path: str) -> None:
    text = ada.page(path)
    sliders = re.findall(r'<input type="range" name="stars"[^>]*>', text)
    shown = set(carded(text)) | set(listed(text))
    if path.startswith("/movies/"):
        shown.add(101)
    assert len(sliders) >= len(shown) > 0
    for slider in sliders:
        assert 'min="0" max="5" step="0.5"' in slider
        assert "Your rating of " in slider
        assert 'aria-valuetext="not rated"' in slider


def test_a_rating_is_shown_wherever_the_movie_appears(ada: Member) -> None:
    ada.rate(4.5, 101)
    for path in ("/movies/101", "/years/1952", "/search?q=storm&sort=popularity&size=100"):
        text = ada.page(path)
        assert 'value="4.5"' in text
        assert 'aria-valuetext="4½ stars"' in text
        assert 'data-stars="4.5"' in text


def test_marks_are_buttons_that_say_whether_they_are_set(ada: Member) -> None:
    ada.services.diaries.mark(ada.user, MovieId(101), MarkKind.FAVOURITE, on=True)
    text = ada.page("/years/1952")
    buttons = dict(re.findall(r'data-kind="(\w+)" aria-pressed="(\w+)"', text))
    assert buttons == {"watchlist": "false", "watched": "false", "favourite": "true", "dismissed": "false"}
    assert "kind=favourite&amp;on=0" in text
    assert "kind=watchlist&amp;on=1" in text


def test_home_shows_personal_rows_with_reasons_before_the_general_rows(ada: Member) -> None:
    ada.rate(4.5, 101)
    ada.services.diaries.mark(ada.user, MovieId(104), MarkKind.WATCHLIST, on=True)
    text = ada.page("/")
    names = re.findall(r'<h2 id="(?:row|section)-\d+">([^<]+)</h2>', text)
    assert names[:4] == [
        "For you",
        "Because you liked The Lighthouse Keeper 1",
        "From your watchlist, tonight",
        "New to you",
    ]
    assert text.index("New to you") < text.index(">Trending</h2>")
    assert "Because you rated The Lighthouse Keeper 1 4.5." in text


def test_below_the_rows_of_a_user_the_general_rows_are_loaded_without_their_movies(ada: Member) -> None:
    ada.rate(4.5, 101)
    text = ada.page("/")
    assert 'id="section-1"' not in text
    assert 'href="/browse">Browse all films' in text
    path = html.unescape(re.findall(r'hx-get="([^"]+)" hx-trigger="revealed"', text)[0])
    above = re.findall(r'<a class="card" href="/movies/(\d+)', text)
    assert set(above) == set(re.findall(r"without=(\d+)", path))
    shown, left = (re.findall(r'<a class="card" href="/movies/(\d+)', ada.page(url)) for url in ("/further-rows", path))
    assert len(set(shown)) == len(shown) > 0
    assert set(left).isdisjoint(above)
    rest = ada.page(f"/further-rows?without={shown[0]}&without={shown[1]}")
    assert set(shown[2:]) <= set(re.findall(r'<a class="card" href="/movies/(\d+)', rest))
    assert set(shown[:2]).isdisjoint(re.findall(r'<a class="card" href="/movies/(\d+)', rest))
    assert "<html" not in rest


@pytest.mark.parametrize(
    "query", ["without=x", f"without={'9' * 5_000}", "&".join(f"without={number}" for number in range(1, 300))]
)
def test_general_rows_refuse_what_is_no_short_list_of_movies(ada: Member, query: str) -> None:
    answer = ada.client.get(f"/further-rows?{query}")
    assert answer.status_code == 400
    assert "without" in answer.text


def test_home_asks_for_ratings_while_there_are_few(ada: Member) -> None:
    assert "Improve your recommendations" in ada.page("/")
    ada.rate(4.0, *range(101, 111))
    assert "Improve your recommendations" not in ada.page("/")


def test_pages_work_while_recommendations_or_the_diary_are_unavailable(
    ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error in (StoreUnavailable("the database is down"), ModelMissing("no model is published")):
        monkeypatch.setattr(ada.services.recommending, "home", fakes.Failing(error).home)
        monkeypatch.setattr(ada.services.recommending, "explain", fakes.Failing(error).explain)
        assert "Popular" in ada.page("/")
        assert "Why you might like this" not in ada.page("/movies/101")
    for call in ("read", "reviews"):
        monkeypatch.setattr(ada.services.diaries, call, getattr(fakes.Failing(StoreUnavailable("down")), call))
    assert 'type="range"' not in ada.page("/")
    assert "The Lighthouse Keeper 1" in ada.page("/movies/101")


def test_reasons_have_sentences_shares_stars_and_confidence(ada: Member) -> None:
    ada.rate(4.5, 101)
    text = ada.page(f"/for-you/{listed(ada.page('/for-you'))[0]}")
    assert "Because you rated The Lighthouse Keeper 1 4.5." in text
    assert "60%" in text
    assert 'width="60.0" height="6"' in text
    assert (
        "Your predicted rating: <b>4.2 stars</b>. We think so: 78% of such predictions turn out to be 4 stars or more."
        in text
    )


def test_for_you_says_if_little_is_known(ada: Member) -> None:
    assert "films most people love" in ada.page("/for-you")
    ada.prefer(genres=("Drama",))
    assert "favourite genres" in ada.page("/for-you")
    ada.rate(4.0, 101)
    assert "A first idea of your taste" in ada.page("/for-you")
    ada.rate(4.0, *range(102, 108))
    assert "Improve your recommendations" not in ada.page("/for-you")


def test_a_movie_already_rated_is_never_in_the_list(ada: Member) -> None:
    first = listed(ada.page("/for-you"))[0]
    ada.rate(2.0, first)
    assert first not in listed(ada.page("/for-you"))


def test_for_you_is_filtered_and_each_filter_can_be_removed(ada: Member) -> None:
    url = "/for-you?genre=Drama&year_from=1960&year_to=1990&language=en&runtime_max=100&familiarity=0.3"
    text = ada.page(url)
    kept = {movie.id for movie in fakes.MOVIES if "Drama" in movie.genres and 1960 <= (movie.year or 0) <= 1990}
    assert set(listed(text)) <= kept
    assert listed(text)
    chips = text[text.index('aria-label="Active filters"') :]
    for label in ("Drama", "English", "1960–1990", "up to 100 minutes"):
        assert f"<bdi>{label}</bdi>" in chips
    assert 'value="0.3" data-submit' in text
    assert "familiarity=0.3" in html.unescape(chips)


def test_the_slider_changes_the_list_from_well_known_to_lesser_known_movies(ada: Member) -> None:
    known, unknown = (listed(ada.page(f"/for-you?familiarity={value}"))[0] for value in (1, 0))
    assert known != unknown
    ada.prefer(familiarity=0.0)
    assert listed(ada.page("/for-you"))[0] == unknown
    assert 'value="0.0" data-submit' in ada.page("/for-you")


@pytest.mark.parametrize(
    "query", ["familiarity=2", "familiarity=nan", "year_from=x", "page=0", "page=999999", "year_from=2000&year_to=1990"]
)
def test_invalid_options_name_their_field(ada: Member, query: str) -> None:
    answer = ada.client.get(f"/for-you?{query}")
    assert answer.status_code == 400
    assert f"<b>{query.partition('=')[0]}</b>" in answer.text


def test_pages_of_the_list_show_every_movie_once(ada: Member) -> None:
    seen, url = [], "/for-you"
    while url:
        text = ada.page(url)
        seen += listed(text)
        url = next((html.unescape(link) for link in re.findall(r'rel="next" href="([^"]*)"', text)), "")
    assert sorted(seen) == sorted(movie.id for movie in fakes.MOVIES)


def test_an_empty_list_of_recommendations_says_so(ada: Member) -> None:
    assert "No films match these filters" in ada.page("/for-you?genre=Nope")
    ada.rate(3.0, *(movie.id for movie in fakes.MOVIES))
    assert "Nothing left to recommend" in ada.page("/for-you")


def test_a_movie_page_explains_why_the_user_might_like_it(ada: Member) -> None:
    ada.rate(4.5, 101)
    text = ada.page("/movies/103")
    assert "Why you might like this" in text
    assert 'href="/movies/101"' in text


@pytest.mark.parametrize(("by", "active"), [("", "Both"), ("?by=taste", "Taste"), ("?by=meaning", "Meaning")])
def test_similar_movies_are_by_meaning_taste_or_both(visitor: FlaskClient, by: str, active: str) -> None:
    text = visitor.get(f"/movies/101{by}").text
    assert re.search(rf'aria-current="true">{active}</a>', text)
    assert visitor.get("/movies/101?by=magic").status_code == 400


def test_similar_movies_are_by_meaning_while_there_is_no_model(
    visitor: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.recommending, "similar", fakes.Failing(ModelMissing("none")).similar)
    assert "Similar films" in visitor.get("/movies/101").text


def test_search_is_personalized_unless_turned_off(ada: Member) -> None:
    text = ada.page("/search?q=storm")
    assert fake(ada.services.search).users[-1] == ada.user
    assert re.search(r'role="switch" aria-checked="true"[^>]*><span>Your taste</span> <b>on</b>', text)
    answer = ada.post("/search/taste", on="0", came_from="/search?q=storm")
    assert answer.headers["Location"] == "/search?q=storm"
    assert 'aria-checked="false"' in ada.page("/search?q=storm")
    assert not fake(ada.services.search).users[-1].preferences.taste_in_search


def test_the_search_of_a_visitor_is_not_personalized(visitor: FlaskClient, services: Services) -> None:
    assert "Your taste" not in visitor.get("/search?q=storm").text
    assert fake(services.search).users == [None]


@pytest.mark.parametrize("path", ["/", "/search?q=storm", "/for-you", "/genres/Drama", "/movies/101", "/watchlist"])
def test_lists_are_tracked_only_for_users_who_allow_it(ada: Member, path: str) -> None:
    ada.services.diaries.mark(ada.user, MovieId(104), MarkKind.WATCHLIST, on=True)
    assert "data-list=" in ada.page(path)
    ada.prefer(keep_events=False)
    assert "data-list=" not in ada.page(path)


def test_a_list_names_the_model_that_made_it(ada: Member) -> None:
    assert 'data-list="for-you" data-model="20240101-000000"' in ada.page("/for-you")


def test_a_movie_from_another_model_names_that_model(ada: Member) -> None:
    drafted = fake(ada.services.recommending)
    whole = drafted.for_user
    drafted.for_user = lambda user, wish, **options: replace(
        found := whole(user, wish, **options), items=tuple(replace(item, model="rival") for item in found.items)
    )
    assert re.search(r'data-movie="\d+" data-model="rival"', ada.page("/for-you"))
    deck, rows = drafted.deck, drafted.home
    drafted.deck = lambda user, size=10: [replace(item, model="rival") for item in deck(user, size=size)]
    assert '<input type="hidden" name="model" value="rival">' in ada.page("/swipe")
    drafted.home = lambda user: [
        replace(row, items=tuple(replace(item, model="rival") for item in row.items)) for row in rows(user)
    ]
    assert re.search(r'data-movie="\d+" data-model="rival"', ada.page("/"))


@pytest.mark.parametrize("name", NAMES)
def test_names_and_reviews_of_others_are_escaped(join: Join, name: str) -> None:
    other, reader = join(name), join("Reader")
    other.services.diaries.review(other.user, MovieId(101), f"Says {name}")
    for member in (other, reader):
        text = member.page("/movies/101")
        assert html.escape(f"Says {name}", quote=False).replace("&#x27;", "'") in text.replace("&#34;", '"')
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_about_says_what_is_stored_and_how_to_export_or_delete_it(ada: Member, visitor: FlaskClient) -> None:
    for text in (ada.page("/about"), visitor.get("/about").text):
        for words in ("There are no other cookies", "hash of your password", "opt out", "delete the account"):
            assert words in text
    assert 'href="/account"' in ada.page("/about").partition('id="privacy"')[2]
