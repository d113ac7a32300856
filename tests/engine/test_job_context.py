"""What a job works with: parts are opened when they are first used, and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.config import Settings
from core.errors import MarqueeError
from data import database
from engine import wiring
from engine.job_context import JobContext
from engine.online import implicit_feedback
from tests.engine.catalogue.test_refresh import Working


def test_a_part_is_opened_when_it_is_first_used_and_once(tmp_path: Path) -> None:
    opened = []

    def open_index_store() -> str:
        opened.append("index")
        return "the index"

    context = JobContext(Settings(home=tmp_path), None, open_index_store, lambda: opened.append("models"))  # type: ignore[arg-type]
    assert opened == []
    assert (context.index_store, context.index_store) == ("the index", "the index")
    assert opened == ["index"]


def test_a_job_that_uses_no_models_runs_where_their_place_cannot_be_opened(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, models_url="nowhere://models")
    stores = database.open(settings.database)
    context = wiring.job_context(settings, stores)
    assert implicit_feedback.run(context, Working(), parameters={}).figures["hints"] == 0
    with pytest.raises(MarqueeError):
        _ = context.registry
    database.close(stores)
