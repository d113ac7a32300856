"""What the clients of the fault benchmark noticed, and its table."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator

import pytest

from benchmarks.chaos import clients, report, storage_faults
from benchmarks.chaos.clients import Address, Answer, Noticed

NOTICED = Noticed(
    [
        Answer(1.0, "search", 200),
        Answer(2.0, "rating", 204),
        Answer(3.0, "search", 503, 0.25),
        Answer(5.0, "search", 0),
        Answer(7.5, "search", 200),
        Answer(8.0, "search", 500),
    ]
)
ROW = {
    "fault": "a node is killed",
    "aim": 5.0,
    "answers": 1_234,
    "failed": 0,
    "refused": 3,
    "refused_s": 0.08,
    "silent": 1,
    "gap_s": 6.5,
    "rating_gap_s": 0.2,
    "lost": 0,
    "recovered_s": None,
}


def test_refusals_failures_and_silence_are_counted_separately() -> None:
    assert (NOTICED.refused(), NOTICED.failures(), NOTICED.silent()) == (1, 1, 1)


def test_the_wait_for_a_refusal_is_a_median() -> None:
    assert NOTICED.refused_after() == 0.25
    assert Noticed().refused_after() is None


def test_a_gap_is_the_longest_time_without_a_good_response_of_the_kind() -> None:
    assert NOTICED.longest_gap("search", since=0.5, until=9.0) == 6.5
    assert NOTICED.longest_gap("search", since=2.0, until=20.0) == 12.5
    assert NOTICED.longest_gap("rating", since=3.0, until=8.0) == 5.0


def test_recovery_is_the_first_good_response_after_the_fault() -> None:
    assert NOTICED.recovered_after("search", 3.0) == 4.5
    assert NOTICED.recovered_after("rating", 3.0) == float("inf")


def test_the_table_marks_missed_aims() -> None:
    table = report.headline({"embedded, SQLite": [ROW], "machine": {"cores": 2}})
    head, line, row = table.splitlines()[2:]
    assert head.count("|") == line.count("|") == row.count("|")
    assert row == "| a node is killed | 1,234 | 0 | 3 | 0.08 | 1 | 6.5 (≤ 5, MISSED) | 0.2 | 0 ok | never |"


def test_a_damaged_file_has_its_size_and_differs_in_its_middle_only() -> None:
    content = bytes(range(256)) * 4
    bad = storage_faults.damaged(content)
    differing = [place for place, (good, flipped) in enumerate(zip(content, bad, strict=True)) if good != flipped]
    assert differing == list(range(512, 512 + storage_faults.FLIPPED))
    assert storage_faults.damaged(b"ab") == bytes([ord("a"), ord("b") ^ 0xFF])


class _Agreeing(http.server.BaseHTTPRequestHandler):
    """Answers every request with an empty object."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_PUT = do_GET  # noqa: N815 - the standard library calls them so

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""


@pytest.fixture
def agreeing_port() -> Iterator[int]:
    """The port of a server that agrees to everything."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Agreeing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_clients_search_rate_and_guess_passwords(agreeing_port: int) -> None:
    every = {"search", "movie", "about", "rating", "sign-in"}
    until = time.monotonic() + 20
    with clients.running(Address(agreeing_port), [1, 2], ["token"]) as noticed:
        while {one.kind for one in noticed.answers} != every and time.monotonic() < until:
            time.sleep(0.01)
    assert {one.kind for one in noticed.answers} == every
    assert {one.status for one in noticed.answers} == {200}
    assert {token for token, _movie in noticed.acknowledged} == {"token"}
