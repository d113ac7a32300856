"""Untrusted parameters become searches, or errors that name their field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from core.errors import InvalidRequest
from core.types import MAX_PAGE, MAX_QUERY_LENGTH, Filters, Mode, SearchRequest, Sort
from webapp.http import fields, parsing
from webapp.movies import forms

PARAMETERS = [*forms.SearchQuery.model_fields, "unknown"]


def read(*pairs: tuple[str, str], lenient: bool = False) -> forms.SearchQuery:
    return parsing.parse_query(forms.SearchQuery, MultiDict(pairs), lenient=lenient)


def faults(*pairs: tuple[str, str]) -> dict[str, str]:
    with pytest.raises(InvalidRequest) as caught:
        forms.to_request(read(*pairs))
    return caught.value.fields


def test_no_parameters_browse_everything() -> None:
    assert forms.to_request(read()) == SearchRequest()


def test_every_parameter_reaches_the_search() -> None:
    query = read(
        ("q", "storm"),
        ("mode", "words"),
        ("genre", "Drama"),
        ("genre", "Crime"),
        ("genre_mode", "any"),
        ("person", "Ada Rowe"),
        ("language", "fr"),
        ("year_from", "1950"),
        ("year_to", "1960"),
        ("runtime_min", "80"),
        ("runtime_max", "120"),
        ("votes_min", "10"),
        ("rating_min", "6.5"),
        ("mood", "scary"),
        ("mood", "tense"),
        ("drop", "genre:Drama"),
        ("drop", "years:1990-1999"),
        ("literal", "1"),
        ("sort", "newest"),
        ("page", "2"),
        ("size", "5"),
    )
    filters = Filters(("Drama", "Crime"), False, "Ada Rowe", "fr", 1950, 1960, 80, 120, 10, 6.5, ("scary", "tense"))
    dropped = ("genre:Drama", "years:1990-1999")
    expected = SearchRequest("storm", Mode.WORDS, filters, Sort.NEWEST, 2, 5, drop=dropped, literal=True)
    assert forms.to_request(query) == expected


def test_every_error_is_found_and_named() -> None:
    found = faults(
        ("mode", "magic"), ("page", "0"), ("year_from", "soon"), ("rating_min", "11"), ("sort", "x"), ("zzz", "1")
    )
    assert set(found) == {"mode", "page", "year_from", "rating_min", "sort", "zzz"}
    assert found["zzz"] == "no such parameter"
    assert "1" in found["page"]


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "ten"])
def test_a_rating_must_be_a_number_from_0_to_10(value: str) -> None:
    assert "rating_min" in faults(("rating_min", value))


def test_a_parameter_that_is_given_twice_is_an_error() -> None:
    assert faults(("page", "1"), ("page", "2")) == {"page": "expected once, given 2 times"}


def test_repeated_and_invalid_parameters_are_reported_together() -> None:
    assert set(faults(("page", "1"), ("page", "2"), ("mode", "x"))) == {"page", "mode"}


def test_years_in_the_wrong_order_are_an_error_of_the_first() -> None:
    assert faults(("year_from", "1990"), ("year_to", "1980")) == {"year_from": "should not be after year_to (1980)"}


def test_runtimes_in_the_wrong_order_are_an_error_of_the_first() -> None:
    assert "runtime_min" in faults(("runtime_min", "200"), ("runtime_max", "90"))


def test_a_text_that_is_too_long_is_an_error_of_q() -> None:
    assert set(faults(("q", "x" * (MAX_QUERY_LENGTH + 1)))) == {"q"}


def test_the_longest_text_is_accepted() -> None:
    assert len(forms.to_request(read(("q", "x" * MAX_QUERY_LENGTH))).query) == MAX_QUERY_LENGTH


def test_a_page_beyond_the_last_rank_is_an_error_that_names_the_rank() -> None:
    assert str(MAX_PAGE) in faults(("page", str(MAX_PAGE + 1)))["page"]


def test_control_characters_are_dropped_and_line_breaks_become_blanks() -> None:
    assert read(("q", "\x00a\x02b\r\nc\x7f ")).q == "ab  c"


def test_pages_ignore_unknown_and_blank_parameters() -> None:
    assert read(("utm_source", "x"), ("year_from", ""), ("q", " "), lenient=True) == forms.SearchQuery()


def test_pages_refuse_invalid_values() -> None:
    with pytest.raises(InvalidRequest, match="year_from"):
        read(("year_from", "soon"), lenient=True)


def test_too_many_genres_are_an_error() -> None:
    assert "genre" in faults(*(("genre", f"g{n}") for n in range(forms.MAX_GENRES + 1)))


def test_dropped_pieces_are_limited_in_number_and_length() -> None:
    assert "drop" in faults(*(("drop", f"genre:{n}") for n in range(forms.MAX_DROPPED + 1)))
    assert "drop" in faults(("drop", "x" * (fields.MAX_NAME_LENGTH + 1)))


@pytest.mark.parametrize("value", ["yes", "t", "on", "2", ""])
def test_literal_is_true_or_false(value: str) -> None:
    assert "literal" in faults(("literal", value))


def test_a_switch_is_short_in_a_url() -> None:
    assert forms.to_pairs(read(("q", "x"), ("literal", "true"))) == {"q": "x", "literal": 1}


def test_the_same_genre_twice_counts_once() -> None:
    assert forms.to_request(read(("genre", "Drama"), ("genre", "Drama"))).filters.genres == ("Drama",)


def test_filters_round_trip_through_a_url() -> None:
    filters = Filters(("Drama",), True, "Ada", "en", 1950, 1959, 60, 90, 5, 7.0, ("feel-good",))
    pairs = forms.to_pairs(forms.from_filters(filters, sort="rating"))
    back = parsing.parse_query(
        forms.SearchQuery,
        MultiDict({name: str(v) if name not in ("genre", "mood") else v for name, v in pairs.items()}),
    )
    assert forms.to_request(back) == SearchRequest(filters=filters, sort=Sort.RATING)


def test_urls_omit_defaults() -> None:
    assert forms.to_pairs(read(("q", "x"), ("page", "1"), ("mode", "hybrid"))) == {"q": "x"}


@given(st.lists(st.tuples(st.sampled_from(PARAMETERS), st.text(max_size=30)), max_size=8), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_input_is_a_search_or_names_its_errors(pairs: list[tuple[str, str]], lenient: bool) -> None:
    arguments = MultiDict(pairs)
    found: dict[str, str] = {}
    query = ""
    try:
        query = forms.to_request(parsing.parse_query(forms.SearchQuery, arguments, lenient=lenient)).query
    except InvalidRequest as error:
        found = error.fields
    assert set(found) <= set(arguments)
    assert all(found.values())
    assert not any(ord(character) < 32 for character in query)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_cleaning_is_idempotent(text: str) -> None:
    assert fields.clean(fields.clean(text)) == fields.clean(text)
