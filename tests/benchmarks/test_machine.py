"""The load of the machine, and the processor time of processes."""

from __future__ import annotations

import os

from benchmarks import machine


def test_a_process_has_used_processor_time() -> None:
    assert machine.processor_seconds([os.getpid()]) > 0
    assert machine.processor_seconds([]) == 0


def test_waiting_for_a_quiet_machine_ends() -> None:
    assert machine.wait_until_quiet(0) >= 0
