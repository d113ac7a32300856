"""Reports of unexpected errors to Sentry, or to a server that speaks its protocol (GlitchTip, Bugsink), by setting.

An error that is logged at ERROR or above is reported once, with its traceback and the id of the request: no values of
variables, no request, no user, no log lines before it. What is sent is scrubbed like log lines.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from core import log_lines
from core.config import Settings, variable
from core.errors import InvalidSettings
from core.settings import redaction

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

PRIVATE = ("request", "user", "modules", "extra", "breadcrumbs")
"""Parts of a report that are not sent."""
SECONDS = 2.0
"""How long a process that ends waits for its last report."""


def start(settings: Settings) -> None:
    """Report errors of this process and of those forked from it; do nothing unless the settings name a server.

    Raises:
        InvalidSettings: the extra `sentry` is not installed, or the address is malformed.
    """
    if settings.sentry_dsn is None:
        return
    try:
        import sentry_sdk  # noqa: PLC0415 - optional
        from sentry_sdk.integrations.atexit import AtexitIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.dedupe import DedupeIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.excepthook import ExcepthookIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.threading import ThreadingIntegration  # noqa: PLC0415
        from sentry_sdk.utils import BadDsn  # noqa: PLC0415
    except ImportError:
        raise InvalidSettings(
            f"{variable('sentry_dsn')} needs sentry-sdk, which is not installed; run `pip install 'marquee[sentry]'`"
        ) from None
    try:
        sentry_sdk.init(
            dsn=settings.sentry_dsn.get_secret_value(),
            release=f"marquee@{version('marquee')}",
            environment=settings.sentry_environment,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[
                AtexitIntegration(callback=lambda _pending, _seconds: None),
                LoggingIntegration(level=None),
                ExcepthookIntegration(),
                ThreadingIntegration(propagate_scope=False),
                DedupeIntegration(),
            ],
            include_local_variables=False,
            max_breadcrumbs=0,
            shutdown_timeout=SECONDS,
            before_send=_clean,
        )
    except BadDsn:
        raise InvalidSettings(
            f"{variable('sentry_dsn')}: expected the DSN of a project, as its settings show it"
        ) from None


def _clean(event: Event, hint: Hint) -> Event:  # noqa: ARG001 - the interface is Sentry's
    """Return a report without secrets and without what may describe a user."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name not in PRIVATE}
    texts = redaction.scrub_values({name: value for name, value in kept.items() if name != "timestamp"})
    if identity := log_lines.request_id.get():
        texts["tags"] = {"request": identity}
    cleaned: Event = kept | texts
    return cleaned
