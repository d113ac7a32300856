"""Runtimes in search texts."""

from __future__ import annotations

import pytest

from engine.search.understanding.finders import runtimes

SAID = [
    ("under 90 minutes", "<=90"),
    ("no longer than ninety-five minutes", "<=95"),
    ("under an hour fifty", "<=110"),
    ("an hour and three quarters or less", "<=105"),
    ("two hours, give or take five minutes", "110-130"),
    ("1h30 to 1h45", "90-105"),
    ("90 minutes at the very most", "<=90"),
    ("100分くらいまで", "<=100"),
    ("less than two hours", "<=120"),
    ("no longer than 1.5 hours", "<=90"),
    ("2 hours or less", "<=120"),
    ("max 100 min", "<=100"),
    ("over 3 hours", ">=180"),
    ("at least 150 minutes", ">=150"),
    ("two and a half hours or more", ">=150"),
    ("about 90 minutes", "80-100"),
    ("a 90 minute comedy", "80-100"),
    ("between 80 and 100 minutes", "80-100"),
    ("90-120 minutes", "90-120"),
    ("under 1h30", "<=90"),
    ("an hour and a half long", "80-100"),
    ("menos de 90 minutos", "<=90"),
    ("moins de deux heures", "<=120"),
    ("unter 90 minuten", "<=90"),
    ("meno di due ore", "<=120"),
    ("menos de duas horas", "<=120"),
    ("90分以内", "<=90"),
    ("2時間以上", ">=120"),
    ("1時間半以内", "<=90"),
    ("アクションで2時間以内のもの", "<=120"),
    ("100分くらいの映画", "90-110"),
    ("a film that doesnt go past 2 hrs", "<=120"),
    ("it must not run longer than 100 minutes", "<=100"),
    ("over in an hour and a half", "<=90"),
    ("got 100 mins before the babysitter leaves", "<=100"),
    ("we only have two hours", "<=120"),
    ("95 minutes until my train", "<=95"),
    ("the bus ride is 110 minutes, pick something that fits", "<=110"),
    ("150+ min", ">=150"),
    ("2+ hours", ">=120"),
    ("sotto i 100 minuti", "<=100"),
    ("two and a half hour fantasy or longer", ">=150"),
    ("a 90 minute thriller max", "<=90"),
    ("isn't longer than 95", "<=95"),
    ("moins d'une heure et demie", "<=90"),
    ("massimo un'ora e mezza", "<=90"),
    ("hora y cuarto o menos", "<=75"),
    ("two hour movie max", "<=120"),
    ("min. 130 min", ">=130"),
    ("between an hour forty and two hours", "100-120"),
    ("en dessous de deux heures", "<=120"),
    ("por debajo de noventa minutos", "<=90"),
    ("abaixo de 90 minutos", "<=90"),
    ("unter neunzig minuten", "<=90"),
    ("al massimo due ore", "<=120"),
    ("1 1/2 hours tops", "<=90"),
]


@pytest.mark.parametrize(("text", "value"), SAID)
def test_runtimes_are_read_in_every_wording(text: str, value: str) -> None:
    assert [length.value for length in runtimes.read(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "an hour with grandma",
        "2000 minutes",
        "the 25th hour",
        "90 people",
        "0 minutes",
        "a man has only 48 hours to live",
        "ten minutes before midnight",
    ],
)
def test_other_numbers_are_not_runtimes(text: str) -> None:
    assert runtimes.read(text) == []


@pytest.mark.parametrize(("value", "bounds"), [("<=90", (None, 90)), (">=180", (180, None)), ("80-100", (80, 100))])
def test_the_value_of_a_runtime_has_its_bounds(value: str, bounds: tuple[int | None, int | None]) -> None:
    assert runtimes.bounds(value) == bounds


def test_a_runtime_has_its_position() -> None:
    text = "a comedy under 90 minutes, please"
    (length,) = runtimes.read(text)
    assert text[length.start : length.end] == "under 90 minutes"


@pytest.mark.parametrize(
    ("text", "value"),
    [("ninety minutes max", "<=90"), ("a sub-100 minutes movie", "<=100"), ("i only have 90 minutes", "<=90")],
)
def test_bounds_are_read_from_words_and_abbreviations(text: str, value: str) -> None:
    assert [length.value for length in runtimes.read(text)] == [value]
