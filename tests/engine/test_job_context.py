"""The context of jobs: services are opened once, on first use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.config import Settings
from data import database
from engine.job_context import JobContext
from engine.online import implicit_feedback
from tests import databases
from tests.engine.catalogue.test_refresh import Working


def test_a_service_is_opened_once_on_first_use(tmp_path: Path) -> None:
    opened = []

    def open_index_store() -> str:
        opened.append("index")
        return "the index"

    context = JobContext(Settings(home=tmp_path), None, open_index_store, lambda: opened.append("models"))  # type: ignore[arg-type]
    assert opened == []
    assert (context.index_store, context.index_store) == ("the index", "the index")
    assert opened == ["index"]


def test_a_job_that_needs_neither_index_nor_models_opens_none(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    stores = databases.open_new(settings.database)
    context = JobContext(settings, stores, _refuse, _refuse)
    assert implicit_feedback.run(context, Working(), parameters={}).figures["pairs"] == 0
    database.close(stores)


def _refuse() -> Any:
    raise AssertionError("nobody needs it")
