"""Learns what ships with the ranking of descriptions: `python -m benchmarks.learned_ranking [--write]`.

Needs a published index of the catalogue that the queries are about (with `--write` one without tags), MARQUEE_DATA_DIR
and the extra `index`. Prints how the ranking does on movies that it learned nothing of, beside the fused order. Folds
are made by movie; the pooling of a fold is learned without it too, and the vectors of its training queries come from
poolings that did not know these. With `--write`, fits both models and the pooling on everything and replaces the
packaged files: numbers alone, no texts.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import pooling_training, queries, request_quality, short, token_states, workplace
from benchmarks.pooling_training import Batch, Parameters
from core.config import Settings
from core.evaluation import Split
from core.ports import Encoder, Vectors
from core.types import MovieId
from engine import wiring
from engine.search import intent
from engine.search.encoders import encoder as encoders
from engine.search.encoders import manifest, pooling
from engine.search.encoders.pooling import Pooling, States
from engine.search.ranking import fit, training_pairs, weights
from engine.search.ranking.fit import KEPT_SHORT, UNUSED_POSTS, Figures
from engine.search.ranking.reranker import Ranker
from engine.search.ranking.training_pairs import Lesson, Pair
from engine.search.ranking.weights import Weights
from engine.search.search import Search

SOURCE = (
    "1,046 posts of people who try to recall a movie (reddit_tomt) and 798 synopses (netflix, disney_plus, "
    "imdb_2006_2016) about movies of TMDB 5000; clean queries: the title does not occur, and less than half of the "
    "text is quoted from the overview; for short texts those of our own (benchmarks/requests: short.tsv and the "
    "memories of wishes*.tsv, the tuning halves)"
)
SHORT = "short"
Folds = NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Post:
    """A text in which somebody recalls a movie, or one as long as such texts are.

    Attributes:
        target: the row of the movie meant.
        states: token vectors of its text.
    """

    pair: Pair
    target: int
    states: States


@dataclasses.dataclass(frozen=True, slots=True)
class World:
    """What is learned from."""

    search: Search
    sets: Mapping[str, Sequence[Pair]]
    short: Sequence[Pair]
    """What the model for a few words is learned from."""
    posts: Sequence[Post]
    vectors: Vectors
    """float32, (n_movies, dimension)."""

    @property
    def folds(self) -> Folds:
        """The fold of each post."""
        return np.array([fit.fold(post.pair.movie) for post in self.posts])


class _Plain:
    """An encoder that averages the token vectors of every text: what the pooling is compared with."""

    def __init__(self, encoder: Encoder) -> None:
        self.encode, self.name, self.dimension = encoder.encode, encoder.name, encoder.dimension


def main() -> None:
    """Print the figures, and write the files where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace the packaged weights and pooling")
    parser.add_argument(
        "--keep-posts", action="store_true", help="leave the model for posts and the pooling as they are"
    )
    asked = parser.parse_args()
    settings = workplace.settings_of_caller()
    if asked.write and wiring.store(settings).open().info().tagged:
        raise SystemExit("what ships is learned without tags: index the catalogue in a folder without movielens/ first")
    world = _world(settings, posts=not asked.keep_posts)
    figures = _cross_validated(world)
    for name, row in figures.items():
        print(
            f"{name:<16} {row['queries']:>5}",
            *(f"{when}: {_line(row[when])}" for when in ("before", "after")),
            sep="  ",
        )
    if asked.write:
        _write(world, figures)


def measure(engines: Mapping[str, Settings]) -> dict[str, Any]:
    """The figures of the first engine: every engine gives the same candidates, and the folds take minutes."""
    name, settings = next(iter(engines.items()))
    return {name: _cross_validated(_world(settings))}


def _line(figures: Mapping[str, float]) -> str:
    return f"R@1 {figures['recall_1']:.4f} R@10 {figures['recall_10']:.4f} MRR {figures['mrr']:.4f}"


def _world(settings: Settings, *, posts: bool = True) -> World:
    assert settings.data_dir is not None
    index = wiring.store(settings).open()
    search = Search(index, _Plain(encoders.load(settings)))
    wanted = queries.load(settings.data_dir)
    sets = {name: [Pair(one.query, one.movie) for one in some] for name, some in wanted.items()}
    movies = sorted({pair.movie for some in sets.values() for pair in some} | _every_movie(search))
    row = {movie: at for at, movie in enumerate(movies)}
    if not posts:
        sets = {name: some for name, some in sets.items() if name in queries.SHORT_SETS}
    told = [pair for some in sets.values() for pair in some if posts and intent.read(pair.query).post]
    states = workplace.told("token vectors", _states, settings, [intent.read(pair.query).meaning for pair in told])
    recalled = [Post(pair, row[pair.movie], own) for pair, own in zip(told, states, strict=True)]
    few = [Pair(one.text, one.movie) for one in short.half(Split.TUNE, short.read())]
    few += [Pair(query, movie) for query, movie in request_quality.remembered()]
    return World(search, sets, few, recalled, index.vectors([MovieId(movie) for movie in movies]))


def _every_movie(search: Search) -> set[int]:
    from core.types import Filters, Sort  # noqa: PLC0415

    count = search.index.info().count
    return {movie.id for movie in search.index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=count).movies}


def _states(settings: Settings, texts: Sequence[str]) -> list[States]:
    """The token vectors of each text as the export that serves computes them, remembered from one run to the next."""
    if not texts:
        return []
    name = hashlib.sha256(
        "\0".join((str(encoders.POST_TOKENS), settings.encoder_precision, *texts)).encode()
    ).hexdigest()[:12]
    file = settings.home / "tuning" / f"states-{name}.npz"
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = token_states.encode(manifest.folder(settings), texts)
        np.savez(file, states=np.concatenate(made).astype(np.float16), lengths=np.array(list(map(len, made))))
    with np.load(file) as stored:
        parts = np.split(stored["states"], np.cumsum(stored["lengths"])[:-1])
    return [part.astype(np.float32) for part in parts]


def _cross_validated(world: World) -> dict[str, Any]:
    """The figures of each set before and after."""
    plain = {name: list(training_pairs.lessons(world.search, some)) for name, some in world.sets.items()}
    plain[SHORT] = list(training_pairs.lessons(world.search, world.short))
    told = [lesson for name, some in plain.items() for lesson in some if not lesson.recalling and name != SHORT]
    ranked = dict(zip(_keys(told), map(int, fit.held_out_ranks([lesson.example for lesson in told])), strict=True))
    for fold in range(fit.FOLDS):
        ranked |= _short_of_fold(plain, fold)
    for fold in range(fit.FOLDS) if world.posts else ():
        ranked |= workplace.told(f"fold {fold + 1} of {fit.FOLDS}", _posts_of_fold, world, fold)
    judged = {name: [one for one in some if _keys([one])[0] in ranked] for name, some in plain.items()}
    return {name: _figures(some, ranked) for name, some in judged.items()}


def _short_of_fold(plain: Mapping[str, Sequence[Lesson]], fold: int) -> dict[tuple[str, int], int]:
    """The rank of each short text of a fold, in every set, by models that learned nothing of its movies."""
    every = [lesson for some in plain.values() for lesson in some]
    inside = [lesson for lesson in every if fit.fold(lesson.pair.movie) != fold]
    few = set(_keys(plain[SHORT]))
    described = [lesson.example for lesson in inside if not lesson.recalling and _keys([lesson])[0] not in few]
    learned = [lesson.example for lesson in inside if _keys([lesson])[0] in few]
    model = fit.fit(learned, unused=KEPT_SHORT, prior=fit.fit(described))
    outside = [lesson for lesson in every if fit.fold(lesson.pair.movie) == fold]
    judged = [lesson for lesson in outside if lesson.short or _keys([lesson])[0] in few]
    return dict(zip(_keys(judged), map(int, fit.ranks(model, [one.example for one in judged])), strict=True))


def _figures(some: Sequence[Lesson], ranked: Mapping[tuple[str, int], int]) -> dict[str, Any]:
    after = np.array([ranked[key] for key in _keys(some)])
    before = fit.base_ranks([lesson.example for lesson in some])
    return {
        "queries": len(some),
        "before": dataclasses.asdict(Figures.of(before)),
        "after": dataclasses.asdict(Figures.of(after)),
    }


def _keys(some: Sequence[Lesson]) -> list[tuple[str, int]]:
    return [(lesson.pair.query, lesson.pair.movie) for lesson in some]


def _posts_of_fold(world: World, fold: int) -> dict[tuple[str, int], int]:
    """The rank of each post of a fold, by a pooling and a ranking that learned nothing of its movies."""
    inside, outside = np.flatnonzero(world.folds != fold), np.flatnonzero(world.folds == fold)
    taught = _lessons(world, inside, _out_of_fold(world, inside))
    model = fit.fit([lesson.example for lesson in taught], unused=UNUSED_POSTS)
    judged = _lessons(world, outside, _vectors(world, _pooling(world, inside), outside))
    ranks = fit.ranks(model, [lesson.example for lesson in judged])
    return dict(zip(_keys(judged), map(int, ranks), strict=True))


def _out_of_fold(world: World, some: NDArray[np.intp]) -> Vectors:
    """The vector of each post by a pooling that learned nothing of its movie."""
    folds, found = world.folds[some], np.zeros((len(some), world.vectors.shape[1]), np.float32)
    for fold in np.unique(folds):
        found[folds == fold] = _vectors(world, _pooling(world, some[folds != fold]), some[folds == fold])
    return found


def _pooling(world: World, some: NDArray[np.intp]) -> Parameters:
    posts = [world.posts[at] for at in some]
    targets = np.array([post.target for post in posts])
    return pooling_training.train([post.states for post in posts], targets, world.vectors)


def _vectors(world: World, parameters: Parameters, some: NDArray[np.intp]) -> Vectors:
    return pooling_training.forward(parameters, Batch.of([world.posts[at].states for at in some])).vectors


def _lessons(world: World, some: NDArray[np.intp], vectors: Vectors) -> list[Lesson]:
    return list(training_pairs.lessons(world.search, [world.posts[at].pair for at in some], vectors=list(vectors)))


def _write(world: World, figures: Mapping[str, Any]) -> None:
    """Replace the packaged files; without posts to learn from, their model, its figures and the pooling stay."""
    shipped = weights.load()
    told = [lesson for some in world.sets.values() for lesson in training_pairs.lessons(world.search, some)]
    recalling = not world.posts  # then the few synopses that recall teach the model for descriptions
    description = fit.fit([lesson.example for lesson in told if recalling or not lesson.recalling])
    few = [lesson.example for lesson in training_pairs.lessons(world.search, world.short)]
    short_model = fit.fit(few, unused=KEPT_SHORT, prior=description)
    name = world.search.index.info().encoder
    report = _report(figures)
    if not world.posts:
        kept = {**shipped.report, **report, "held_out": {**shipped.report["held_out"], **figures}}
        weights.save(Weights(Ranker(name, shipped.ranker.posts, description, short_model), kept), weights.SHIPPED)
        return
    every = np.arange(len(world.posts))
    posts = [lesson.example for lesson in _lessons(world, every, _out_of_fold(world, every))]
    model = fit.fit(posts, unused=UNUSED_POSTS)
    weights.save(Weights(Ranker(name, model, description, short_model), report), weights.SHIPPED)
    parameters = _pooling(world, every)
    parts = (parameters["attention"], parameters["scores"], parameters["shift"])
    Pooling(name, *parts, {**report, "posts": len(every)}).save(pooling.FILE)


def _report(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "source": SOURCE,
        "folds": fit.FOLDS,
        "folds_by": "movie",
        "held_out": dict(figures),
        "made_by": "python -m benchmarks.learned_ranking --write",
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    main()
