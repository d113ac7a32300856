"""Titles and names as people type them, on both engines: searched, suggested, filtered and imported alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.types import CastMember, Filters, Movie, MovieId, Page, SearchRequest
from engine.accounts import title_matcher
from engine.accounts.title_matcher import Titles
from engine.search.search import Search
from tests import shop_index
from tests.contracts.places import Place

TITLES = (
    ("Harbour", "", 1976), ("Harbour II", "", 1979), ("Harbour IV", "", 1985), ("Harbour V", "", 1990),
    ("Meadow³", "", 1992), ("Meadow", "", 1979), ("The Sixth Door", "", 1997), ("Twelve Days in May", "", 2000),
    ("Troop of Fourteen", "", 2001), ("B*A*R*N", "", 1970), ("Q.U.E.L.L.", "", 2003), ("Moth-Runner", "", 2002),
    ("TIN·O", "", 2008), ("雨の駅前で", "", 2003), ("Slow Train", "霧の渡し場と少女", 2001), ("舊國之歌", "", 1984),
    ("%", "", 1971), ("Łąka Źródeł", "", 1981), ("Ærlig Dag", "", 2009), ("Große Straße", "", 1993),
    ("Þorpið", "", 1999), ("Kırık Işık", "", 2011), ("Đường Xa", "", 2007), ("Œuvre Noire", "", 1987),
    ("Øya", "", 2006), ("The Lodger Below", "", 2006), ("The Lodger Below", "", 2014),
)  # fmt: skip
ASKED: dict[str, dict[str, str]] = {
    "Harbour 1976": {"Harbour": "numeral"},
    "Harbour II 1979": dict.fromkeys(("harbour 2", "harbour two", "harbour second", "Harbour ²"), "numeral"),
    "Harbour IV 1985": dict.fromkeys(("harbour 4", "harbour iv", "harbour part four", "harbour fourth"), "numeral"),
    "Harbour V 1990": dict.fromkeys(("harbour 5", "Harbour Five", "harbour v", "harbour pt. v"), "numeral"),
    "Meadow³ 1992": dict.fromkeys(("meadow 3", "meadow iii", "meadow three", "meadow³"), "numeral"),
    "The Sixth Door 1997": dict.fromkeys(("the 6th door", "6th door"), "numeral"),
    "Twelve Days in May 2000": dict.fromkeys(("12 days in may", "XII Days in May"), "numeral"),
    "Troop of Fourteen 2001": dict.fromkeys(("troop of 14", "troop of xiv"), "numeral"),
    "B*A*R*N 1970": dict.fromkeys(("barn", "b.a.r.n.", "b a r n"), "initials"),
    "Q.U.E.L.L. 2003": dict.fromkeys(("quell", "q.u.e.l.l"), "initials"),
    "Moth-Runner 2002": dict.fromkeys(("mothrunner", "moth runner"), "joined"),
    "TIN·O 2008": dict.fromkeys(("tino", "tin-o"), "joined"),
    "雨の駅前で 2003": {"雨の駅前で": "cjk"},
    "Slow Train 2001": {"霧の渡し場と少女": "cjk"},
    "舊國之歌 1984": dict.fromkeys(("舊國之歌", "旧国之歌"), "cjk"),
    "% 1971": {"%": "signs"},
    "Łąka Źródeł 1981": dict.fromkeys(("laka zrodel", "ŁĄKA ŹRÓDEŁ"), "letters"),
    "Ærlig Dag 2009": dict.fromkeys(("aerlig dag", "ærlig dag"), "letters"),
    "Große Straße 1993": dict.fromkeys(("grosse strasse", "GROSSE STRASSE"), "letters"),
    "Þorpið 1999": dict.fromkeys(("thorpid", "þorpið"), "letters"),
    "Kırık Işık 2011": dict.fromkeys(("kirik isik", "KIRIK IŞIK"), "letters"),
    "Đường Xa 2007": dict.fromkeys(("duong xa", "đường xa"), "letters"),
    "Œuvre Noire 1987": dict.fromkeys(("oeuvre noire", "œuvre noire"), "letters"),
    "Øya 2006": dict.fromkeys(("oya", "ØYA"), "letters"),
    "The Lodger Below 2006": dict.fromkeys(("the lodger below (2006)",), "year"),
    "The Lodger Below 2014": dict.fromkeys(("the lodger below (2014)", "The Lodger Below [2014]"), "year"),
}
"""The movie, and what people type for it with the kind of difference."""
MATCHED = [(typed, movie) for movie, forms in ASKED.items() for typed in forms]
PARTS = [
    ("雨の駅", "雨の駅前で 2003"), ("駅前", "雨の駅前で 2003"), ("渡し場", "Slow Train 2001"),
    ("霧の渡し場", "Slow Train 2001"),
    ("旧国", "舊國之歌 1984"), ("the lodger below 2006", "The Lodger Below 2006"),
    ("lodger below 2014", "The Lodger Below 2014"),
]  # fmt: skip
"""Texts that find a movie but are no title of it."""
KNOWN = (
    Movie(
        MovieId(101), "The Lanthorn", year=1999, overview="A keeper goes blind.", vote_count=9_000, vote_average=8.0,
        popularity=90.0,
    ),
    Movie(MovieId(102), "The Lantorn", year=2003, overview="A herd of goats.", vote_count=2, popularity=0.1),
    Movie(MovieId(103), "Gale", year=2011, overview="A boat is lost.", cast=(CastMember("Søren Bjærgå", "Boatman"),)),
)  # fmt: skip
MOVIES = (
    *(
        Movie(MovieId(number), title, original, year=year, overview="Nothing is told of it.", popularity=number % 7)
        for number, (title, original, year) in enumerate(TITLES, start=1)
    ),
    *KNOWN,
)


@pytest.fixture(scope="module")
def search(find: Callable[[Path], Place], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    """A search of these movies."""
    place = find(tmp_path_factory.mktemp("spellings"))
    shop_index.publish(place.open(), MOVIES)
    yield shop_index.search(place.open())
    place.remove()


@pytest.fixture(scope="module")
def titles(search: Search) -> Titles:
    """The titles that imports are matched with."""
    return title_matcher.gather(search.index)


def named(movie: MovieId | None) -> str:
    return next((f"{one.title} {one.year}" for one in MOVIES if one.id == movie), "")


def first(page: Page) -> str:
    return named(page.hits[0].movie.id) if page.hits else ""


@pytest.mark.parametrize(("typed", "movie"), [*MATCHED, *PARTS])
def test_a_title_is_found_first_as_people_type_it(search: Search, typed: str, movie: str) -> None:
    page = search.run(SearchRequest(typed))
    assert (first(page), page.did_you_mean, page.corrected_to) == (movie, "", "")


@pytest.mark.parametrize(("typed", "movie"), [*MATCHED, *PARTS])
def test_a_title_is_suggested_first_as_people_type_it(search: Search, typed: str, movie: str) -> None:
    assert named(search.suggest(typed)[0].id) == movie


@pytest.mark.parametrize(("typed", "movie"), MATCHED)
def test_a_title_is_imported_as_people_type_it(titles: Titles, typed: str, movie: str) -> None:
    year = int(movie[-4:])
    assert named(titles.find(typed, year)) == movie
    assert titles.find(typed, year + 40) is None


@pytest.mark.parametrize(("typed", "movie"), PARTS)
def test_a_part_of_a_title_is_not_imported(titles: Titles, typed: str, movie: str) -> None:
    assert titles.find(typed, int(movie[-4:])) is None


@pytest.mark.parametrize("typed", ["Søren Bjærgå", "soren bjaerga", "SØREN BJÆRGÅ", "soren bjærgå"])
def test_a_person_is_found_filtered_and_suggested_with_any_letters(search: Search, typed: str) -> None:
    assert first(search.run(SearchRequest(typed))) == "Gale 2011"
    assert first(search.run(SearchRequest("", filters=Filters(person=typed)))) == "Gale 2011"
    assert search.suggest(typed)[0].text == "Søren Bjærgå"


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [("the lanthrn", "The Lanthorn"), ("grosse strase", "Große Straße"), ("kirik isk", "Kırık Işık")],
)
def test_a_typo_is_corrected_to_what_is_well_known_in_its_own_spelling(
    search: Search, typed: str, corrected: str
) -> None:
    assert search.run(SearchRequest(typed)).corrected_to == corrected


@pytest.mark.parametrize("typed", ["mothrunner", "霧の渡し", "雨の駅舎", "harbour 6", "meadow 4", "barn"])
def test_what_is_no_typo_is_not_corrected(search: Search, typed: str) -> None:
    page = search.run(SearchRequest(typed))
    assert (page.did_you_mean, page.corrected_to) == ("", "")


def test_a_correction_keeps_the_year_that_was_typed(search: Search) -> None:
    assert search.run(SearchRequest("harbor 1976")).did_you_mean == "harbour 1976"
