"""Between trainings: movies get new factors from new ratings, and the job publishes them as a derived version."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from core.config import Settings
from core.errors import Busy, Cancelled, ModelMissing
from core.jobs.runs import Result
from core.jobs.work import SilentWatch
from core.types import MovieId
from core.users import Preferences
from data.catalogues import download, sources
from data.database import Stores
from engine import wiring
from engine.recommender.models import als, ease, interactions, sparse_rows
from engine.recommender.models.als import Als
from engine.recommender.models.interactions import Interactions, weigh
from engine.recommender.models.sparse_rows import SparseRows
from engine.registry.registry import Registry
from engine.training.derived import item_fold_in, item_updates
from engine.training.derived.item_fold_in import Portion
from engine.training.evaluation.holdout import Judgement
from tests import sample
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training.test_similar_items import Watching

AT = datetime(2099, 3, 4, tzinfo=UTC)
"""After every training."""
FANS = 20
SHOWN = 8
"""Length of a list: the sample has few movies."""
CONFIG = als.ALSConfig(factors=4, alpha=4, regularization=1, iterations=15)
NEW = kit.FIRST_ID + kit.MOVIES - 1
"""The last movie of the checkerboard, an odd one."""


def without(told: Interactions, movie: int) -> Interactions:
    return told.select(told.movies != movie)


def with_cold(fitted: Als, movie: int) -> Als:
    """Return the factors with a movie that has none of its own: it is not learned."""
    row = int(np.searchsorted(fitted.movies, movie))
    learned = np.insert(np.ones(len(fitted.movies), np.bool_), row, False)
    return Als(
        np.insert(fitted.movies, row, movie),
        np.insert(fitted.factors, row, 0.0, axis=0),
        learned,
        fitted.alpha,
        fitted.regularization,
    )


@pytest.fixture(scope="module")
def before() -> Als:
    return with_cold(als.fit(without(kit.checkerboard(), NEW), CONFIG), NEW)


def test_a_new_movie_is_liked_by_those_whose_taste_its_users_share(before: Als) -> None:
    after = item_fold_in.fold_in_movies(before, kit.checkerboard(), np.array([NEW], np.int64))
    row = int(np.searchsorted(after.movies, NEW))
    assert after.learned[row]
    odd, even = (kit.history({kit.FIRST_ID + place + 2 * k: 5 for k in range(5)}) for place in (1, 0))
    assert after.scores(odd)[row] > 0.5
    assert after.scores(even)[row] < 0.1
    assert before.scores(odd)[row] == 0


def test_new_factors_solve_the_equations_of_als(before: Als) -> None:
    told = kit.checkerboard()
    after = item_fold_in.fold_in_movies(before, told, np.array([NEW], np.int64))
    users = np.array([before.user_vector(history) for history in without(told, NEW).histories()], np.float64)
    rated = np.zeros(kit.USERS)
    rated[told.users[told.movies == NEW]] = told.weights[told.movies == NEW]
    sure = np.diag(1 + before.alpha * np.abs(rated))
    system = users.T @ sure @ users + before.regularization * np.eye(4)
    wanted = np.linalg.solve(system, users.T @ sure @ (rated > 0))
    np.testing.assert_allclose(after.factors[np.searchsorted(after.movies, NEW)], wanted, rtol=1e-4, atol=1e-5)


def test_movies_without_new_ratings_keep_their_factors(before: Als) -> None:
    after = item_fold_in.fold_in_movies(before, kit.checkerboard(), np.array([NEW, 99_999], np.int64))
    others = before.movies != NEW
    np.testing.assert_array_equal(after.factors[others], before.factors[others])
    assert after.learned.all()


def test_a_converged_model_hardly_moves_when_nothing_changed() -> None:
    told = kit.checkerboard()
    fitted = als.fit(told, replace(CONFIG, iterations=60))
    again = item_fold_in.fold_in_movies(fitted, told, kit.IDS)
    asked = kit.history({kit.FIRST_ID: 5, kit.FIRST_ID + 4: 5})
    np.testing.assert_allclose(again.scores(asked), fitted.scores(asked), atol=0.02)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A trained site with one movie that nobody rated: the first in MovieLens' file."""
    home = tmp_path_factory.mktemp("site") / "home"
    given = sample.trained(sample.shared(tmp_path_factory.getbasetemp()) / "trained")
    shutil.copytree(given.home, home)
    shutil.rmtree(home / "models")
    settings = given.model_copy(update={"home": home})
    file = sources.downloads(settings) / download.MOVIELENS / "ratings.csv"
    rows = [row for row in file.read_text(encoding="utf-8").splitlines() if row.split(",")[1] != "1"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    sample.train(settings, SilentWatch())
    return settings


def run(settings: Settings, stores: Stores, watching: Watching | None = None) -> Result:
    return item_updates.run(wiring.job_context(settings, stores), watching or Watching(), parameters={})


def fans(stores: Stores, ratings: dict[int, float], *, start: int = 0) -> None:
    """Add users who give these ratings."""
    for number in range(start, start + FANS):
        fan = stores.accounts.create(f"Fan {number}", password_hash="-", preferences=Preferences(), at=AT)
        stores.diaries.rate(fan.id, {MovieId(movie): stars for movie, stars in ratings.items()}, at=AT)


def favourites(registry: Registry) -> tuple[list[int], int]:
    """Return movies that one user of MovieLens liked, and a movie that nobody rated."""
    loaded = registry.load()
    model = loaded.model
    mine = loaded.demo_users.ratings(f"ml:{loaded.demo_users.numbers[0]}") or {}
    liked = sorted(movie for movie, stars in mine.items() if stars >= 4)[:8]
    return liked, int(model.movies[~model.rated][0])


def place(registry: Registry, liked: list[int], movie: int) -> int:
    """Return the rank of a movie for a user who liked `liked`, among movies that the user has not rated."""
    model = registry.load().model
    total = model.blend(kit.history(dict.fromkeys(liked, 4.5))).total.copy()
    total[np.isin(model.movies, liked)] = -np.inf
    return int((total > total[np.searchsorted(model.movies, movie)]).sum())


def test_a_new_movie_that_20_users_rated_highly_is_in_the_lists_of_similar_users_after_the_job(
    settings: Settings, stores: Stores, registry: Registry
) -> None:
    parent = registry.load()
    liked, new = favourites(registry)
    fans(stores, {**dict.fromkeys(liked, 4.5), new: 5.0})
    assert place(registry, liked, new) >= SHOWN
    told = run(settings, stores)
    assert told.rejected == ""
    assert told.figures["new"] >= 1
    child = registry.load()
    assert place(registry, liked, new) < SHOWN
    assert child.model.rated[np.searchsorted(child.model.movies, new)]
    assert new in child.model.ease.movies
    assert registry.describe(child.model.version).parents == (parent.model.version,)
    assert wiring.store(settings).open().factors_version() == child.model.version
    assert any("movies with new ratings" in reason for reason in registry.describe(child.model.version).reasons)


def test_without_new_ratings_nothing_is_published(settings: Settings, stores: Stores, registry: Registry) -> None:
    before, watching = registry.current(), Watching()
    assert run(settings, stores, watching).figures["updated"] == 0
    assert registry.current() == before
    assert "no new ratings since the last update" in watching.said


def test_an_update_is_made_once(settings: Settings, stores: Stores, registry: Registry) -> None:
    liked, new = favourites(registry)
    fans(stores, {**dict.fromkeys(liked, 4.5), new: 5.0})
    run(settings, stores)
    version = registry.current()
    assert run(settings, stores).figures["updated"] == 0
    assert registry.current() == version


def test_an_update_that_makes_lists_worse_is_refused(
    settings: Settings, stores: Stores, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = registry.current()
    liked, new = favourites(registry)
    fans(stores, {**dict.fromkeys(liked, 4.5), new: 5.0})
    fold_in = item_fold_in.fold_in_movies

    def spoil(found: Als, known: Interactions, movies: np.ndarray, *, portion: Portion) -> Als:
        made = fold_in(found, known, movies, portion=portion)
        return replace(made, factors=-made.factors)

    monkeypatch.setattr(item_fold_in, "fold_in_movies", spoil)
    monkeypatch.setattr(ease, "fit", lambda known, _config: ease.Ease(np.unique(known.movies), _noise(known), 1.0))
    told = run(settings, stores)
    assert "NDCG@10" in told.rejected
    assert registry.current() == before


def _noise(known: Interactions) -> SparseRows:
    count = len(np.unique(known.movies))
    return sparse_rows.of_dense(np.random.default_rng(1).standard_normal((count, count)).astype(np.float32))


def test_a_cancelled_update_publishes_nothing(settings: Settings, stores: Stores, registry: Registry) -> None:
    before = registry.current()
    liked, new = favourites(registry)
    fans(stores, {**dict.fromkeys(liked, 4.5), new: 5.0})
    with pytest.raises(Cancelled):
        run(settings, stores, Watching(stop=True))
    assert registry.current() == before


def test_a_model_published_meanwhile_stays(
    settings: Settings, stores: Stores, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    liked, new = favourites(registry)
    fans(stores, {**dict.fromkeys(liked, 4.5), new: 5.0})
    newer = replace(registry.load().model, version=registry.new_version())
    check = item_updates.check

    def meanwhile(*given: object) -> object:
        registry.publish(newer, {})
        return check(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(item_updates, "check", meanwhile)
    with pytest.raises(Busy, match=newer.version):
        run(settings, stores)
    assert registry.current() == newer.version


def test_a_version_without_a_holdout_model_cannot_be_updated(
    settings: Settings, stores: Stores, registry: Registry
) -> None:
    liked, new = favourites(registry)
    fans(stores, {**dict.fromkeys(liked, 4.5), new: 5.0})
    registry.publish(replace(registry.load().model, version=registry.new_version()), {})
    with pytest.raises(ModelMissing, match="no holdout model"):
        run(settings, stores)


def test_with_few_test_users_an_update_is_published_unmeasured_and_a_fault_never(
    registry: Registry,
) -> None:
    model = registry.load().model
    few = Judgement(np.zeros(3), {})
    assert item_updates.check(few, few, model).passed
    assert not item_updates.check(few, replace(few, faults=("a score of 1e9",)), model).passed
    broken = replace(model, popularity=np.full(len(model.movies), np.nan, np.float32))
    assert "popularity" in item_updates.check(few, few, broken).words


def test_changed_movies_are_those_rated_since_and_those_never_learned(registry: Registry) -> None:
    model = registry.load().model
    rated, cold = model.movies[model.rated][:2].tolist(), int(model.movies[~model.rated][0])
    movies = np.array(sorted([*rated, cold, 99_999_999]), np.int64)
    times = np.where(movies == rated[0], 200, 100)
    stars = np.full(4, 5.0, np.float32)
    told = interactions.Interactions(("1",), np.zeros(4, np.int64), movies, weigh(stars), stars, times)
    assert item_fold_in.changed(model, told, since=150).tolist() == sorted([rated[0], cold])
