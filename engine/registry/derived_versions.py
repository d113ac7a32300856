"""Versions that are another version with something changed: published in its place, with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import ModelMissing
from engine.recommender.model import TasteModel
from engine.registry.artifacts import Loaded
from engine.registry.registry import CHILD_OF, Registry
from engine.training.fit.components import FitConfig

OF_THE_PARENT_ALONE = ("version", "files", "sizes")
"""In the manifest."""


def parent(registry: Registry) -> Loaded:
    """The published version. Raises `ModelMissing` where there is none, or none that can be read."""
    version = registry.current()
    if version is None:
        raise ModelMissing("no model is published yet; run `marquee train`")
    return registry.load(version)


def fit_config(manifest: Mapping[str, Any]) -> FitConfig:
    """How lists of similar movies were made; the rest as usual."""
    told, usual = manifest.get("recipes", {}), FitConfig()
    return FitConfig(
        neighbour_shrinkage=float(told.get("neighbour_shrinkage", usual.neighbour_shrinkage)),
        neighbour_share=float(told.get("neighbour_share", usual.neighbour_share)),
    )


def publish(registry: Registry, of: Loaded, child: TasteModel, changed: Mapping[str, Any]) -> None:
    """Publish a child in the place of its parent.

    Args:
        changed: what the manifest says otherwise than the parent's.

    Raises:
        Busy: another version than the parent was published meanwhile.
    """
    told = {name: value for name, value in of.manifest.items() if name not in OF_THE_PARENT_ALONE}
    try:
        holdout_model: TasteModel | None = registry.load_holdout_model(of.model.version)
    except ModelMissing:
        holdout_model = None
    registry.publish(
        child,
        {**told, "parents": [of.model.version], CHILD_OF: of.model.version, **changed},
        known=of.members,
        holdout_model=holdout_model,
        instead_of=of.model.version,
    )
