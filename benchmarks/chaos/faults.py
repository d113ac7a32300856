"""The faults: each is caused, lasts a while, and is healed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks.chaos import clients, storage_faults
from benchmarks.chaos.site import Site

LASTS = 10.0
"""Seconds that most faults last."""
SLOW_CLIENTS = 100
IMPATIENT = 100
GIVES_UP = 2.0
FULL = 64 * 1024
"""Size in bytes that no file may exceed on the full disk."""

Cause = Callable[[Site], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, how long it lasts, and the longest gap between good searches that is aimed at, in seconds."""

    name: str
    cause: Cause
    lasts: float = LASTS
    aim: float | None = None


@contextmanager
def worker_killed(site: Site) -> Iterator[None]:
    """Kill one of the server's processes, as the system does when memory runs out."""
    os.kill(site.workers()[0], signal.SIGKILL)
    yield


@contextmanager
def slow_clients(site: Site) -> Iterator[None]:
    """Open connections that send half a request."""
    with ExitStack() as stack:
        for number in range(SLOW_CLIENTS):
            connection = stack.enter_context(socket.create_connection((clients.HOST, site.address.port)))
            head = b"GET /sea" if number % 2 else b"POST /api/search HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{"
            connection.sendall(head)
        yield


@contextmanager
def impatient_clients(site: Site) -> Iterator[None]:
    """Search with many clients at once, each of which gives up after two seconds."""
    over = threading.Event()

    def search(number: int) -> None:
        while not over.is_set():
            try:
                with socket.create_connection((clients.HOST, site.address.port), timeout=GIVES_UP) as connection:
                    connection.settimeout(GIVES_UP)
                    head = f"GET /search?q=story+{number} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    connection.sendall(head.encode())
                    while connection.recv(65_536):
                        pass
            except OSError:
                continue
            over.wait(0.1)

    threads = [threading.Thread(target=search, args=[number]) for number in range(IMPATIENT)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


@contextmanager
def database_locked(site: Site) -> Iterator[None]:
    """Hold SQLite's write lock, as a backup tool does."""
    connection = sqlite3.connect(site.settings.home / "people.sqlite", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def build_published(site: Site) -> Iterator[None]:
    """Build and publish an index while the site serves."""
    if site.marquee("index").wait():
        raise SystemExit("`marquee index` failed")
    yield


@contextmanager
def build_killed(site: Site) -> Iterator[None]:
    """Kill a build half-way."""
    process = site.marquee("index")
    time.sleep(3.0)
    process.kill()
    process.wait()
    yield


@contextmanager
def disk_full(site: Site) -> Iterator[None]:
    """Build an index on a disk without space."""
    if not site.marquee("index", file_size=FULL).wait():
        raise SystemExit("the build on a full disk should have failed")
    yield


@contextmanager
def publication_damaged(site: Site) -> Iterator[None]:
    """Publish a version whose files are damaged; then publish the good one again."""
    root = site.settings.home / "index"
    pointer = root / "current"
    good = pointer.read_text(encoding="utf-8").strip()
    bad = root / f"{good}-damaged"
    shutil.copytree(root / good, bad)
    (bad / "vectors.f32").write_bytes(b"")
    pointer.write_text(bad.name + "\n", encoding="utf-8")
    try:
        yield
    finally:
        pointer.write_text(good + "\n", encoding="utf-8")
        shutil.rmtree(bad)


SMALL = (
    Fault("one of two server processes killed", worker_killed, aim=2.0),
    Fault(f"{SLOW_CLIENTS} clients that never finish their request", slow_clients),
    Fault(f"{IMPATIENT} impatient clients", impatient_clients),
    Fault("the database is locked", database_locked),
    Fault("an index is built and published", build_published, lasts=2.0, aim=2.0),
    Fault("a build is killed half-way", build_killed, lasts=2.0, aim=2.0),
    Fault("a build on a full disk", disk_full, lasts=2.0, aim=2.0),
    Fault("a damaged index is published", publication_damaged, aim=2.0),
    Fault("the files of the model are damaged, and a process is killed", storage_faults.model_damaged, aim=2.0),
    Fault("the disk is read-only", storage_faults.disk_read_only, aim=2.0),
)
"""Faults of a site on one machine."""
SINGLE = (Fault("the only server process killed", worker_killed, aim=2.0),)
"""Faults of a site with one server process, the default."""
CLOCK = (
    Fault("the clock jumps ahead by a day, and back", storage_faults.clock_day_ahead, aim=2.0),
    Fault("the clock jumps back by an hour, and forth", storage_faults.clock_hour_back, aim=2.0),
)
"""Faults of a site whose clock can be changed."""
