"""The documentation agrees with the code."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from core.config import Settings
from core.jobs.runs import Kind, Parameter
from engine.training.options import PARAMETERS

ROOT = Path(__file__).parents[1]
ROWS = {
    name: (rest.split(" | "))
    for name, rest in re.findall(
        r"^\| `([a-z_]+)` \| (.*) \|$", (ROOT / "docs" / "training.md").read_text(encoding="utf-8"), re.MULTILINE
    )
}

ASVS_REQUIREMENTS = 253
"""Requirements of levels 1 and 2 of ASVS 5.0."""
PAGES = sorted(
    {ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")} - {ROOT / "docs/decisions.md"}
)
"""Every page except the decisions, which may name code that no longer exists."""
PACKAGES = "core|data|indexer|engine|jobs|webapp|marquee|benchmarks|tests|deploy"
PATHS = re.compile(rf"`((?:{PACKAGES})/[\w./-]*)`")
NAMES = re.compile(rf"`((?:{PACKAGES})(?:\.\w+)+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_and_name_of_code_in_a_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [path for path in PATHS.findall(text) if not (ROOT / path).exists()] == []
    assert [name for name in NAMES.findall(text) if not _exists(name)] == []


def test_every_page_is_in_the_navigation() -> None:
    listed = re.findall(r": ([a-z-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(page.name for page in (ROOT / "docs").rglob("*.md"))


def test_the_table_lists_exactly_the_training_parameters() -> None:
    assert set(ROWS) == set(PARAMETERS)


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_the_row_of_a_parameter_states_its_range_default_and_meaning(name: str) -> None:
    parameter = PARAMETERS[name]
    assert ROWS[name] == [_range(parameter), _default(parameter), parameter.meaning]


def _exists(name: str) -> bool:
    """Whether `a.b.c` is a module or a name in a module."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        stem = ROOT.joinpath(*parts[:end])
        source = next((file for file in (stem.with_suffix(".py"), stem / "__init__.py") if file.is_file()), None)
        if source:
            text = source.read_text(encoding="utf-8")
            return all(re.search(rf"\b{part}\b", text) for part in parts[end:])
    return False


def _range(parameter: Parameter) -> str:
    if parameter.kind is Kind.SWITCH:
        return "true, false"
    if parameter.choices:
        return ", ".join(parameter.choices)
    return f"{_number(parameter.least)} to {_number(parameter.most)}"


def _default(parameter: Parameter) -> str:
    if parameter.name in Settings().training:
        return f"`MARQUEE_{parameter.name.upper()}`"
    if parameter.kind is Kind.SWITCH:
        return str(parameter.default).lower()
    return str(parameter.default) if parameter.name == "seed" else _number(parameter.default)


def _number(value: float | None) -> str:
    assert value is not None
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def test_the_table_of_asvs_is_complete_and_counted() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| (met|n/a|\*\*not met\*\*) \| ([^|]+) \|$", text, re.M
    )
    numbers = [tuple(map(int, row[0].split("."))) for row in rows]
    assert len(rows) == ASVS_REQUIREMENTS
    assert numbers == sorted(set(numbers))
    assert {chapter for chapter, _, _ in numbers} == set(range(1, 18))
    counts = Counter(row[3] for row in rows)
    claim = f"{counts['met']} are met, {counts['n/a']} do not apply, {counts['**not met**']} are not met"
    assert claim in text
