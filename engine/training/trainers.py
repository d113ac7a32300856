"""The choice between this machine and Spark (`MARQUEE_TRAINER`)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from core.config import Settings
from core.errors import InvalidRequest
from engine.recommender.models.interactions import Interactions
from engine.training.fit.fitter import LOCAL, Fitter
from engine.training.fit.local_fit import NCF
from engine.training.options import Options

SPARK = "spark"
LOCAL_ONLY = ("patience", "warm_start", "search_trials")
"""Options that need ALS epoch by epoch on this machine."""


def check(settings: Settings, options: Options) -> None:
    """Check that the trainer can do what is asked for. Raises `InvalidRequest`, naming each option that it cannot."""
    if settings.trainer != SPARK:
        return
    advice = "not possible with MARQUEE_TRAINER=spark; leave it out, or set MARQUEE_TRAINER=local"
    faults = {name: advice for name in LOCAL_ONLY if options[name]}
    if options["folds"] > 1:
        faults["folds"] = advice
    if NCF in options.fit_config.parts:
        faults["model"] = f"{options['model']} is {advice}"
    if faults:
        raise InvalidRequest(faults)


@contextlib.contextmanager
def opened(settings: Settings, rated: Interactions, *, key: str) -> Iterator[Fitter]:
    """Yield what fits models to parts of `rated`.

    Args:
        key: of the training (`checkpoints.key`); only one process works on it at a time.

    Raises:
        InvalidSettings, ServiceUnavailable: Spark cannot be used.
    """
    if settings.trainer != SPARK or not len(rated):
        yield LOCAL
        return
    from engine.spark import fitter  # noqa: PLC0415 - its packages are an extra

    with fitter.opened(settings, rated, key=key) as opened_fitter:
        yield opened_fitter
