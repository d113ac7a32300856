"""Measure predicted stars on the standard folds of MovieLens 100K: `python -m benchmarks.rating [tune]`.

Every prediction uses the serving code: a test user is folded in from their ratings in the training fold
(`FactorPredictor.predict`), and predictions are clipped to .5 to 5 stars. Movies without a rating in the training fold,
which the predictor does not know, are predicted with the mean of the training fold, for every model alike.
`tune` selects the options on a split of `u1.base`, without using the test ratings of fold 1.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import markdown, movielens100k, workplace
from benchmarks.baselines import bias_only, svd, svdpp
from benchmarks.movielens100k import Ratings
from core.recommendations.records import Floats, History, Ids
from core.users import LIKED_STARS, MIN_STARS, STAR_STEP, check_stars
from engine.recommender.ratings import bayes
from engine.recommender.ratings import fit as ratings_fit
from engine.recommender.ratings.fold_in import FactorPredictor, above

Train = Callable[[Ids, Ids, Floats], FactorPredictor]
MODELS: Mapping[str, Train] = {
    "baseline": bias_only.train,
    "SVD": svd.train,
    "SVD++": svdpp.train,
    "served": ratings_fit.train,
}
TARGET = 0.91
"""The required RMSE of the served predictor, as the mean over the folds."""
NEW_RATINGS = (0, 1, 2, 3, 5, 10, 20)
LEFT_OUT = 0.1
"""The share of users who are excluded from training and evaluated as new users."""
ASKED = 10
"""The number of ratings of each new user that are predicted."""
BINS = 10
TUNED_SPLITS = (1, 2)
"""Seeds of the splits of `u1.base` on which options are selected."""
TUNED_SHARE = 0.2
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """Test ratings and their predictions, of equal length."""

    truth: Floats
    predicted: Floats

    @property
    def rmse(self) -> float:
        """The root mean squared error, in stars."""
        return float(np.sqrt(np.mean(np.square(self.truth - self.predicted, dtype=np.float64))))

    @property
    def mae(self) -> float:
        """The mean absolute error, in stars."""
        return float(np.mean(np.abs(self.truth - self.predicted), dtype=np.float64))


def measure(folder: Path) -> dict[str, Any]:
    """Return errors by fold and model, errors for new users, the calibration of probabilities, and times.

    Args:
        folder: the folder of MovieLens 100K (`u1.base`, …, `u.data`).
    """
    folds = [movielens100k.read_fold(folder, fold) for fold in movielens100k.FOLDS]
    everything = movielens100k.read_ratings(folder)
    return {
        "target": TARGET,
        "folds": {name: workplace.timed(f"{name}, five folds", _folds, folds, fit) for name, fit in MODELS.items()},
        "new_viewers": workplace.timed("new users", new_users, everything),
        "calibration": workplace.timed("calibration", calibration, folds),
        "speed": speed(everything),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables or, with `tune`, the best options of each model."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rating", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("measure", "tune"), default="measure")
    asked = parser.parse_args(arguments)
    data = workplace.settings_of_caller().data_dir
    assert data is not None
    folder = data / "movielens" / "ml-100k"
    print(tune(folder) if asked.what == "tune" else tables(measure(folder)))


def answers(model: FactorPredictor, known: Ratings, asked: Ratings) -> Answers:
    """Fold in every user of `asked` from their ratings in `known`, and predict."""
    predicted = np.full(len(asked), np.nan, dtype=np.float32)
    for user in np.unique(asked.users):
        theirs = asked.users == user
        predicted[theirs] = model.predict(history(known, int(user)), asked.movies[theirs])
    return Answers(asked.stars, np.where(np.isnan(predicted), known.stars.mean(), predicted))


def history(ratings: Ratings, user: int) -> History:
    """Return all ratings of a user as the history that models read."""
    theirs = np.flatnonzero(ratings.users == user)
    theirs = theirs[np.argsort(ratings.movies[theirs])]
    return History(ratings.movies[theirs], np.ones(len(theirs), dtype=np.float32), ratings.stars[theirs])


def chance(model: FactorPredictor, history: History, movies: Ids, *, least: float) -> Floats:
    """Return the probabilities of `least` stars or more, NaN for unknown movies: float32, (len(movies),).

    Raises:
        ValueError: `least` is not a multiple of half a star from .5 to 5.
    """
    check_stars(least)
    mean, spread = model.mean_and_spread(history, movies)
    return above((model.cuts[round((least - MIN_STARS) / STAR_STEP)] - mean) / spread)


def take(ratings: Ratings, which: NDArray[Any]) -> Ratings:
    """Return the selected ratings, by mask or by positions."""
    return Ratings(ratings.users[which], ratings.movies[which], ratings.stars[which], ratings.times[which])


def new_users(ratings: Ratings, *, seed: int = 0) -> dict[str, dict[str, float]]:
    """Return the RMSE for users excluded from training by the number of known ratings, averaged over ratings.

    For each user, the same movies are predicted at every number of ratings.
    """
    chance = np.random.default_rng(seed)
    users = np.unique(ratings.users)
    new = chance.choice(users, size=round(LEFT_OUT * len(users)), replace=False)
    old = take(ratings, ~np.isin(ratings.users, new))
    shuffled = [chance.permutation(np.flatnonzero(ratings.users == user)) for user in new]
    enough = [rows for rows in shuffled if len(rows) >= ASKED + max(NEW_RATINGS)]
    asked = take(ratings, np.concatenate([rows[:ASKED] for rows in enough]))
    errors: dict[str, dict[str, float]] = {}
    for name, fit in MODELS.items():
        model = fit(old.users, old.movies, old.stars)
        errors[name] = {}
        for count in NEW_RATINGS:
            known = np.concatenate([rows[ASKED : ASKED + count] for rows in enough])
            errors[name][str(count)] = _answers_of_new(model, take(ratings, known), asked, mean=old.stars.mean()).rmse
    return errors


def _answers_of_new(model: FactorPredictor, known: Ratings, asked: Ratings, *, mean: np.floating) -> Answers:
    predicted = np.concatenate(
        [model.predict(history(known, int(user)), asked.movies[asked.users == user]) for user in _in_order(asked.users)]
    )
    return Answers(asked.stars, np.where(np.isnan(predicted), mean, predicted).astype(np.float32))


def _in_order(users: Ids) -> Ids:
    """Return each user once, in the order of their blocks."""
    return users[np.sort(np.unique(users, return_index=True)[1])]


def calibration(folds: Sequence[tuple[Ratings, Ratings]]) -> list[dict[str, float]]:
    """Return the observed share of four stars or more in ten bins of the predicted probability."""
    chances, given = [], []
    for known, asked in folds:
        model = ratings_fit.train(known.users, known.movies, known.stars)
        for user in np.unique(asked.users):
            theirs = asked.users == user
            chances.append(chance(model, history(known, int(user)), asked.movies[theirs], least=LIKED_STARS))
            given.append(asked.stars[theirs] >= LIKED_STARS)
    said, true = np.concatenate(chances), np.concatenate(given)
    said, true = said[~np.isnan(said)], true[~np.isnan(said)]
    places = np.minimum((said * BINS).astype(np.int64), BINS - 1)
    return [
        {"said": float(said[bin_].mean()), "given": float(true[bin_].mean()), "ratings": int(bin_.sum())}
        for bin_ in (places == place for place in range(BINS))
        if bin_.any()
    ]


def speed(ratings: Ratings, *, movies: int = 50, times: int = 300) -> dict[str, float]:
    """Return seconds of processor time to train on all ratings, and milliseconds to fold in and predict every movie."""
    started = time.process_time()
    model = ratings_fit.train(ratings.users, ratings.movies, ratings.stars)
    trained = time.process_time() - started
    chance = np.random.default_rng(0)
    rated = np.sort(chance.choice(model.movies, size=movies, replace=False))
    user = History(rated, np.ones(movies, dtype=np.float32), chance.integers(1, 6, movies).astype(np.float32))
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        model.predict(user, model.movies)
        taken.append((time.perf_counter() - started) * 1000)
    p50, p95 = np.percentile(taken, [50, 95])
    return {"train_s": trained, "predict_p50_ms": float(p50), "predict_p95_ms": float(p95)}


def tables(measured: Mapping[str, Any]) -> str:
    """Format the results as Markdown."""
    folds = measured["folds"]
    names = [f"u{fold}" for fold in movielens100k.FOLDS]
    errors = [
        [name, *(f"{one['rmse']:.4f}" for one in rows), f"{_mean(rows, 'rmse'):.4f}", f"{_mean(rows, 'mae'):.4f}"]
        for name, rows in folds.items()
    ]
    absolute = [
        [name, *(f"{one['mae']:.4f}" for one in rows), f"{_mean(rows, 'mae'):.4f}"] for name, rows in folds.items()
    ]
    met = "ok" if _mean(folds["served"], "rmse") <= measured["target"] else "MISSED"
    fresh = [[name, *(f"{value:.3f}" for value in row.values())] for name, row in measured["new_viewers"].items()]
    chances = [[f"{row['said']:.3f}", f"{row['given']:.3f}", row["ratings"]] for row in measured["calibration"]]
    quick = measured["speed"]
    return "\n\n".join(
        (
            markdown.table(["RMSE", *names, "mean", "mean MAE"], errors),
            f"Target: mean RMSE of the served predictor ≤ {measured['target']}: {met}.",
            markdown.table(["MAE", *names, "mean"], absolute),
            markdown.table(["RMSE for new users with ratings", *map(str, NEW_RATINGS)], fresh),
            markdown.table(["probability of 4 stars or more", "observed share", "ratings"], chances),
            f"Training on 100,000 ratings takes {quick['train_s']:.1f} s of one core; fold-in of 50 ratings and "
            f"predictions for all movies take {quick['predict_p50_ms']:.2f} ms (median), "
            f"{quick['predict_p95_ms']:.2f} ms (95 %).",
        )
    )


def tune(folder: Path) -> str:
    """Return the best options of each model on splits of `u1.base`, as Markdown tables."""
    known, _ = movielens100k.read_fold(folder, 1)
    splits = [_split(known, seed) for seed in TUNED_SPLITS]
    parts = []
    for name, tried in _tried().items():
        rows = sorted((_error(splits, fit), words) for words, fit in tried)
        parts.append(markdown.table([name, "RMSE"], [[words, f"{error:.4f}"] for error, words in rows[:SHOWN]]))
    return "\n\n".join(parts)


def _split(known: Ratings, seed: int) -> tuple[Ratings, Ratings]:
    asked = np.random.default_rng(seed).random(len(known)) < TUNED_SHARE
    return take(known, ~asked), take(known, asked)


def _tried() -> dict[str, list[tuple[str, Train]]]:
    """Return the grid of options of every model, as text and as a function that trains with them."""
    baselines = itertools.product((2.0, 5.0, 10.0, 25.0), (2.0, 5.0, 10.0, 25.0))
    return {
        "baseline": [
            (f"film_shrinkage={movie:g} viewer_shrinkage={user:g}", _baseline(movie, user)) for movie, user in baselines
        ],
        # Only the product of the users' and the movies' penalties matters, so the movies' is fixed.
        "SVD": list(_grid(svd, factors=(2, 4, 8), bias_penalty=(2.0, 5.0), user_penalty=(5.0, 10.0, 20.0, 30.0))),
        "SVD++": list(
            _grid(svdpp, factors=(4, 8, 12), user_penalty=(10.0, 20.0, 30.0), implicit_penalty=(0.5, 1.0, 2.0, 10.0))
        ),
        "bayes (served)": list(_grid(bayes, factors=(6, 8, 10, 12), prior_weight=(0, 20, 50))),
    }


def _baseline(movie: float, user: float) -> Train:
    return lambda users, movies, stars: bias_only.train(
        users, movies, stars, movie_shrinkage=movie, user_shrinkage=user
    )


def _grid(module: Any, **choices: Sequence[float]) -> Iterator[tuple[str, Train]]:  # noqa: ANN401  a module
    for values in itertools.product(*choices.values()):
        named = dict(zip(choices, values, strict=True))
        options = module.Options(**named)
        words = " ".join(f"{name}={value:g}" for name, value in named.items())
        yield words, partial(module.train, options=options)


def _error(splits: Sequence[tuple[Ratings, Ratings]], fit: Train) -> float:
    return float(
        np.mean([answers(fit(known.users, known.movies, known.stars), known, asked).rmse for known, asked in splits])
    )


def _folds(folds: Sequence[tuple[Ratings, Ratings]], fit: Train) -> list[dict[str, float]]:
    found = [answers(fit(known.users, known.movies, known.stars), known, asked) for known, asked in folds]
    return [{"rmse": one.rmse, "mae": one.mae} for one in found]


def _mean(rows: Sequence[Mapping[str, float]], name: str) -> float:
    return float(np.mean([row[name] for row in rows]))


if __name__ == "__main__":
    main()
