"""The cache per version: computed once, without a lock, and failures shared by those who wait."""

from __future__ import annotations

import threading

import pytest

from engine.version_cache import PerVersion


def test_a_value_is_computed_once_per_version() -> None:
    cache, computed = PerVersion[str](), list[str]()

    def compute() -> str:
        computed.append("x")
        return f"value {len(computed)}"

    assert [cache.get("1", compute), cache.get("1", compute), cache.get("2", compute)] == [
        "value 1",
        "value 1",
        "value 2",
    ]


def test_other_versions_do_not_wait_for_a_slow_computation() -> None:
    cache, computing, release = PerVersion[int](), threading.Event(), threading.Event()

    def slowly() -> int:
        computing.set()
        release.wait()
        return 1

    thread = threading.Thread(target=cache.get, args=("1", slowly))
    thread.start()
    computing.wait()
    assert cache.get("2", lambda: 2) == 2  # hangs if a lock is held
    release.set()
    thread.join()
    assert cache.get("2", lambda: 3) == 2


def test_those_who_wait_get_the_failure_and_the_next_caller_tries_again() -> None:
    cache, computing, release, failures = PerVersion[int](), threading.Event(), threading.Event(), list[Exception]()

    def failing() -> int:
        computing.set()
        release.wait()
        raise OSError("down")

    def caller() -> None:
        try:
            cache.get("1", failing)
        except OSError as error:
            failures.append(error)

    threads = [threading.Thread(target=caller) for _ in range(2)]
    threads[0].start()
    computing.wait()
    threads[1].start()
    release.set()
    for thread in threads:
        thread.join()
    assert [str(failure) for failure in failures] == ["down", "down"]
    assert cache.get("1", lambda: 4) == 4
    with pytest.raises(OSError, match="down"):
        cache.get("2", failing)
