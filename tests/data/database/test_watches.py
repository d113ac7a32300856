"""Watchings and goals: the contract of `WatchStore`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from core.diary.watches import MAX_NOTE_LENGTH, Watch, WatchEntry, WatchGoal
from core.errors import InvalidRequest, NotFound
from core.types import MovieId
from core.users import MarkKind, User, UserId
from data.database import Stores
from data.database.diary import watches as module
from tests.data.database.servers import MINUTE, NOW, rows, sign_up

HEAT, MATRIX = MovieId(949), MovieId(603)
NOBODY = UserId(999_999)
LATER = NOW + MINUTE
ENTRY = WatchEntry(movie=HEAT, day=date(2026, 3, 1), rewatch=True, stars=4.5, note="With Bob")


def on(day: int, **changed: object) -> WatchEntry:
    return replace(ENTRY, day=date(2026, 3, day), **changed)  # type: ignore[arg-type]


def stars(stores: Stores, user: User) -> float | None:
    found = stores.diaries.read(user.id).ratings.get(HEAT)
    return found.stars if found else None


def test_a_logged_watching_is_read_as_it_was_written(stores: Stores, ann: User) -> None:
    watch = stores.watches.log(ann.id, ENTRY, at=NOW)
    assert watch == Watch(id=watch.id, entry=ENTRY, created_at=NOW)
    assert stores.watches.get(ann.id, watch.id) == watch
    assert list(stores.watches.read(ann.id)) == [watch]


def test_a_watching_marks_its_movie_and_its_stars_become_the_rating_in_one_step(stores: Stores, ann: User) -> None:
    stores.watches.log(ann.id, ENTRY, at=NOW)
    diary = stores.diaries.read(ann.id)
    assert diary.marks == {MarkKind.WATCHED: {HEAT: NOW}}
    assert (diary.ratings[HEAT].stars, diary.revision) == (4.5, 1)
    assert {change.what for change in stores.diaries.history(ann.id)} == {"watch", "rating", "watched"}


def test_a_watching_without_stars_keeps_the_rating(stores: Stores, ann: User) -> None:
    stores.diaries.rate(ann.id, {HEAT: 2.0}, at=NOW)
    stores.watches.log(ann.id, on(1, stars=None), at=NOW)
    assert stars(stores, ann) == 2.0


def test_an_earlier_watching_that_is_logged_later_keeps_the_rating(stores: Stores, ann: User) -> None:
    stores.watches.log(ann.id, on(9, stars=3.0), at=NOW)
    early = stores.watches.log(ann.id, on(1, stars=5.0), at=LATER)
    assert stars(stores, ann) == 3.0
    stores.watches.change(ann.id, early.id, on(10, stars=5.0), at=LATER)
    assert stars(stores, ann) == 5.0


def test_watchings_are_ordered_by_day_and_then_by_entry(stores: Stores, ann: User) -> None:
    logged = [stores.watches.log(ann.id, on(day), at=NOW) for day in (5, 1, 5, 9)]
    found = [watch.id for watch in stores.watches.read(ann.id)]
    assert found == [logged[number].id for number in (3, 2, 0, 1)]
    assert [watch.id for watch in stores.watches.read(ann.id, limit=2, offset=1)] == found[1:3]
    assert stores.watches.count(ann.id, first=date(2026, 3, 5), last=date(2026, 3, 8)) == 2


def test_years_are_counted(stores: Stores, ann: User) -> None:
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(1999, 5, 5)):
        stores.watches.log(ann.id, replace(ENTRY, day=day), at=NOW)
    assert list(stores.watches.years(ann.id).items()) == [(2026, 2), (2025, 1), (1999, 1)]


def test_a_change_keeps_the_movie_and_the_time_of_entry(stores: Stores, ann: User) -> None:
    watch = stores.watches.log(ann.id, ENTRY, at=NOW)
    changed = stores.watches.change(ann.id, watch.id, WatchEntry(movie=MATRIX, day=date(2026, 4, 1)), at=LATER)
    assert changed == Watch(id=watch.id, entry=WatchEntry(movie=HEAT, day=date(2026, 4, 1)), created_at=NOW)
    assert stores.watches.get(ann.id, watch.id) == changed


def test_a_change_to_the_same_values_changes_nothing(stores: Stores, ann: User) -> None:
    watch = stores.watches.log(ann.id, ENTRY, at=NOW)
    history = stores.diaries.history(ann.id)
    assert stores.watches.change(ann.id, watch.id, ENTRY, at=LATER) == watch
    assert stores.diaries.history(ann.id) == history


def test_deleting_a_watching_keeps_rating_and_mark(stores: Stores, ann: User) -> None:
    watch = stores.watches.log(ann.id, ENTRY, at=NOW)
    assert stores.watches.delete(ann.id, watch.id, at=LATER) == watch
    assert list(stores.watches.read(ann.id)) == []
    assert stars(stores, ann) == 4.5
    assert HEAT in stores.diaries.read(ann.id).marked(MarkKind.WATCHED)


def test_the_history_has_watchings_before_and_after(stores: Stores, ann: User) -> None:
    watch = stores.watches.log(ann.id, ENTRY, at=NOW)
    stores.watches.change(ann.id, watch.id, on(2, stars=None, rewatch=False, note=""), at=LATER)
    stores.watches.delete(ann.id, watch.id, at=LATER)
    found = [change for change in stores.diaries.history(ann.id) if change.what == "watch"]
    shown = [[json.loads(text) if text else None for text in (one.before, one.after)] for one in found]
    first = {"id": watch.id, "day": "2026-03-01", "stars": 4.5, "rewatch": True, "note": "With Bob"}
    second = {"id": watch.id, "day": "2026-03-02"}
    assert shown == [[second, None], [first, second], [None, first]]


def test_a_change_and_a_deletion_can_be_undone(stores: Stores, ann: User) -> None:
    watch = stores.watches.log(ann.id, ENTRY, at=NOW)
    stores.watches.change(ann.id, watch.id, on(7), at=LATER)
    assert stores.watches.undo(ann.id, watch.id, at=LATER) == watch
    stores.watches.delete(ann.id, watch.id, at=LATER)
    restored = stores.watches.undo(ann.id, watch.id, at=LATER)
    assert restored.entry == ENTRY
    assert restored.id > watch.id, "numbers are not reused"


def test_the_watching_of_another_user_is_not_found(stores: Stores, ann: User) -> None:
    watch, bob = stores.watches.log(ann.id, ENTRY, at=NOW), sign_up(stores, "Bob")
    stores.watches.change(ann.id, watch.id, on(7), at=NOW)
    for call in (
        lambda: stores.watches.get(bob.id, watch.id),
        lambda: stores.watches.change(bob.id, watch.id, ENTRY, at=NOW),
        lambda: stores.watches.delete(bob.id, watch.id, at=NOW),
        lambda: stores.watches.undo(bob.id, watch.id, at=NOW),
    ):
        with pytest.raises(NotFound):
            call()
    assert stores.watches.get(ann.id, watch.id).entry == on(7)
    assert list(stores.watches.of_movie(bob.id, HEAT, limit=9)) == []


def test_an_unknown_user_has_no_watchings_and_cannot_log(stores: Stores, url: str) -> None:
    assert (list(stores.watches.read(NOBODY)), stores.watches.count(NOBODY), dict(stores.watches.years(NOBODY))) == (
        [],
        0,
        {},
    )
    with pytest.raises(NotFound):
        stores.watches.log(NOBODY, ENTRY, at=NOW)
    with pytest.raises(NotFound):
        stores.watches.set_goal(NOBODY, 2026, 52)
    assert [rows(url, table) for table in ("watches", "watch_goals", "changes", "marks")] == [0, 0, 0, 0]


@pytest.mark.parametrize("note", ["'; DROP TABLE users; --", "日本語 🎬", "x" * MAX_NOTE_LENGTH, "a\nb", '{"id": 1}'])
def test_a_note_is_stored_and_restored_unchanged(stores: Stores, ann: User, note: str) -> None:
    watch = stores.watches.log(ann.id, replace(ENTRY, note=note), at=NOW)
    stores.watches.delete(ann.id, watch.id, at=NOW)
    assert stores.watches.undo(ann.id, watch.id, at=NOW).entry.note == note


def test_a_full_diary_refuses_another_watching(stores: Stores, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WATCHES", 2)
    stores.diaries.record(ann.id, ratings={}, marks={}, watches=[(on(1), NOW), (on(2), NOW)])
    with pytest.raises(InvalidRequest, match="full"):
        stores.watches.log(ann.id, ENTRY, at=NOW)
    with pytest.raises(InvalidRequest, match="full"):
        stores.diaries.record(ann.id, ratings={MATRIX: (4.0, NOW)}, marks={}, watches=[(ENTRY, NOW)])
    assert (stores.watches.count(ann.id), dict(stores.diaries.read(ann.id).ratings)) == (2, {})


def test_thousands_of_watchings_are_imported_at_once(stores: Stores, ann: User) -> None:
    many = [(replace(ENTRY, movie=MovieId(movie), stars=None), NOW) for movie in range(1, 3_001)]
    stores.diaries.record(ann.id, ratings={}, marks={}, watches=many)
    assert stores.watches.count(ann.id) == len(stores.diaries.watched_on(ann.id)) == 3_000
    assert len(stores.diaries.history(ann.id, limit=10_000)) == 3_000


def test_goals_are_set_replaced_and_removed(stores: Stores, ann: User) -> None:
    for year, goal in ((2026, 52), (2025, 10), (2026, 60)):
        stores.watches.set_goal(ann.id, year, goal)
    assert list(stores.watches.goals(ann.id)) == [WatchGoal(2025, 10), WatchGoal(2026, 60)]
    stores.watches.set_goal(ann.id, 2025, None)
    assert list(stores.watches.goals(ann.id)) == [WatchGoal(2026, 60)]


@pytest.mark.parametrize("movie", [0, -1, 2**63])
def test_an_impossible_movie_id_is_rejected(stores: Stores, ann: User, movie: int) -> None:
    with pytest.raises(NotFound, match="no movie"):
        stores.watches.log(ann.id, replace(ENTRY, movie=MovieId(movie)), at=NOW)
