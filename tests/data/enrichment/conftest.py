"""The server of both services, and time that passes on demand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.data.enrichment import services
from tests.data.enrichment.services import FakeTime, Services


@pytest.fixture
def server() -> Iterator[Services]:
    with services.served() as started:
        yield started


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()
