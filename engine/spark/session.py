"""Sessions of Spark, and what is missing for one."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import warnings
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from core import config
from core.config import Settings
from core.errors import InvalidSettings, ServiceUnavailable
from engine.spark import java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PACKAGES = ("pyspark", "pyarrow")
EXTRA = "pip install 'marquee[spark]'"
MASTER = config.variable("spark_master")
PYTHON = "PYSPARK_PYTHON"
"""The interpreter of Spark's workers, `python3` of their search path unless it is set."""
LOOPBACK = "127.0.0.1"
SECONDS = 5.0
"""Time for a connection to a master."""
SPARKS = {"s3": "s3a"}
"""Names of protocols in Spark where they differ from those in fsspec."""
TRACE = "Traceback (most recent call last):"
STANDALONE = "spark://"
COMMON: Mapping[str, str] = {
    # The web interface of a driver has no authentication.
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Hashes wrap around on purpose (`engine.spark.splits`).
    "spark.sql.ansi.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
}
LOCAL: Mapping[str, str] = {
    # Nothing outside of this machine has to reach a driver that is its own cluster.
    "spark.driver.host": LOOPBACK,
    "spark.driver.bindAddress": LOOPBACK,
    # Spark's default of 200 parts is for clusters, and each has a cost.
    "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
}


def spark_url(place: str) -> str:
    """Return a folder, or a URL for fsspec, as a URL for Spark."""
    protocol, separator, path = place.partition("://")
    return (
        f"{SPARKS.get(protocol, protocol)}://{path}" if separator else f"file://{Path(place).expanduser().absolute()}"
    )


def is_local(settings: Settings) -> bool:
    """Return whether Spark runs within this machine."""
    return settings.spark_master.startswith("local")


def check(settings: Settings) -> str:
    """Check all that a session needs without starting one, and return what was found.

    Raises:
        InvalidSettings: a package or Java is missing.
        ServiceUnavailable: the master does not accept connections.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise InvalidSettings(f"Spark needs {', '.join(missing)}, which is not installed; run `{EXTRA}`")
    home = java.home()
    if settings.spark_master.startswith(STANDALONE):
        _reach(settings.spark_master)
    return f"Java {java.version(home)}, master {settings.spark_master}"


@contextlib.contextmanager
def opened(settings: Settings, *, name: str) -> Iterator[SparkSession]:
    """Yield a session with `name`, that of this process if there is one already; stop it if it was started here.

    Raises:
        InvalidSettings: a package or Java is missing, or the configuration of Spark contradicts itself.
        ServiceUnavailable: the master does not answer.
    """
    check(settings)
    # Data are exchanged by Arrow alone, so pandas' version does not matter.
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, and slow to import

    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    session = _start(settings, name)
    try:
        yield session
    finally:
        session.stop()


@contextlib.contextmanager
def failures(doing: str) -> Iterator[None]:
    """Turn an error of Spark into `ServiceUnavailable`, with what Spark says first.

    Args:
        doing: completes "Spark could not …".
    """
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise ServiceUnavailable(f"Spark could not {doing}: {reason(error)}") from error


def reason(error: Exception) -> str:
    """Return what Spark says about a failure: the exception of a Python worker or of Java, without stack traces."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    if TRACE in lines:
        lines = lines[len(lines) - lines[::-1].index(TRACE) :]
        lines = [line for line in lines if not line.startswith(" ")]
    said = [line for line in lines if not line.strip().startswith(("at ", "...", "An error occurred while calling"))]
    return (said or [type(error).__name__])[0].removeprefix(": ").strip()


def _start(settings: Settings, name: str) -> SparkSession:
    from py4j.protocol import Py4JError  # noqa: PLC0415
    from pyspark.errors import PySparkException  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    if not config.library_variable(java.HOME):
        config.set_variable(java.HOME, str(java.home()))
    local = is_local(settings)
    if local and not config.library_variable(PYTHON):
        config.set_variable(PYTHON, sys.executable)
    builder = SparkSession.builder.master(settings.spark_master).appName(f"marquee {name}")
    for key, value in {**COMMON, **(LOCAL if local else {})}.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except (Py4JError, PySparkException, OSError) as error:
        raise ServiceUnavailable(f"{MASTER}={settings.spark_master}: Spark does not start: {reason(error)}") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def _reach(master: str) -> None:
    """Connect to one of the masters, since Spark itself tries for a minute and reports little."""
    failures = []
    for address in master.removeprefix(STANDALONE).split(","):
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS):
                return
        except OSError as error:
            failures.append(f"{address} cannot be reached: {error.strerror or error}")
    raise ServiceUnavailable(f"{MASTER}={master}: {'; '.join(failures)}; check that the master runs")
