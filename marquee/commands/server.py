"""The web server: Gunicorn, or Flask's development server for debugging."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from core.config import Settings
from core.errors import MarqueeError, SearchUnavailable
from core.sample.examples import FIRST
from engine import logs
from marquee import addresses, console

if TYPE_CHECKING:
    from engine.services import Services

WORKERS = 1
"""Number of processes. One process keeps the index in memory once; threads share it, and the expensive parts of a
request (the model, the engine) release Python's lock."""
GRACE_SECONDS = 10
"""Seconds that running requests may take after the server is told to stop."""


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

    The application is created, and even imported, in the worker rather than before the fork: the threads of the model
    runtime do not survive a fork, and a worker without them aborts.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Apply our settings; Gunicorn's own files and variables are not read."""
        for name, value in options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Create the application; if this fails, print the reason and end the server."""
        import webapp  # noqa: PLC0415
        from engine.search import warm_up  # noqa: PLC0415

        try:
            services = _services(self._settings)
            application = webapp.create_app(services)
            with contextlib.suppress(SearchUnavailable):  # the engine may start later
                warm_up.warm_up(services.search)
            _settle()
            return application
        except MarqueeError as error:
            click.ClickException(str(error)).show()
            sys.exit(Arbiter.APP_LOAD_ERROR)


def options(settings: Settings) -> dict[str, Any]:
    """Return Gunicorn's settings."""
    return {
        "bind": addresses.bind(settings),
        "worker_class": "gthread",
        "workers": WORKERS,
        "threads": settings.threads,
        "graceful_timeout": GRACE_SECONDS,
        "control_socket_disable": True,
        # Only the application knows how many proxies there are: no header of a request changes its scheme or its path.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        # A text of 5,000 characters may take 60 kB in a URL. The application limits it, with its own error message.
        "limit_request_line": 0,
        "proc_name": "marquee",
        "loglevel": "warning" if settings.log_level == "INFO" else settings.log_level.lower(),
        "post_worker_init": lambda worker: console.say(greeting(settings)) if worker.age == 1 else None,
    }


def _services(settings: Settings) -> Services:
    """Create the services, and print what they serve."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    from engine import wiring  # noqa: PLC0415

    # Requests already run in parallel. A second thread for a matrix-vector product saves 0.1 ms on an idle machine, but
    # costs 10 ms on a busy one, where the first thread waits for it.
    threadpool_limits(1, "blas")
    services = wiring.build(settings)
    services.recommending.version()  # loads the model now, so that no request waits for it
    info = services.library.info()
    why = f" ({info.notice})" if info.notice else ""
    console.say(f"{info.catalogue}: {info.count:,} movies, index {info.version}{why}")
    return services


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
