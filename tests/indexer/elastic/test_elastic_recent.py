"""The bounded cache."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.elastic.recent import Recent


class Source:
    """Returns the square of every number except 13, which is missing; records its requests."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def fetch(self, ids: list[int]) -> Mapping[int, int]:
        """Return the squares."""
        self.asked.append(ids)
        return {key: key * key for key in ids if key != 13}


def test_cached_values_are_not_fetched_again() -> None:
    source, recent = Source(), Recent[int](room=10)
    assert recent.read([2, 3, 2], source.fetch) == {2: 4, 3: 9}
    assert recent.read([3, 4], source.fetch) == {3: 9, 4: 16}
    assert recent.read([4, 3], source.fetch) == {3: 9, 4: 16}
    assert source.asked == [[2, 3], [4]]


def test_the_least_recently_used_values_are_evicted() -> None:
    source, recent = Source(), Recent[int](room=2)
    for ids in ([1, 2], [1], [3], [1], [2]):
        recent.read(ids, source.fetch)
    assert source.asked == [[1, 2], [3], [2]]


def test_missing_values_are_omitted_and_requested_again() -> None:
    source, recent = Source(), Recent[int](room=2)
    assert recent.read([13], source.fetch) == {}
    assert recent.read([13], source.fetch) == {}
    assert len(source.asked) == 2
