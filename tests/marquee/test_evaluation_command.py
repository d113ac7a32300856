"""`marquee evaluate-understanding`: figures on standard output, and an exit code for CI."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from core.config import Settings
from core.evaluation import Split, labelled, split_of
from tests.engine.search.llm_server import ModelServer
from tests.marquee.conftest import World

Command = Callable[..., Result]
ROWS = "text\tquery_type\tpieces\nsad comedy\twish\tmood:cry; genre:Comedy\nboo\twish\tmood:scary\n"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "mine.tsv"
    path.write_text(ROWS, encoding="utf-8")
    return str(path)


def test_figures_are_printed_by_kind_mood_and_query_type(marquee: Command, file: str) -> None:
    found = marquee("evaluate-understanding", "--file", file, "--failures", "5")
    assert found.exit_code == 0, found.output
    lines = found.stdout.splitlines()
    assert lines[0].startswith("rules, version ")
    assert lines[0].endswith("2 requests")
    assert "  genre               1.000      1      0      0" in lines
    assert "  mood                0.500      1      1      0" in lines
    assert lines[-2:] == ["- boo", "    missed mood:scary, wrong –"]


def test_json_output_contains_nothing_else(marquee: Command, file: str) -> None:
    found = marquee("evaluate-understanding", "--file", file, "--json")
    (report,) = json.loads(found.stdout)
    assert (report["reader"], report["requests"], report["kinds"]["mood"]["accuracy"]) == ("rules", 2, 0.5)
    assert found.stderr == ""


def test_figures_below_the_requirements_exit_with_1_and_are_named(marquee: Command, file: str) -> None:
    found = marquee("evaluate-understanding", "--file", file, "--require", "moods=0.9,genres=0.95")
    assert found.exit_code == 1
    assert "below the requirements: rules: moods: 0.500, required 0.900" in found.stderr
    assert "genres" not in found.stderr
    assert marquee("evaluate-understanding", "--file", file, "--require", "moods=0.5").exit_code == 0


@pytest.mark.parametrize("require", ["moods", "colours=1", "moods=2"])
def test_invalid_requirements_exit_with_2(marquee: Command, file: str, require: str) -> None:
    found = marquee("evaluate-understanding", "--file", file, "--require", require)
    assert (found.exit_code, "--require" in found.stderr) == (2, True)


def test_invalid_rows_are_named(marquee: Command, tmp_path: Path) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text("text\tpieces\nx\tcolour:red\n", encoding="utf-8")
    found = marquee("evaluate-understanding", "--file", str(path))
    assert found.exit_code == 1
    assert "bad.tsv, row 2: pieces: unknown kind 'colour'" in found.stderr


def test_without_a_file_the_requests_of_the_site_are_used(marquee: Command, world: World) -> None:
    assert "there are no labelled requests" in marquee("evaluate-understanding").stderr
    world.labelled = [labelled("sad", "wish", "mood:cry")]
    assert "1 requests" in marquee("evaluate-understanding").stdout


def test_one_split_can_be_evaluated_alone(marquee: Command, file: str) -> None:
    halves = [split_of(text) for text in ("sad comedy", "boo")]
    for half in Split:
        found = marquee("evaluate-understanding", "--file", file, "--split", half.value, "--json")
        expected = halves.count(half)
        assert (json.loads(found.stdout)[0]["requests"] if expected else 0) == expected


def test_the_language_model_is_evaluated_if_there_is_one(marquee: Command, world: World, file: str) -> None:
    assert "set MARQUEE_LLM_URL" in marquee("evaluate-understanding", "--file", file, "--reader", "llm").stderr
    piece = {"kind": "mood", "value": "scary", "quote": "boo", "wanted": True, "role": ""}
    with ModelServer(answering=lambda _: {"query_type": "wish", "pieces": [piece]}) as server:
        world.settings = Settings(llm_url=server.url, llm_model="small-model")
        found = marquee("evaluate-understanding", "--file", file, "--reader", "all", "--json")
        assert [report["reader"] for report in json.loads(found.stdout)] == ["rules", "small-model"]
        found = marquee("evaluate-understanding", "--file", file, "--reader", "llm", "--json")
        assert json.loads(found.stdout)[0]["kinds"]["mood"]["right"] == 1
