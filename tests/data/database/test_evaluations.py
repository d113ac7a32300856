"""Labelled requests and evaluations: the contract of `EvaluationStore`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import NotFound
from core.evaluation import EvaluationRun, labelled
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW

SAD = labelled("something sad", "wish", "mood:cry")
OLD = labelled("old westerns", "wish", "genre:Western; recency:old")
RUN = EvaluationRun(NOW, "rules", "1", 2, {"all": {"accuracy": 0.5}}, ({"text": "old westerns", "missed": ["x"]},))


def test_labelled_requests_are_returned_latest_first(stores: Stores) -> None:
    assert stores.evaluations.labelled() == []
    assert stores.evaluations.label([replace(SAD, source="file")], at=NOW) == 1
    stores.evaluations.label([OLD], at=NOW + MINUTE)
    found = stores.evaluations.labelled()
    assert [request.text for request in found] == [OLD.text, SAD.text]
    assert found[1] == replace(SAD, source="file", at=NOW, id=found[1].id)
    assert stores.evaluations.get(found[1].id) == found[1]


def test_the_same_text_replaces_its_label(stores: Stores) -> None:
    stores.evaluations.label([SAD, OLD], at=NOW)
    number = next(request.id for request in stores.evaluations.labelled() if request.text == SAD.text)
    assert stores.evaluations.label([labelled(SAD.text, "wish", "mood:dark")] * 2, at=NOW + MINUTE) == 1
    again = stores.evaluations.get(number)
    assert (again.written, again.at) == ("mood:dark", NOW + MINUTE)
    assert len(stores.evaluations.labelled()) == 2


def test_a_request_is_deleted_once(stores: Stores) -> None:
    stores.evaluations.label([SAD], at=NOW)
    number = stores.evaluations.labelled()[0].id
    assert stores.evaluations.delete(number)
    assert not stores.evaluations.delete(number)
    with pytest.raises(NotFound, match=f"id {number}"):
        stores.evaluations.get(number)


def test_writing_no_requests_is_allowed(stores: Stores) -> None:
    assert stores.evaluations.label([], at=NOW) == 0


def test_runs_of_one_reader_or_all_are_returned_latest_first(stores: Stores) -> None:
    first = stores.evaluations.add_run(RUN)
    second = stores.evaluations.add_run(replace(RUN, reader="small-model", version="2", failures=()))
    assert stores.evaluations.runs() == [second, first]
    assert stores.evaluations.runs("rules") == [first]
    assert stores.evaluations.runs(limit=1) == [second]
    assert first == replace(RUN, id=first.id)


def test_old_runs_are_purged_and_requests_are_kept(stores: Stores) -> None:
    stores.evaluations.label([SAD], at=NOW)
    stores.evaluations.add_run(RUN)
    kept = stores.evaluations.add_run(replace(RUN, at=NOW + MINUTE))
    assert stores.evaluations.purge_runs(before=NOW + MINUTE) == 1
    assert stores.evaluations.runs() == [kept]
    assert len(stores.evaluations.labelled()) == 1


def test_characters_that_databases_cannot_store_are_removed_from_texts(stores: Stores) -> None:
    stores.evaluations.label([labelled("sad\0 film \ud83d", "wish", "")], at=NOW)
    assert stores.evaluations.labelled()[0].text == "sad film ?"
