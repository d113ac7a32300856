"""No ten lines of code are duplicated, because a fix of one copy misses the other."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("core", "data", "indexer", "engine", "jobs", "webapp", "marquee", "benchmarks", "tests")
RUN = 10
"""The number of lines that may not be duplicated."""
LEAST_NAMED = 5
"""The minimum number of lines with a word; brackets and literals alone do not count."""

Line = tuple[int, str]
"""The number of a line in its file, and its stripped code."""


def test_no_ten_lines_of_code_are_duplicated() -> None:
    code = {path: _code(path.read_text(encoding="utf-8")) for path in _sources()}
    assert _duplicates(code) == []


def test_duplicates_are_found_despite_comments_and_blank_lines() -> None:
    lines = [f"first_{number} = compute({number})" for number in range(RUN)]
    spread = "\n\n".join(f"{line}  # a comment" for line in lines)
    one, other = "import os\n" + "\n".join(lines), f'"""A docstring."""\n{spread}\n'
    code = {ROOT / "one.py": _code(one), ROOT / "other.py": _code(other)}
    assert _duplicates(code) == ["one.py:2 is other.py:2"]
    assert (
        _duplicates({ROOT / "one.py": _code(one), ROOT / "other.py": _code(other.replace("compute(4)", "compute(5)"))})
        == []
    )


def _sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _duplicates(code: dict[Path, Sequence[Line]]) -> list[str]:
    """Return the first line of each duplicate, by file and number."""
    places: dict[tuple[str, ...], list[tuple[Path, int]]] = defaultdict(list)
    for path, lines in code.items():
        for start in range(len(lines) - RUN + 1):
            run = lines[start : start + RUN]
            if sum(any(letter.isalpha() for letter in text) for _, text in run) >= LEAST_NAMED:
                places[tuple(text for _, text in run)].append((path, start))
    twins = [(*found[0], *found[1]) for found in places.values() if len(found) > 1]
    return [
        f"{one.relative_to(ROOT)}:{code[one][first][0]} is {other.relative_to(ROOT)}:{code[other][second][0]}"
        for _, pairs in groupby(
            sorted(twins),
            key=lambda holdout_model: (holdout_model[0], holdout_model[2], holdout_model[1] - holdout_model[3]),
        )
        for one, first, other, second in [next(pairs)]
    ]


def _code(text: str) -> list[Line]:
    """Return the lines of code without comments, docstrings and imports."""
    left_out = set[int]()
    for node in ast.walk(ast.parse(text)):
        is_text = (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        )
        if is_text or isinstance(node, ast.Import | ast.ImportFrom):
            left_out.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return [
        (number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip() and number not in left_out
    ]
