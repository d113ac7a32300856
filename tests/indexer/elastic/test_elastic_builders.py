"""Whether the build of a draft still runs: by its process on this machine, by its heartbeat on another one."""

from __future__ import annotations

import subprocess
import sys
import threading

from core.errors import SearchUnavailable
from indexer.elastic.cluster import builders
from indexer.elastic.cluster.builders import SILENT_SECONDS, Heartbeat

NOW = 1_000.0


def test_this_process_runs() -> None:
    assert builders.is_running(builders.identity(NOW), now=NOW + 10 * SILENT_SECONDS)


def test_a_process_that_ended_on_this_machine_is_dead_at_once() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not builders.is_running({**builders.identity(NOW), "pid": ended.pid}, now=NOW)


def test_another_process_with_the_same_number_is_not_the_build() -> None:
    assert not builders.is_running({**builders.identity(NOW), "pid": 1}, now=NOW)


def test_a_build_on_another_machine_lives_as_long_as_its_heartbeat() -> None:
    remote = {**builders.identity(NOW), "host": "elsewhere"}
    assert builders.is_running(remote, now=NOW + SILENT_SECONDS - 1)
    assert not builders.is_running(remote, now=NOW + SILENT_SECONDS)


def test_drafts_of_older_releases_are_abandoned() -> None:
    assert not builders.is_running({}, now=NOW)


def test_the_heart_beats_on_after_a_failure_until_it_is_stopped() -> None:
    beats, third = list[int](), threading.Event()

    def beat() -> None:
        beats.append(1)
        if len(beats) == 3:
            third.set()
        raise SearchUnavailable("busy")

    heart = Heartbeat(beat, every=0.01)
    assert third.wait(10)
    heart.stop()
    assert "marquee-build" not in {thread.name for thread in threading.enumerate()}
