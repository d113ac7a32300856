"""Measure recommendations: `python -m benchmarks.taste` (`lists`: everything except predicted stars).

`tune` selects training options, `searched` compares fixed options with those that a training run finds by itself,
`prequential` measures learning between trainings, `inner` the benefit of NCF and of user features on splits on which
nothing was tuned, `groups` compares lists for several people, `table` prints the stored results. `--models` measures
only some models and adds their rows to the results.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from benchmarks import results, workplace
from benchmarks.taste import (
    compare,
    datasets,
    groups,
    inner,
    measure,
    newcomers,
    pairs,
    plot,
    prequential,
    report,
    searched,
    trainers,
    tune,
)
from core.config import Settings
from engine.training.evaluation import splits

WHAT = ("all", "lists", "tune", "inner", "searched", "prequential", "groups", "trainers", "table")
FILE = Path(__file__).parents[1] / "results" / "taste.json"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the measurements selected on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.taste", description=__doc__)
    parser.add_argument("what", nargs="?", choices=WHAT, default="all")
    parser.add_argument("--trials", type=int, default=tune.TRIALS, help="trials of `tune` (each model) and `searched`")
    parser.add_argument("--models", nargs="+", choices=compare.OTHERS, help="measure only these; other rows are kept")
    asked = parser.parse_args(arguments)
    if asked.what == "table":
        print(report.headline(_stored()), report.details(_stored()), sep="\n\n")
        return
    settings = workplace.settings_of_caller()
    assert settings.data_dir is not None
    with threadpool_limits(1, "blas"):
        both = [datasets.small(settings), datasets.old(settings.data_dir)]
        if asked.what in ASIDE:
            for text in ASIDE[asked.what](both, settings, asked.trials):
                print(text, flush=True)
            return
        found = join(both, settings, asked.models) if asked.models else run(both, settings, stars=asked.what == "all")
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    curves = {name: part["calibration"]["curve"] for name, part in found["datasets"].items()}
    plot.FILE.write_text(plot.draw(curves), encoding="utf-8")
    print(report.headline(found), report.details(found), sep="\n\n")


def _tuned(both: Sequence[datasets.Dataset], settings: Settings, trials: int) -> Iterator[str]:
    tune.tune(both, settings, trials=trials)
    yield f"{pairs.tune(both[0], settings)} {pairs.tune_map(both[0], settings)}"


def _inner(both: Sequence[datasets.Dataset], settings: Settings, _trials: int) -> Iterator[str]:
    yield from (inner.words(row) for data in both for row in inner.measure(data, settings))


def _searched(both: Sequence[datasets.Dataset], settings: Settings, trials: int) -> Iterator[str]:
    yield from (searched.words(row) for data in both for row in searched.measure(data, settings, trials=trials))


def _prequential(both: Sequence[datasets.Dataset], settings: Settings, _trials: int) -> Iterator[str]:
    yield from (prequential.words(data.name, prequential.measure(data, settings)) for data in both)


def _groups(both: Sequence[datasets.Dataset], settings: Settings, _trials: int) -> Iterator[str]:
    rows = [row for data in both for row in groups.measure(data, settings)]
    yield f"{groups.table(rows)}\n\nbest on the tuning half: {groups.chosen(rows)}"


Aside = Callable[[Sequence[datasets.Dataset], Settings, int], Iterator[str]]


def _trainers(both: Sequence[datasets.Dataset], settings: Settings, _trials: int) -> Iterator[str]:
    yield from (trainers.words(row) for data in both for row in trainers.measure(data, settings))


ASIDE: Mapping[str, Aside] = {
    "tune": _tuned,
    "inner": _inner,
    "searched": _searched,
    "prequential": _prequential,
    "groups": _groups,
    "trainers": _trainers,
}
"""Measurements that are printed and not stored; each takes the data sets, the settings and the number of trials."""


def run(both: Sequence[datasets.Dataset], settings: Settings, *, stars: bool) -> dict[str, Any]:
    """Return all figures as plain JSON values; those of predicted stars are the stored ones unless `stars`."""
    assert settings.data_dir is not None
    started = time.perf_counter()
    found: dict[str, Any] = {
        "machine": results.describe_machine(),
        "liked": "held-out ratings of 4 stars or better",
        "recipes": measure.fit_config(),
        "datasets": {data.name: measure.dataset(data, settings) for data in both},
        "cold": _cold(both[0], settings),
    }
    if not stars:
        return {**found, **({"rating": _stored()["rating"]} if FILE.exists() else {})}
    if find_spec("benchmarks.rating") is not None:
        from benchmarks import rating  # noqa: PLC0415 - measured where it is there

        found["rating"] = rating.measure(settings.data_dir / "movielens" / datasets.OLD)
    return {**found, "seconds": round(time.perf_counter() - started)}


def join(both: Sequence[datasets.Dataset], settings: Settings, names: Sequence[str]) -> dict[str, Any]:
    """Return the stored results with new rows for some models."""
    found = _stored()
    found["recipes"] = measure.fit_config()
    for data in both:
        for split, rows in measure.some(data, settings, names=names).items():
            models = {**found["datasets"][data.name][split]["models"], **rows}
            found["datasets"][data.name][split]["models"] = {
                name: models[name] for name in compare.MODELS if name in models
            }
    return found


def _cold(data: datasets.Dataset, settings: Settings) -> dict[str, float]:
    seed = measure.SEEDS[0]
    return newcomers.cold_movies(data, splits.by_user(data.interactions, seed=seed), settings, seed=seed)


def _stored() -> dict[str, Any]:
    if not FILE.exists():
        raise SystemExit("there are no results yet; run `make bench-taste`")
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
