"""The retention policy of versions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.recommendations.models import Status
from engine.registry import retention

STATES = st.sampled_from([Status.READY, Status.REJECTED, Status.DAMAGED])


def named(states: list[Status]) -> list[tuple[str, Status]]:
    return [(f"v{number:03}", state) for number, state in enumerate(states)]


@given(states=st.lists(STATES, min_size=1, max_size=20), data=st.data(), keep=st.integers(1, 8))
def test_the_published_and_the_newest_other_good_version_are_never_deleted(
    states: list[Status], data: st.DataObject, keep: int
) -> None:
    versions = named(states)
    published = data.draw(st.sampled_from([name for name, _ in versions]) | st.none())
    gone = set(retention.choose(versions, published=published, keep=keep))
    good = [name for name, state in versions if state is Status.READY and name != published]
    assert not gone & {published, *good[-1:], versions[-1][0]}
    assert len(versions) - len(gone) <= max(keep, 3)
    assert len(versions) - len(gone) >= min(keep, len(versions))
    lost_good = gone & set(good)
    kept_bad = {name for name, state in versions if state is not Status.READY} - gone - {published, versions[-1][0]}
    assert not (lost_good and kept_bad), "rejected and damaged ones go first"


def test_two_weeks_of_daily_derived_versions_leave_the_kept_trainings() -> None:
    """Weekly trainings, and a daily derived version as made by `item-to-item`."""
    versions: list[tuple[str, Status]] = []
    child_of: dict[str, str] = {}
    for day in range(35):
        name = f"v{day:03}"
        if day % 7:
            child_of[name] = versions[-1][0]
        versions.append((name, Status.READY))
        gone = retention.choose(versions, published=name, keep=5, superseded=set(child_of.values()))
        versions = [version for version in versions if version[0] not in gone]
    weeks = {int(name[1:]) // 7 for name, _ in versions}
    assert len(versions) == 5
    assert weeks == {1, 2, 3, 4}, "four of the five trainings have a version for rollback"


def test_the_oldest_of_a_rank_is_deleted_first() -> None:
    versions = named([Status.READY, Status.REJECTED, Status.READY, Status.REJECTED, Status.READY, Status.READY])
    assert retention.choose(versions, published="v004", keep=4) == ["v001", "v003"]
    assert retention.choose(versions, published="v004", keep=3) == ["v001", "v003", "v000"]
    assert retention.choose(versions, published="v004", keep=6) == []
