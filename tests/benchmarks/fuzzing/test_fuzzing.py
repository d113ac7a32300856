"""The fuzzer: reproducible requests, its figures, and a short run against a served site."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from pydantic import SecretStr

from benchmarks.fuzzing import archives, generator, measure, report, sender, site
from benchmarks.fuzzing.generator import Route, Sent, Visitor
from benchmarks.fuzzing.sender import Received
from tests import sample

ROUTES = (
    Route("GET", "/movies/<int:movie_id>"),
    Route("POST", "/api/search", fields=("q", "page")),
    Route("POST", "/sign-in"),
    Route("PUT", "/api/me/ratings/<int:id>", fields=("stars",)),
)
VISITORS = (Visitor(), Visitor((("Authorization", "Bearer x"),), "token"))
SHORT = 1_500


def made(*, seed: int = 1, count: int = 400) -> list[Sent]:
    return list(generator.requests(ROUTES, VISITORS, seed=seed, count=count, host="localhost"))


@pytest.mark.slow
def test_the_same_seed_makes_the_same_requests() -> None:
    assert made() == made()
    assert made() != made(seed=2)
    assert made(count=40) == made()[:40]


def test_every_route_is_used_with_every_kind_of_fault() -> None:
    found = made(count=len(ROUTES) * len(generator.KINDS))
    assert Counter(request.kind for request in found) == dict.fromkeys(generator.KINDS, len(ROUTES))
    assert {route.method for route in ROUTES} <= {request.method for request in found}


def test_requests_are_one_line_a_header() -> None:
    for request in made(count=2_000):
        lines = request.head().removesuffix(b"\r\n\r\n").split(b"\r\n")
        assert len(lines) == 1 + len(request.headers)
        assert all(b"\n" not in line for line in lines)


def test_a_wrong_length_of_the_body_is_recognized() -> None:
    right = Sent("json", "POST", b"/", (("Content-Length", b"2"),), b"{}")
    assert right.framed()
    for headers in ((("Content-Length", b"9"),), (("Content-Length", b"2"), ("Transfer-Encoding", b"chunked")), ()):
        assert not Sent("json", "POST", b"/", headers, b"{}").framed()


def test_the_archives_are_as_bad_as_their_names() -> None:
    files = {make.__name__: make() for _, make in archives.FILES if make.__name__.startswith("_")}
    with zipfile.ZipFile(io.BytesIO(files["_bomb"])) as bomb:
        assert bomb.getinfo("ratings.csv").file_size / len(files["_bomb"]) > 900
    with zipfile.ZipFile(io.BytesIO(files["_many"])) as many:
        assert len(many.infolist()) == 20_000
    with zipfile.ZipFile(io.BytesIO(files["_lying"])) as lying, pytest.raises(zipfile.BadZipFile):
        lying.read("ratings.csv")
    with zipfile.ZipFile(io.BytesIO(files["_encrypted"])) as encrypted, pytest.raises(RuntimeError, match="password"):
        encrypted.read("ratings.csv")


def test_a_request_that_nobody_answers_is_counted() -> None:
    found = sender.send(made()[0], ("127.0.0.1", 1))
    assert found.status == sender.NO_ANSWER


def test_errors_are_told_apart_from_refusals_and_from_a_busy_server() -> None:
    request = made()[0]
    received = [Received(request, status, 0.1) for status in (200, 303, 404, 500, 501, 503, 0)]
    figures = measure.figures([*received, Received(request, 503, 2.25, retry=True)])
    assert figures == {
        "requests": 8, "good": 2, "refused": 2, "busy": 1, "errors": 2, "unanswered": 1, "slowest_s": 2.25,
    }  # fmt: skip


def test_the_table_sums_up_and_marks_what_was_missed() -> None:
    figures = dict.fromkeys(report.COLUMNS, 1_000) | {"slowest_s": 5.5}
    kinds = dict.fromkeys(generator.KINDS, figures)
    shown = report.headline({"fuzz": {"seed": 1, "routes": 9, "kinds": kinds, "memory_mb": [50, 100, 100, 100, 140]}})
    assert "| 8,000" in shown
    assert "5.5 missed" in shown
    assert "140 MB after each quarter (missed)" in shown
    assert set(report.NAMES) == set(generator.KINDS)
    assert report.headline({}) == ""


@pytest.mark.slow
def test_a_served_site_survives_fuzzed_requests(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = sample.shared(tmp_path_factory.getbasetemp()) / "fuzzed"
    settings = sample.embedded(home).model_copy(
        update={"database_url": SecretStr(f"sqlite:///{tmp_path / 'people.sqlite'}"), "demo": False}
    )
    with site.running(settings) as target:
        found = measure.fuzz(target, seed=11, count=SHORT)
    kinds = found["kinds"]
    assert sum(kind["requests"] for kind in kinds.values()) == SHORT
    assert {name: (kind["errors"], kind["unanswered"]) for name, kind in kinds.items()} == dict.fromkeys(
        kinds, (0, 0)
    ), found["failures"]
    assert all(kind["good"] for kind in kinds.values()), "some requests are valid"
