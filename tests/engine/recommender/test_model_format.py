"""Files of models: of the current format, and of older ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelMissing
from engine.recommender import model as models
from engine.recommender.model import Recommender
from tests.engine.recommender import older_models
from tests.engine.recommender import scorer_kit as kit
from tests.properties import worlds
from tests.properties.worlds import Spot

LIKED = kit.history({kit.FIRST_ID: 5.0, kit.FIRST_ID + 3: 4.0, kit.FIRST_ID + 5: 1.0})


@pytest.fixture(scope="module")
def model() -> Recommender:
    return worlds.all_alike(worlds.fit(worlds.said(Spot(2, 30, 25, 2, 0.5)), stars=False))


def test_a_stored_model_scores_as_before(model: Recommender, tmp_path: Path) -> None:
    models.save(model, tmp_path)
    loaded = models.load(tmp_path)
    np.testing.assert_array_equal(loaded.blend(LIKED).total, model.blend(LIKED).total)
    np.testing.assert_array_equal(loaded.terms(LIKED, model.movies), model.terms(LIKED, model.movies))


@pytest.mark.parametrize("version", [1, 2])
def test_a_model_with_a_dense_matrix_is_still_loaded(model: Recommender, tmp_path: Path, version: int) -> None:
    older_models.write(model, tmp_path, version=version)
    loaded = models.load(tmp_path)
    np.testing.assert_allclose(loaded.ease.scores(LIKED), model.ease.scores(LIKED), atol=1e-3)
    np.testing.assert_allclose(loaded.blend(LIKED).total, model.blend(LIKED).total, atol=1e-2)


def test_a_model_of_a_later_format_is_refused_in_words(model: Recommender, tmp_path: Path) -> None:
    older_models.write(model, tmp_path, version=models.FORMAT + 1)
    with pytest.raises(ModelMissing, match=f"format {models.FORMAT + 1}, expected 1 to {models.FORMAT}; train again"):
        models.load(tmp_path)


@pytest.mark.parametrize("fault", ["columns", "starts", "values"])
def test_a_model_whose_weights_do_not_fit_together_is_refused(model: Recommender, tmp_path: Path, fault: str) -> None:
    models.save(model, tmp_path)
    entries = np.load(tmp_path / models.EASE)
    if fault == "columns":
        entries["column"][3] = len(model.ease.movies)
    elif fault == "starts":
        entries = entries[:-1]
    else:
        entries["value"][3] = np.nan
    np.save(tmp_path / models.EASE, entries)
    with pytest.raises(ModelMissing, match="train again"):
        models.load(tmp_path)
