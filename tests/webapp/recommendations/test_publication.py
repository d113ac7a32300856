"""Models are published every second while fifty clients use the real server."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import Any

import pytest

import webapp
from benchmarks.jobs import publishing
from engine import request_scope
from tests import fakes, sample


@pytest.mark.slow
def test_fifty_clients_get_no_error_and_no_mixed_response_while_models_are_published(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    built = sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "embedded")
    for part in ("index", "encoders"):
        shutil.copytree(built.home / part, tmp_path / part)
    _check(publishing.run(built.model_copy(update={"home": tmp_path}), seconds=60, enough=7), least=5)


@pytest.mark.slow
@pytest.mark.elasticsearch
def test_fifty_clients_get_no_error_while_factors_are_published_to_elasticsearch(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, elasticsearch_url: str
) -> None:
    with sample.elastic(sample.shared(tmp_path_factory.getbasetemp()) / "elastic", elasticsearch_url) as built:
        shutil.copytree(built.home / "encoders", tmp_path / "encoders")
        # Each publication waits until the factors are in the engine, seconds long while fifty clients ask.
        _check(publishing.run(built.model_copy(update={"home": tmp_path}), seconds=60, enough=3), least=2)


def _check(found: dict[str, Any], *, least: int) -> None:
    assert (found["errors"], found["mixed"], found["late"]) == (0, 0, 0), found["faults"]
    assert found["publications"] >= least, "models were published while they asked"
    assert found["versions_seen"] >= min(least, 3), "and noticed"
    assert found["answers"] > 100


def test_a_request_keeps_its_version_and_releases_it_at_the_end() -> None:
    numbers = itertools.count()
    app = webapp.create_app(fakes.services())

    def chosen() -> str:
        return str([request_scope.once("number", lambda: next(numbers)) for _ in range(3)])

    app.add_url_rule("/chosen", "chosen", chosen)
    client = app.test_client()
    assert [client.get("/chosen").text for _ in range(2)] == ["[0, 0, 0]", "[1, 1, 1]"]
    assert chosen() == "[2, 3, 4]", "outside of requests nothing is kept"
