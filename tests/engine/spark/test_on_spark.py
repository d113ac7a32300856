"""What Spark computes, against what this machine computes.

All tests that start Spark are in this file, so that one session serves them in parallel runs too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import SecretStr

from core.config import Settings
from core.errors import DataError, EventArchiveUnusable, InvalidRequest, InvalidSettings, ServiceUnavailable
from core.recommendations.records import History
from core.trends import SEARCH_LIST, TRENDING_LIST, Activity
from core.types import Movie, MovieId
from core.users import Event, EventKind
from data import database
from data.database import Stores
from engine import wiring
from engine.event_archive import job
from engine.event_archive.archive import EventArchive
from engine.recommender.models import als, ease
from engine.recommender.models.ease import Ease
from engine.recommender.models.interactions import Interactions
from engine.search.encoders import onnx_export, vectors
from engine.search.encoders.encoder import OnnxEncoder
from engine.spark import encoders, event_counts, factors, fitter, item_rows, session, snapshots
from engine.spark import splits as columns
from engine.spark.encoders import SparkEncoder
from engine.spark.fitter import SparkFitter
from engine.training import dataset, publication
from engine.training.evaluation import splits
from engine.training.fit.fitter import Part
from engine.training.fit.local_fit import FitConfig
from engine.training.options import Options
from tests import databases, sample
from tests.data.database.servers import sign_up
from tests.engine.spark.conftest import MASTER
from tests.engine.training.worlds import QUICK, Watched, checkerboard

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]

FIRST = datetime(2026, 11, 20, tzinfo=UTC)
CONFIG = FitConfig(model="als", als=als.ALSConfig(factors=6, iterations=3))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("site"), trainer="spark", spark_master=MASTER, offline=True)


@pytest.fixture(scope="module")
def fitting(spark: SparkSession, settings: Settings, rated: Interactions) -> Iterator[SparkFitter]:
    assert spark.version >= "4"
    with fitter.opened(settings, rated, key="tests") as opened:
        yield opened


@pytest.fixture(scope="module")
def known(rated: Interactions, settings: Settings) -> Interactions:
    return dataset.learnable(splits.by_pair(rated).train, settings)


def pairs(users: NDArray[np.integer], movies: NDArray[np.integer], weights: NDArray[np.floating]) -> list[tuple]:
    return sorted(zip(users.tolist(), movies.tolist(), weights.tolist(), strict=True))


def dense(rows: Ease) -> NDArray[np.float32]:
    places = np.arange(len(rows.movies))
    return rows.rows.dense(places, places)


def test_spark_learns_from_the_same_interactions_as_this_machine(fitting: SparkFitter, known: Interactions) -> None:
    table = fitting.interactions(Part.TRAINING).toArrow()
    found = pairs(*(table[name].to_numpy() for name in ("user", "movie", "weight")))
    assert found == pairs(known.users, known.movies, known.weights)


def test_each_pair_has_the_same_class_bit_for_bit(spark: SparkSession) -> None:
    draw = np.random.default_rng(1)
    names = tuple(f"ml:{number}" for number in draw.integers(0, 2**62, 500).tolist())
    movies = np.concatenate((draw.integers(1, 2**31, 497), [1, 2**31 - 1, 2**53]))
    told = Interactions(names, np.arange(500), movies, *(np.ones(500, np.float32),) * 2, np.zeros(500, np.int64))
    hashes = splits.name_hashes(names).view(np.int64)
    frame = spark.createDataFrame(list(zip(hashes.tolist(), movies.tolist(), strict=True)), "hash long, movie long")
    for count in (splits.CLASSES, 3, 1_000_003):
        found = frame.select(columns.classes(frame.hash, frame.movie, count).alias("place")).toArrow()
        np.testing.assert_array_equal(found["place"].to_numpy(), splits.classes(told, count))


@pytest.mark.parametrize(("memory", "exact"), [(ease.EASEConfig().memory_mb, "all"), (1, "some")], ids=["all", "some"])
def test_item_rows_are_those_of_this_machine(
    fitting: SparkFitter, known: Interactions, memory: int, exact: str
) -> None:
    config = ease.EASEConfig(memory_mb=memory, kept=2_000, neighbours=5)
    movies = np.unique(known.movies)
    assert exact == ("some" if 0 < ease.capacity(config) < len(movies) else "all")
    expected = ease.fit(known, config)
    found = item_rows.fit(fitting.interactions(Part.TRAINING), movies, config, fitting.folder)
    np.testing.assert_array_equal(found.movies, expected.movies)
    assert np.abs(dense(expected)).max() > 0.003
    np.testing.assert_allclose(dense(found), dense(expected), atol=1e-5)


def test_factors_rank_the_movies_of_the_users_group_first(fitting: SparkFitter, known: Interactions) -> None:
    found = fitting.fit(known, CONFIG, part=Part.TRAINING).als
    np.testing.assert_array_equal(found.movies, np.unique(known.movies))
    assert np.isfinite(found.factors).all()
    shares = []
    for history in known.histories()[:-1]:
        liked = np.isin(found.movies, history.movies[history.weights > 0])
        disliked = np.isin(found.movies, history.movies[history.weights < 0])
        if liked.any() and disliked.any():
            scores = found.scores(history)
            shares.append(scores[liked].mean() > scores[disliked].mean())
    assert len(shares) > 100
    assert np.mean(shares) > 0.95


def test_dislikes_have_the_preference_0_and_their_confidence(spark: SparkSession) -> None:
    users, movies = np.divmod(np.arange(240), 12)
    weights = np.where((users + movies) % 2, -1.0, 1.0).astype(np.float32)
    weights[movies == 11] = -1
    rows = list(zip(users.tolist(), (movies + 1).tolist(), weights.tolist(), strict=True))
    frame = spark.createDataFrame(rows, "user int, movie int, weight float")
    config = als.ALSConfig(factors=3, alpha=5, regularization=1, iterations=3)
    found = factors.fit(frame, np.arange(1, 13), config, blocks=2)
    assert not found.factors[11].any(), "nobody likes it"
    own = movies[users == 0] % 2 == 0
    scores = found.scores(History(found.movies, weights[users == 0], np.full(12, np.nan, np.float32)))
    assert scores[own].min() > 0.5
    assert np.abs(scores[~own]).max() < 0.15


def test_a_snapshot_that_differs_from_the_interactions_is_an_error(fitting: SparkFitter, known: Interactions) -> None:
    with pytest.raises(DataError, match=r"Spark reads .* interactions to learn from, but there are"):
        fitting.fit(known.select(np.arange(len(known) - 1)), CONFIG, part=Part.TRAINING)


@pytest.mark.usefixtures("spark")
def test_a_training_with_spark_publishes_a_model_that_serves(tmp_path: Path) -> None:
    site = Settings(home=tmp_path / "home", trainer="spark", spark_master=MASTER, offline=True)
    registry, given = wiring.models(site), checkerboard(tmp_path / "movielens")
    options = Options.of({**QUICK, "regularization": 1.0})
    report = publication.learn(site, given, options, Watched(), registry=registry, force=False)
    assert report.published, report.decision
    assert report.manifest["trainer"] == "spark"
    assert report.manifest["metrics"]["ndcg@10"] > report.manifest["baselines"]["popularity"]["ndcg@10"]
    assert list(Path(snapshots.location(site)).glob(f"{snapshots.PREFIX}*")) == [], "the snapshot is deleted"
    served = wiring.models(site).load(report.version).model
    history = given.rated.histories()[0]
    best = served.movies[np.argsort(-served.blend(history).total)]
    unseen = [movie for movie in best.tolist() if movie not in set(history.movies.tolist())]
    assert unseen[0] == 100, "the one movie of the user's colour that is left"


@pytest.mark.parametrize(
    ("option", "value"), [("folds", 3), ("patience", 2), ("warm_start", True), ("search_trials", 4), ("model", "ncf")]
)
def test_options_that_need_this_machine_alone_are_refused(tmp_path: Path, option: str, value: object) -> None:
    site = Settings(home=tmp_path / "home", trainer="spark", spark_master=MASTER)
    given = checkerboard(tmp_path / "movielens")
    with pytest.raises(InvalidRequest, match=rf"{option}: .*MARQUEE_TRAINER=local"):
        publication.learn(
            site, given, Options.of({option: value}), Watched(), registry=wiring.models(site), force=False
        )


@pytest.mark.usefixtures("spark")
def test_movies_are_encoded_bit_for_bit_as_on_this_machine_and_only_once(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    exported = sample.exported(sample.shared(tmp_path_factory.getbasetemp()))
    encoder = onnx_export.indexing_encoder(exported)
    movies = [
        Movie(MovieId(number), f"The {number} brothers", overview="rob a bank " * number) for number in range(1, 10)
    ]
    expected = vectors.movie_vectors(movies, encoder=encoder, cache_dir=tmp_path / "here").vectors
    with encoders.sharing(exported.model_copy(update={"spark_master": MASTER})) as sharing:
        shared, chunk = sharing(encoder)
        assert (shared.name, shared.dimension) == (encoder.name, encoder.dimension)
        assert chunk == 2 * encoders.MOVIES
        for done in ((9, 0), (0, 9)):
            there = tmp_path / "there"
            assert vectors.encode_shard(movies, (1, 1), encoder=shared, cache_dir=there, chunk=chunk) == done
        assert shared.encode([]).shape == (0, encoder.dimension)
    found = vectors.movie_vectors(movies, encoder=encoder, cache_dir=tmp_path / "there")
    assert found.encoded == 0
    np.testing.assert_array_equal(found.vectors, expected)


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Stores]]:
    """A site with three days of events in its database and in its archive."""
    home = tmp_path_factory.mktemp("events")
    place = SecretStr(str(home / "archive"))
    site = Settings(home=home, offline=True, spark_master=MASTER, events_archive_url=place)
    stores = databases.open_new(f"sqlite:///{home / 'people.sqlite'}")
    users = [None, *(sign_up(stores, name).id for name in ("Ann", "Bob", "Cem"))]
    draw = np.random.default_rng(2)
    kinds, lists, movies = [*EventKind], ["", TRENDING_LIST, SEARCH_LIST], [None, MovieId(0), MovieId(1), MovieId(2)]
    stores.events.add(
        [
            Event(
                kinds[draw.integers(len(kinds))],
                FIRST + timedelta(seconds=float(draw.integers(0, 3 * 86_400 * 4)) / 4),
                users[draw.integers(len(users))],
                movies[draw.integers(len(movies))],
                lists[draw.integers(len(lists))],
                query=["", "robots"][draw.integers(2)],
            )
            for _ in range(2_000)
        ]
    )
    job.run(wiring.job_context(site, stores, lambda: FIRST + timedelta(days=3, hours=3)), Watched(), parameters={})
    yield site, stores
    database.close(stores)


def test_the_archive_has_the_counts_of_the_database(
    spark: SparkSession, archived: tuple[Settings, Stores], tmp_path: Path
) -> None:
    site, stores = archived
    since, until = FIRST, FIRST + timedelta(days=2)
    expected = stores.events.activities(since=since, until=until)
    archive = EventArchive.of(site)
    assert archive is not None
    days = [day for day in archive.days() if since.date() <= day < until.date()]
    assert len(days) == 2
    found = event_counts.collected(event_counts.counts(event_counts.read(spark, str(archive), days)))
    assert set(expected.activities.tolist()) == set(range(5)), "every activity of events"
    assert expected.users.max() > 1
    for name in ("hours", "movies", "activities", "users"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    report = event_counts.count(site, since=since.date(), until=until.date(), folder=str(tmp_path / "counts"))
    table = spark.read.parquet(session.spark_url(report.folder)).orderBy("hour", "movie").toArrow()
    assert (report.days, report.rows, len(table)) == (2, len(expected), len(expected))
    assert sum(table["users"].to_pylist()) == expected.users.sum()
    assert set(table["activity"].to_pylist()) <= {activity.value for activity in Activity}


def test_counting_without_an_archive_or_days_says_so(archived: tuple[Settings, Stores], tmp_path: Path) -> None:
    site, _ = archived
    later, folder = FIRST.date() + timedelta(days=50), str(tmp_path)
    with pytest.raises(EventArchiveUnusable, match="has no day from 2027"):
        event_counts.count(site, since=later, until=later + timedelta(days=1), folder=folder)
    unset = site.model_copy(update={"events_archive_url": SecretStr("")})
    with pytest.raises(InvalidSettings, match="MARQUEE_EVENTS_ARCHIVE_URL is not set"):
        event_counts.count(unset, since=later, until=later, folder=folder)


def test_a_worker_without_the_encoder_is_an_error_that_names_the_folder(spark: SparkSession, tmp_path: Path) -> None:
    class Elsewhere:
        name, dimension, folder, prompt = "tiny@1", 3, tmp_path / "missing", ""

    with pytest.raises(ServiceUnavailable, match=r"Spark could not encode the movies: .*missing"):
        SparkEncoder(spark, cast("OnnxEncoder", Elsewhere())).encode(["a text"])
