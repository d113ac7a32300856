"""Models as older versions of Marquee wrote them: with a dense matrix of EASE."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from engine.recommender import model as models
from engine.recommender.model import Recommender


def write(model: Recommender, folder: Path, *, version: int, dtype: Any = np.float16) -> None:
    """Write a model in format 1 or 2; these had the matrix in half precision."""
    models.save(model, folder)
    everything = np.arange(len(model.ease.movies))
    np.save(folder / models.EASE, model.ease.rows.dense(everything, everything).astype(dtype))
    with np.load(folder / models.ARRAYS) as stored:
        arrays = {name: stored[name] for name in stored.files if name != "ease_starts"}
    np.savez(folder / models.ARRAYS, allow_pickle=False, **arrays)
    settings = json.loads((folder / models.SETTINGS).read_text(encoding="utf-8"))
    (folder / models.SETTINGS).write_text(json.dumps({**settings, "format": version}), encoding="utf-8")
