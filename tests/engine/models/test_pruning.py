"""Which versions go, and which never do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.models import Status
from engine.models import pruning

STATES = st.sampled_from([Status.READY, Status.REJECTED, Status.DAMAGED])


def named(states: list[Status]) -> list[tuple[str, Status]]:
    return [(f"v{number:03}", state) for number, state in enumerate(states)]


@given(states=st.lists(STATES, min_size=1, max_size=20), data=st.data(), keep=st.integers(1, 8))
def test_what_serves_and_the_newest_good_one_beside_it_never_go(
    states: list[Status], data: st.DataObject, keep: int
) -> None:
    versions = named(states)
    published = data.draw(st.sampled_from([name for name, _ in versions]) | st.none())
    gone = set(pruning.choose(versions, published=published, keep=keep))
    good = [name for name, state in versions if state is Status.READY and name != published]
    assert not gone & {published, *good[-1:], versions[-1][0]}
    assert len(versions) - len(gone) <= max(keep, 3)
    assert len(versions) - len(gone) >= min(keep, len(versions))
    lost_good = gone & set(good)
    kept_bad = {name for name, state in versions if state is not Status.READY} - gone - {published, versions[-1][0]}
    assert not (lost_good and kept_bad), "rejected and damaged ones go first"


def test_the_oldest_of_a_kind_goes_first() -> None:
    versions = named([Status.READY, Status.REJECTED, Status.READY, Status.REJECTED, Status.READY, Status.READY])
    assert pruning.choose(versions, published="v004", keep=4) == ["v001", "v003"]
    assert pruning.choose(versions, published="v004", keep=3) == ["v001", "v003", "v000"]
    assert pruning.choose(versions, published="v004", keep=6) == []
