"""Labelled requests and figures of readers, on the administration pages and in the API."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.users import Scope
from tests import fakes
from tests.webapp.admin.test_api import Office
from tests.webapp.admin.test_pages import Browser, House

TSV = b"text\tquery_type\tpieces\nold westerns\twish\tgenre:Western\nbad\twish\tcolour:red\n"


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def grace(house: House) -> Browser:
    return house.browser("Grace")


def texts(house: House) -> list[str]:
    return [request.text for request in house.services.understandings.labelled()]


def test_figures_are_shown_for_each_reader_by_kind_and_mood_with_a_chart(house: House, grace: Browser) -> None:
    evaluations = house.services.understandings.evaluations
    evaluations.append(replace(evaluations[1], at=datetime(2023, 12, 1, tzinfo=UTC), version="a0"))
    text = grace.get("/understanding").text
    assert text.index("Reader <bdi>rules</bdi>") < text.index("Reader <bdi>small-model</bdi>")
    assert '<th scope="row">mood</th><td class="n">60.0%</td><td class="n">3</td><td class="n">1</td>' in text
    assert '<th scope="row">scary</th><td class="n">100.0%</td>' in text
    assert (
        'aria-label="Accuracy of rules. Measured 2023-12-01 00:00, version a0 to 2024-01-01 00:00, version a1:' in text
    )
    assert "a witty heist" in text
    assert "mood:dark" in text


def test_the_page_says_if_there_are_no_evaluations(house: House, grace: Browser) -> None:
    house.services.understandings.evaluations = []
    assert "There are no evaluations yet." in grace.get("/understanding").text


def test_a_request_is_labelled_changed_and_deleted_with_plain_forms(house: House, grace: Browser) -> None:
    page = grace.post("/understanding", text=" something   sad", query_type="wish", pieces="mood:cry")
    assert "Labelled “something sad”." in page.text
    assert texts(house)[0] == "something sad"
    assert 'value="mood:cry"' in grace.get("/understanding/2").text
    page = grace.post("/understanding/2", text="very sad", query_type="wish", pieces="mood:cry; genre:Drama")
    assert "Changed “very sad”." in page.text
    assert texts(house) == ["very sad", "a witty heist"]
    page = grace.post("/understanding/3/delete")
    assert "Deleted the labelled request." in page.text
    assert texts(house) == ["a witty heist"]
    assert grace.get("/understanding/3").status_code == 404
    assert grace.post("/understanding/3/delete").status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "", "query_type": "wish", "pieces": ""}, "text: expected 1 to 1,000 characters"),
        ({"text": "x", "query_type": "dance", "pieces": ""}, "query_type: expected one of wish"),
        ({"text": "x", "query_type": "wish", "pieces": "colour:red"}, "unknown kind &#39;colour&#39;"),
    ],
)
def test_errors_are_shown_on_the_page(house: House, grace: Browser, fields: dict[str, str], words: str) -> None:
    assert words in grace.post("/understanding", **fields).text
    assert words in grace.post("/understanding/1", **fields).text
    assert texts(house) == ["a witty heist"]


def test_a_file_is_imported_and_its_invalid_rows_are_reported(house: House, grace: Browser) -> None:
    page = grace.post("/understanding/import", file=(io.BytesIO(TSV), "mine.tsv"))  # type: ignore[arg-type]
    assert "Imported 1 labelled requests from mine.tsv." in page.text
    assert "mine.tsv, row 3: pieces: unknown kind" in page.text
    assert texts(house)[0] == "old westerns"
    assert house.services.understandings.get(2).source == "file"


def test_a_missing_or_invalid_file_is_refused_with_a_message(grace: Browser) -> None:
    page = grace.post("/understanding/import", file=(io.BytesIO(b"a,b"), "mine.csv"))  # type: ignore[arg-type]
    assert "expected a header with the columns text and pieces" in page.text
    page = grace.post("/understanding/import", file=(io.BytesIO(b""), ""))  # type: ignore[arg-type]
    assert "is required: a file of labelled requests" in page.text


def test_a_large_file_may_be_sent_to_the_import(grace: Browser) -> None:
    rows = b"".join(b"request number %d\twish\tgenre:Drama\n" % number for number in range(2_000))
    page = grace.post("/understanding/import", file=(io.BytesIO(b"text\tquery_type\tpieces\n" + rows), "big.tsv"))  # type: ignore[arg-type]
    assert "Imported 2,000 labelled requests from big.tsv." in page.text
    listed = grace.get("/understanding?page=3").text
    assert "Page 3 of 41" in listed
    assert "request number 1999" not in listed


def test_searches_without_a_good_answer_lead_to_the_form(house: House, grace: Browser) -> None:
    searched = house.services.reports.unanswered(days=30, limit=5)[0].text
    link = f"/admin/understanding?text={searched.replace(' ', '+')}"
    for path in ("/understanding", "/searches"):
        assert link in grace.get(path).text
    assert f'value="{searched}"' in grace.get(link.removeprefix("/admin")).text
    grace.post("/understanding", text=searched, query_type="wish", pieces="", source="search")
    assert house.services.understandings.labelled()[0].source == "search"
    assert link not in grace.get("/understanding").text


def test_labelled_requests_can_be_filtered_by_text(house: House, grace: Browser) -> None:
    house.services.understandings.label("old westerns", "wish", "", by=house.grace)
    text = grace.get("/understanding?q=WITTY").text
    assert "Labelled requests (1)" in text
    assert "/admin/understanding/2" not in text


@pytest.fixture
def office() -> Office:
    return Office()


def test_the_api_labels_changes_and_deletes(office: Office) -> None:
    made = office.post("/understanding/requests", {"text": "sad", "pieces": "mood:cry"})
    assert (made.status_code, made.headers["Location"]) == (201, "/api/ml/understanding/requests/1")
    assert made.json["query_type"] == "wish"
    body: dict[str, Any] = {"text": "sad", "query_type": "title", "pieces": ""}
    changed = office.call("PUT", "/understanding/requests/1", json=body)
    assert (changed.status_code, changed.json["query_type"]) == (200, "title")
    assert [one["text"] for one in office.get("/understanding/requests")["results"]] == ["sad"]
    assert office.call("DELETE", "/understanding/requests/1").status_code == 204
    assert office.call("DELETE", "/understanding/requests/1").status_code == 404
    assert office.call("PUT", "/understanding/requests/1", json=body).status_code == 404


def test_the_api_lists_errors_by_field(office: Office) -> None:
    refused = office.post("/understanding/requests", {"text": "sad", "pieces": "colour:red"})
    assert (refused.status_code, list(refused.json["errors"])) == (400, ["pieces"])
    refused = office.post("/understanding/requests", {"text": "", "query_type": "dance"})
    assert (refused.status_code, sorted(refused.json["errors"])) == (400, ["query_type", "text"])


def test_the_api_imports_a_file_and_reports_invalid_rows(office: Office) -> None:
    done = office.call("POST", "/understanding/import", data=TSV, content_type="text/tab-separated-values")
    assert done.status_code == 200
    assert done.json["written"] == 1
    assert done.json["faults"][0].startswith("file, row 3")
    for useless in (b"a,b", b"{}", TSV.replace(b"genre:Western", b"colour:red")):
        refused = office.call("POST", "/understanding/import", data=useless, content_type="text/tab-separated-values")
        assert (refused.status_code, list(refused.json["errors"])) == (400, ["file"])


def test_the_api_returns_the_figures(office: Office) -> None:
    found = office.get("/understanding?limit=2")["results"]
    assert [(run["reader"], run["version"]) for run in found] == [("small-model", "b2"), ("rules", "a1")]
    assert found[1]["figures"]["kinds"]["mood"]["accuracy"] == 0.6
    assert found[1]["failures"][0]["missed"] == ["mood:funny"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/understanding"),
        ("GET", "/understanding/requests"),
        ("POST", "/understanding/requests"),
        ("PUT", "/understanding/requests/1"),
        ("DELETE", "/understanding/requests/1"),
        ("POST", "/understanding/import"),
    ],
)
def test_only_administrators_who_may_write_change_anything(office: Office, method: str, path: str) -> None:
    assert office.call(method, path, token="").status_code == 401
    assert office.call(method, path, token=office.token("Ada")).status_code == 403
    reader = office.token("Rita", Scope.READ, Scope.ADMIN, administrator=True)
    assert office.call(method, path, token=reader).status_code == (200 if method == "GET" else 403)
    assert office.services.understandings.done == []


def test_the_fakes_have_the_data_that_the_pages_need() -> None:
    assert fakes.services().understandings.runs()
