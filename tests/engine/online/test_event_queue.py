"""The event queue: loses nothing, delays nobody, and stores nothing that it should not."""

from __future__ import annotations

import gc
import logging
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import MarqueeError, StoreUnavailable
from core.types import MovieId
from core.users import Event, EventKind, Preferences
from data import database
from data.database import Stores
from data.database.stores.events import EventStore
from engine.online import event_queue
from engine.online.event_queue import EventQueue
from tests import databases

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DEADLINE = 60.0


class Memory:
    """An event store in memory that can be slow, or unreachable for some calls."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.batches: list[int] = []
        self.purges: list[datetime] = []
        self.failures = 0
        self.error: MarqueeError = StoreUnavailable("down")
        self.gate = threading.Event()
        self.gate.set()

    def add(self, events: Sequence[Event]) -> None:
        assert self.gate.wait(DEADLINE)
        if self.failures:
            self.failures -= 1
            raise self.error
        self.batches.append(len(events))
        self.events.extend(events)

    def of_user(self, user: int) -> Sequence[Event]:
        return [event for event in self.events if event.user == user]

    def forget(self, user: int) -> int:
        raise NotImplementedError

    def purge(self, *, before: datetime) -> int:
        self.purges.append(before)
        return 0

    def count(self) -> int:
        return len(self.events)


class Announcing:
    """An event store that sets an event when a write begins."""

    def __init__(self, store: EventStore) -> None:
        self.begun, self._store = threading.Event(), store

    def add(self, events: Sequence[Event]) -> None:
        self.begun.set()
        self._store.add(events)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Clock:
    """A clock that only moves when it is set."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


def stopped() -> datetime:
    """A fixed clock: the age of the events in these tests does not depend on the day."""
    return NOW


def event(number: int = 1) -> Event:
    return Event(EventKind.IMPRESSION, NOW, movie=MovieId(number), list="for-you", position=1)


def until(met: object, *, seconds: float = DEADLINE) -> None:
    assert callable(met)
    end = time.monotonic() + seconds
    while not met() and time.monotonic() < end:
        time.sleep(0.005)
    assert met()


@pytest.fixture
def memory() -> Memory:
    """A store in memory."""
    return Memory()


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """A real database."""
    found = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    yield found
    database.close(found)


def test_a_burst_of_20_threads_loses_nothing(stores: Stores) -> None:
    noticed = EventQueue(stores.events, days=180, clock=stopped)

    def visit(number: int) -> None:
        for page in range(25):
            noticed.notice([event(number * 1_000 + page * 20 + place + 1) for place in range(20)])

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    noticed.flush()
    assert (stores.events.count(), noticed.dropped) == (10_000, 0)
    noticed.close()


def test_a_page_does_not_wait_for_a_slow_database(memory: Memory) -> None:
    memory.gate.clear()
    noticed = EventQueue(memory, days=1, clock=stopped)
    for _ in range(1_000):
        noticed.notice([event()])
    assert memory.count() == 0  # the database has answered nothing so far
    memory.gate.set()
    noticed.flush()
    assert memory.count() == 1_000


def test_few_events_are_written_together_once_the_first_is_old(memory: Memory) -> None:
    noticed = EventQueue(memory, days=1, max_age=0.2, clock=stopped)
    with noticed._changed:  # the writer looks only after the fifth, however slow the machine is
        for number in range(5):
            noticed.notice([event(number + 1)])
    until(lambda: memory.count() == 5)
    assert memory.batches == [5]


def test_many_events_are_written_without_waiting(memory: Memory) -> None:
    noticed = EventQueue(memory, days=1, max_age=60, clock=stopped)
    noticed.notice([event()] * (event_queue.BATCH * 2))
    until(lambda: memory.count() == 2 * event_queue.BATCH)
    assert memory.batches == [event_queue.BATCH] * 2


def test_order_is_kept(memory: Memory) -> None:
    noticed = EventQueue(memory, days=1, max_age=60, clock=stopped)
    for number in range(1, 1_200):
        noticed.notice([event(number)])
    noticed.flush()
    assert [kept.movie for kept in memory.events] == list(range(1, 1_200))


def test_events_beyond_the_queue_size_are_counted_and_logged(memory: Memory, caplog: pytest.LogCaptureFixture) -> None:
    memory.gate.clear()
    noticed = EventQueue(memory, days=1, room=100, max_age=0, clock=stopped)
    noticed.notice([event()] * 60)
    until(lambda: noticed._queue == type(noticed._queue)())  # the writer has these in hand
    for _ in range(3):
        noticed.notice([event()] * 60)
    assert noticed.dropped == 80
    assert caplog.text.count("is full") == 1
    memory.gate.set()
    noticed.flush()
    assert memory.count() == 160


def test_events_are_written_once_the_database_is_reachable_again(memory: Memory) -> None:
    memory.failures = 3
    noticed = EventQueue(memory, days=1, pauses=(0.01, 0.01, 0.01), clock=stopped)
    noticed.notice([event()] * 10)
    noticed.flush()
    assert (memory.count(), noticed.dropped) == (10, 0)


def test_an_unreachable_database_costs_events_but_raises_no_error(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    memory.failures = 3
    noticed = EventQueue(memory, days=1, pauses=(0.01, 0.01), clock=stopped)
    noticed.notice([event()] * 10)
    noticed.flush()
    noticed.notice([event()] * 7)
    noticed.flush()
    assert (memory.count(), noticed.dropped) == (7, 10)
    assert "dropped 10" in caplog.text


def test_events_are_written_after_a_real_database_was_locked(tmp_path: Path) -> None:
    path = tmp_path / "people.sqlite"
    stores = databases.open_new(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("begin exclusive")
    writing = Announcing(stores.events)
    noticed = EventQueue(writing, days=1, max_age=0, clock=stopped)
    noticed.notice([event()] * 10)
    assert writing.begun.wait(DEADLINE)
    other.execute("rollback")
    other.close()
    until(lambda: stores.events.count() == 10)
    assert noticed.dropped == 0
    noticed.close()
    database.close(stores)


def test_a_batch_that_cannot_be_retried_is_dropped_at_once(memory: Memory) -> None:
    memory.error, memory.failures = MarqueeError("broken"), 1
    noticed = EventQueue(memory, days=1, pauses=(60,), clock=stopped)
    noticed.notice([event()])
    noticed.flush()
    assert noticed.dropped == 1


def test_no_events_are_stored_with_a_retention_of_zero_days(stores: Stores) -> None:
    stores.events.add([Event(EventKind.CLICK, NOW - timedelta(days=1), movie=MovieId(1))])
    noticed = EventQueue(stores.events, days=0, clock=stopped)
    noticed.notice([event()] * 10)
    until(lambda: stores.events.count() == 0)
    noticed.flush()
    assert (stores.events.count(), noticed.dropped) == (0, 0)
    noticed.close()


def test_old_events_are_deleted_once_a_day(memory: Memory) -> None:
    clock = Clock()
    noticed = EventQueue(memory, days=30, clock=clock)
    for _ in range(3):
        noticed.notice([event()])
        noticed.flush()
    assert memory.purges == [NOW - timedelta(days=30)]
    clock.at += timedelta(days=1)
    noticed.notice([event()])
    noticed.flush()
    until(lambda: len(memory.purges) == 2)


def test_old_events_of_a_real_database_are_purged(stores: Stores) -> None:
    for days in (0, 29, 31, 400):
        stores.events.add([Event(EventKind.CLICK, NOW - timedelta(days=days), movie=MovieId(1))])
    noticed = EventQueue(stores.events, days=30, clock=stopped)
    noticed.notice([event()])
    noticed.flush()
    until(lambda: stores.events.count() == 3)
    noticed.close()


def test_nothing_runs_before_the_first_event(memory: Memory) -> None:
    before = threading.active_count()
    noticed = EventQueue(memory, days=1, clock=stopped)
    noticed.flush()
    assert threading.active_count() == before
    del noticed
    gc.collect()


def test_a_writer_that_died_is_replaced(memory: Memory) -> None:
    class Bug(Exception):
        pass

    seen: list[object] = []
    before, threading.excepthook = threading.excepthook, seen.append
    try:
        memory.error, memory.failures = Bug(), 1  # type: ignore[assignment]
        noticed = EventQueue(memory, days=1, clock=stopped)
        noticed.notice([event()])
        noticed.flush()
        until(lambda: not noticed._thread.is_alive())  # type: ignore[union-attr]
        noticed.notice([event()])
        noticed.flush()
    finally:
        threading.excepthook = before
    assert len(seen) == 1
    assert memory.count() == 1


PROGRAM = """
import os, sys
from datetime import UTC, datetime
from core.users import Event, EventKind
from data import database
from engine.online.event_queue import EventQueue

noticing = EventQueue(database.open(sys.argv[1]).events, days=1, max_age=60)
def notice(list_name, number):
    noticing.notice([Event(EventKind.CLICK, datetime.now(UTC), list=list_name) for _ in range(number)])
notice("before", 3)
child = os.fork()
notice("child" if child == 0 else "parent", 5)
if child:
    assert os.waitpid(child, 0)[1] == 0
"""


def test_process_exit_and_fork_lose_and_duplicate_no_events(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'people.sqlite'}"
    subprocess.run([sys.executable, "-c", PROGRAM, url], check=True, cwd=Path(__file__).parents[3], timeout=60)
    with sqlite3.connect(tmp_path / "people.sqlite") as connection:
        kept = dict(connection.execute("select list, count(*) from events group by list"))
    assert kept == {"before": 3, "child": 5, "parent": 5}


def test_process_exit_does_not_wait_for_an_unreachable_database(memory: Memory) -> None:
    memory.failures = 1_000
    noticed = EventQueue(memory, days=1, pauses=(60, 60), max_age=60, clock=stopped)
    noticed.notice([event()])
    noticed.close()
    assert noticed.dropped == 1


def test_logs_contain_no_user(stores: Stores, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="marquee.events")
    user = stores.accounts.create("ada", password_hash="x", preferences=Preferences(), at=NOW)
    noticed = EventQueue(stores.events, days=1, clock=stopped)
    noticed.notice([Event(EventKind.SEARCH, NOW, user=user.id, query="my secret")])
    noticed.flush()
    noticed.close()
    assert "secret" not in caplog.text
    assert "ada" not in caplog.text


def test_events_of_an_account_deleted_meanwhile_are_not_stored(stores: Stores) -> None:
    user = stores.accounts.create("ada", password_hash="x", preferences=Preferences(), at=NOW)
    noticed = EventQueue(stores.events, days=1, max_age=60, clock=stopped)
    noticed.notice([Event(EventKind.CLICK, NOW, user=user.id), event()])
    stores.accounts.delete(user.id)
    noticed.flush()
    assert (stores.events.count(), noticed.dropped) == (1, 0)
    noticed.close()
