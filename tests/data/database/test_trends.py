"""Hourly counts, trending lists, exposures and implicit feedback: the contracts of their stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from core.recommendations.records import ExploredMovie, LoggedDraw
from core.recommendations.snapshots import ImplicitFeedback
from core.trends import HourTally, Origin, Trend, TrendList, Window
from core.types import MovieId
from core.users import Event, EventKind, MovieFeedback, User, UserId
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW, sign_up

DAY = TrendList(
    Window.DAY, Origin.EVENTS, NOW, (Trend(MovieId(949), 2.5, 4, 3.0, 0.5), Trend(MovieId(603), 1.0, 3, 1.0, 0.0))
)
SECONDS = int(NOW.timestamp())


def _tally(*rows: tuple[int, int, float, int]) -> HourTally:
    hours, movies, weights, events = zip(*rows, strict=True) if rows else ((), (), (), ())
    whole = [np.array(column, np.int64) for column in (hours, movies, events)]
    return HourTally(whole[0], whole[1], np.array(weights, np.float64), whole[2])


def _rows(tally: HourTally) -> list[tuple[int, int, float, int]]:
    columns = (tally.hours, tally.movies, tally.weights, tally.events)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _hints(*rows: tuple[int, int, int, int, int, int]) -> ImplicitFeedback:
    return ImplicitFeedback(*np.array(rows, np.int64).reshape(-1, 6).T)


def test_hours_are_returned_as_counted_ordered_by_hour_and_movie(stores: Stores) -> None:
    stores.trends.recount(since=5, tally=_tally((7, 2, 1.5, 3), (7, 1, 0.25, 1), (5, 9, 1.0, 1)))
    assert _rows(stores.trends.hours(since=0)) == [(5, 9, 1.0, 1), (7, 1, 0.25, 1), (7, 2, 1.5, 3)]
    assert _rows(stores.trends.hours(since=6)) == [(7, 1, 0.25, 1), (7, 2, 1.5, 3)]
    assert stores.trends.hours(since=6).weights.dtype == np.float64


def test_without_counts_there_are_no_hours(stores: Stores) -> None:
    assert len(stores.trends.hours(since=0)) == 0


def test_a_recount_replaces_its_hours_and_keeps_earlier_ones(stores: Stores) -> None:
    stores.trends.recount(since=5, tally=_tally((5, 1, 1.0, 1), (6, 1, 1.0, 1), (7, 1, 1.0, 1)))
    stores.trends.recount(since=6, tally=_tally((6, 2, 2.0, 2)))
    assert _rows(stores.trends.hours(since=0)) == [(5, 1, 1.0, 1), (6, 2, 2.0, 2)]
    stores.trends.recount(since=0, tally=_tally())
    assert len(stores.trends.hours(since=0)) == 0


def test_a_recount_with_earlier_hours_is_rejected_and_changes_nothing(stores: Stores) -> None:
    stores.trends.recount(since=5, tally=_tally((5, 1, 1.0, 1)))
    with pytest.raises(ValueError, match="expected changed hours, or from 6 on, got 5"):
        stores.trends.recount(since=6, tally=_tally((5, 2, 1.0, 1)))
    assert _rows(stores.trends.hours(since=0)) == [(5, 1, 1.0, 1)]


def test_changed_hours_are_replaced_and_settled_one_by_one(stores: Stores) -> None:
    hour = int(NOW.timestamp()) // 3600
    earlier = _tally((hour - 9, 1, 1.0, 1), (hour - 8, 1, 1.0, 1))
    stores.trends.recount(since=0, tally=earlier)
    stores.trends.publish([TrendList(Window.DAY, Origin.EVENTS, NOW, ())])
    for hours in (9, 9, 8, 1, 0):
        stores.events.add([Event(EventKind.CLICK, NOW - hours * 60 * MINUTE, movie=MovieId(1))])
    found = stores.trends.changed(since=0, limit=9)
    assert [one.hour for one in found] == [hour - 8, hour - 9, hour - 9]
    assert [one.hour for one in stores.trends.changed(since=hour - 8, limit=9)] == [hour - 8]
    stores.trends.recount(since=hour, tally=_tally((hour - 9, 1, 3.0, 3)), changed=found[1:2])
    assert _rows(stores.trends.hours(since=0)) == [(hour - 9, 1, 3.0, 3), (hour - 8, 1, 1.0, 1)]
    assert list(stores.trends.changed(since=0, limit=9)) == [found[0], found[2]]
    stores.trends.purge(before=hour - 8)
    assert list(stores.trends.changed(since=0, limit=9)) == [found[0]]


def test_more_hours_than_one_chunk_are_all_written(stores: Stores) -> None:
    tally = _tally(*((hour, movie, 0.5, 1) for hour in range(90) for movie in range(1, 51)))
    stores.trends.recount(since=0, tally=tally)
    assert _rows(stores.trends.hours(since=0)) == _rows(tally)


def test_old_hours_are_purged(stores: Stores) -> None:
    stores.trends.recount(since=5, tally=_tally((5, 1, 1.0, 1), (5, 2, 1.0, 1), (7, 1, 1.0, 1)))
    assert stores.trends.purge(before=7) == 2
    assert _rows(stores.trends.hours(since=0)) == [(7, 1, 1.0, 1)]


def test_a_list_is_read_as_last_published(stores: Stores) -> None:
    assert stores.trends.read(Window.DAY) is None
    week = TrendList(Window.WEEK, Origin.MOVIELENS, NOW, ())
    stores.trends.publish([DAY, week])
    assert (stores.trends.read(Window.DAY), stores.trends.read(Window.WEEK)) == (DAY, week)
    again = replace(DAY, made_at=NOW + MINUTE, trends=DAY.trends[1:])
    stores.trends.publish([again])
    assert (stores.trends.read(Window.DAY), stores.trends.read(Window.WEEK)) == (again, week)
    assert stores.trends.read(Window.RISING) is None


def test_a_user_keeps_the_first_variant(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    stores.exposures.add("ranker", {ann.id: "published", UserId(999_999): "bold"}, at=NOW)
    stores.exposures.add("ranker", {ann.id: "bold", bob.id: "bold"}, at=NOW + MINUTE)
    stores.exposures.add("other", {ann.id: "x"}, at=NOW)
    stores.exposures.add("none", {}, at=NOW)
    assert stores.exposures.read("ranker") == {ann.id: ("published", NOW), bob.id: ("bold", NOW + MINUTE)}
    assert stores.exposures.of_user(ann.id) == {"other": ("x", NOW), "ranker": ("published", NOW)}
    stores.accounts.delete(ann.id)
    assert stores.exposures.read("ranker") == {bob.id: ("bold", NOW + MINUTE)}
    assert stores.exposures.read("none") == {}


def test_a_draw_is_kept_once_a_day_and_goes_with_its_user(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    first = LoggedDraw(ann.id, ExploredMovie(MovieId(603), 4, 2, 40, 0.125), NOW)
    again = replace(first, at=NOW + MINUTE, explored=replace(first.explored, position=9))
    later = replace(first, at=NOW + timedelta(days=1))
    other = replace(first, user=bob.id)
    stores.explorations.add([first, again, later, other, replace(first, user=UserId(999_999))])
    stores.explorations.add([])
    assert stores.explorations.of_user(ann.id) == [first, later]
    assert set(stores.explorations.read(since=NOW, until=NOW + MINUTE)) == {first, other}
    assert stores.explorations.purge(before=NOW + MINUTE) == 2
    assert stores.explorations.forget(ann.id) == 1
    stores.explorations.add([other])
    stores.accounts.delete(bob.id)
    assert stores.explorations.read(since=NOW, until=NOW + MINUTE) == []


def test_an_export_names_all_experiments_without_their_phase(stores: Stores, ann: User) -> None:
    for phase, variant, at in (("a@ff", "x", NOW), ("a@00", "y", NOW + MINUTE), ("ab@11", "z", NOW)):
        stores.exposures.add(phase, {ann.id: variant}, at=at)
    assert stores.exposures.of_user(ann.id) == {"a": ("x", NOW), "a (2)": ("y", NOW + MINUTE), "ab": ("z", NOW)}
    assert list(stores.exposures.of_user(ann.id)) == ["a", "a (2)", "ab"]


def test_implicit_feedback_is_replaced_completely_without_unknown_users(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    stores.implicit_feedback.replace(_hints((ann.id, 1, 1, 0, 0, 5)))
    stores.implicit_feedback.replace(
        _hints((bob.id, 9, 0, 0, 4, SECONDS), (ann.id, 3, 2, 1, 0, SECONDS), (999_999, 3, 2, 1, 0, SECONDS))
    )
    found = stores.implicit_feedback.read()
    assert found.users.tolist() == [ann.id, bob.id]
    assert (found.movies.tolist(), found.clicks.tolist(), found.searches.tolist()) == ([3, 9], [2, 0], [1, 0])
    assert (found.skips.tolist(), found.times.tolist()) == ([0, 4], [SECONDS, SECONDS])
    feedback = stores.implicit_feedback.of_user(ann.id)
    assert list(feedback) == [MovieFeedback(MovieId(3), 2, 1, 0, NOW.replace(microsecond=0))]
    assert list(stores.implicit_feedback.of_user(UserId(999_999))) == []


def test_implicit_feedback_is_deleted_with_the_account_or_on_opting_out(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    stores.implicit_feedback.replace(_hints((ann.id, 1, 1, 0, 0, 5), (ann.id, 2, 1, 0, 0, 5), (bob.id, 1, 1, 0, 0, 5)))
    assert stores.implicit_feedback.forget(ann.id) == 2
    assert stores.implicit_feedback.read().users.tolist() == [bob.id]
    stores.accounts.delete(bob.id)
    assert len(stores.implicit_feedback.read()) == 0
    stores.implicit_feedback.replace(_hints())
