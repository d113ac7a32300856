"""No run of ten lines of code stands twice: whoever mends one copy forgets the other."""

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
"""Lines of code that may not stand twice."""
LEAST_NAMED = 5
"""Lines with a word in them that make a run worth naming: brackets and literals alone say nothing."""

Line = tuple[int, str]
"""The number of a line in its file, and its code without white space at its ends."""


def test_no_ten_lines_of_code_stand_twice() -> None:
    code = {path: _code(path.read_text(encoding="utf-8")) for path in _sources()}
    assert _twins(code) == []


def test_twins_are_found_whatever_stands_between_their_lines() -> None:
    lines = [f"first_{number} = compute({number})" for number in range(RUN)]
    spread = "\n\n".join(f"{line}  # a comment" for line in lines)
    one, other = "import os\n" + "\n".join(lines), f'"""A docstring."""\n{spread}\n'
    code = {ROOT / "one.py": _code(one), ROOT / "other.py": _code(other)}
    assert _twins(code) == ["one.py:2 is other.py:2"]
    assert (
        _twins({ROOT / "one.py": _code(one), ROOT / "other.py": _code(other.replace("compute(4)", "compute(5)"))}) == []
    )


def _sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _twins(code: dict[Path, Sequence[Line]]) -> list[str]:
    """The first line of each run that stands twice, by file and number."""
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
    """The lines of code, without comments, docstrings and imports."""
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
