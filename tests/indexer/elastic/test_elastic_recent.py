"""What was read lately, bounded."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.elastic.recent import Recent


class Source:
    """Gives every number its square but 13, which it lacks; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def fetch(self, ids: list[int]) -> Mapping[int, int]:
        """The squares."""
        self.asked.append(ids)
        return {key: key * key for key in ids if key != 13}


def test_what_is_at_hand_is_not_fetched_again() -> None:
    source, recent = Source(), Recent[int](room=10)
    assert recent.read([2, 3, 2], source.fetch) == {2: 4, 3: 9}
    assert recent.read([3, 4], source.fetch) == {3: 9, 4: 16}
    assert recent.read([4, 3], source.fetch) == {3: 9, 4: 16}
    assert source.asked == [[2, 3], [4]]


def test_what_was_used_longest_ago_makes_room() -> None:
    source, recent = Source(), Recent[int](room=2)
    for ids in ([1, 2], [1], [3], [1], [2]):
        recent.read(ids, source.fetch)
    assert source.asked == [[1, 2], [3], [2]]


def test_what_does_not_exist_is_left_out_and_asked_for_again() -> None:
    source, recent = Source(), Recent[int](room=2)
    assert recent.read([13], source.fetch) == {}
    assert recent.read([13], source.fetch) == {}
    assert len(source.asked) == 2
