"""Many concurrent writers in threads and processes: no errors, nothing lost, every change counted."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from core.errors import NameTaken
from core.types import MovieId
from core.users import Event, EventKind, MarkKind, User, UserId
from data.database import Stores
from tests.data.database.servers import NOW, ROOT, rows, sign_up

pytestmark = pytest.mark.slow

THREADS, WRITES = 50, 6
T = TypeVar("T")
BURST = """
import sys
from datetime import datetime, UTC
from data import database
url, viewer, first, count = sys.stdin.read().split()
stores = database.open(url)
print("ready", flush=True)
for movie in range(int(first), int(first) + int(count)):
    print(movie, stores.diaries.rate(int(viewer), {movie: 4.5}, at=datetime.now(UTC)), flush=True)
"""


def test_fifty_threads_write_for_one_user(stores: Stores, ann: User) -> None:
    revisions = _at_once(
        lambda thread: [
            stores.diaries.rate(ann.id, {MovieId(1 + thread * WRITES + write): 3.5}, at=NOW) for write in range(WRITES)
        ]
    )
    assert sorted(revision for each in revisions for revision in each) == list(range(1, THREADS * WRITES + 1))
    diary = stores.diaries.read(ann.id)
    assert diary.revision == len(diary.ratings) == len(stores.diaries.history(ann.id, limit=1_000)) == THREADS * WRITES


def test_fifty_threads_write_for_fifty_users(stores: Stores, url: str) -> None:
    users = [sign_up(stores, f"Viewer {number}") for number in range(THREADS)]

    def write(thread: int) -> None:
        user = users[thread].id
        for movie in range(1, WRITES + 1):
            stores.diaries.rate(user, {MovieId(movie): 3.5}, at=NOW)
            assert MovieId(movie) in stores.diaries.read(user).ratings
            stores.events.add([Event(EventKind.CLICK, NOW, user, MovieId(movie))])

    _at_once(write)
    assert [stores.diaries.revision(user.id) for user in users] == [WRITES] * THREADS
    assert rows(url, "ratings") == rows(url, "changes") == stores.events.count() == THREADS * WRITES


def test_of_fifty_threads_writing_the_same_value_one_changes_something(stores: Stores, ann: User) -> None:
    revisions = _at_once(lambda _: stores.diaries.rate(ann.id, {MovieId(603): 4.0}, at=NOW))
    assert revisions == [1] * THREADS
    assert len(stores.diaries.history(ann.id)) == 1


def test_the_history_is_consistent_after_contradictory_writes_of_fifty_threads(stores: Stores, ann: User) -> None:
    heat = MovieId(949)
    _at_once(lambda thread: stores.diaries.rate(ann.id, {heat: 0.5 + thread % 10 / 2}, at=NOW))
    diary, history = stores.diaries.read(ann.id), list(reversed(stores.diaries.history(ann.id)))
    assert diary.revision == len(history)
    assert [change.before for change in history] == [None, *(change.after for change in history[:-1])]
    assert history[-1].after == f"{diary.ratings[heat].stars:g}"


def test_of_fifty_threads_one_gets_a_name(stores: Stores, url: str) -> None:
    def take(_: int) -> bool:
        try:
            sign_up(stores)
        except NameTaken:
            return False
        return True

    assert sum(_at_once(take)) == 1
    assert rows(url, "users") == 1


def test_a_read_during_a_burst_of_writes_is_consistent(stores: Stores, ann: User) -> None:
    done = threading.Event()

    def write() -> None:
        for movie in range(1, 60):
            stores.diaries.record(
                ann.id, ratings={MovieId(movie): (4.0, NOW)}, marks={MarkKind.WATCHED: {MovieId(movie): NOW}}
            )
        done.set()

    with ThreadPoolExecutor(5) as pool:
        writing = pool.submit(write)
        while not done.is_set() and not writing.done():
            diary, snapshot = stores.diaries.read(ann.id), stores.diaries.snapshot()
            assert diary.revision == len(diary.ratings) == len(diary.marked(MarkKind.WATCHED))
            assert len(snapshot.stars) == len(snapshot.mark_kinds)
        writing.result()
    assert stores.diaries.revision(ann.id) == 59


def test_deleting_an_account_during_a_burst_of_writes_leaves_no_rows(stores: Stores, url: str) -> None:
    users = [sign_up(stores, f"Viewer {number}") for number in range(10)]

    def act(thread: int) -> None:
        user = users[thread % 10].id
        if thread >= 40:
            return stores.accounts.delete(user)
        return stores.events.add([Event(EventKind.CLICK, NOW, each.id) for each in reversed(users)])

    _at_once(act)
    assert [rows(url, table) for table in ("users", "events")] == [0, 0]


def test_two_processes_write_for_one_user(stores: Stores, ann: User, url: str) -> None:
    count = 60
    running = [start_burst(url, ann.id, first=1 + number * count, count=count) for number in range(2)]
    said = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    diary = stores.diaries.read(ann.id)
    assert diary.revision == len(diary.ratings) == 2 * count


def test_acknowledged_writes_survive_a_killed_process(stores: Stores, ann: User, url: str) -> None:
    process = start_burst(url, ann.id, first=1, count=100_000)
    assert process.stdout is not None
    heard = [process.stdout.readline() for _ in range(40)]
    process.kill()
    heard += process.communicate()[0].splitlines()
    acknowledged = {int(line.split()[0]) for line in heard[1:] if len(line.split()) == 2}
    diary = stores.diaries.read(ann.id)
    assert len(acknowledged) >= 39
    assert acknowledged <= set(diary.ratings)
    assert diary.revision == len(diary.ratings) == len(stores.diaries.history(ann.id, limit=100_000))
    assert stores.diaries.rate(ann.id, {MovieId(500_000): 1.0}, at=NOW) == diary.revision + 1


def start_burst(url: str, user: UserId, *, first: int, count: int) -> subprocess.Popen[str]:
    """Start a process that rates one movie after another and acknowledges each."""
    process = subprocess.Popen(
        [sys.executable, "-c", BURST],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(f"{url} {user} {first} {count}")
    process.stdin.close()
    process.stdin = None
    return process


def _at_once(act: Callable[[int], T]) -> list[T]:
    """Return the results of threads that all start at the same time."""
    gate = threading.Barrier(THREADS)

    def run(thread: int) -> T:
        gate.wait()
        return act(thread)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))
