"""The packaged word tables and custom moods."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InvalidSettings
from core.understanding import PieceKind
from engine.search.understanding import tables
from engine.search.understanding.language import tokens

GOOD = """
[[mood]]
name = "rainy"
label = "For a rainy day"
says = ["rainy day"]
genres = { Drama = 0.4 }
keywords = ["rain"]
prototypes = ["Somebody watches the rain."]
threshold = 0.3
"""


def custom(folder: Path, text: str) -> Path:
    file = folder / "moods.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_packaged_tables_are_valid() -> None:
    loaded = tables.load()
    assert len(loaded.moods) >= 20
    assert {term.kind for term in loaded.terms} >= {PieceKind.GENRE, PieceKind.MOOD, PieceKind.QUALITY}


def test_every_packaged_phrase_has_words() -> None:
    for term in tables.load().terms:
        assert all(map(tokens.words, tables.says(term.row))), term.name


def test_rows_of_a_kind_have_distinct_names() -> None:
    names = [(term.kind, term.name) for term in tables.load().terms]
    assert len(set(names)) == len(names)


def test_every_packaged_mood_is_reachable() -> None:
    """A threshold above the sum of genres, keywords and nearness would exclude every movie."""
    for mood in tables.load().moods:
        most = sum(weight for weight in mood.genres.values() if weight > 0) + 0.4 + 0.45
        assert most >= mood.threshold, mood.name


def test_phrases_with_the_same_beginning_are_sorted_longest_first() -> None:
    for entries in tables.load().phrases.values():
        lengths = [len(said) for said, _ in entries]
        assert lengths == sorted(lengths, reverse=True)


def test_custom_moods_replace_the_packaged_ones(tmp_path: Path) -> None:
    loaded = tables.load(custom(tmp_path, GOOD))
    assert loaded.mood_names == ("rainy",)
    assert loaded.moods[0].threshold == 0.3
    assert loaded.moods_hash != tables.load().moods_hash


def test_custom_moods_do_not_affect_other_tables(tmp_path: Path) -> None:
    loaded = tables.load(custom(tmp_path, GOOD))
    assert loaded.term(PieceKind.GENRE, "Horror") is not None
    assert loaded.term(PieceKind.MOOD, "scary") is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('name = "rainy"', 'name = ""'), "name: expected text"),
        (('label = "For a rainy day"', "label = 3"), "label: expected text"),
        (('says = ["rainy day"]', "says = []"), "says: expected at least one phrase"),
        (("threshold = 0.3", "threshold = 1.5"), "threshold: expected a number above 0"),
        (("threshold = 0.3", 'threshold = "much"'), "threshold: expected a number above 0"),
        (("threshold = 0.3", "thresold = 0.3"), "unknown field thresold"),
        (("threshold = 0.3", 'kind = "weather"'), "kind: expected mood or audience"),
        (("genres = { Drama = 0.4 }", 'genres = ["Drama"]'), "genres: expected"),
        (("genres = { Drama = 0.4 }", 'genres = { Drama = "much" }'), "genres: expected"),
        (('keywords = ["rain"]', 'keywords = "rain"'), "keywords: expected a list of texts"),
        (('says = ["rainy day"]', 'says = "rainy day"'), "says: expected a list of texts"),
        (('says = ["rainy day"]', 'says = ["!!!"]'), "says: "),
    ],
)
def test_errors_name_the_file_the_row_and_the_field(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    second = GOOD.replace(*change).replace("rainy", "sunny")
    file = custom(tmp_path, GOOD + second)
    with pytest.raises(InvalidSettings) as caught:
        tables.load(file)
    message = str(caught.value)
    assert message.startswith(f"MARQUEE_MOODS_FILE: {file}, mood 2")
    assert fault in message


def test_duplicate_mood_names_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match=r"mood 2 \(rainy\): name: "):
        tables.load(custom(tmp_path, GOOD + GOOD))


@pytest.mark.parametrize("text", ["", "# nothing\n", "[[moods]]\nname = 'x'\n"])
def test_a_file_without_moods_is_rejected(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidSettings, match=r"has no \[\[mood\]\] rows"):
        tables.load(custom(tmp_path, text))


def test_a_file_that_is_not_toml_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="is not valid TOML"):
        tables.load(custom(tmp_path, "[[mood]\n"))


def test_a_mood_that_is_not_a_table_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match=r"expected rows of the form \[\[mood\]\]"):
        tables.load(custom(tmp_path, 'mood = "rainy"\n'))


def test_a_missing_file_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="cannot be read"):
        tables.load(tmp_path / "none.toml")
