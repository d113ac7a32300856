"""Drawn posters: deterministic, well-formed for any title, with a title that fits."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.types import Movie, MovieId
from tests import fakes
from webapp import posters
from webapp.posters import palettes, shapes, typography
from webapp.posters.shapes import Chance

SVG = "{http://www.w3.org/2000/svg}"
TITLES = st.text(min_size=1, max_size=120).filter(lambda title: bool(title.strip()))


def movie(title: str = "Metropolis", genres: tuple[str, ...] = ("Drama",), number: int = 1) -> Movie:
    return Movie(id=MovieId(number), title=title, year=1927, genres=genres, directors=("Fritz Lang",))


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own drawing


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
@settings(max_examples=150, deadline=None)
def test_any_title_gives_well_formed_xml(title: str, genres: tuple[str, ...]) -> None:
    ET.fromstring(posters.draw(movie(title, genres)))  # noqa: S314


@given(TITLES)
@settings(max_examples=150, deadline=None)
def test_a_title_always_fits_its_space(title: str) -> None:
    size, lines = typography.fit(title, 252)
    assert len(lines) * size * typography.LEADING <= typography.MAX_HEIGHT + size


def test_short_titles_are_set_larger_than_long_ones() -> None:
    assert typography.fit("Up", 252)[0] > typography.fit("Dr. Strangelove or: How I Learned to Stop Worrying", 252)[0]


def test_a_word_that_is_too_long_for_a_line_is_broken() -> None:
    _, lines = typography.fit("Donaudampfschifffahrtsgesellschaftskapitän" * 2, 252)
    assert len(lines) > 1


def test_a_tile_is_drawn_for_any_genre() -> None:
    assert "Nö &lt;b&gt;" in posters.tile("Nö <b>")
    assert posters.tile("Horror") != posters.tile("Drama")
