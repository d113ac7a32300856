"""Derived versions: another version with a part replaced, published in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import ModelMissing
from engine.recommender.model import Recommender
from engine.recommender.models.ease import EASEConfig
from engine.registry.artifacts import Loaded
from engine.registry.registry import DERIVED_FROM, Registry
from engine.training.fit.local_fit import FitConfig

NOT_INHERITED = ("version", "files", "sizes")
"""Keys of the manifest that a derived version does not inherit."""


def parent(registry: Registry) -> Loaded:
    """Return the published version. Raises `ModelMissing` if there is none or it cannot be read."""
    version = registry.current()
    if version is None:
        raise ModelMissing("no model is published yet; run `marquee train`")
    return registry.load(version)


def fit_config(manifest: Mapping[str, Any]) -> FitConfig:
    """Return the configuration of EASE and of the lists of similar movies; other values are the defaults."""
    stored, default = manifest.get("recipes", {}), FitConfig()
    return FitConfig(
        ease=EASEConfig(**stored.get("ease", {})),
        neighbour_shrinkage=float(stored.get("neighbour_shrinkage", default.neighbour_shrinkage)),
        neighbour_share=float(stored.get("neighbour_share", default.neighbour_share)),
    )


def publish(
    registry: Registry,
    of: Loaded,
    child: Recommender,
    changed: Mapping[str, Any],
    *,
    holdout_model: Recommender | None = None,
) -> None:
    """Publish a derived version in place of its parent.

    Args:
        changed: the entries of the manifest that differ from the parent's.
        holdout_model: None: the parent's.

    Raises:
        Busy: another version than the parent was published meanwhile.
    """
    inherited = {name: value for name, value in of.manifest.items() if name not in NOT_INHERITED}
    registry.publish(
        child,
        {**inherited, "parents": [of.model.version], DERIVED_FROM: of.model.version, **changed},
        known=of.demo_users,
        holdout_model=holdout_model or _holdout_model(registry, of),
        instead_of=of.model.version,
    )


def _holdout_model(registry: Registry, of: Loaded) -> Recommender | None:
    try:
        return registry.load_holdout_model(of.model.version)
    except ModelMissing:
        return None
