"""The circuit breaker: slow failures open it, fast ones pass, one trial closes it, and its share is bounded."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from core.limits.circuit_breaker import PAUSE, QUICK_PAUSE, SLOW, CircuitBreaker, CircuitOpen


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(share=2, patience=0.0, clock=clock)


def fail(breaker: CircuitBreaker, clock: Clock, *, after: float) -> None:
    def call() -> None:
        with breaker.call():
            clock.now += after
            raise OSError("failed")

    with pytest.raises(OSError, match="failed"):
        call()


def works(breaker: CircuitBreaker) -> bool:
    try:
        with breaker.call():
            return True
    except CircuitOpen:
        return False


def test_a_slow_failure_opens_the_circuit(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, clock, after=SLOW)
    assert not works(breaker)


def test_a_fast_failure_does_not(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, clock, after=SLOW / 2)
    assert works(breaker)


def test_fast_failures_in_a_row_open_it_for_a_moment_if_the_dependency_needs_rest(clock: Clock) -> None:
    breaker = CircuitBreaker(share=2, quick=3, patience=0.0, clock=clock)
    for _ in range(2):
        fail(breaker, clock, after=0.0)
    assert works(breaker), "a success in between starts the count again"
    for _ in range(3):
        fail(breaker, clock, after=0.0)
    assert not works(breaker)
    assert breaker.is_open()
    clock.now += QUICK_PAUSE
    fail(breaker, clock, after=0.0)
    assert not works(breaker), "a trial that fails leaves it alone for another moment"
    clock.now += QUICK_PAUSE
    assert works(breaker)
    assert not breaker.is_open()


def test_errors_that_are_the_callers_fault_count_for_nothing(clock: Clock) -> None:
    breaker = CircuitBreaker(share=2, quick=1, counts=lambda error: not isinstance(error, OSError), clock=clock)
    fail(breaker, clock, after=10 * SLOW)
    assert works(breaker)


def test_a_slow_success_does_not(breaker: CircuitBreaker, clock: Clock) -> None:
    with breaker.call():
        clock.now += 10 * SLOW
    assert works(breaker)


def test_after_the_pause_one_trial_at_a_time_decides(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, clock, after=SLOW)
    clock.now += PAUSE
    with breaker.call():
        assert not works(breaker)
    assert works(breaker)


def test_a_failed_trial_keeps_the_circuit_open_even_if_it_failed_fast(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, clock, after=SLOW)
    clock.now += PAUSE
    fail(breaker, clock, after=0.0)
    with breaker.call():
        assert not works(breaker), "the next call is a trial again"


def test_only_a_share_of_calls_is_in_progress(breaker: CircuitBreaker) -> None:
    with breaker.call(), breaker.call(), pytest.raises(CircuitOpen, match="overloaded"), breaker.call():
        pytest.fail("a third call was made")
    assert works(breaker)


def test_a_waiting_call_gets_the_slot_of_one_that_ends() -> None:
    breaker = CircuitBreaker(share=1, patience=10.0)
    inside, results = threading.Event(), list[bool]()
    with breaker.call():
        waiting = threading.Thread(target=lambda: (inside.set(), results.append(works(breaker))))
        waiting.start()
        inside.wait()
    waiting.join()
    assert results == [True]
