"""Tests wait for events and hold the clock: sleeps are short, and nothing asserts how long something took."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
KILLING = {"contracts/dying.py", "jobs/test_processes.py"}
"""Here processes are killed while they sleep, or in a moment that nothing tells."""
LONGEST = 0.2
"""Seconds."""
CLOCKS = {"monotonic", "perf_counter", "process_time", "time"}


def _sleeps(tree: ast.AST) -> Iterator[float]:
    """Seconds of all sleeps that say how long they are: of Python, and of a page in a browser."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute) and call.args:
            name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
            seconds = {"sleep": 1.0, "wait_for_timeout": 0.001}.get(name)
            if seconds is not None:
                argument = call.args[0]
                yield seconds * argument.value if isinstance(argument, ast.Constant) else _computed(argument)


def _computed(argument: ast.expr) -> float:
    """A name or an attribute is a pause that its caller chooses; arithmetic on one is a wait."""
    return 0.0 if isinstance(argument, ast.Name | ast.Attribute | ast.BoolOp) else float("inf")


def _timed(tree: ast.AST) -> Iterator[str]:
    """Assertions about the time that something took; a deadline, which only ends a hang, fails with words."""
    for check in ast.walk(tree):
        if isinstance(check, ast.Assert) and check.msg is None:
            names = {node.attr for node in ast.walk(check.test) if isinstance(node, ast.Attribute)}
            modules = {node.id for node in ast.walk(check.test) if isinstance(node, ast.Name)}
            if "time" in modules and names & CLOCKS:
                yield ast.unparse(check)


def _files() -> list[Path]:
    return sorted(TESTS.rglob("*.py"))


@pytest.mark.parametrize("source", ["time.sleep(0.5)", "sleep(1)", "page.wait_for_timeout(5 * SECONDS)"])
def test_a_long_sleep_is_found(source: str) -> None:
    assert max(_sleeps(ast.parse(source))) > LONGEST


def test_an_assertion_about_time_is_found() -> None:
    assert list(_timed(ast.parse("assert time.monotonic() - began < 1")))


def test_no_test_sleeps_long() -> None:
    found = {str(file.relative_to(TESTS)): [*_sleeps(ast.parse(file.read_text("utf-8")))] for file in _files()}
    assert {name for name, seconds in found.items() if max(seconds, default=0.0) > LONGEST} == KILLING


def test_no_test_asserts_how_long_something_took() -> None:
    assert [check for file in _files() for check in _timed(ast.parse(file.read_text("utf-8")))] == []
