"""Error reports and traces without their packages."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.data.database.servers import ROOT


@pytest.mark.parametrize(
    ("module", "package", "variable", "extra"),
    [
        ("error_reports", "sentry_sdk", "MARQUEE_SENTRY_DSN", "sentry"),
        ("traces", "opentelemetry", "MARQUEE_OTLP_URL", "traces"),
    ],
)
def test_without_the_package_the_extra_is_named(module: str, package: str, variable: str, extra: str) -> None:
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        f"from core import config; from engine.telemetry import {module}; {module}.start(config.load())"
    )
    environment = {"PATH": os.environ["PATH"], variable: "https://key@collector.example/1"}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert f"pip install 'marquee[{extra}]'" in ended.stderr
