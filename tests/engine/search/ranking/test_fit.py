"""Training and evaluation of the ranking on data with a known best order."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.errors import DataError, ModelMissing
from engine.search.ranking import fit, training_pairs, weights
from engine.search.ranking import tuning as ranking_tuning
from engine.search.ranking.fit import Example, Figures
from engine.search.ranking.reranker import FEATURES, TAG_FEATURES, Ranker
from engine.search.ranking.training_pairs import Lesson, Pair
from engine.search.ranking.weights import Weights
from tests.engine.search.ranking import ranked

INFORMATIVE = FEATURES.index("coverage")


def _examples(count: int, *, seed: int = 0) -> list[Example]:
    """Create examples whose target usually has the best coverage and rarely the best fused score."""
    rng = np.random.default_rng(seed)
    found = []
    for movie in range(1, count + 1):
        features = rng.normal(size=(20, len(FEATURES))).astype(np.float32)
        target = int(np.argmax(features[:, INFORMATIVE] + 0.3 * rng.normal(size=20)))
        found.append(Example(movie, features, target, base_rank=target + 1))
    return found


def _lessons(count: int) -> list[Lesson]:
    return [Lesson(Pair(f"text {e.movie}", e.movie), True, True, False, e) for e in _examples(count)]


def test_training_finds_the_decisive_feature() -> None:
    model = fit.fit(_examples(100))
    assert int(np.argmax(model.weights)) == INFORMATIVE
    fresh = _examples(100, seed=1)
    assert Figures.of(fit.ranks(model, fresh)).recall_1 > 0.4 > Figures.of(fit.base_ranks(fresh)).recall_1


def test_unused_features_get_no_weight() -> None:
    model = fit.fit(_examples(100), unused=("coverage",))
    assert model.weights[INFORMATIVE] == 0


def test_training_is_repeatable() -> None:
    first, second = (fit.fit(_examples(80)).weights for _ in range(2))
    assert first.tolist() == second.tolist()


def test_too_few_queries_are_an_error() -> None:
    with pytest.raises(ValueError, match="expected at least 50"):
        fit.fit(_examples(10))
    with pytest.raises(ValueError, match="0 training queries"):
        fit.fit([Example(1, np.zeros((3, len(FEATURES)), np.float32), -1, 0)] * 99)


def test_a_movie_is_never_in_training_and_evaluation_at_once() -> None:
    seen: list[set[int]] = []

    def fitted(examples: list[Example]) -> object:
        seen.append({example.movie for example in examples})
        return fit.fit(examples)

    examples = [*_examples(120), *_examples(120, seed=1)]
    ranks = fit.held_out_ranks(examples, fitted=fitted)  # type: ignore[arg-type]
    assert (ranks > 0).all()
    assert len(seen) == fit.FOLDS
    for part in range(fit.FOLDS):
        held_out = {example.movie for example in examples if fit.fold(example.movie) == part}
        assert not held_out & seen[part]


def test_a_movie_below_the_top_candidates_keeps_its_rank() -> None:
    lost = Example(1, np.zeros((3, len(FEATURES)), np.float32), -1, base_rank=412)
    assert fit.ranks(ranked.model(), [lost]).tolist() == [412]


def test_figures_count_a_missing_movie_as_not_found() -> None:
    figures = Figures.of(np.array([1, 2, 11, 0]))
    assert (figures.queries, figures.recall_1, figures.recall_10) == (4, 0.25, 0.5)
    assert figures.mrr == pytest.approx((1 + 1 / 2 + 1 / 11) / 4, abs=1e-4)


@pytest.mark.parametrize(
    ("new", "present", "accepted"),
    [
        ([1, 1, 1, 2] * 50, [2, 1, 3, 2] * 50, True),
        ([1, 1, 2] * 50, [1, 1, 2] * 50, True),
        ([2, 1, 3, 2] * 50, [1, 1, 1, 2] * 50, False),
        ([1, 9] * 5 + [1], [9, 1] * 5 + [9], False),
    ],
)
def test_a_ranking_that_may_be_worse_is_rejected(new: list[int], present: list[int], accepted: bool) -> None:
    verdict = fit.judge(np.array(new), np.array(present))
    assert verdict.accepted is accepted
    assert "MRR" in verdict.reason


def test_only_a_better_model_replaces_the_current_one() -> None:
    part, model = ranking_tuning.tuned(_lessons(100), ranked.model(), name=ranking_tuning.POSTS)
    assert part.verdict.accepted
    assert part.tuned.mrr > part.present.mrr
    again, kept = ranking_tuning.tuned(_lessons(100), ranked.model(coverage=1.0), name=ranking_tuning.POSTS)
    assert not again.verdict.accepted or again.tuned.mrr >= again.present.mrr
    assert kept is not model


def test_with_too_few_queries_of_a_kind_its_model_is_kept() -> None:
    present = ranked.model()
    part, model = ranking_tuning.tuned(_lessons(100), present, name=ranking_tuning.DESCRIPTION)
    assert model is present
    assert not part.verdict.accepted
    assert part.verdict.reason == "no queries to evaluate it on"


def test_weights_are_read_back_as_written(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "weights.json"
    model = fit.fit(_examples(60))
    weights.save(Weights(Ranker("toy@1", model, ranked.model(base=1.0)), {"source": "made up"}), file)
    read = weights.load(file)
    assert (read.ranker.encoder, read.report["source"]) == ("toy@1", "made up")
    np.testing.assert_allclose(read.ranker.posts.weights, model.weights, rtol=1e-5)
    assert read.ranker.description.weights[FEATURES.index("base")] == 1.0


def test_weights_from_before_there_were_tags_give_tags_no_weight(tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    weights.save(Weights(Ranker("toy@1", ranked.model(base=1.0), ranked.model(cosine=2.0)), {}), file)
    plain = json.loads(file.read_text(encoding="utf-8"))
    kept = [at for at, name in enumerate(FEATURES) if name not in TAG_FEATURES]
    plain["features"] = [FEATURES[at] for at in kept]
    for model in plain["models"].values():
        model.update({name: [numbers[at] for at in kept] for name, numbers in model.items()})
    file.write_text(json.dumps(plain), encoding="utf-8")
    read = weights.load(file).ranker
    assert read.description.weights[FEATURES.index("cosine")] == 2.0
    for model in (read.posts, read.description):
        assert [model.weights[FEATURES.index(name)] for name in TAG_FEATURES] == [0.0, 0.0]
        assert [model.spread[FEATURES.index(name)] for name in TAG_FEATURES] == [1.0, 1.0]


@pytest.mark.parametrize("damage", [b"{", b"[]", b'{"format": 1, "features": ["year"]}', None])
def test_errors_name_the_unusable_weights(tmp_path: Path, damage: bytes | None) -> None:
    file = tmp_path / "weights.json"
    if damage is not None:
        file.write_bytes(damage)
    with pytest.raises(ModelMissing, match=r"weights\.json.*tune-ranking"):
        weights.load(file)


def test_the_packaged_weights_contain_their_metrics() -> None:
    packaged = weights.load()
    assert packaged.ranker.encoder.startswith("all-MiniLM-L6-v2@")
    held_out = packaged.report["held_out"]
    assert packaged.report["folds_by"] == "movie"
    for figures in held_out.values():
        assert figures["after"]["recall_10"] >= figures["before"]["recall_10"] - 0.005
    posts = held_out["reddit_tomt"]
    assert posts["after"]["mrr"] > posts["before"]["mrr"]


def test_pairs_are_read_from_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"query": "a shark", "tmdb_id": 578, "source": "x"}\n\n{"query": "a robot", "tmdb_id": 3}\n')
    assert training_pairs.read(file) == [Pair("a shark", 578), Pair("a robot", 3)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: expected a JSON object"),
        (json.dumps({"query": "x"}), "tmdb_id"),
        (json.dumps({"query": " ", "tmdb_id": 1}), "query: expected non-empty text"),
        (json.dumps({"query": "x", "tmdb_id": "1"}), "tmdb_id: expected a whole number"),
        (json.dumps({"query": "x", "tmdb_id": True}), "tmdb_id: expected a whole number"),
        ("[]", "line 2"),
    ],
)
def test_errors_name_the_invalid_line(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"query": "a shark", "tmdb_id": 578}\n' + line + "\n")
    with pytest.raises(DataError, match=message):
        training_pairs.read(file)


def test_errors_name_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.jsonl cannot be read"):
        training_pairs.read(tmp_path / "none.jsonl")
