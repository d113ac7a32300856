"""Language detection for search texts: short requests, sentences, names and titles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import Settings
from core.types import SearchRequest
from data.catalogues import sources
from engine.search import language_detection
from engine.search.understanding import tables
from engine.search.understanding.vocabulary import Vocabulary
from engine.services import Services
from indexer.names import gazetteer_builder

FOREIGN = {
    "es": ("una película de terror", "una comedia romántica para esta noche", "un hombre despierta solo en una isla"),
    "fr": ("un film drôle pour ce soir", "comédie romantique", "un policier infiltré dans la mafia perd la mémoire"),
    "de": ("lustige filme für kinder", "ein hai greift menschen am strand an", "banküberfall mit geiseln"),
    "it": ("film divertenti per bambini", "una storia d'amore impossibile", "due fratelli rapinano una banca"),
    "pt": ("filmes de terror dos anos 90", "uma história de amor", "um menino perde o seu cachorro na cidade grande"),
    "ja": ("怖い映画", "夢を盗む男", "家族みんなで見るアニメ"),
}
ENGLISH = (
    "heist", "sci fi", "film noir", "kung fu", "mafia don", "casino heist las vegas", "italian western", "not a horror",
    "a robot alone on a planet of rubbish", "zombie apocalypse", "opera phantom", "movies like Amélie", "feel-good",
)  # fmt: skip
NAMES = ("Amélie", "Le fabuleux destin d'Amélie Poulain", "Tom Hanks", "Das Boot", "ratatuille", "1984", "?!", "")


@pytest.fixture(scope="module")
def names(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    """Return a vocabulary of the tables and the names of TMDB 5000."""
    settings = Settings(data_dir=real_data, home=tmp_path_factory.mktemp("home"), offline=True)
    return Vocabulary(tables.load(), gazetteer_builder.build(sources.load(settings).movies))


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in FOREIGN.items() for text in texts])
def test_the_language_of_a_request_or_a_sentence_is_detected(
    embedded_services: Services, language: str, text: str
) -> None:
    assert embedded_services.search.understand(text).language == language


@pytest.mark.parametrize("text", [*ENGLISH, *NAMES])
def test_short_english_texts_and_names_are_not_foreign(embedded_services: Services, text: str) -> None:
    assert not language_detection.is_foreign(embedded_services.search.understand(text).language)


@pytest.mark.parametrize("text", ["Amélie", "le fabuleux destin d'amelie poulain", "Tom Hanks", "?!", "1984"])
def test_titles_and_names_have_no_language(embedded_services: Services, text: str) -> None:
    assert embedded_services.search.understand(text).language == ""


def test_names_in_a_text_are_ignored(embedded_services: Services) -> None:
    found = embedded_services.search.understand("quelque chose comme Ratatouille")
    assert found.language == "fr"
    assert embedded_services.search.understand("something like Ratatouille").language == "en"


@pytest.mark.parametrize("literal", [True, False])
def test_a_literal_text_has_a_language_too(embedded_services: Services, literal: bool) -> None:
    assert embedded_services.search.understand("una película de terror", literal=literal).language == "es"


@pytest.mark.parametrize("text", ["película de guerra en el desierto", "tueur en série", "film di paura"])
def test_texts_in_other_languages_are_not_corrected(services: Services, text: str) -> None:
    page = services.search.run(SearchRequest(text))
    assert (page.corrected_to, page.did_you_mean) == ("", "")


@pytest.mark.slow
@pytest.mark.data
def test_english_descriptions_and_posts_are_english(names: Vocabulary, real_data: Path) -> None:
    files = sorted((real_data / "queries").glob("*.jsonl"))
    texts = [json.loads(line)["query"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    languages = [language_detection.of_text(text, names) for text in texts]
    assert languages.count(language_detection.ENGLISH) >= 0.995 * len(texts)


@pytest.mark.data
@pytest.mark.parametrize("text", ENGLISH)
def test_short_english_is_recognised_with_a_large_catalogue(names: Vocabulary, text: str) -> None:
    assert not language_detection.is_foreign(language_detection.of_text(text, names))


def test_the_model_is_loaded_once_and_stays_small() -> None:
    measured = """
import re
from pathlib import Path
from engine.search import language_detection
held = lambda: int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
before = held()
language_detection.warm()
assert language_detection._model() is language_detection._model()
print(held() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", measured],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert float(done.stdout) < 80  # MB; with all its languages the model takes 92
