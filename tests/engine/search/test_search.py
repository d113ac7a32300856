"""Search with real movies and real vectors, on both engines."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import EncoderMismatch
from core.ports import Vectors
from core.types import MAX_PAGE, Filters, Mode, Page, QueryKind, SearchRequest, Sort
from engine.search import search
from engine.services import Services

DESCRIBED = [
    ("a man relives the same day over and over", "Groundhog Day"),
    ("an astronaut is left behind on mars and grows potatoes", "The Martian"),
    ("a boy sees dead people and is helped by a psychologist", "The Sixth Sense"),
    ("dinosaurs escape in a theme park on an island", "Jurassic Park"),
    ("a rat becomes a chef in a paris restaurant", "Ratatouille"),
    ("a sheriff's toy is jealous of a new space toy", "Toy Story"),
    ("thieves enter dreams to plant an idea", "Inception"),
    ("a shark terrorises a beach town", "Jaws"),
    ("lovers from different classes on a sinking ocean liner", "Titanic"),
    ("i remember a movie from the 90s where a kid is left at home and sets traps for burglars", "Home Alone"),
]


def ask(services: Services, query: str, **options: object) -> Page:
    return services.search.run(SearchRequest(query, **options))  # type: ignore[arg-type]


def titles(page: Page) -> list[str]:
    return [hit.movie.title for hit in page.hits]


@pytest.mark.parametrize(("query", "title"), DESCRIBED)
def test_a_movie_is_found_by_its_description(services: Services, query: str, title: str) -> None:
    assert title in titles(ask(services, query))[:3]


@pytest.mark.parametrize("query", ["Jaws", "jaws", "  JAWS!  "])
def test_an_exact_title_comes_first(services: Services, query: str) -> None:
    page = ask(services, query)
    assert (titles(page)[0], page.kind) == ("Jaws", QueryKind.TITLE)


@pytest.mark.parametrize("query", ["amelie", "Amélie", "le fabuleux destin d'amelie poulain"])
def test_accents_and_original_titles_do_not_matter(services: Services, query: str) -> None:
    assert titles(ask(services, query))[0] == "Amélie"


def test_a_person_s_name_ranks_their_movies_first(services: Services) -> None:
    page = ask(services, "tom hanks")
    having = ["Tom Hanks" in hit.movie.people for hit in page.hits]
    assert page.kind is QueryKind.PERSON
    assert having[:5] == [True] * 5
    assert having == sorted(having, reverse=True)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("query", ["xkcdq plughz", "qqqq", "!!!", "🦆🦆"])
def test_nonsense_finds_nothing_and_offers_tips(services: Services, query: str, mode: Mode) -> None:
    page = ask(services, query, mode=mode)
    assert (page.total, page.hits) == (0, ())
    assert page.notice
    assert page.suggestions


def test_off_topic_text_finds_nothing(services: Services) -> None:
    assert ask(services, "how to configure an nginx reverse proxy").total == 0


def test_a_misspelt_title_is_corrected(services: Services) -> None:
    page = ask(services, "ratatuille")
    assert page.corrected_to == "Ratatouille"
    assert titles(page)[0] == "Ratatouille"


def test_a_known_word_is_never_corrected(services: Services) -> None:
    assert ask(services, "shark beach").did_you_mean == ""


@pytest.mark.parametrize("query", ["war", "a family in space", "tom hanks", ""])
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_neither_repeat_nor_skip_results(services: Services, query: str, sort: Sort) -> None:
    whole = ask(services, query, sort=sort, size=100)
    pages = [ask(services, query, sort=sort, size=7, page=n) for n in range(1, min(whole.total, 100) // 7 + 2)]
    paged = list(itertools.chain.from_iterable(titles(page) for page in pages))
    assert {page.total for page in pages} == {whole.total}
    assert paged[:100] == titles(whole)[: len(paged)]
    assert len(paged) >= min(whole.total, 100)


@pytest.mark.parametrize("query", ["war", "something funny", "Jaws", ""])
@pytest.mark.parametrize("page", [49, 60, MAX_PAGE])
def test_a_page_beyond_the_end_is_empty_with_the_true_total(services: Services, query: str, page: int) -> None:
    first, beyond = ask(services, query), ask(services, query, page=page)
    assert (beyond.hits, beyond.total, beyond.request.page) == ((), first.total, page)
    assert first.total > 0


@pytest.mark.parametrize("query", ["war", "a family in space", "friends on a journey", ""])
def test_following_a_facet_returns_as_many_movies_as_its_count(services: Services, query: str) -> None:
    facets = ask(services, query).facets
    assert facets["genre"]
    for value in facets["genre"]:
        assert ask(services, query, filters=Filters(genres=(value.value,))).total == value.count
    for value in facets["decade"]:
        first = int(value.value)
        assert ask(services, query, filters=Filters(year_from=first, year_to=first + 9)).total == value.count
    for value in facets["language"]:
        assert ask(services, query, filters=Filters(language=value.value)).total == value.count


@pytest.mark.parametrize("mode", list(Mode))
def test_every_result_matches_the_filter(services: Services, mode: Mode) -> None:
    wanted = Filters(genres=("Drama", "War"), year_from=1950, year_to=2005, runtime_max=200)
    page = ask(services, "soldiers at war", mode=mode, filters=wanted, size=50)
    assert page.hits
    for hit in page.hits:
        assert {"Drama", "War"} <= set(hit.movie.genres)
        assert hit.movie.year is not None
        assert 1950 <= hit.movie.year <= 2005
        assert hit.movie.runtime is not None
        assert hit.movie.runtime <= 200


def test_a_filter_does_not_reorder_the_remaining_results(services: Services) -> None:
    free = titles(ask(services, "a hero saves the world", size=100))
    dramas = titles(ask(services, "a hero saves the world", size=100, filters=Filters(genres=("Drama",))))
    assert dramas == [title for title in free if title in set(dramas)]


def test_any_of_the_genres_matches_more_than_all_of_them(services: Services) -> None:
    both = ask(services, "war", filters=Filters(genres=("War", "Comedy")))
    either = ask(services, "war", filters=Filters(genres=("War", "Comedy"), all_genres=False))
    assert both.total < either.total


def test_results_can_be_sorted_newest_first(services: Services) -> None:
    years = [hit.movie.year or 0 for hit in ask(services, "war", sort=Sort.NEWEST, size=50).hits]
    assert years == sorted(years, reverse=True)


def test_each_hit_has_a_reason(services: Services) -> None:
    best = ask(services, "a shark terrorises a beach town").hits[0].reason
    assert best.meaning_rank == 1
    assert best.words_rank is not None
    assert best.similarity is not None
    assert best.similarity > 0.4
    assert "shark" in best.matched
    assert "\x02" in best.snippet


def test_reasons_depend_on_the_mode(services: Services) -> None:
    words = ask(services, "shark", mode=Mode.WORDS).hits[0].reason
    meaning = ask(services, "shark", mode=Mode.MEANING).hits[0].reason
    assert (words.similarity, words.words_rank) == (None, 1)
    assert (meaning.words_rank, meaning.meaning_rank) == (None, 1)


@pytest.mark.parametrize(
    "query",
    [
        "AND (", "*", "title:", 'title:"jaws" OR 1=1', "\\", "~", "a" * 5_000, "x", "\x00\x01", "ﷺ", "שלום עולם",
        "<script>alert(1)</script>", "'; DROP TABLE films; --", "{{7*7}}", "\ud83d", "e\u0301" * 50, "\u202eabc",
    ],
)  # fmt: skip
@pytest.mark.parametrize("mode", list(Mode))
def test_untrusted_text_gets_an_answer(services: Services, query: str, mode: Mode) -> None:
    page = ask(services, query, mode=mode)
    assert page.total >= len(page.hits)
    services.search.suggest(query)


@given(query=st.text(max_size=200), mode=st.sampled_from(list(Mode)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gets_an_answer(embedded_services: Services, query: str, mode: Mode) -> None:
    page = ask(embedded_services, query, mode=mode)
    assert len({hit.movie.id for hit in page.hits}) == len(page.hits) == min(page.total, 20)


@pytest.mark.elasticsearch
@pytest.mark.parametrize("query", [query for query, _ in DESCRIBED] + ["war", "tom hanks", "alien"])
def test_both_engines_return_the_same_results(
    embedded_services: Services, elastic_services: Services, query: str
) -> None:
    here, there = ask(embedded_services, query), ask(elastic_services, query)
    assert here.total == there.total
    assert here.facets == there.facets
    assert titles(here)[:3] == titles(there)[:3]
    for mine, theirs in zip(here.hits, there.hits, strict=True):
        assert mine.score == pytest.approx(theirs.score, abs=0.02)


def test_an_index_of_another_encoder_is_rejected_with_an_explanation(services: Services) -> None:
    class Other:
        name, dimension = "other@0", 384

        def encode(self, texts: list[str]) -> Vectors:
            return np.ones((len(texts), 384), np.float32)

    changed = search.Search(services.search.index, Other())  # type: ignore[attr-defined]
    with pytest.raises(EncoderMismatch, match=r"other@0.*marquee index"):
        changed.run(SearchRequest("jaws"))


def test_suggestions_tolerate_a_typo_and_are_empty_for_blank_text(services: Services) -> None:
    assert services.search.suggest("incep")[0].text == "Inception"
    assert "Inception" in [s.text for s in services.search.suggest("incpeti")]
    assert services.search.suggest("  ") == ()
