"""Editing of labelled requests, and the nightly job that evaluates readers with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings
from core.errors import Cancelled, DataError, InvalidRequest, NotFound
from core.users import Preferences, User
from data import database
from data.database import Stores
from engine import wiring
from engine.search.evaluation import job
from engine.search.evaluation.label_editor import Labelling
from tests import databases
from tests.engine.catalogue.test_refresh import Working
from tests.engine.search.few_names import few_names
from tests.engine.search.llm_server import Misbehaviour, ModelServer

NOW = datetime(2026, 11, 21, 2, 50, tzinfo=UTC)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = databases.open_new(Settings(home=tmp_path).database)
    yield opened
    database.close(opened)


@pytest.fixture
def grace(stores: Stores) -> User:
    return stores.accounts.create("Grace", password_hash="x", preferences=Preferences(), at=NOW)


@pytest.fixture
def labelling(stores: Stores) -> Labelling:
    return Labelling(stores, clock=lambda: NOW)


def acts(stores: Stores) -> list[tuple[str, str]]:
    return [(act.action, act.subject) for act in reversed(stores.audit_log.latest())]


def test_every_change_is_recorded_in_the_audit_log(labelling: Labelling, stores: Stores, grace: User) -> None:
    made = labelling.label("  something   sad ", "wish", "mood:cry", by=grace, source="search")
    assert (made.text, made.source, made.at) == ("something sad", "search", NOW)
    labelling.load(b"text\tpieces\nold film\trecency:old\n", name="mine.tsv", by=grace)
    labelling.delete(made.id, by=grace)
    assert [request.text for request in labelling.labelled()] == ["old film"]
    assert acts(stores) == [("label", "something sad"), ("import-labels", "mine.tsv"), ("unlabel", "something sad")]


def test_invalid_input_is_rejected_by_field_and_changes_nothing(
    labelling: Labelling, stores: Stores, grace: User
) -> None:
    for text, query_type, pieces, name in (
        ("", "wish", "", "text"),
        ("sad", "dance", "", "query_type"),
        ("sad", "wish", "colour:red", "pieces"),
    ):
        with pytest.raises(InvalidRequest) as caught:
            labelling.label(text, query_type, pieces, by=grace)
        assert list(caught.value.fields) == [name]
    with pytest.raises(DataError):
        labelling.load(b"no header", name="mine.tsv", by=grace)
    with pytest.raises(NotFound):
        labelling.delete(5, by=grace)
    assert (labelling.labelled(), acts(stores)) == ([], [])


def test_a_changed_text_replaces_the_old_one(labelling: Labelling, grace: User) -> None:
    made = labelling.label("sad", "wish", "mood:cry", by=grace, source="search")
    changed = labelling.edit(made.id, "very sad", "wish", "mood:cry", by=grace)
    assert [(request.text, request.source) for request in labelling.labelled()] == [("very sad", "search")]
    again = labelling.edit(changed.id, "very sad", "wish", "mood:dark", by=grace)
    assert (again.id, again.written) == (changed.id, "mood:dark")


def test_valid_rows_of_a_file_are_written_and_invalid_ones_reported(labelling: Labelling, grace: User) -> None:
    content = b"text\tpieces\nsad\tmood:cry\nbad\tcolour:red\n"
    done = labelling.load(content, name="mine.tsv", by=grace)
    assert done.written == 1
    assert done.faults[0].startswith("mine.tsv, row 3: pieces: unknown kind 'colour'")


def measure(stores: Stores, settings: Settings, *, work: Working | None = None, **parameters: Any) -> Any:
    return job.run(
        wiring.job_context(settings, stores, lambda: NOW),
        work or Working(),
        parameters=parameters,
        vocabulary=few_names(),
    ).figures


def test_the_job_evaluates_the_rules_and_logs_the_figures_before_and_after(
    labelling: Labelling, stores: Stores, grace: User, tmp_path: Path
) -> None:
    settings, work = Settings(home=tmp_path), Working()
    labelling.label("sad comedy from the 1990s", "wish", "mood:cry; genre:Comedy; years:1990-1999", by=grace)
    first = measure(stores, settings)["readers"]["rules"]
    assert first["before"] == {}
    assert first["after"] == {"all": 1.0, "genre": 1.0, "mood": 1.0, "years": 1.0}
    labelling.label("sad", "wish", "mood:scary", by=grace)
    second = measure(stores, settings, work=work)["readers"]["rules"]
    assert second["before"] == first["after"]
    assert second["after"]["mood"] == pytest.approx(1 / 3, abs=0.001)
    assert work.said == ["rules: all 1.000 → 0.600, genre 1.000 → 1.000, mood 1.000 → 0.333, years 1.000 → 1.000"]
    kept = stores.evaluations.runs()
    assert [(run.reader, run.requests, run.version) for run in kept] == [
        ("rules", 2, job.rules_version()),
        ("rules", 1, job.rules_version()),
    ]
    assert kept[0].failures == (
        {
            "text": "sad",
            "expected_query_type": "wish",
            "query_type": "wish",
            "missed": ["mood:scary"],
            "wrong": ["mood:cry"],
        },
    )


def test_without_labelled_requests_nothing_is_evaluated(stores: Stores, tmp_path: Path) -> None:
    work = Working()
    assert measure(stores, Settings(home=tmp_path), work=work) == {"requests": 0, "readers": {}}
    assert work.said == ["there are no labelled requests yet"]
    assert stores.evaluations.runs() == []


def _understanding(body: Any) -> dict[str, Any]:
    text = json.loads(body["messages"][-1]["content"])["request"]
    piece = {"kind": "mood", "value": "cry", "quote": text, "wanted": True, "role": ""}
    return {"query_type": "wish", "pieces": [piece]}


def test_the_model_is_evaluated_in_addition_to_the_rules_within_its_calls(
    labelling: Labelling, stores: Stores, grace: User, tmp_path: Path
) -> None:
    for text in ("a real weeper", "waterworks", "boo"):
        labelling.label(text, "wish", "mood:cry", by=grace)
    with ModelServer(answering=_understanding) as server:
        settings = Settings(home=tmp_path, llm_url=server.url, llm_model="small-model")
        found = measure(stores, settings, calls=2)["readers"]
        assert found["small-model"]["after"]["mood"] == 1.0
        assert len(server.asked) == 2
        assert list(measure(stores, settings, llm=False)["readers"]) == ["rules"]


def test_figures_of_a_model_that_hardly_answers_are_not_stored(
    labelling: Labelling, stores: Stores, grace: User, tmp_path: Path
) -> None:
    labelling.label("floods of tears", "wish", "mood:cry", by=grace)
    with ModelServer(bad=Misbehaviour(status=500)) as server:
        settings, work = Settings(home=tmp_path, llm_url=server.url, llm_model="small-model"), Working()
        assert measure(stores, settings, work=work)["readers"]["small-model"] == {"answered": 0, "of": 1}
    assert "small-model answered 0 of 1 requests; its figures are not stored" in work.said
    assert [run.reader for run in stores.evaluations.runs()] == ["rules"]


def test_the_budget_of_searches_does_not_limit_the_evaluation(
    labelling: Labelling, stores: Stores, grace: User, tmp_path: Path
) -> None:
    for number in range(4):
        labelling.label(f"tears number {number}", "wish", "mood:cry", by=grace)
    with ModelServer(answering=_understanding) as server:
        settings = Settings(home=tmp_path, llm_url=server.url, llm_model="small-model", llm_per_minute=1)
        assert measure(stores, settings)["readers"]["small-model"]["after"]["mood"] == 1.0


def test_a_cancelled_evaluation_writes_nothing(
    labelling: Labelling, stores: Stores, grace: User, tmp_path: Path
) -> None:
    class Stopped(Working):
        def check(self) -> None:
            raise Cancelled("stop")

    labelling.label("sad", "wish", "mood:cry", by=grace)
    with pytest.raises(Cancelled):
        measure(stores, Settings(home=tmp_path), work=Stopped())
    assert stores.evaluations.runs() == []
