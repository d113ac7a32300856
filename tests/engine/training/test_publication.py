"""A whole training and its model."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import Settings
from core.recommendations.snapshots import Snapshot
from core.types import MovieId
from engine import wiring
from engine.recommender import model as models
from engine.recommender.model import Recommender
from engine.registry.registry import Registry
from engine.training.pipeline import STEPS
from engine.training.publication import PublicationReport
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training import trainings
from tests.engine.training.conftest import COLD, Quiet, catalogue, movielens

pytestmark = pytest.mark.slow

Trained = tuple[Settings, PublicationReport, Quiet]
EVEN = kit.history({kit.FIRST_ID + movie: 5 for movie in (0, 2, 4, 6, 8, 10)})
CATALOGUE = [kit.FIRST_ID + movie for movie in range(kit.MOVIES + COLD)]
histories = st.dictionaries(
    st.sampled_from([*CATALOGUE, *kit.UNKNOWN.tolist()]), st.sampled_from([0.5 * i for i in range(1, 11)])
).map(kit.history)


@pytest.fixture(scope="module")
def model(trained: Trained) -> Recommender:
    return trained[1].model


def test_the_manifest_records_what_was_learned_from(trained: Trained) -> None:
    _, report, watch = trained
    assert (report.users, report.movies) == (kit.USERS, kit.MOVIES)
    assert watch.steps[0][1:] == (0, STEPS)
    assert watch.steps[-1][1:] == (STEPS, STEPS)
    told = report.manifest
    assert told["catalogue_hash"] == "abc"
    assert told["learned_from"]["movies"] == kit.MOVIES
    assert told["ladder"][0] == {"films": 0, "weights": {"popularity": 1.0}}
    assert told["validation_ndcg"]
    assert all(0 <= said <= 1 and 0 <= true <= 1 for said, true, _ in told["reliability"])


def test_the_manifest_compares_the_metrics_beyond_accuracy_with_popularity(trained: Trained) -> None:
    told = trained[1].manifest
    beyond = {"diversity", "novelty", "serendipity", "gini", "popularity_bias_niche"}
    assert beyond <= set(told["metrics"])
    assert beyond <= set(told["baselines"]["popularity"])
    assert "published" not in told["baselines"]
    assert told["baselines"]["popularity"]["serendipity"] <= told["metrics"]["serendipity"]


def test_every_movie_of_the_catalogue_is_served_and_only_rated_ones_were_learned(model: Recommender) -> None:
    assert model.movies.tolist() == CATALOGUE
    assert model.rated.tolist() == [True] * kit.MOVIES + [False] * COLD
    assert np.isfinite(model.factors).all()
    assert np.abs(model.factors[-COLD:]).sum(axis=1).min() > 0


def test_the_users_colour_is_preferred_even_among_unrated_movies(model: Recommender) -> None:
    total = model.blend(EVEN).total
    even, odd = total[-COLD::2], total[-COLD + 1 :: 2]
    assert even.min() > odd.max()
    nearness = model.factors[-COLD:] @ model.user_vector(EVEN)
    assert nearness[::2].min() > nearness[1::2].max()


def test_the_scores_of_the_latest_users_are_kept_and_cannot_be_changed(
    model: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "BLENDED_BYTES", 12 * 4 * len(model.movies))
    model = replace(model)  # with an empty cache
    first = model.blend(kit.history({kit.FIRST_ID: 5}))
    assert model.blend(kit.history({kit.FIRST_ID: 5})) is first
    with pytest.raises(ValueError, match="read-only"):
        first.total[0] = 1.0
    for stars in (1, 2, 3):
        assert model.blend(kit.history({kit.FIRST_ID: stars})) is not first
    assert model.blend(kit.history({kit.FIRST_ID + 1: 5})).total.tolist() != first.total.tolist()
    again = model.blend(kit.history({kit.FIRST_ID: 5}))
    assert again is not first
    assert again.total.tolist() == first.total.tolist()


@given(asked=histories)
def test_the_blend_is_the_finite_sum_of_its_parts(trained: Trained, asked: object) -> None:
    blended = trained[1].model.blend(asked)  # type: ignore[arg-type]
    assert np.isfinite(blended.total).all()
    np.testing.assert_allclose(blended.total, np.sum(list(blended.parts.values()), axis=0), rtol=1e-5, atol=1e-5)


@given(asked=histories)
def test_terms_sum_to_the_personal_parts(trained: Trained, asked: object) -> None:
    model = trained[1].model
    terms = model.terms(asked, np.concatenate((model.movies, kit.UNKNOWN)))  # type: ignore[arg-type]
    blended = model.blend(asked)  # type: ignore[arg-type]
    np.testing.assert_allclose(terms[: len(model.movies)].sum(axis=1), blended.personal, rtol=1e-3, atol=2e-3)
    assert np.isnan(terms[len(model.movies) :]).all()


@given(asked=histories)
def test_stars_and_confidence_stay_within_their_scales(trained: Trained, asked: object) -> None:
    model = trained[1].model
    movies = np.concatenate((model.movies, kit.UNKNOWN))
    stars, sure = model.stars(asked, movies), model.confidence(asked, movies)  # type: ignore[arg-type]
    assert np.isnan(stars[-2:]).all()
    assert np.isnan(sure[-2:]).all()
    assert ((stars[:-2] >= 0.5) & (stars[:-2] <= 5)).all()
    assert ((sure[:-2] >= 0) & (sure[:-2] <= 1)).all()


def test_users_who_like_a_colour_get_higher_confidence_for_it(model: Recommender) -> None:
    own, other = np.array([kit.FIRST_ID + 20]), np.array([kit.FIRST_ID + 21])
    assert model.confidence(EVEN, own) > model.confidence(EVEN, other)
    assert model.stars(EVEN, own) > model.stars(EVEN, other)


def test_a_user_without_history_gets_popular_movies(model: Recommender) -> None:
    blended = model.blend(kit.EMPTY)
    assert np.argsort(-blended.total).tolist() == np.argsort(-model.popularity).tolist()
    assert not model.user_vector(kit.EMPTY).any()


def test_neighbours_have_the_same_colour_and_unknown_movies_have_none(model: Recommender) -> None:
    for movie in (10, 11, kit.MOVIES, kit.MOVIES + 1):
        ids, scores = model.neighbours(MovieId(kit.FIRST_ID + movie))
        assert len(ids) == len(scores) == 20
        assert set((ids[:8] - kit.FIRST_ID) % 2) == {movie % 2}
        assert kit.FIRST_ID + movie not in ids
    assert len(model.neighbours(MovieId(1))[0]) == 0


def test_a_saved_model_is_restored_bit_for_bit(model: Recommender, tmp_path: Path) -> None:
    models.save(model, tmp_path)
    again = models.load(tmp_path)
    movies = model.movies[::3]
    for one, other in (
        (model.blend(EVEN).total, again.blend(EVEN).total),
        (model.terms(EVEN, movies), again.terms(EVEN, movies)),
        (model.stars(EVEN, movies), again.stars(EVEN, movies)),
        (model.confidence(EVEN, movies), again.confidence(EVEN, movies)),
        (model.neighbours(MovieId(105))[0], again.neighbours(MovieId(105))[0]),
    ):
        np.testing.assert_array_equal(one, other)
    assert (again.version, again.schedule, again.calibration) == (model.version, model.schedule, model.calibration)


def test_demo_users_are_movielens_users_and_never_the_sites(tmp_path: Path) -> None:
    movies, vectors = catalogue()
    settings = Settings(home=tmp_path)
    site = Snapshot(
        np.full(6, 42, np.int64), kit.IDS[:6], np.full(6, 5, np.float32), np.zeros(6, np.int64),
        np.array([42], np.int64), kit.IDS[7:8], np.zeros(1, np.int64), np.array(["watchlist"]),
    )  # fmt: skip
    report = trainings.train(
        settings,
        registry=wiring.models(settings),
        store_snapshot=site,
        movies=movies,
        vectors=vectors,
        ratings_folder=movielens(tmp_path / "ml"),
        watch=Quiet(),
    )
    assert report.users == kit.USERS + 1
    known = Registry(settings.home / "models").load().demo_users
    assert known.ratings("42") is None
    found = known.ratings("ml:1")
    assert found is not None
    assert found[MovieId(kit.FIRST_ID + 2)] == 5.0
    for name in ("ml:999", "ml:", "ml:x", "1", "ml:-1", "ml:" + "9" * 30):
        assert known.ratings(name) is None


def test_without_ratings_the_model_still_serves_everything(tmp_path: Path) -> None:
    movies, vectors = catalogue()
    report = trainings.train(
        Settings(home=tmp_path),
        registry=wiring.models(Settings(home=tmp_path)),
        store_snapshot=None,
        movies=movies,
        vectors=vectors,
        ratings_folder=None,
        watch=Quiet(),
    )
    model = Registry(tmp_path / "models").load().model
    assert (report.ratings, report.movies, model.rated.any()) == (0, 0, False)
    assert "no MovieLens ratings" in report.manifest["notes"][0]
    total = model.blend(EVEN).total
    assert np.isfinite(total).all()
    assert total[20] > total[21], "films near in meaning to liked ones come first"
    liked = model.factors @ model.user_vector(EVEN)
    assert liked[20] > liked[21]
    assert model.popularity.argmax() == len(movies) - 1
    assert np.isfinite(model.stars(EVEN, model.movies)).all()
    assert np.isfinite(model.confidence(EVEN, model.movies)).all()
    assert len(model.neighbours(MovieId(kit.FIRST_ID))[0]) == 20
    np.testing.assert_allclose(model.terms(EVEN, model.movies).sum(axis=1), model.blend(EVEN).personal, atol=2e-3)


def test_a_catalogue_of_one_movie_works(tmp_path: Path) -> None:
    movies, vectors = catalogue()
    report = trainings.train(
        Settings(home=tmp_path),
        registry=wiring.models(Settings(home=tmp_path)),
        store_snapshot=None,
        movies=movies[:1],
        vectors=vectors[:1],
        ratings_folder=None,
        watch=Quiet(),
    )
    assert np.isfinite(report.model.blend(EVEN).total).all()
    assert len(report.model.neighbours(movies[0].id)[0]) == 0


def test_the_same_ratings_give_the_same_model(trained: Trained, tmp_path: Path) -> None:
    movies, vectors = catalogue()
    again = trainings.train(
        Settings(home=tmp_path, model=trained[0].model),
        registry=wiring.models(Settings(home=tmp_path, model=trained[0].model)),
        store_snapshot=None,
        movies=list(reversed(movies)),
        vectors=vectors[::-1],
        ratings_folder=movielens(tmp_path / "ml"),
        watch=Quiet(),
    )
    one, other = trained[1].model, again.model
    assert one.schedule == other.schedule
    np.testing.assert_allclose(one.blend(EVEN).total, other.blend(EVEN).total, rtol=1e-3, atol=1e-3)


def test_serving_a_model_loads_nothing_that_only_training_needs() -> None:
    heavy = ("implicit", "scipy", "pandas", "torch", "sklearn", "optuna")
    code = (
        "import sys; from engine.registry import registry\n"
        "from engine.recommender import model; from engine.recommender.models import interactions; "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
