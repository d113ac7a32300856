"""How busy the machine is, and the time that processes took."""

from __future__ import annotations

import os

from benchmarks import machine


def test_a_process_has_taken_time_of_the_processors() -> None:
    assert machine.processor_seconds([os.getpid()]) > 0
    assert machine.processor_seconds([]) == 0


def test_nobody_waits_for_ever_for_a_quiet_machine() -> None:
    assert machine.wait_until_quiet(0) >= 0
