"""Searches over real movies while the encoder or the engine does not work."""

from __future__ import annotations

import dataclasses

import pytest

from core.errors import EncoderUnavailable, IndexMissing, SearchUnavailable
from core.types import Degradation, Filters, Mode, Movie, MovieId, Page, QueryKind, SearchRequest, Sort
from engine.catalogue.remembered_index import RememberedIndex
from engine.catalogue.status import Library
from engine.search.answers import QuestionAnswering
from engine.search.encoders import encoder as encoders
from engine.search.resilience import popular_movies
from engine.search.resilience.popular_movies import PopularMovies
from engine.search.resilience.resilient_search import ResilientSearch
from engine.search.search import Search
from engine.services import Services
from tests import sample
from tests.engine.search.resilience.failing import FailingEncoder, FailingIndex

AWAY = SearchUnavailable("Elasticsearch does not respond")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return sample.services(sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample"))


@dataclasses.dataclass
class Site:
    """A search, its engine and its encoder, both of which can be made to fail."""

    engine: FailingIndex
    encoder: FailingEncoder
    search: ResilientSearch
    library: Library

    def ask(self, query: str, **options: object) -> Page:
        """Search."""
        return self.search.run(SearchRequest(query, **options))  # type: ignore[arg-type]


@pytest.fixture
def site(real: Services) -> Site:
    """The search as a web server with an engine on another machine builds it."""
    assert isinstance(real.search, Search)
    engine = FailingIndex(real.search.index)
    encoder = FailingEncoder(real.search.encoder)
    remembered = RememberedIndex(engine)
    search = dataclasses.replace(real.search, index=remembered, encoder=encoder)
    popular = PopularMovies(engine)
    return Site(engine, encoder, ResilientSearch(search, popular), Library(remembered, encoder, popular=popular))


def titles(page: Page) -> list[str]:
    return [hit.movie.title for hit in page.hits]


def test_a_search_that_works_lacks_nothing(site: Site) -> None:
    page = site.ask("a man relives the same day over and over")
    assert (titles(page)[0], page.degraded) == ("Groundhog Day", ())


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("query", ["weatherman relives the same day", "a shark terrorises a beach town"])
def test_without_the_encoder_words_find_movies_and_the_answer_says_so(site: Site, query: str, mode: Mode) -> None:
    expected = {"weatherman relives the same day": "Groundhog Day", "a shark terrorises a beach town": "Jaws"}
    site.encoder.error = EncoderUnavailable("the encoder failed")
    page = site.ask(query, mode=mode)
    assert expected[query] in titles(page)[:3]
    assert page.request.mode is mode
    # Searching by words alone never needs the encoder.
    assert page.degraded == (() if mode is Mode.WORDS else (Degradation.ENCODER,))
    assert all(hit.reason.similarity is None for hit in page.hits)


def test_without_the_encoder_titles_and_people_are_still_recognised(site: Site) -> None:
    site.encoder.error = EncoderUnavailable("the encoder failed")
    page = site.ask("Jaws")
    assert (titles(page)[0], page.kind, page.degraded) == ("Jaws", QueryKind.TITLE, (Degradation.ENCODER,))
    people = site.ask("tom hanks")
    assert "Tom Hanks" in people.hits[0].movie.people


def test_without_the_encoder_wishes_are_still_understood(site: Site) -> None:
    site.encoder.error = EncoderUnavailable("the encoder failed")
    page = site.ask("a comedy from the 90s about a weatherman")
    assert page.hits
    assert all(1990 <= (hit.movie.year or 0) <= 1999 for hit in page.hits)


def test_an_index_of_another_encoder_is_searched_by_words(site: Site, real: Services) -> None:
    info = dataclasses.replace(real.library.info(), encoder="other@0")
    site.engine.info = lambda: info  # type: ignore[method-assign]
    page = site.ask("weatherman relives the same day")
    assert "Groundhog Day" in titles(page)[:3]
    assert page.degraded == (Degradation.ENCODER,)


def test_what_was_asked_before_is_answered_again_without_the_engine(site: Site) -> None:
    before = site.ask("a shark terrorises a beach town")
    site.engine.error = AWAY
    after = site.ask("a shark terrorises a beach town")
    assert titles(after) == titles(before)
    assert after.degraded == (Degradation.CACHED,)
    site.engine.error = None
    assert site.ask("a shark terrorises a beach town").degraded == ()


def test_without_the_engine_popular_movies_replace_what_was_never_asked(site: Site) -> None:
    site.library.check()
    site.ask("warms up the vocabulary")
    site.engine.error = AWAY
    page = site.ask("a rat becomes a chef in a paris restaurant", size=5)
    assert page.degraded == (Degradation.POPULAR,)
    assert page.request.query == "a rat becomes a chef in a paris restaurant"
    popularity = [hit.movie.popularity for hit in page.hits]
    assert len(popularity) == 5
    assert popularity == sorted(popularity, reverse=True)
    second = site.ask("a rat becomes a chef in a paris restaurant", size=5, page=2)
    assert set(titles(second)).isdisjoint(titles(page))


def test_popular_movies_meet_the_filters(site: Site) -> None:
    site.library.check()
    site.engine.error = AWAY
    page = site.ask("robots", filters=Filters(genres=("animation",), year_from=2000))
    assert page.hits
    for hit in page.hits:
        assert "Animation" in hit.movie.genres
        assert (hit.movie.year or 0) >= 2000
    assert site.ask("robots", filters=Filters(moods=("funny",))).total == 0, "moods are known to the engine alone"


@pytest.mark.parametrize(
    ("filters", "met"),
    [
        (Filters(), True),
        (Filters(genres=("drama", "Horror"), all_genres=False), True),
        (Filters(genres=("Drama", "Horror")), False),
        (Filters(language="fr"), False),
        (Filters(person="ana díaz"), True),
        (Filters(person="Ana"), False),
        (Filters(year_from=1999, year_to=1999), True),
        (Filters(year_to=1998), False),
        (Filters(runtime_max=90), False),
        (Filters(votes_min=10), True),
        (Filters(rating_min=7.0), False),
    ],
)
def test_a_filter_is_met_only_if_that_is_certain(filters: Filters, met: bool) -> None:
    movie = Movie(
        MovieId(1), "Film", genres=("Drama",), language="en", directors=("Ana Diaz",), year=1999, vote_count=10
    )
    assert popular_movies.meets(movie, filters) is met


def test_without_the_engine_and_the_encoder_there_are_popular_movies(site: Site) -> None:
    site.library.check()
    site.engine.error, site.encoder.error = AWAY, EncoderUnavailable("the encoder failed")
    assert site.ask("a story of the sea").degraded == (Degradation.POPULAR,)


def test_a_site_that_never_saw_its_engine_has_nothing_to_show(site: Site) -> None:
    site.engine.error = AWAY
    with pytest.raises(SearchUnavailable, match="does not respond"):
        site.ask("a story of the sea")


def test_a_missing_index_is_no_outage(site: Site) -> None:
    site.library.check()
    site.engine.error = IndexMissing("there is no index; run `marquee index`")
    with pytest.raises(IndexMissing):
        site.ask("a story of the sea")


def test_popular_movies_are_read_again_after_a_while_and_of_a_new_version(real: Services) -> None:
    engine, now = FailingIndex(real.library.index), [0.0]
    popular = PopularMovies(engine, clock=lambda: now[0])
    assert popular.refresh()
    assert not popular.refresh()
    now[0] += popular_movies.EVERY
    assert popular.refresh()
    info = dataclasses.replace(real.library.info(), version="next")
    engine.info = lambda: info  # type: ignore[method-assign]
    assert popular.refresh()
    page = popular.page(SearchRequest(sort=Sort.POPULARITY, size=100))
    assert page is not None
    assert page.total <= popular_movies.KEPT


def test_the_check_asks_the_engine_and_not_what_is_remembered_of_it(site: Site) -> None:
    site.library.check()
    site.library.check()
    site.engine.error = AWAY
    with pytest.raises(SearchUnavailable):
        site.library.check()


def test_a_question_is_not_answered_from_popular_movies(site: Site) -> None:
    site.library.check()
    site.engine.error = AWAY
    with pytest.raises(SearchUnavailable):
        QuestionAnswering(site.search, site.encoder).answer("Who hunts the shark?")


def test_a_question_is_answered_by_words_without_the_encoder(site: Site) -> None:
    site.encoder.error = EncoderUnavailable("the encoder failed")
    answer = QuestionAnswering(site.search, site.encoder).answer("Which shark terrorises a beach town?")
    assert "Jaws" in [movie.title for movie in answer.movies]
    assert answer.claims


def test_a_server_builds_its_search_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    from engine import wiring  # noqa: PLC0415 - only the command line imports it elsewhere

    settings = sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample")
    services = wiring.build(settings, serving=True)
    assert isinstance(services.search, ResilientSearch)
    services.library.check()
    assert services.search.popular.page(SearchRequest()) is not None
    assert encoders.load(settings).name == services.search.search.encoder.name
