"""The example searches of home page, README, tutorial and `marquee run`: each puts its movie first."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from core.config import LANGUAGES, Settings
from core.sample import examples
from core.types import SearchRequest
from engine.services import Services
from tests import sample
from webapp.browse import pages

ROOT = Path(__file__).parents[1]
OTHERS = tuple(language for language in LANGUAGES if language != "en")


def translated(language: str) -> list[tuple[str, int]]:
    """The home page's examples in a language, and what each is to find."""
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
        sample.build_index(settings, sample.Silent())
    return sample.services(settings)


@pytest.mark.parametrize(("text", "movie"), TEXTS)
def test_each_puts_its_movie_first_on_the_sample(on_the_sample: Services, text: str, movie: int) -> None:
    assert first(on_the_sample, text) == movie


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize(("text", "movie"), TEXTS)
def test_each_puts_its_movie_first_on_tmdb_5000(on_tmdb: Services, text: str, movie: int) -> None:
    assert first(on_tmdb, text) == movie


def test_the_titles_are_those_of_the_movies(on_the_sample: Services) -> None:
    for example in examples.EXAMPLES:
        assert on_the_sample.movies.get(example.movie).title == example.title


def test_the_home_page_shows_these_and_no_others() -> None:
    assert tuple(example.text for example in examples.HOME) == pages.EXAMPLES


@pytest.mark.parametrize("page", ["README.md", "docs/start.md"])
def test_the_readme_and_the_tutorial_offer_these_and_no_others(page: str) -> None:
    known = {example.text for example in examples.EXAMPLES}
    offered = {text.lower().rstrip(".") for text in tried(ROOT / page)}
    assert offered
    assert {text for text in offered if text not in {one.lower() for one in known}} == set()


def tried(path: Path) -> list[str]:
    """The texts in italics that a page says to search for."""
    whole = html.unescape(path.read_text(encoding="utf-8"))
    section = re.search(r"^## (?:Five things to try|Search)$(.*?)^## ", whole, re.MULTILINE | re.DOTALL)
    assert section is not None
    return re.findall(r"(?<![*\w])\*([^*\n]{12,})\*(?!\*)", section[1])


def first(services: Services, text: str) -> int:
    """The movie that a search puts first."""
    return services.search.run(SearchRequest(text, size=1)).hits[0].movie.id
