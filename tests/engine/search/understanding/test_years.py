"""Years in search texts."""

from __future__ import annotations

import pytest

from engine.search.understanding.finders import years

NEWEST = 2016

SAID = [
    ("from the 90s", "1990-1999"),
    ("90s onwards", "1990-"),
    ("thirties comedies", "1930-1939"),
    ("first years of the 2000s", "2000-2004"),
    ("tail end of the 90s", "1995-1999"),
    ("last five or six years", "2010-2016"),
    ("action from the reagan years", "1981-1989"),
    ("ab 2000", "2000-"),
    ("from the 80s on", "1980-"),
    ("nineties or later", "1990-"),
    ("1999 to today", "1999-"),
    ("a western from before i was born (1972)", "-1971"),
    ("from before my time, so 1985", "-1984"),
    ("twenty-first century musicals", "2000-2099"),
    ("made this century", "2000-"),
    ("películas posteriores a 2000", "2001-"),
    ("anteriores a 1980", "-1979"),
    ("avant les années 80", "-1979"),
    ("dagli anni 80 in poi", "1980-"),
    ("películas ochenteras", "1980-1989"),
    ("aus den neunzigern", "1990-1999"),
    ("90ies movies", "1990-1999"),
    ("昭和の映画", "1926-1989"),
    ("ここ10年の映画", "2006-2016"),
    ("21世紀のホラー", "2000-2099"),
    ("something from two thousand and seven", "2007-2007"),
    ("family movie from twenty eleven", "2011-2011"),
    ("nineteen oh five", "1905-1905"),
    ("'80 to '83", "1980-1983"),
    ("from 1962 or thereabouts", "1960-1964"),
    ("1994 give or take a year", "1992-1996"),
    ("from around the millennium", "1998-2002"),
    ("made after the seventies", "1980-"),
    ("first half of the nineties", "1990-1994"),
    ("second half of the 80s", "1985-1989"),
    ("2010年以降のアクション", "2010-"),
    ("80年代以前", "-1989"),
    ("1990年まで", "-1990"),
    ("90s comedies", "1990-1999"),
    ("1990s comedies", "1990-1999"),
    ("1990's comedies", "1990-1999"),
    ("90’s comedies", "1990-1999"),
    ("'80s action", "1980-1989"),
    ("00s comedies", "2000-2009"),
    ("the 2010s", "2010-2019"),
    ("seventies thrillers", "1970-1979"),
    ("movies of the twenties", "1920-1929"),
    ("the noughties", "2000-2009"),
    ("ninties movies", "1990-1999"),
    ("early 90s", "1990-1994"),
    ("mid-80s", "1983-1987"),
    ("late seventies", "1975-1979"),
    ("end of the 60s", "1965-1969"),
    ("between 1980 and 1985", "1980-1985"),
    ("from 1985 to 1980", "1980-1985"),
    ("1970-1985", "1970-1985"),
    ("1970s to 1990s", "1970-1999"),
    ("70s-80s", "1970-1989"),
    ("from the 60s and 70s", "1960-1979"),
    ("before 1970", "-1969"),
    ("older than 1970", "-1969"),
    ("up to 1970", "-1970"),
    ("until the 60s", "-1969"),
    ("after 1999", "2000-"),
    ("after the 90s", "2000-"),
    ("since 1999", "1999-"),
    ("newer than 2005", "2006-"),
    ("2005 or later", "2005-"),
    ("2010 onwards", "2010-"),
    ("from 2005 on", "2005-"),
    ("around 1994", "1992-1996"),
    ("sometime around 99", "1997-2001"),
    ("in 1994", "1994-1994"),
    ("(1994)", "1994-1994"),
    ("from '94", "1994-1994"),
    ("the last ten years", "2006-2016"),
    ("past 3 years", "2013-2016"),
    ("last decade", "2006-2016"),
    ("20th century movies", "1900-1999"),
    ("turn of the millennium", "1998-2002"),
    ("pre-war movies", "-1938"),
    ("post-war movies", "1945-1959"),
    ("de los años 90", "1990-1999"),
    ("des années 80", "1980-1989"),
    ("aus den 80ern", "1980-1989"),
    ("aus den achtziger jahren", "1980-1989"),
    ("degli anni 70", "1970-1979"),
    ("dos anos 60", "1960-1969"),
    ("avant 1970", "-1969"),
    ("seit 1999", "1999-"),
    ("desde 2005", "2005-"),
    ("90年代の映画", "1990-1999"),
    ("1994年の映画", "1994-1994"),
]


@pytest.mark.parametrize(("text", "value"), SAID)
def test_times_are_read_in_every_wording(text: str, value: str) -> None:
    assert [span.value for span in years.read(text, newest=NEWEST)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "a man in his thirties",
        "costs $1990",
        "blade runner 2049",
        "1066 soldiers",
        "90% of the town",
        "at 19:45",
        "ocean's 11",
        "in the year 3000",
        "",
    ],
)
def test_other_numbers_are_not_years(text: str) -> None:
    assert years.read(text, newest=NEWEST) == []


@pytest.mark.parametrize("text", ["set in the 1920s", "a love story that takes place in 1944", "spielt in den 20ern"])
def test_the_time_of_a_story_is_distinguished_from_release_years(text: str) -> None:
    assert [span.outright for span in years.read(text, newest=NEWEST)] == [False]


def test_a_relative_span_is_marked() -> None:
    (span,) = years.read("from the last five years", newest=NEWEST)
    assert (span.relative, span.value) == (True, "2011-2016")


def test_several_spans_are_in_the_order_of_the_text() -> None:
    found = years.read("not before 1980, and no 90s", newest=NEWEST)
    assert [span.value for span in found] == ["1980-", "1990-1999"]


def test_a_span_has_its_position() -> None:
    text = "  a comedy from the 90s please"
    (span,) = years.read(text, newest=NEWEST)
    assert text[span.start : span.end] == "from the 90s"


def test_positions_are_correct_if_the_lower_case_is_longer() -> None:
    text = "İstanbul in 1994"
    (span,) = years.read(text, newest=NEWEST)
    assert text[span.start : span.end] == "in 1994"


@pytest.mark.parametrize(
    ("text", "value"), [("movies from nineteen eighty four", "1984-1984"), ("a nineteen ninety thriller", "1990-1990")]
)
def test_spoken_years_are_read(text: str, value: str) -> None:
    assert [span.value for span in years.read(text, newest=2016)] == [value]


def test_years_far_apart_in_a_long_text_are_all_read() -> None:
    story = " a man walks through a town where nobody knows him" * 8
    text = f"A western made before 1980,{story} and his brother of the late nineties{story}, perhaps around 2004."
    found = years.read(text, newest=NEWEST)
    assert [span.value for span in found] == ["-1979", "1995-1999", "2002-2006"]
    assert [text[span.start : span.end] for span in found] == ["before 1980", "of the late nineties", "around 2004"]
