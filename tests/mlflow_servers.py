"""A real MLflow server for tests, on a free port of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.marquee.processes import free_port
from tests.marquee.test_serving import until


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a server with its data in a folder; yield its URL."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder / 'mlflow.sqlite'}"]
    command += ["--artifacts-destination", str(folder / "artifacts")]
    # Without the server that runs jobs, which MLflow starts beside it.
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (folder / "mlflow.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        until(lambda: _responds(url))
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _responds(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:  # noqa: S310 - its own server
            return bool(answer.status == 200)
    except OSError:
        return False
