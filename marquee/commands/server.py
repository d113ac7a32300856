"""Gunicorn around the website; Flask's own server where the settings ask for debugging."""

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
from core.examples import FIRST
from engine import logs
from marquee import addresses, console

if TYPE_CHECKING:
    from engine.services import Services

WORKERS = 1
"""Processes. One holds the index once in memory; threads share it, and what takes time in a request (the model, the
engine) lets go of Python's lock."""
GRACE_SECONDS = 10
"""How long running requests may take once the server is told to stop."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, letting running requests finish.

    Raises:
        ClickException: the services could not be made; the reason was printed.
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
        # Workers, forked in there, leave through here as well: their exit codes tell the master why they ended.
        if os.getpid() != master or end.code in (None, 0):
            raise
        raise click.ClickException("the server ended; see above") from end


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """Gunicorn, configured by the settings.

    The application is made, and even imported, in the worker and not before the fork: the model runtime has threads,
    which do not survive a fork, and ends a worker that lacks them with an abort.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Take what the settings say; gunicorn's own files and variables are not read."""
        for name, value in options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Make the application; without it the whole server ends, with the reason as its last word."""
        import webapp  # noqa: PLC0415
        from engine.search import warm_up  # noqa: PLC0415

        try:
            services = _services(self._settings)
            application = webapp.create_app(services)
            with contextlib.suppress(SearchUnavailable):  # the engine may come later: until then, searches say so
                warm_up.warm_up(services.search)
            _settle()
            return application
        except MarqueeError as error:
            click.ClickException(str(error)).show()
            sys.exit(Arbiter.APP_LOAD_ERROR)


def options(settings: Settings) -> dict[str, Any]:
    """Gunicorn's settings."""
    return {
        "bind": addresses.bind(settings),
        "worker_class": "gthread",
        "workers": WORKERS,
        "threads": settings.threads,
        "graceful_timeout": GRACE_SECONDS,
        "control_socket_disable": True,
        # A text of 5,000 characters may take 60 kB in a URL. The application bounds it, and says so in its own words.
        "limit_request_line": 0,
        "proc_name": "marquee",
        "loglevel": "warning" if settings.log_level == "INFO" else settings.log_level.lower(),
        "post_worker_init": lambda worker: console.say(greeting(settings)) if worker.age == 1 else None,
    }


def _services(settings: Settings) -> Services:
    """Make the services, and say what they serve."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    from engine import wiring  # noqa: PLC0415

    # Requests run side by side already. A second thread for a product of matrix and vector saves a tenth of a
    # millisecond on an idle machine, and costs ten on a busy one, where the first waits for it.
    threadpool_limits(1, "blas")
    services = wiring.build(settings)
    services.recommending.version()  # loads the model now: no request waits for it
    info = services.library.info()
    why = f" ({info.notice})" if info.notice else ""
    console.say(f"{info.catalogue}: {info.count:,} films, index {info.version}{why}")
    return services


def _settle() -> None:
    """Take what lives as long as the process out of the garbage collector's rounds: they cost requests milliseconds."""
    gc.collect()
    gc.freeze()


def greeting(settings: Settings) -> str:
    """Where the website is, and what to try there."""
    url, query = addresses.url(settings), FIRST.text
    return (
        f"Marquee is at {url} (Ctrl-C stops it)\n"
        f"Open {url} and search for “{query}”, or run: curl '{url}/api/search?q={quote_plus(query)}'"
    )
