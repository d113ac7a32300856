"""The web server: Gunicorn, or Flask's development server for debugging."""

from __future__ import annotations

import contextlib
import gc
import importlib
import math
import mmap
import os
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from core import log_lines
from core.config import Settings
from core.errors import EncoderMismatch, IndexMissing, MarqueeError, SearchUnavailable
from core.sample.examples import FIRST
from engine.telemetry import logs, traces
from marquee import addresses, console

if TYPE_CHECKING:
    from engine.services import Services
    from webapp.metrics.processes import SharedFolder

GRACE_SECONDS = 10
"""Seconds that running requests may take after the server has drained."""
MAX_AGE = 4096
"""Workers whose state is remembered; of more, the oldest have gone."""
PRELOADED = ("webapp", "webapp.server.worker", "jinja2.ext", "sqlite3")
"""Modules imported before the fork, besides the engine's. None may import the model runtime, which starts a thread."""
JITTER = 0.2
"""Share of the maximum number of requests by which processes differ, so that they are not replaced at once."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then complete running requests.

    Raises:
        ClickException: the services could not be created; the reason was printed.
    """
    logs.start(settings)
    if settings.debug:
        import webapp  # noqa: PLC0415

        services = _services(settings)
        console.say(greeting(settings))
        webapp.create_app(services).run(
            host=settings.host, port=settings.port, debug=True, use_reloader=False, threaded=True
        )
        return
    master = os.getpid()
    try:
        Server(settings).run()
    except SystemExit as end:
        # Forked workers exit through here too: their exit codes tell the master why they ended.
        if os.getpid() != master or end.code in (None, 0):
            raise
        raise click.ClickException("the server exited; see above") from end


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """Gunicorn, configured by the settings.

    The code is imported before the fork, so that a worker replaces a killed one sooner and shares its memory. The
    application is created in the worker, which also imports the model runtime: its threads do not survive a fork, and a
    worker without them aborts.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._shared = mmap.mmap(-1, 1 + MAX_AGE)  # by master and workers
        self._metrics: SharedFolder | None = None
        self._slot = 0
        super().__init__()

    def run(self) -> None:
        """Serve until a signal."""
        preload(self._settings)
        if self._settings.measured:
            from webapp.metrics.processes import SharedFolder  # noqa: PLC0415 - the library is slow to import

            self._metrics = SharedFolder.create()
        Master(self).run()

    def stop(self) -> None:
        """Tell the workers that the whole server is about to stop, rather than a single worker."""
        self._shared[0] = 1

    def is_stopping(self) -> bool:
        """Whether the whole server is about to stop."""
        return bool(self._shared[0])

    def note(self, worker: Worker, *, serving: bool) -> None:
        """Note whether a worker is ready to serve."""
        self._shared[1 + worker.age % MAX_AGE] = serving

    def serves(self, worker: Worker) -> bool:
        """Whether a worker is ready to serve."""
        return bool(self._shared[1 + worker.age % MAX_AGE])

    def load_config(self) -> None:
        """Apply our settings; Gunicorn's own files and variables are not read."""
        for name, value in options(self._settings).items():
            self.cfg.set(name, value)
        self.cfg.set("pre_fork", self._prepare)
        self.cfg.set("post_worker_init", self._greet)
        self.cfg.set("child_exit", self._forget)
        self.cfg.set("on_exit", self._clean)

    def _prepare(self, master: Arbiter, worker: Worker) -> None:
        """Give a new worker the lowest free slot."""
        self.note(worker, serving=False)
        taken = {other.slot for other in master.WORKERS.values()}
        self._slot = worker.slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)

    def _forget(self, _: Arbiter, worker: Worker) -> None:
        if self._metrics is not None:
            self._metrics.leave(worker.slot)

    def _clean(self, _: Arbiter) -> None:
        if self._metrics is not None:
            self._metrics.remove()

    def _greet(self, worker: Worker) -> None:
        self.note(worker, serving=True)
        if worker.age == 1:
            console.say(greeting(self._settings))

    def load(self) -> object:
        """Create the application; if this fails, print the reason and end the server."""
        import webapp  # noqa: PLC0415
        from engine.search import warm_up  # noqa: PLC0415

        try:
            traces.start(self._settings)
            services = _services(self._settings)
            if self._metrics is not None:
                self._metrics.join(self._slot)
            front = webapp.create_front(services, metrics=self._metrics.path if self._metrics else None)
            with contextlib.suppress(SearchUnavailable):  # the engine may start later
                warm_up.warm_up(services.search)
            front.health.is_last = self.is_stopping
            front.start()
            _settle()
            return front
        except MarqueeError as error:
            click.ClickException(str(error)).show()
            sys.exit(Arbiter.APP_LOAD_ERROR)


class Log(Logger):  # type: ignore[misc]
    """Gunicorn's log, in the form of ours and without secrets."""

    form = log_lines.TEXT

    def setup(self, cfg: Config) -> None:
        """Configure the loggers; Gunicorn gives them handlers of its own."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(log_lines.formatter(self.form))


class Master(Arbiter):  # type: ignore[misc]
    """Gunicorn's master process."""

    def stop(self, graceful: bool = True) -> None:
        """Stop all workers."""
        self.app.stop()
        super().stop(graceful)

    def manage_workers(self) -> None:
        """Keep the number of workers. After SIGHUP, the old ones serve until the new ones do."""
        by_age = sorted(self.WORKERS.values(), key=lambda worker: worker.age)
        if all(self.app.serves(worker) for worker in by_age[-self.num_workers :]) or len(by_age) < self.num_workers:
            super().manage_workers()


def preload(settings: Settings) -> None:
    """Import code and tables of the application, which take most of a worker's start, but nothing with threads."""
    from engine.search import language_detection  # noqa: PLC0415
    from engine.search.understanding import tables  # noqa: PLC0415

    for name in (*PRELOADED, "indexer.elastic" if settings.elasticsearch_url else "indexer.embedded"):
        importlib.import_module(name)
    _ = tables.load(settings.moods_file).foreign_words
    language_detection.load()
    gc.collect()
    gc.freeze()  # otherwise the first collection in a worker copies the shared pages


def options(settings: Settings) -> dict[str, Any]:
    """Return Gunicorn's settings."""
    return {
        "bind": addresses.bound(settings),
        "worker_class": "webapp.server.worker.Worker",
        "workers": settings.workers,
        "max_requests": settings.max_requests,
        "max_requests_jitter": int(settings.max_requests * JITTER),
        "graceful_timeout": math.ceil(settings.drain_seconds) + GRACE_SECONDS,
        "control_socket_disable": True,
        "logger_class": type("Log", (Log,), {"form": settings.log_format}),
        "proc_name": "marquee",
        "loglevel": "warning" if settings.log_level == "INFO" else settings.log_level.lower(),
    }


def _services(settings: Settings) -> Services:
    """Create the services, and print what they serve."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    from engine import wiring  # noqa: PLC0415

    # Requests already run in parallel. A second thread for a matrix-vector product saves 0.1 ms on an idle machine, but
    # costs 10 ms on a busy one, where the first thread waits for it.
    threadpool_limits(1, "blas")
    services = wiring.build(settings, serving=True)
    services.recommending.version()  # loads the model now, so that no request waits for it
    console.say(_catalogue(services))
    return services


def _catalogue(services: Services) -> str:
    """Return what is served. Raises `IndexMissing` or `EncoderMismatch`, which do not pass by themselves."""
    try:
        info = services.library.info()
    except (IndexMissing, EncoderMismatch):
        raise
    except SearchUnavailable as error:
        return f"searches are unavailable until the search engine responds: {error}"
    why = f" ({info.notice})" if info.notice else ""
    return f"{info.catalogue}: {info.count:,} movies, index {info.version}{why}"


def _settle() -> None:
    """Exclude permanent objects from garbage collection, which would delay requests by milliseconds."""
    gc.collect()
    gc.freeze()


def greeting(settings: Settings) -> str:
    """Return the address of the website, and a search to try."""
    url, query = addresses.url(settings), FIRST.text
    return (
        f"Marquee is running at {url} (press Ctrl-C to stop)\n"
        f"Open {url} and search for “{query}”, or run: curl '{url}/api/search?q={quote_plus(query)}'"
    )
