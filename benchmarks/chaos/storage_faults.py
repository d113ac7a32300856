"""Faults of what lies under the site: files, disk, clock."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.chaos.site import Site

FLIPPED = 64
"""Bytes that are changed in the middle of each damaged file."""
HOUR, DAY = 3_600, 86_400
"""Seconds."""
ARRAYS = ("*.npz", "*.npy")


@contextmanager
def model_damaged(site: Site) -> Iterator[None]:
    """Damage the arrays of the published model, and kill a worker, so that another one has to load them."""
    models = site.settings.home / "models"
    folder = models / (models / "current").read_text(encoding="utf-8").split()[0]
    whole = {file: file.read_bytes() for kind in ARRAYS for file in folder.rglob(kind)}
    for file, content in whole.items():
        _replace(file, damaged(content))
    os.kill(site.workers()[0], signal.SIGKILL)
    try:
        yield
    finally:
        for file, content in whole.items():
            _replace(file, content)


@contextmanager
def disk_read_only(site: Site) -> Iterator[None]:
    """Let nobody create or open a file for writing; files that are open stay so. Needs root."""
    home = str(site.settings.home)
    subprocess.run(["mount", "--bind", home, home], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", home], check=True)
        if not site.marquee("index").wait():
            raise SystemExit("a build on a read-only disk should have failed")
        yield
    finally:
        subprocess.run(["umount", "--lazy", home], check=True)


@contextmanager
def clock_day_ahead(site: Site) -> Iterator[None]:
    """Put the clock of all server processes a day ahead, and back."""
    with _clock(site, DAY):
        yield


@contextmanager
def clock_hour_back(site: Site) -> Iterator[None]:
    """Put the clock of all server processes back by an hour, and forth."""
    with _clock(site, -HOUR):
        yield


def damaged(content: bytes) -> bytes:
    """Return a file's content with the bits of some bytes in its middle flipped."""
    middle = len(content) // 2
    flipped = bytes(byte ^ 0xFF for byte in content[middle : middle + FLIPPED])
    return content[:middle] + flipped + content[middle + len(flipped) :]


@contextmanager
def _clock(site: Site, shift: int) -> Iterator[None]:
    assert site.clock is not None
    _set(site.clock, shift)
    try:
        yield
    finally:
        _set(site.clock, 0)


def _set(clock: Path, shift: int) -> None:
    with clock.open("r+b") as file:  # in place: the processes have mapped it
        file.write(struct.pack("q", shift))


def _replace(file: Path, content: bytes) -> None:
    """Replace a file as a whole: processes that have mapped the old one keep it."""
    scratch = file.with_suffix(".scratch")
    scratch.write_bytes(content)
    scratch.replace(file)
