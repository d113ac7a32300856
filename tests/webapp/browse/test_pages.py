"""The pages without JavaScript."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from core.types import MAX_QUERY_LENGTH, CastMember, Movie, MovieId
from tests import fakes
from webapp.browse import home_rows, pages

NASTY = (
    "\x00",
    "x\x00y\x1b[31m",
    "🎬🦈",
    "مدينة الريح",
    "\u202eevil",
    "AND (",
    "*",
    "title:",
    '"unbalanced',
    "'; DROP TABLE films; --",
    "<script>alert(1)</script>",
    "a",
    " ",
    "%",
    "\\",
    "{{7*7}}",
    "x" * 5000,
)


def page(client: FlaskClient, url: str, **options: object) -> str:
    answer = client.get(url, **options)
    assert answer.status_code == 200, answer.text
    return answer.text


def links(text: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'href="([^"]*)"', text)]


def movies(text: str) -> list[str]:
    return re.findall(r'<h2><a href="/movies/(\d+)[^"]*"', text)


def test_a_text_that_is_too_long_for_an_address_is_searched_by_post(client: FlaskClient) -> None:
    text = "storm " * 800 + "🌊" * 200
    answer = client.post("/search", data={"q": text, "genre": "Drama", "page": "1", "unknown": ""})
    assert answer.status_code == 200
    assert movies(answer.text) == movies(page(client, "/search?" + urlencode({"q": "storm " * 800, "genre": "Drama"})))
    assert client.post("/search", data={"q": "🌊" * MAX_QUERY_LENGTH}).status_code == 200  # 12 bytes each
    assert client.post("/search", data={"q": "x" * (MAX_QUERY_LENGTH + 1)}).status_code == 400


def test_a_second_page_of_a_long_text_is_searched_by_post_too(client: FlaskClient) -> None:
    first, second = (client.post("/search", data={"sort": "newest", "page": str(number)}).text for number in (1, 2))
    assert movies(second)
    assert not set(movies(first)) & set(movies(second))


def test_home_shows_the_search_examples_and_rows(client: FlaskClient) -> None:
    text = page(client, "/")
    assert 'action="/search"' in text
    assert all(example in html.unescape(text) for example in pages.EXAMPLES)
    for row in ("Popular", "Highly rated"):  # the others have only movies of these
        assert f">{row}</h2>" in text
    assert "/search?sort=rating" in links(text)


def test_home_names_its_catalogue(client: FlaskClient) -> None:
    text = page(client, "/")
    assert "made-up films" in text
    assert f"{len(fakes.MOVIES)} films" in text
    assert "These films do not exist." in text


def test_posters_on_the_home_page_look_different() -> None:
    first = pages.unlike(fakes.services().movies.home_rows())
    assert len(first) == 3
    assert len({genre for movie in first for genre in movie.genres}) == sum(len(movie.genres) for movie in first)


def test_results_show_reasons_and_highlight_matches(client: FlaskClient) -> None:
    text = page(client, "/search?q=storm")
    assert "<mark>storm" in text
    assert "Has “storm”; near in meaning" in text
    assert "words <b>#1</b>" in text
    assert "meaning <b>#2</b>" in text
    assert "30 films" in text


def test_the_query_stays_in_the_search_field(client: FlaskClient) -> None:
    assert 'value="a &#34;storm&#34;"' in page(client, "/search?q=a+%22storm%22")


def test_facets_add_and_remove_a_filter(client: FlaskClient) -> None:
    added = next(link for link in links(page(client, "/search?q=storm")) if "genre=Horror" in link)
    text = page(client, added)
    assert "<bdi>Horror</bdi><span aria-hidden" in text
    assert "/search?q=storm" in links(text)
    assert len(movies(text)) < 20


def test_a_second_genre_is_added_to_the_first(client: FlaskClient) -> None:
    assert "/search?q=storm&genre=Drama&genre=Horror" in links(page(client, "/search?q=storm&genre=Drama"))


def test_a_decade_is_a_filter_from_its_first_year_to_its_last(client: FlaskClient) -> None:
    assert "/search?q=storm&year_from=1990&year_to=1999" in links(page(client, "/search?q=storm"))


def test_every_active_filter_can_be_removed(client: FlaskClient) -> None:
    url = "/search?genre=Drama&person=Ada+Rowe&language=en&year_from=1950&runtime_max=500&votes_min=1&rating_min=1"
    text = page(client, url)
    chips = text[text.index('aria-label="Active filters"') :]
    labels = ("Drama", "Ada Rowe", "English", "from 1950", "up to 500 minutes", "1 votes or more", "rated 1 or more")
    assert all(label in chips for label in labels)


def test_two_genres_can_match_as_any_of_them(client: FlaskClient) -> None:
    assert "/search?genre=Drama&genre=Horror&genre_mode=any" in links(page(client, "/search?genre=Drama&genre=Horror"))
    some = page(client, "/search?genre=Drama&genre=Western&genre_mode=any&size=100")
    assert len(movies(some)) > len(movies(page(client, "/search?genre=Drama&genre=Western&size=100")))


def test_order_and_mode_are_links_that_keep_the_search(client: FlaskClient) -> None:
    found = links(page(client, "/search?q=storm&genre=Drama"))
    assert "/search?q=storm&genre=Drama&sort=newest" in found
    assert "/search?q=storm&mode=meaning&genre=Drama" in found


def test_paging_shows_every_movie_once(client: FlaskClient) -> None:
    seen, url = [], "/search?size=10"
    while url:
        text = page(client, url)
        assert movies(text)
        seen += movies(text)
        url = next((html.unescape(link) for link in re.findall(r'rel="next" href="([^"]*)"', text)), "")
    assert len(seen) == len(set(seen)) == len(fakes.MOVIES)


def test_htmx_gets_only_the_next_results(client: FlaskClient) -> None:
    answer = client.get("/search?size=10&page=2", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith("<li")
    assert len(movies(answer.text)) == 10
    assert 'href="/search?page=3&amp;size=10" data-more' in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_a_page_without_close_matches_suggests_what_to_try(client: FlaskClient) -> None:
    text = page(client, "/search?q=qqqqq")
    assert "Nothing close" in text
    assert "Name what happens." in text
    assert "/search?q=lighthouse" in links(text)


@pytest.mark.parametrize("query", NASTY, ids=[repr(query[:20]) for query in NASTY])
@pytest.mark.parametrize("url", ["/search", "/suggest", "/api/search", "/api/suggest"])
def test_hostile_text_gets_results_or_an_error_that_names_it(client: FlaskClient, url: str, query: str) -> None:
    answer = client.get(url, query_string={"q": query})
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or "q" in answer.text
    assert "<script>alert" not in answer.text or answer.mimetype == "application/json"


@pytest.mark.parametrize(
    "path", ["/people/%00", "/genres/%ff", "/people/%3Cscript%3E", "/movies/0", "/movies/9999999999999999999999"]
)
def test_hostile_paths_are_harmless(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<script>" not in answer.text


def test_ten_thousand_characters_are_refused_with_an_error_that_names_the_field(client: FlaskClient) -> None:
    answer = client.post("/search", data={"q": "x" * 10_000})
    assert answer.status_code == 400
    assert "<b>q</b>" in answer.text


def test_hostile_movie_texts_are_escaped(client: FlaskClient) -> None:
    text = page(client, "/movies/7")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert "<img src=x" not in text


def test_a_movie_page_has_facts_people_and_similar_movies(client: FlaskClient) -> None:
    text = page(client, "/movies/101")
    facts = ("Le Gardien 1", "The sea remembers.", "The Keeper", "Iceland", "Lighthouse Keepers", "100 votes")
    for fact in (*facts, "1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}21\N{NO-BREAK SPACE}min"):
        assert fact in text
    found = links(text)
    for link in (
        "/years/1952",
        "/genres/Comedy",
        "/people/Ada%20Rowe",
        "/people/Inez%20Okafor",
        "/search?q=lighthouse",
    ):
        assert link in found
    assert "Similar films" in text
    assert "Same genres: " in text


def test_a_poster_has_alternative_text_and_a_drawn_fallback(client: FlaskClient) -> None:
    text = page(client, "/movies/101")
    assert 'src="https://image.tmdb.org/t/p/w342/keeper.jpg"' in text
    assert 'alt="Poster of The Lighthouse Keeper 1"' in text
    assert 'data-drawn="/poster/101.svg"' in text


def test_a_movie_without_data_has_a_page() -> None:
    only = Movie(id=MovieId(3), title="Lost")
    text = page(webapp.create_app(fakes.services([only])).test_client(), "/movies/3")
    assert "There is no description of this film." in text
    assert "None" not in text


def test_browse_leads_to_genres_decades_and_languages(client: FlaskClient) -> None:
    found = links(page(client, "/browse"))
    assert {"/genres/Drama", "/search?language=fr&sort=popularity"} <= set(found)
    assert "/search?year_from=1990&year_to=1999&sort=popularity" in found


def test_a_genre_page_lists_only_its_movies(client: FlaskClient) -> None:
    listed = re.findall(r'class="card" href="/movies/(\d+)[^"]*"', page(client, "/genres/Western"))
    western = {str(movie.id) for movie in fakes.MOVIES if "Western" in movie.genres}
    assert set(listed) == western


@pytest.mark.parametrize("number", [11, 10_000])
@pytest.mark.parametrize("path", ["/search?q=storm&", "/genres/Drama?"])
def test_a_page_beyond_the_end_says_so_and_leads_back(client: FlaskClient, path: str, number: int) -> None:
    text = page(client, f"{path}page={number}")
    assert "This page is beyond the end of the list." in text
    assert movies(text) == []
    assert re.search(r"\d+ films", text)
    back = re.search(r'href="([^"]*)">Go to the last page', text)
    assert back
    last = page(client, html.unescape(back[1]) if back[1].startswith("/") else f"{path}{back[1][1:]}")
    assert "beyond the end" not in last


def test_a_genre_page_is_paged() -> None:
    many = [Movie(id=MovieId(n), title=f"Film {n}", genres=("Drama",)) for n in range(1, 60)]
    client = webapp.create_app(fakes.services(many)).test_client()
    assert 'href="?page=2"' in page(client, "/genres/Drama")
    assert 'href="?page=1"' in page(client, "/genres/Drama?page=2")


def test_a_person_page_shows_their_roles(client: FlaskClient) -> None:
    text = page(client, "/people/Inez%20Okafor")
    assert "Director, writer" in text
    assert "as The Keeper" in page(client, "/people/Ada%20Rowe")


def test_results_for_a_person_say_what_they_did_with_a_link_to_their_page(client: FlaskClient) -> None:
    text = page(client, "/search?person=brane+muller&size=2")
    assert (
        text.count('<a href="/people/Bran%C3%A9%20M%C3%BCller"><bdi>Brané Müller</bdi></a> as <bdi>The Tide</bdi>') == 2
    )
    text = page(client, "/search?person=Inez+Okafor&size=1")
    assert 'directed by <a href="/people/Inez%20Okafor"><bdi>Inez Okafor</bdi></a>' in text
    assert "written by" in text
    assert 'class="credits"' not in page(client, "/search?q=storm")


def test_names_and_characters_in_credits_are_escaped(settings: Settings) -> None:
    nasty = "<b>Eve</b>"
    movie = Movie(MovieId(5), "Traps", cast=(CastMember(nasty, "<i>Ivy & Co</i>"),))
    services = replace(fakes.services(settings=settings), search=fakes.FakeSearching((movie,)))
    text = page(webapp.create_app(services).test_client(), f"/search?{urlencode({'person': nasty})}")
    assert 'class="credits"' in text
    assert "<b>Eve" not in text
    assert "<i>Ivy" not in text


def test_a_person_is_found_and_spelled_correctly_however_the_name_is_typed(client: FlaskClient) -> None:
    text = page(client, "/people/brane%20MULLER")
    assert "<bdi>Brané Müller</bdi></h1>" in text
    assert "as The Tide" in text


def test_a_year_page_links_to_the_years_before_and_after(client: FlaskClient) -> None:
    assert {"/years/1959", "/years/1961"} <= set(links(page(client, "/years/1960")))


@pytest.mark.parametrize(
    "path", ["/genres/Nope", "/people/Nobody", "/years/1951", "/years/99999", "/movies/4", "/poster/4.svg"]
)
def test_a_missing_page_says_so(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_about_names_the_index(client: FlaskClient) -> None:
    assert fakes.INFO.version in page(client, "/about")


def test_suggestions_are_options_with_urls(client: FlaskClient) -> None:
    text = page(client, "/suggest?q=ada")
    assert 'role="option"' in text
    assert 'data-url="/people/Ada%20Rowe"' in text


def test_the_best_suggestion_is_a_card_with_its_poster(client: FlaskClient) -> None:
    movie = fakes.MOVIES[0]
    options = page(client, "/suggest?" + urlencode({"q": movie.title[:6]})).split("<li ")[1:]
    assert f'data-url="/movies/{movie.id}-' in options[0]
    assert "best" in options[0]
    assert movie.directors[0] in options[0]
    assert all("<img " in option for option in options if "suggestion movie" in option)
    assert not any("best" in option for option in options[1:])


@pytest.mark.parametrize(("typed", "url"), [("west", "/genres/Western"), ("feel-g", "/search?mood=feel-good")])
def test_genres_and_moods_are_suggested(client: FlaskClient, typed: str, url: str) -> None:
    assert f'data-url="{url}"' in page(client, f"/suggest?q={typed}")
    assert f'data-url="{url}"' not in page(client, f"/suggest?q={typed[:2]}"), "two letters may be anything"


def test_genres_are_suggested_in_the_language_of_the_page(client: FlaskClient) -> None:
    assert 'data-url="/genres/Comedy"' in client.get("/suggest?q=komö", headers={"Accept-Language": "de"}).text


def test_figures_of_results_and_the_kind_of_search_are_shown_on_demand(client: FlaskClient) -> None:
    text = page(client, "/search?q=storm")
    assert re.search(
        r"<details class=\"why-figures\"><summary>Why this\?</summary>\s*<p><span class=\"rank\">words", text
    )
    assert '<details class="search-options"><summary>Search options</summary>' in text
    assert '<details class="search-options" open>' in page(client, "/search?q=storm&mode=words")


def test_drawn_posters_can_be_cached_and_revalidated(client: FlaskClient) -> None:
    first = client.get("/poster/101.svg")
    assert first.mimetype == "image/svg+xml"
    assert "max-age=604800" in first.headers["Cache-Control"]
    assert client.get("/poster/101.svg", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_tmdb_posters_can_be_turned_off() -> None:
    settings = Settings(poster_base="")
    client = webapp.create_app(fakes.services(settings=settings)).test_client()
    assert "tmdb.org/t/" not in page(client, "/movies/101")


def test_no_movie_appears_twice_on_the_home_page(client: FlaskClient) -> None:
    shown = re.findall(r'class="card" href="/movies/(\d+)', page(client, "/"))
    assert len(shown) > home_rows.ROW_SIZE
    assert len(shown) == len(set(shown))


def test_a_row_takes_movies_that_no_row_above_has_shown() -> None:
    seen: set[int] = set()
    first, second = (list(fakes.MOVIES[start:]) for start in (0, 2))
    above = home_rows.unseen(first, seen, size=5)
    below = home_rows.unseen(second, seen, size=5)
    assert (above, below) == (first[:5], second[3:8])
    assert home_rows.unseen(first[:10], seen, size=5) == []


def test_every_row_can_be_skipped_by_keyboard(client: FlaskClient) -> None:
    text = page(client, "/")
    skips = re.findall(r'class="skip-row" href="#([^"]+)"', text)
    assert len(skips) == text.count('class="movies-section"') > 1
    assert all(f'id="{target}" tabindex="-1"' in text for target in skips)


def test_the_home_page_shows_three_posters_if_there_are_enough() -> None:
    alike = [Movie(id=MovieId(n), title=f"Film {n}", genres=("Drama",)) for n in range(1, 5)]
    assert len(pages.unlike(fakes.services(alike).movies.home_rows())) == 3
    assert pages.unlike([]) == []
