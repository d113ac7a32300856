"""Admission to threads: slots, a bounded queue, shedding by age and by expected wait."""

from __future__ import annotations

import asyncio

import pytest

from tests.webapp.server.channels import run
from webapp.server.admission import Admission, Overloaded

SHORT = 0.02
"""Seconds that a request of these tests waits at most, where it is meant to give up."""
LONG = 1_000.0


async def queued(admission: Admission, number: int) -> list[asyncio.Task[None]]:
    """Return tasks that wait for a slot."""
    tasks = [asyncio.create_task(admission.enter()) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


def test_as_many_requests_run_as_there_are_slots_and_the_next_ones_follow_in_order() -> None:
    async def test() -> None:
        admission = Admission(2, longest=LONG)
        await admission.enter()
        await admission.enter()
        first, second = await queued(admission, 2)
        assert admission.waiting() == 2
        admission.leave(0.01)
        await first
        assert not second.done()
        admission.leave(0.01)
        await second
        assert (admission.waiting(), admission.refused) == (0, 0)

    run(test)


def test_a_request_that_has_waited_too_long_is_refused_and_leaves_no_slot_behind() -> None:
    async def test() -> None:
        admission = Admission(1, longest=SHORT)
        await admission.enter()
        with pytest.raises(Overloaded):
            await admission.enter()
        assert (admission.waiting(), admission.refused) == (0, 1)
        admission.leave(0.01)
        await admission.enter()

    run(test)


def test_a_request_is_refused_at_once_while_the_oldest_one_is_too_old() -> None:
    async def test() -> None:
        now = [0.0]
        admission = Admission(1, longest=LONG, clock=lambda: now[0])
        await admission.enter()
        (oldest,) = await queued(admission, 1)
        now[0] = LONG / 2 + 1
        with pytest.raises(Overloaded):
            await admission.enter()
        assert admission.waiting() == 1
        admission.leave(0.0)
        await oldest

    run(test)


def test_a_request_is_refused_at_once_if_it_would_probably_wait_too_long() -> None:
    async def test() -> None:
        admission = Admission(2, longest=LONG)
        for _ in range(30):
            await admission.enter()
            admission.leave(2 * LONG)
        await admission.enter()  # a free slot needs no estimate, so the share recovers by itself
        await admission.enter()
        with pytest.raises(Overloaded):
            await admission.enter()
        for _ in range(60):
            admission.leave(0.0)
            await admission.enter()
        (waiting,) = await queued(admission, 1)
        assert not waiting.done()
        waiting.cancel()

    run(test)


def test_the_queue_is_bounded() -> None:
    async def test() -> None:
        admission = Admission(1, longest=LONG, most=3)
        await admission.enter()
        waiting = await queued(admission, 3)
        with pytest.raises(Overloaded):
            await admission.enter()
        for task in waiting:
            task.cancel()

    run(test)


def test_a_client_that_leaves_gives_its_place_up() -> None:
    async def test() -> None:
        admission = Admission(1, longest=LONG)
        await admission.enter()
        first, second = await queued(admission, 2)
        first.cancel()
        await asyncio.wait([first])
        assert admission.waiting() == 1
        admission.leave(0.0)
        await second
        admission.leave(0.0)
        await admission.enter()

    run(test)


def test_a_slot_granted_at_the_moment_of_giving_up_goes_to_the_next_one() -> None:
    async def test() -> None:
        admission = Admission(1, longest=LONG)
        await admission.enter()
        first, second = await queued(admission, 2)
        admission.leave(0.0)  # grants the slot; the task has not run yet
        first.cancel()
        await asyncio.wait([first])
        assert first.cancelled()
        await second
        admission.leave(0.0)
        await admission.enter()

    run(test)


def test_waiting_requests_are_refused_as_soon_as_their_wait_is_known_to_be_too_long() -> None:
    async def test() -> None:
        admission = Admission(1, longest=LONG)
        await admission.enter()
        tasks = await queued(admission, 40)  # nothing is known yet
        admission.leave(0.49 * LONG)
        done, waiting = await asyncio.wait(tasks, timeout=SHORT)
        assert [task in done for task in tasks] == [True, *[False] * 20, *[True] * 19]
        await tasks[0]
        for task in tasks[21:]:
            assert isinstance(task.exception(), Overloaded)
        assert (admission.waiting(), admission.refused) == (20, 19)
        for task in waiting:
            task.cancel()

    run(test)


@pytest.mark.parametrize("seconds", [2.0, 60.0])
def test_one_slow_page_does_not_refuse_its_posters(seconds: float) -> None:
    async def test() -> None:
        admission = Admission(4)
        await admission.enter()
        admission.leave(seconds)
        tasks = await queued(admission, 4 + 8)
        assert [task.done() for task in tasks] == [True] * 4 + [False] * 8
        for task in tasks[4:]:
            task.cancel()

    run(test)
