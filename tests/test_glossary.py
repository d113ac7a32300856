"""Names in the code follow the glossary: none of its former words is left."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from core.config import Settings
from marquee import cli
from tests import fakes
from webapp import create_app

ROOT = Path(__file__).parent.parent
PACKAGES = ("core", "data", "indexer", "engine", "jobs", "webapp", "marquee", "benchmarks", "tests")
WORDS = frozenset({
    "clockwork", "deed", "deeds", "favoured", "film", "films", "insist", "rung", "rungs", "shelf", "shelves", "viewer",
    "viewers",
})  # fmt: skip
"""Words that no identifier may contain."""
NAMES = frozenset({
    "Act", "ActStore", "Asking", "Chosen", "Draft", "Exposing", "Following", "Held", "Hint", "Insight", "Ladder",
    "Learned", "Learning", "Lent", "Looking", "Material", "Members", "Noticing", "Own", "Place", "Pulse", "Reading",
    "Recipe", "Reporting", "Rhythm", "Showing", "Stamp", "Stamped", "Stamping", "Told", "Trials", "Widened", "Wish",
    "restamp", "stamp", "stamped", "sweep", "widen",
})  # fmt: skip
"""Former names of classes and functions."""
MODULES = frozenset({
    "acts", "asking", "beside", "children", "choosing", "clockwork", "copies", "deeds", "describing", "draft", "drafts",
    "favoured", "following", "harvest", "held", "hint", "hints", "insight", "item_lists", "judging", "ladder",
    "launching", "learning", "leasing", "material", "members", "memory", "names_of", "noticed", "noticing", "own",
    "parts", "people", "places", "pulse", "recipe", "reading", "saying", "scorer", "shelf", "stamping", "standing",
    "suit", "sweep", "taking", "taste", "telling", "twin", "watching", "widening", "wish",
})  # fmt: skip
"""Former names of modules and packages."""
KEPT = frozenset({"min_viewer_films", "min_film_ratings", "MARQUEE_MIN_VIEWER_FILMS"})
"""Settings that are still read under their names of the last release."""
FORMER_BENCHMARKS = frozenset({"taste"})
"""`python -m benchmarks.taste` is documented, and its stored results bear the name."""


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+", name)}


def _old(name: str) -> bool:
    return name not in KEPT and not WORDS.isdisjoint(_words(name))


def _modules(package: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_identifier_contains_a_former_word(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{token.start[0]} {token.string}"
        for path in _modules(package)
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
        if token.type == tokenize.NAME and _old(token.string)
    ]
    assert found == []


@pytest.mark.parametrize("package", PACKAGES[:-2])
def test_no_class_or_public_function_has_a_former_name(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in _modules(package)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name in NAMES
    ]
    assert found == []


@pytest.mark.parametrize("package", PACKAGES[:-1])
def test_no_module_or_package_has_a_former_name(package: str) -> None:
    found = {
        part
        for path in _modules(package)
        for part in (*path.relative_to(ROOT).parts[:-1], path.stem)
        if part in MODULES and not (package == "benchmarks" and part in FORMER_BENCHMARKS)
    }
    assert found == set()


def test_no_template_has_a_former_name() -> None:
    templates = ROOT / "webapp" / "templates"
    stems = [path.stem for path in templates.rglob("*.html")]
    assert len(stems) > 20
    assert [stem for stem in stems if _old(stem) or stem in MODULES] == []


def test_no_setting_has_a_former_name() -> None:
    assert [name for name in Settings.model_fields if _old(name)] == []


def _parameters(command: click.Command) -> Iterator[str]:
    yield command.name or ""
    yield from (parameter.name or "" for parameter in command.params)
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from _parameters(child)


def test_no_command_or_option_has_a_former_name() -> None:
    names = list(_parameters(cli.main))
    assert len(names) > 50
    assert [name for name in names if _old(name) or name in {"insist", "asked"}] == []


def _properties(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for value in schema.values():
            yield from _properties(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _properties(value)


def test_no_field_or_component_of_the_api_has_a_former_name() -> None:
    document = create_app(fakes.services()).test_client().get("/api/openapi.json").get_json()
    names = [*document["components"]["schemas"], *_properties(document)]
    assert len(names) > 100
    assert [name for name in names if _old(name) or name in NAMES or name in {"asked_at", "asked_by"}] == []


@pytest.mark.parametrize(
    ("name", "old"), [("viewer_id", True), ("TrendingFilm", True), ("filming", False), ("home_shelf", True)]
)
def test_former_words_are_recognised_inside_names(name: str, old: bool) -> None:
    assert _old(name) is old
