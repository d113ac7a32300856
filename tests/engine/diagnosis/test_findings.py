"""Running checks: together, each with a deadline, in one line and without secrets."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from core.errors import StoreUnavailable
from core.settings import redaction
from core.settings.environment import Fault
from engine.diagnosis import findings
from engine.diagnosis.findings import Check, Finding, Status, error, ok

SECONDS = 0.2


@pytest.fixture
def hanging() -> Iterator[Check]:
    """A check that does not end during the test."""
    over = threading.Event()
    yield Check("mail", lambda: [ok("mail", str(over.wait(60)))], "check MARQUEE_SMTP_URL")
    over.set()


def raising(failure: Exception) -> Check:
    def ask() -> list[Finding]:
        raise failure

    return Check("database", ask, "start the database", ("database", "home"))


def test_a_check_that_hangs_ends_with_its_deadline_and_the_others_are_not_affected(hanging: Check) -> None:
    first, second = findings.run([hanging, Check("disk", lambda: [ok("disk", "1 GB")], "")], seconds=SECONDS)
    assert (first.check, first.status, first.finding) == ("mail", Status.ERROR, "no answer within 0.2 s")
    assert first.advice == "check MARQUEE_SMTP_URL; `marquee doctor --timeout 0.8` waits longer"
    assert second == ok("disk", "1 GB")


@pytest.mark.parametrize("failure", [StoreUnavailable("it is down"), PermissionError("it is down")])
def test_an_expected_failure_is_an_error_with_the_advice_of_its_check(failure: Exception) -> None:
    found = findings.run([raising(failure)], seconds=60)
    assert found == [Finding("database", Status.ERROR, "it is down", "start the database")]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_unexpected_failure_stops_no_other_check() -> None:
    found = findings.run([raising(ZeroDivisionError()), Check("disk", lambda: [ok("disk", "1 GB")], "")], seconds=60)
    assert [finding.status for finding in found] == [Status.ERROR, Status.OK]
    assert found[0].finding == "the check itself failed"


def test_a_check_that_depends_on_a_faulty_setting_is_not_run() -> None:
    fault = Fault("database_url", "MARQUEE_DATABASE_URL_FILE", "the file cannot be used")
    (found,) = findings.run([raising(AssertionError())], seconds=60, faults=[fault])
    assert found.status is Status.WARNING
    assert found.finding == "not checked, because MARQUEE_DATABASE_URL_FILE is invalid"


def test_findings_are_single_lines_without_secrets() -> None:
    redaction.remember(["a-very-secret-password"])
    text = "cannot connect:\n  with a-very-secret-password at postgresql://ann:other@db/movies"
    (found,) = findings.run([Check("database", lambda: [error("database", text, text)], "")], seconds=60)
    assert found.finding == found.advice == "cannot connect: with [hidden] at postgresql://[hidden]@db/movies"
