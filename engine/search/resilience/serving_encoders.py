"""The encoders of a web server. Imports the model runtime, which a server must not load before it forks."""

from __future__ import annotations

from collections.abc import Callable

from core.config import Settings
from core.ports import Encoder
from engine.search.encoders import encoder as encoders
from engine.search.encoders import multilingual
from engine.search.resilience.reloading_encoder import ReloadingEncoder


def first(settings: Settings) -> ReloadingEncoder:
    """Return the configured encoder for a web server."""
    return _serving(settings, lambda bound: encoders.load(settings, bound=bound))


def second(settings: Settings) -> ReloadingEncoder | None:
    """Return the multilingual encoder for a web server; None if not configured."""
    if not settings.encoder_multilingual:
        return None
    return _serving(settings, lambda bound: multilingual.load_configured(settings, bound=bound))


def _serving(settings: Settings, load: Callable[[Callable[[Encoder], Encoder]], Encoder]) -> ReloadingEncoder:
    return ReloadingEncoder(load, seconds=settings.encoder_timeout, workers=settings.threads)
