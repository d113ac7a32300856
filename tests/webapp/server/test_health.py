"""Health: parts by name, checked in the background, so that an answer never waits for them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from core.config import Settings
from engine.health import Blocking
from tests import fakes
from tests.webapp.server.channels import PATIENCE
from webapp.server.assembly import create_front
from webapp.server.health import OVERDUE, OVERDUE_TEXT, PENDING, Health, live
from webapp.server.refusals import Reply


def content(reply: Reply) -> tuple[int, dict[str, Any]]:
    """Return status and JSON of a reply."""
    return reply.status, json.loads(reply.body)


def until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    waiting = threading.Event()
    for _ in range(int(PATIENCE / 0.01)):
        if done():
            return
        waiting.wait(0.01)
    raise AssertionError("it never was")


def test_a_site_whose_parts_work_is_ready_with_its_details() -> None:
    health = Health({"search": str, "accounts": str}, lambda: {"movies": 7}, every=0.01)
    health.start()
    until(lambda: not health.problems() and b"movies" in health.ready(strict=False).body)
    health.stop()
    assert content(health.ready(strict=True)) == (200, {"status": "ok", "movies": 7, "degraded": {}})


def test_a_part_that_fails_degrades_the_site_and_recovers() -> None:
    trouble = ["database down"]
    health = Health({"accounts": lambda: trouble[0], "search": str}, dict, every=0.01)
    assert health.problems() == {"accounts": PENDING, "search": PENDING}
    health.start()
    until(lambda: health.problems() == {"accounts": "database down"})
    status, found = content(health.ready(strict=False))
    assert (status, found["status"], found["degraded"]) == (200, "degraded", {"accounts": "database down"})
    status, found = content(health.ready(strict=True))
    assert (status, found["degraded"], found["status"]) == (503, {"accounts": "database down"}, 503)
    assert "database down" in found["detail"]
    trouble[0] = ""
    until(lambda: health.problems() == {})
    health.stop()


def test_a_check_that_hangs_counts_as_failed_and_no_answer_waits_for_it() -> None:
    now, hanging, go_on = [0.0], threading.Event(), threading.Event()

    def check() -> str:
        hanging.set()
        go_on.wait(PATIENCE)
        return ""

    health = Health({"search": check}, dict, every=0.01, clock=lambda: now[0])
    health.start()
    assert hanging.wait(PATIENCE)
    now[0] = OVERDUE + 1
    assert health.problems() == {"search": OVERDUE_TEXT}
    assert live().status == 200
    go_on.set()
    until(lambda: health.problems() == {})
    health.stop()


def test_details_that_hang_delay_no_answer() -> None:
    go_on = threading.Event()
    health = Health({}, lambda: {"late": go_on.wait(PATIENCE)}, every=0.01)
    health.start()
    assert content(health.ready(strict=False)) == (200, {"status": "ok", "degraded": {}})
    go_on.set()
    until(lambda: b"late" in health.ready(strict=False).body)
    health.stop()


def test_a_draining_server_is_not_ready_but_alive() -> None:
    health = Health({}, dict)
    health.draining = True
    status, found = content(health.ready(strict=False))
    assert (status, found["degraded"]) == (503, {"server": "shutting down"})
    assert live().status == 200


def test_a_draining_process_that_is_replaced_stays_ready() -> None:
    health = Health({}, dict, draining=True, is_last=lambda: False)
    assert health.ready(strict=True).status == 200


def test_health_is_never_cached() -> None:
    health = Health({}, dict)
    for reply in (live(), health.ready(strict=False)):
        assert (b"cache-control", b"no-store") in reply.headers


def test_a_server_whose_database_somebody_else_must_migrate_gets_no_requests_until_then() -> None:
    trouble = [Blocking("at revision 1: run `marquee database migrate`")]
    health = Health({"accounts": lambda: trouble[0], "search": str}, dict, pending=Blocking(PENDING), every=0.01)
    assert health.ready(strict=False).status == 503, "not known before the first check"
    health.start()
    until(lambda: health.problems() == {"accounts": trouble[0]})
    status, found = content(health.ready(strict=False))
    assert (status, found["detail"]) == (503, "accounts: at revision 1: run `marquee database migrate`")
    trouble[0] = Blocking()
    until(lambda: health.problems() == {})
    assert health.ready(strict=False).status == 200
    health.stop()


@pytest.mark.parametrize(("migrate", "status"), [(True, 200), (False, 503)])
def test_only_a_server_that_migrates_is_ready_before_the_first_checks(migrate: bool, status: int) -> None:
    server = create_front(fakes.services(settings=Settings(migrate=migrate)))
    assert server.health.ready(strict=False).status == status
