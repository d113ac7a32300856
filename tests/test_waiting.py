"""Tests wait for events instead of time: sleeps are short, and no assertion depends on elapsed time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
KILLING = {"contracts/dying.py", "contracts/dying_changes.py", "jobs/test_processes.py"}
"""Files in which processes are killed while they sleep, or at an unknown moment."""
LONGEST = 0.2
"""Maximum sleep in seconds."""
CLOCKS = {"monotonic", "perf_counter", "process_time", "time"}


def _sleeps(tree: ast.AST) -> Iterator[float]:
    """Yield the duration in seconds of each sleep, in Python or in a browser page."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute) and call.args:
            name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
            seconds = {"sleep": 1.0, "wait_for_timeout": 0.001}.get(name)
            if seconds is not None:
                argument = call.args[0]
                yield seconds * argument.value if isinstance(argument, ast.Constant) else _computed(argument)


def _computed(argument: ast.expr) -> float:
    """Return 0 for a pause chosen by the caller (a name or an attribute), and infinity for other expressions."""
    return 0.0 if isinstance(argument, ast.Name | ast.Attribute | ast.BoolOp) else float("inf")


def _timed(tree: ast.AST) -> Iterator[str]:
    """Yield assertions about elapsed time. Those with a message are timeouts against hangs, and allowed."""
    for check in ast.walk(tree):
        if isinstance(check, ast.Assert) and check.msg is None:
            names = {node.attr for node in ast.walk(check.test) if isinstance(node, ast.Attribute)}
            modules = {node.id for node in ast.walk(check.test) if isinstance(node, ast.Name)}
            if "time" in modules and names & CLOCKS:
                yield ast.unparse(check)


def _files() -> list[Path]:
    return sorted(TESTS.rglob("*.py"))


@pytest.mark.parametrize("source", ["time.sleep(0.5)", "sleep(1)", "page.wait_for_timeout(5 * SECONDS)"])
def test_a_long_sleep_is_detected(source: str) -> None:
    assert max(_sleeps(ast.parse(source))) > LONGEST


def test_an_assertion_about_elapsed_time_is_detected() -> None:
    assert list(_timed(ast.parse("assert time.monotonic() - began < 1")))


def test_no_test_sleeps_long() -> None:
    found = {str(file.relative_to(TESTS)): [*_sleeps(ast.parse(file.read_text("utf-8")))] for file in _files()}
    assert {name for name, seconds in found.items() if max(seconds, default=0.0) > LONGEST} == KILLING


def test_no_test_asserts_elapsed_time() -> None:
    assert [check for file in _files() for check in _timed(ast.parse(file.read_text("utf-8")))] == []
