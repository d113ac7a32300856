"""The setup of the server: Gunicorn's settings, addresses, and progress bars in a log."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.config import Settings
from core.settings import redaction
from marquee import addresses, console
from marquee.commands import server as marquee_server
from tests import sample
from webapp.server.worker import FINISH_SECONDS, Worker

LOADED = """
import gc, sys
from pathlib import Path
from threadpoolctl import threadpool_info
from core.config import Settings
from indexer.names.gazetteer import Gazetteer
from marquee.commands.server import Server
application = Server(Settings(home=Path(sys.argv[1]), offline=True)).load()
gc.unfreeze()
read = [one for one in gc.get_objects() if isinstance(one, Gazetteer) and "by_character" in vars(one)]
print(len(read), {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"})
"""

PRELOADED = """
import sys, threading
from core.config import Settings
from engine.search import language_detection
from engine.search.understanding import tables
from marquee.commands import server
server.preload(Settings())
names = ("webapp.app", "sqlalchemy", "tantivy", "onnxruntime", "elasticsearch")
print(*(name in sys.modules for name in names), "foreign_words" in vars(tables.load()))
assert language_detection._loaded.cache_info().currsize == 1
assert threading.active_count() == 1
"""


def test_one_process_unless_the_settings_ask_for_more() -> None:
    chosen = marquee_server.options(Settings(port=8123))
    assert (chosen["workers"], chosen["max_requests"], chosen["bind"]) == (1, 0, ["127.0.0.1:8123"])
    chosen = marquee_server.options(Settings(workers=3, max_requests=1_000))
    assert (chosen["workers"], chosen["max_requests"], chosen["max_requests_jitter"]) == (3, 1_000, 200)


def test_gunicorn_waits_for_a_worker_until_it_has_drained_and_completed_its_requests() -> None:
    chosen = marquee_server.options(Settings(drain_seconds=7.5))
    assert chosen["graceful_timeout"] > 7.5 + FINISH_SECONDS


def test_gunicorn_accepts_the_settings() -> None:
    server = marquee_server.Server(Settings(workers=2, log_level="DEBUG"))
    assert server.cfg.workers == 2
    assert server.cfg.worker_class is Worker
    assert server.cfg.loglevel == "debug"
    assert server.cfg.control_socket_disable


def test_the_application_is_not_created_before_the_fork() -> None:
    assert not marquee_server.Server(Settings()).cfg.preload_app


def test_code_is_imported_before_the_fork_but_not_the_model_runtime() -> None:
    run = subprocess.run([sys.executable, "-c", PRELOADED], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", "True", "True", "False", "False", "True"]


@pytest.mark.slow
def test_a_worker_is_warmed_up_before_it_serves_and_computes_with_one_thread(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample")
    command = [sys.executable, "-c", LOADED, str(settings.home)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "1 {1}"


@pytest.mark.parametrize(
    ("host", "url", "bind"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000", "0.0.0.0:8000"),  # noqa: S104
        ("::1", "http://[::1]:8000", "[::1]:8000"),
        ("::", "http://[::1]:8000", "[::]:8000"),
        ("localhost", "http://localhost:8000", "localhost:8000"),
    ],
)
def test_the_printed_url_can_be_opened_in_a_browser(host: str, url: str, bind: str) -> None:
    settings = Settings(host=host)
    assert addresses.url(settings) == url
    assert addresses.bind(settings) == bind


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_debugging_is_allowed_on_this_machine_only(host: str, free_port: int) -> None:
    addresses.check(Settings(host=host, port=free_port, debug=True))


def test_a_step_that_jumps_shows_its_completion(capsys: pytest.CaptureFixture[str]) -> None:
    bars = console.Bars()
    bars.step("encoding", 1, 10)
    bars.step("encoding", 10, 10)
    bars.close()
    assert "encoding: 100%" in capsys.readouterr().err


def test_an_interrupted_step_is_closed_by_the_next_one(capsys: pytest.CaptureFixture[str]) -> None:
    bars = console.Bars()
    bars.step("encoding", 5, 10)
    bars.step("writing", 10, 10)
    shown = capsys.readouterr().err
    assert shown.index("encoding") < shown.index("writing: 100%")


def test_gunicorns_own_log_hides_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    redaction.remember(["a secret of this test"])
    log = marquee_server.Server(Settings()).cfg.logger_class(marquee_server.Server(Settings()).cfg)
    log.error("failed with %s", "a secret of this test")
    shown = capsys.readouterr().err
    assert f"ERROR gunicorn.error failed with {redaction.HIDDEN}" in shown
