"""The served network: numpy only, equal to the trained one, and restored from its arrays."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from core.errors import DataError
from engine.recommender.neural import fit, ncf, network
from engine.recommender.neural.batches import Batch
from engine.recommender.neural.network import Dropout, Shape
from tests.engine.recommender import scorer_kit as kit

SHAPE = Shape(6, 4, (8, 4), exponent=0.4, against=0.5)
RECIPE = fit.NCFConfig(SHAPE, dropout=0, history_dropout=0, users=8, spread=0.1, rate=0.02, epochs=6, held_out=0)
ASKED = kit.history({kit.FIRST_ID: 5, kit.FIRST_ID + 2: 4, kit.FIRST_ID + 5: 1})


@pytest.fixture(scope="module")
def model() -> ncf.Ncf:
    return fit.fit(kit.checkerboard(), RECIPE)


def told(movies: list[int], weights: np.ndarray) -> Batch:
    """Return a batch with one user and all movies."""
    nothing = np.zeros(len(movies), np.int64)
    ones = np.ones(len(movies), np.float32)
    everything = np.arange(kit.MOVIES, dtype=np.int64)
    strange = np.zeros((1, kit.MOVIES), np.float32)
    return Batch(nothing[:1], nothing, np.array(movies, np.int64), weights, ones, ones, everything, strange)


def test_the_served_model_scores_like_the_trained_network() -> None:
    import torch  # noqa: PLC0415 - slow to import, while all tests are collected by each process

    torch.manual_seed(3)
    weights = network.start(kit.MOVIES, SHAPE, spread=0.3)
    served = network.served(weights, kit.IDS, SHAPE)
    counted = np.where(ASKED.weights > 0, ASKED.weights, SHAPE.against * ASKED.weights).astype(np.float32)
    _, whole = network.odds(weights, told([0, 2, 5], counted), SHAPE, Dropout(0, 0))
    np.testing.assert_allclose(served.scores(ASKED), whole.detach().numpy()[0], rtol=1e-4, atol=1e-5)


def test_a_target_movie_is_left_out_of_its_users_history() -> None:
    import torch  # noqa: PLC0415 - slow to import, while all tests are collected by each process

    torch.manual_seed(3)
    weights = network.start(kit.MOVIES, SHAPE, spread=0.3)
    served = network.served(weights, kit.IDS, SHAPE)
    own, _ = network.odds(weights, told([0, 2], np.full(2, 1.5, np.float32)), SHAPE, Dropout(0, 0))
    without = served.scores(kit.history({kit.FIRST_ID + 2: 5}))[0]
    assert own.detach().numpy()[0] == pytest.approx(without, rel=1e-4)


def test_a_movie_learns_nothing_from_a_user_without_other_movies() -> None:
    import torch  # noqa: PLC0415 - slow to import, while all tests are collected by each process

    torch.manual_seed(3)
    weights = network.start(kit.MOVIES, SHAPE, spread=0.3)
    network.loss(weights, told([7], np.ones(1, np.float32)), SHAPE, Dropout(0, 0)).backward()
    assert not weights["spoken"].grad.any()
    assert weights["biases"].grad[7] != 0


def test_a_model_is_restored_from_its_arrays(model: ncf.Ncf) -> None:
    again = ncf.from_arrays(model.arrays())
    np.testing.assert_array_equal(again.scores(ASKED), model.scores(ASKED))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"spoken": None}, "expected an array 'spoken'"),
        ({"inner": np.zeros(3, np.float32)}, "inner: expected 2 axes, got 1"),
        ({"biases": np.zeros(3, np.float32)}, "biases: expected 40 rows, one per movie, got 3"),
    ],
)
def test_invalid_arrays_are_named(model: ncf.Ncf, broken: dict[str, object], said: str) -> None:
    arrays = {name: array for name, array in {**model.arrays(), **broken}.items() if array is not None}
    with pytest.raises(DataError, match=said):
        ncf.from_arrays(arrays)  # type: ignore[arg-type]


def test_a_user_is_the_normalized_weighted_sum_of_the_known_movies(model: ncf.Ncf) -> None:
    told = kit.history({kit.FIRST_ID: 5, kit.FIRST_ID + 1: 5, 7: 5})
    wanted = 1.5 * (model.spoken[0] + model.spoken[1]) / 3**SHAPE.exponent
    np.testing.assert_allclose(model.user_vector(told), wanted, rtol=1e-5)
    assert model.user_vector(kit.EMPTY) is None


def test_serving_loads_no_torch() -> None:
    code = (
        "import sys; from engine.recommender.neural import fit, ncf; "
        "print([name for name in ('torch', 'scipy', 'implicit') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
