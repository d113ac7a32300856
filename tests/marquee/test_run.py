"""`marquee run` for the first time: a real process, an empty home, the sample catalogue, a real server."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.marquee.processes import Site, children, free_port

NOT_INSTALLED = ("torch", "sentence_transformers", "transformers", "onnxscript")
"""Packages that `make run` does not install."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("home"), free_port()).without(*NOT_INSTALLED)


@pytest.fixture(scope="module")
def first_run(site: Site) -> str:
    """Return the output of the first run, which builds the index and answers a search."""
    with site.running("run") as process:
        assert "<html" in site.get("/")
        killed = _clock(process.pid)
        os.kill(int(killed), signal.SIGKILL)
        found = json.loads(site.get("/api/search?q=a+small+robot+alone+on+a+planet+of+rubbish"))
        assert found["results"][0]["title"] == "WALL·E"
        clock = _clock(process.pid, but=killed)
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=60)[1]
    assert process.returncode == 0
    assert not _lives(clock), output
    assert "the scheduler process died (-9); restarting in 1 s" in output
    return output


def test_the_first_run_builds_the_index_and_serves_it(site: Site, first_run: str) -> None:
    assert "building the index: no index is published yet" in first_run
    assert "published 2" in first_run
    assert f"Marquee is running at http://127.0.0.1:{site.port}" in first_run
    assert "sample catalogue" in first_run


def test_the_first_run_brings_demo_data_and_ends_with_something_to_try_before_any_job_logs(first_run: str) -> None:
    assert "loaded demo data" in first_run
    assert "the gate refuses it" not in first_run
    assert first_run.index("search for “a man relives the same day”") < first_run.index("the scheduler process died")


@pytest.mark.usefixtures("first_run")
def test_the_second_run_builds_nothing_and_loads_no_build_dependencies(site: Site) -> None:
    with site.running("run") as process:
        assert site.get("/search?q=robot").count("WALL·E") > 0
        loaded = "".join(
            Path(f"/proc/{child}/maps").read_text(encoding="utf-8") for child in (process.pid, *children(process.pid))
        )
        process.send_signal(signal.SIGINT)
        output = process.communicate(timeout=60)[1]
    assert "the index is up to date" in output
    assert "onnxruntime" in loaded
    assert [name for name in ("/torch/", "/pandas/", "/sentence_transformers/") if name in loaded] == []
    assert process.returncode == 0
    assert "Traceback" not in output
    assert "SIGABRT" not in output


@pytest.mark.usefixtures("first_run")
def test_a_second_server_on_the_same_port_is_refused_and_the_first_keeps_running(site: Site) -> None:
    with site.running("serve"):
        ended = site.call("run")
        assert ended.returncode == 1
        assert "cannot listen on" in ended.stderr
        assert "ok" in site.get("/health/live")


@pytest.mark.usefixtures("first_run")
def test_searches_work_from_the_command_line_too(site: Site) -> None:
    ended = site.call("search", "a small robot alone on a planet of rubbish", "--size", "1", "--json")
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["results"][0]["title"] == "WALL·E"


def test_a_server_without_an_index_exits_and_names_the_command_that_builds_one(tmp_path: Path, site: Site) -> None:
    ended = Site(tmp_path, site.port).call("serve")
    assert ended.returncode == 1
    assert "marquee index" in ended.stderr
    assert "Traceback" not in ended.stderr


def _clock(server: int, *, but: str = "") -> str:
    """Return the scheduler process of a server, a child of its supervisor, other than `but`."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        below = [child for keeper in children(server) for child in children(int(keeper)) if child != but]
        found = [child for child in below if _runs_jobs(child)]
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("no scheduler is running")


def _runs_jobs(process: str) -> bool:
    return b"jobs\0run\0--beside" in Path(f"/proc/{process}/cmdline").read_bytes()


def _lives(process: str) -> bool:
    """Return whether a process still runs after a few seconds; one that has exited may be a zombie for a moment."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
        time.sleep(0.1)
    return True
