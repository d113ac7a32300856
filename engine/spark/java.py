"""The Java runtime that Spark starts in."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from core import config
from core.errors import InvalidSettings

HOME = "JAVA_HOME"
OLDEST = 17
"""Spark 4 needs Java 17; it was tested with 17 and 25."""
INSTALLED = Path("/usr/lib/jvm")
"""Where Debian and other distributions install runtimes, several versions side by side."""
SECONDS = 20
"""A runtime tells its version within a second, unless the machine is very busy."""
VERSION = re.compile(r'version "(?:1\.)?(\d+)')
"""Java 8 and older call themselves 1.8."""


def home(installed: Path = INSTALLED) -> Path:
    """Return the folder of a runtime: that of `JAVA_HOME`, of the program `java`, or the newest of `installed`.

    Raises:
        InvalidSettings: `JAVA_HOME` names none that is new enough, or there is none.
    """
    given = config.library_variable(HOME)
    if given:
        found = version(Path(given))
        if found >= OLDEST:
            return Path(given)
        said = f"Java {found}" if found else "no Java runtime"
        raise InvalidSettings(
            f"{HOME}={given} is {said}; Spark needs Java {OLDEST} or newer: correct {HOME}, or unset it"
        )
    for place in _candidates(installed):
        if version(place) >= OLDEST:
            return place
    raise InvalidSettings(
        f"Spark needs Java {OLDEST} or newer, and none was found; install one, as with "
        f"`apt-get install openjdk-{OLDEST}-jre-headless`, or set {HOME} to its folder"
    )


def version(place: Path) -> int:
    """Return the major version of the runtime in a folder; 0 if there is none."""
    try:
        said = subprocess.run(  # noqa: S603 - a program that the operator installed
            [place / "bin" / "java", "-version"], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = VERSION.search(said.stderr)
    return int(found.group(1)) if found else 0


def _candidates(installed: Path) -> Iterator[Path]:
    program = shutil.which("java")
    if program:
        yield Path(program).resolve().parents[1]
    places = {path.resolve() for path in installed.glob("*") if (path / "bin" / "java").exists()}
    yield from sorted(places, key=version, reverse=True)
