"""The benchmark of word scores, on a small catalogue."""

from __future__ import annotations

from benchmarks import words
from tests.contracts import world


def test_a_row_has_the_size_and_the_times_of_each_number_of_movies() -> None:
    texts = ["a waitress in a colony", "the of", *["an island with a lighthouse"] * 30]
    found = dict(zip(words.HEAD, words.measure(world.movies(), 200, texts), strict=True))
    assert found["movies"] == "200"
    assert int(found["entries"].replace(",", "")) > 200
    assert 0 < float(found["all scores ms"]) <= float(found["both, p95 ms"])
