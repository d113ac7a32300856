"""Drawn posters: deterministic, well-formed for any title, with a title that fits."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from core.config import Settings
from core.types import Movie, MovieId
from data.catalogues import sources
from tests import fakes
from webapp import posters
from webapp.posters import cards, creatures, glyphs, palettes, shapes, subjects, typography
from webapp.posters.glyphs import Face
from webapp.posters.shapes import Chance
from webapp.posters.typography import Box

SVG = "{http://www.w3.org/2000/svg}"
BOX = Box(left=24, top=332, width=252, height=typography.MAX_HEIGHT)
TITLES = st.text(min_size=1, max_size=120).filter(lambda title: bool(title.strip()))


def movie(title: str = "Metropolis", genres: tuple[str, ...] = ("Drama",), number: int = 1) -> Movie:
    return Movie(id=MovieId(number), title=title, year=1927, genres=genres, directors=("Fritz Lang",))


def texts(svg: str) -> list[str]:
    """Return the lines of lettering: outlines with their label, or text in a font of the reader's machine."""
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    return [
        node.get("aria-label") or node.text or ""
        for node in root.iter()
        if node.tag == f"{SVG}text" or (node.tag == f"{SVG}path" and node.get("aria-label"))
    ]


@pytest.mark.parametrize("movie", fakes.MOVIES, ids=lambda movie: str(movie.id))
def test_every_movie_has_a_well_formed_poster(movie: Movie) -> None:
    root = ET.fromstring(posters.draw(movie))  # noqa: S314
    assert (root.get("width"), root.get("height")) == ("300", "450")
    assert (root.get("aria-label") or "").startswith(movie.title)


def test_the_same_movie_always_has_the_same_poster() -> None:
    assert posters.draw(movie()) == posters.draw(movie())


def test_movies_of_one_genre_have_different_posters() -> None:
    drawn = {posters.draw(movie(number=number)) for number in range(1, 21)}
    assert len(drawn) == 20


@pytest.mark.parametrize("genre", [*posters.MOTIFS, "Unheard Of"])
def test_every_genre_has_a_motif_in_its_own_colours(genre: str) -> None:
    drawings = [posters.draw(movie(genres=(genre,), number=number)) for number in range(1, 9)]
    palette = palettes.of(genre)
    assert all(len(re.findall("<(?:circle|rect|path|polygon|ellipse)", svg)) > 4 for svg in drawings)
    assert any(palette.ground in svg and palette.first in svg for svg in drawings)


def test_every_genre_has_both_colours_and_a_motif() -> None:
    assert set(palettes.GENRES) == set(posters.MOTIFS)


@pytest.mark.parametrize("genre", palettes.GENRES)
def test_lettering_has_enough_contrast(genre: str) -> None:
    for number in range(6):
        palette = palettes.choose((genre,), Chance(str(number)))
        assert palettes.contrast(palette.letters, palette.ground) >= 4.2


def test_title_year_and_director_are_on_the_poster() -> None:
    assert texts(posters.draw(movie())) == ["Metropolis", "1927  ·  FRITZ LANG"]


def test_markup_in_a_title_is_escaped() -> None:
    svg = posters.draw(movie('<script>alert(1)</script> & "x"', genres=()))
    assert "<script" not in svg
    assert "SCRIPT" in "".join(texts(svg))


def test_quotes_in_an_attribute_are_escaped() -> None:
    assert shapes.tag("g", aria_label='" onload="x') == '<g aria-label="&quot; onload=&quot;x"/>'


def test_a_poster_needs_neither_script_nor_style_nor_any_other_file() -> None:
    svg = "".join(posters.draw(movie) for movie in fakes.MOVIES)
    assert not re.search(r"<style|style=|href|url\(|<script|\son\w+=", svg.replace("&lt;", ""))


@given(TITLES, st.sampled_from([(), ("Drama",), ("Action",)]))
@examples(max_examples=150, deadline=None)
def test_any_title_gives_well_formed_xml(title: str, genres: tuple[str, ...]) -> None:
    ET.fromstring(posters.draw(movie(title, genres)))  # noqa: S314


@given(TITLES, st.sampled_from(Face))
@examples(max_examples=150, deadline=None)
def test_a_title_always_fits_its_space(title: str, face: Face) -> None:
    size, lines = typography.fit(face, title, BOX)
    assert len(lines) * size * typography.LEADING <= BOX.height
    assert all(typography.measure(face, words) * size <= BOX.width + 1e-6 for words in lines)


@given(st.text("AVTWyo. ’é–ß1", min_size=1, max_size=40), st.sampled_from(Face), st.sampled_from([14, 46]))
@examples(max_examples=100, deadline=None)
def test_outlines_are_as_wide_as_measured(words: str, face: Face, size: int) -> None:
    left, right = extent(glyphs.outline(face, words + "H", x=0, y=0, size=size))
    assert left >= -0.2 * size
    assert right <= glyphs.width(face, words + "H") * size + 0.2


@pytest.mark.parametrize("face", Face)
def test_the_shipped_fonts_have_the_letters_of_european_titles(face: Face) -> None:
    assert glyphs.covers(face, "Amélie, Ödipussi, Łódź, ¿Quién?, Čapek, Œuvre, Дневной дозор – “WALL·E” …")
    assert not glyphs.covers(face, "千と千尋の神隠し")


def test_other_scripts_use_a_font_of_the_machine_within_the_same_width() -> None:
    root = ET.fromstring(posters.draw(movie("千と千尋の神隠しの物語の続きの物語")))  # noqa: S314
    shown = [node for node in root.iter(f"{SVG}text") if node.get("font-weight") == "700"]
    assert "".join(node.text or "" for node in shown) == "千と千尋の神隠しの物語の続きの物語"
    assert all(
        typography.measure(Face.SERIF, node.text or "") * float(node.get("font-size") or 0) <= 252 for node in shown
    )


def test_a_long_credit_is_cut_before_the_margin() -> None:
    long = replace(movie(), directors=("Maximilian Wolfgang von Wittgenstein-Hohenlohe",))
    credit = texts(posters.draw(long))[-1]
    assert credit.startswith("1927  ·  MAXIMILIAN")
    assert credit.endswith("…")


def test_short_titles_are_set_larger_than_long_ones() -> None:
    long = "Dr. Strangelove or: How I Learned to Stop Worrying"
    assert typography.fit(Face.SERIF, "Up", BOX)[0] > typography.fit(Face.SERIF, long, BOX)[0]


def test_a_word_that_is_too_long_for_a_line_is_broken() -> None:
    _, lines = typography.fit(Face.SERIF, "Donaudampfschifffahrtsgesellschaftskapitän" * 2, BOX)
    assert len(lines) > 1


@pytest.mark.parametrize("subject", subjects.KEYWORDS, ids=lambda subject: subject.__name__)
def test_every_subject_is_drawn_from_its_keywords_in_the_colours_of_the_movie(subject: subjects.Motif) -> None:
    keywords = tuple(subjects.KEYWORDS[subject].split("|")[:1])
    named = [replace(movie(number=number), keywords=keywords) for number in range(1, 20)]
    shown = [one for one in named if posters.design(one).motif is subject]
    assert len(shown) > len(named) // 3, keywords
    assert all(len(re.findall("<(?:circle|rect|path|polygon|ellipse)", posters.motif(one))) > 3 for one in shown)


def test_no_keyword_names_two_subjects() -> None:
    words = [word for keywords in subjects.KEYWORDS.values() for word in keywords.split("|")]
    assert len(words) == len(set(words))
    assert all(word == word.lower().strip() for word in words)


def test_the_subject_that_says_most_comes_first() -> None:
    assert subjects.motifs(("new york", "island", "dinosaur"))[0] is creatures.dinosaur
    assert subjects.motifs(("duringcreditsstinger",)) == []


def test_neighbours_in_a_row_rarely_share_a_design(settings: Settings) -> None:
    designs = [posters.design(one) for one in sorted(sources.load(settings).movies, key=lambda one: one.title)]
    alike = sum(one == other for one, other in pairwise(designs))
    assert alike <= 0.03 * len(designs)


def test_a_card_is_a_picture_of_the_size_that_services_expect() -> None:
    picture = cards.render(movie())
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")) == (800, 420)
    assert len(picture) < 100_000


def test_a_card_names_the_site_the_movie_the_year_and_the_director() -> None:
    assert texts(cards.draw(movie())) == ["Marquee", "Metropolis", "1927  ·  FRITZ LANG"]


def extent(commands: str) -> tuple[float, float]:
    """Return the leftmost and the rightmost point of an outline, in units of the drawing."""
    xs: list[float] = []
    x = start = 0.0
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", commands):
        values = [float(value) for value in re.findall(r"-?\d+", numbers)]
        if command == "z":
            x = start
            continue
        x = values[-2] + (0 if command == "M" else x)
        start = x if command in "Mm" else start
        xs.append(x)
    return min(xs) / glyphs.GRID, max(xs) / glyphs.GRID


def test_a_tile_is_drawn_for_any_genre() -> None:
    assert "Nö &lt;b&gt;" in posters.tile("Nö <b>")
    assert posters.tile("Horror") != posters.tile("Drama")
