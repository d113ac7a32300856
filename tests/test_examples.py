"""The example searches of home page, README, tutorial and `marquee run`: each finds its movie first."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from core.config import LANGUAGES, Settings
from core.jobs.work import SilentWatch
from core.sample import examples
from core.types import SearchRequest
from engine.services import Services
from tests import sample
from webapp.browse import pages

ROOT = Path(__file__).parents[1]
OTHERS = tuple(language for language in LANGUAGES if language != "en")


def translated(language: str) -> list[tuple[str, int]]:
    """Return the home page's examples in a language, each with the movie to find."""
    with (ROOT / f"webapp/translations/{language}/LC_MESSAGES/messages.mo").open("rb") as file:
        catalogue = read_mo(file)
    texts = (*examples.HOME, examples.FIRST)
    return [(str(catalogue.get(example.text).string), example.movie) for example in texts]


TEXTS = [
    *((example.text, example.movie) for example in examples.EXAMPLES),
    *(pair for language in OTHERS for pair in translated(language)),
]


@pytest.fixture(scope="session")
def on_the_sample(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return sample.services(sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample"))


@pytest.fixture(scope="session")
def on_tmdb(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Services:
    home = sample.shared(tmp_path_factory.getbasetemp()) / "tmdb"
    settings = Settings(home=home, offline=True, data_dir=real_data)
    if sample.index_stale(settings):
        sample.build_index(settings, SilentWatch())
    return sample.services(settings)


@pytest.mark.parametrize(("text", "movie"), TEXTS)
def test_each_example_finds_its_movie_first_in_the_sample(on_the_sample: Services, text: str, movie: int) -> None:
    assert first(on_the_sample, text) == movie


@pytest.mark.data
@pytest.mark.tmdb5000
@pytest.mark.parametrize(("text", "movie"), TEXTS)
def test_each_example_finds_its_movie_first_in_tmdb_5000(on_tmdb: Services, text: str, movie: int) -> None:
    assert first(on_tmdb, text) == movie


def test_the_titles_of_the_examples_match_their_movies(on_the_sample: Services) -> None:
    for example in examples.EXAMPLES:
        assert on_the_sample.movies.get(example.movie).title == example.title


def test_the_home_page_shows_exactly_these_examples() -> None:
    assert tuple(example.text for example in examples.HOME) == pages.EXAMPLES


@pytest.mark.parametrize("page", ["README.md", "docs/start.md"])
def test_the_readme_and_the_tutorial_contain_only_these_examples(page: str) -> None:
    known = {example.text for example in examples.EXAMPLES}
    found = {text.lower().rstrip(".") for text in in_italics(ROOT / page)}
    assert found
    assert found - {text.lower() for text in known} == set()


def in_italics(path: Path) -> list[str]:
    """Return the texts in italics that a page suggests to search for."""
    whole = html.unescape(path.read_text(encoding="utf-8"))
    section = re.search(r"^## (?:Five things to try|Search)$(.*?)^## ", whole, re.MULTILINE | re.DOTALL)
    assert section is not None
    return re.findall(r"(?<![*\w])\*([^*\n]{12,})\*(?!\*)", section[1])


def first(services: Services, text: str) -> int:
    """Return the first result of a search."""
    return services.search.run(SearchRequest(text, size=1)).hits[0].movie.id
