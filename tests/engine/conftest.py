"""Real services over the sample catalogue, on both engines."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from core.config import Settings
from engine.services import Services
from tests import sample


@pytest.fixture(scope="session")
def embedded_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose home holds the sample, indexed by the embedded engine."""
    return sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample")


@pytest.fixture(scope="session")
def embedded_services(embedded_settings: Settings) -> Services:
    """The sample on the embedded engine."""
    return sample.services(embedded_settings)


@pytest.fixture(scope="session")
def elastic_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The sample on a real Elasticsearch."""
    home = sample.shared(tmp_path_factory.getbasetemp()) / "sample"
    with sample.elastic(home, os.environ["ELASTICSEARCH_URL"]) as settings:
        yield sample.services(settings)


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.elasticsearch)])
def services(request: pytest.FixtureRequest) -> Services:
    """The sample on each engine in turn."""
    found: Services = request.getfixturevalue(f"{request.param}_services")
    return found
