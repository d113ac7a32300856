"""Reports for administrators, and what they must not contain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.config import Settings
from core.errors import IndexMissing, InvalidRequest
from core.jobs.runs import Outcome
from core.language import time_zones
from core.types import MovieId
from core.users import Event, EventKind, MarkKind, Preferences, User
from data.database import Stores
from engine import wiring
from engine.online import evaluation, rates
from engine.online.reports import Reports, UnansweredSearch, fruitless
from tests import fakes
from tests.data.database.servers import MINUTE, NOW, sign_up
from tests.engine.online.visitors import MINUTE as A_MINUTE
from tests.engine.online.visitors import START, Visits, Watched

CLICK, SEEN, SEARCH = EventKind.CLICK, EventKind.IMPRESSION, EventKind.SEARCH
A_DAY = timedelta(days=1)
HEAT, ALIEN = MovieId(949), MovieId(348)


@dataclass
class Index:
    """An index of 480 movies, or none."""

    missing: bool = False

    def info(self) -> Any:
        """Describe the index."""
        if self.missing:
            raise IndexMissing("no index yet")
        return type("Info", (), {"count": 480})


def _insight(stores: Stores, *, missing: bool = False) -> Reports:
    index: Any = Index(missing)
    return Reports(stores, index, fakes.FakeLifecycle(), clock=lambda: NOW)


def _people(stores: Stores, count: int) -> list[User]:
    return [sign_up(stores, f"Viewer {number}") for number in range(count)]


def _search(user: User, text: str, *, before: timedelta = MINUTE) -> Event:
    return Event(SEARCH, NOW - before, user.id, list="search", query=text)


def test_data_statistics_match_the_stored_ratings(stores: Stores) -> None:
    ann, bob, _ = _people(stores, 3)
    stores.diaries.rate(ann.id, {HEAT: 4.0, ALIEN: 3.0}, at=NOW - 2 * A_DAY)
    stores.diaries.rate(bob.id, {HEAT: 2.0}, at=NOW)
    stores.diaries.mark(bob.id, MarkKind.LIKED, [ALIEN], on=True, at=NOW)
    found = _insight(stores).data(days=4)
    assert [(day.isoformat(), count) for day, count in found.ratings_per_day] == [
        ("2026-11-18", 0),
        ("2026-11-19", 2),
        ("2026-11-20", 0),
        ("2026-11-21", 1),
    ]
    assert (found.users, found.movies, found.ratings, found.sparsity) == (2, 2, 3, 0.25)


@pytest.mark.parametrize(
    ("zone", "counts"),
    [
        ("UTC", {"2026-03-07": 1, "2026-03-08": 3, "2026-03-09": 0}),
        ("America/Los_Angeles", {"2026-03-06": 1, "2026-03-07": 1, "2026-03-08": 2}),
        ("Pacific/Auckland", {"2026-03-07": 1, "2026-03-08": 1, "2026-03-09": 2}),
    ],
)
def test_ratings_are_counted_by_days_of_the_site(stores: Stores, zone: str, counts: dict[str, int]) -> None:
    (ann,) = _people(stores, 1)
    for movie, (day, hour) in enumerate(((7, 7), (8, 7), (8, 12), (8, 23)), start=1):
        stores.diaries.rate(ann.id, {MovieId(movie): 4.0}, at=datetime(2026, 3, day, hour, 59, tzinfo=UTC))
    late = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)  # an hour was skipped in Los Angeles on the 8th
    index: Any = Index()
    reports = Reports(stores, index, fakes.FakeLifecycle(), clock=lambda: late, zone=time_zones.zone(zone))
    assert {f"{day}": count for day, count in reports.data(days=3).ratings_per_day} == counts


def test_movies_without_ratings_in_the_model_are_cold(stores: Stores) -> None:
    current = fakes.FakeLifecycle().current()
    assert current is not None
    assert _insight(stores).data().cold_share == pytest.approx(1 - current.learned_from["movies"] / 480)
    assert _insight(stores, missing=True).data().cold_share is None


def test_without_ratings_there_is_no_sparsity(stores: Stores) -> None:
    found = _insight(stores).data(days=2)
    assert (found.sparsity, found.ratings, [count for _, count in found.ratings_per_day]) == (None, 0, [0, 0])


def test_a_search_is_answered_by_a_click_on_its_results_within_half_an_hour() -> None:
    visits = Visits()
    for user, after, query in ((1, 29, "robots"), (2, 31, "robots"), (3, 5, "otters"), (4, 5, "")):
        visits.add(SEARCH, START, user, query="Robots")
        visits.add(CLICK, START + after * A_MINUTE, user, 7, query=query)
    assert sorted(fruitless(visits.columns())) == [(2, "robots"), (3, "robots"), (4, "robots")]


def test_the_next_page_of_a_search_is_the_same_search() -> None:
    visits = Visits()
    for minute in (0, 1, 2, 90):
        visits.add(SEARCH, START + minute * A_MINUTE, query="robots ")
    visits.add(SEARCH, START, -1, query="robots")
    assert fruitless(visits.columns()) == [(1, "robots"), (1, "robots")]
    assert fruitless(Visits().columns()) == []


def test_unanswered_searches_are_listed_most_frequent_first(stores: Stores) -> None:
    ann, bob = _people(stores, 2)
    often = [_search(user, text) for user in (ann, bob) for text in ("Löwen", "zebras")]
    stores.events.add(
        [*often, _search(ann, "zebras", before=3 * 60 * MINUTE), _search(ann, "lowen", before=40 * A_DAY)]
    )
    found = _insight(stores).unanswered(days=30)
    assert found == [UnansweredSearch("zebras", 3, 2), UnansweredSearch("lowen", 2, 2)]
    assert _insight(stores).unanswered(limit=1) == found[:1]


def test_searches_of_a_single_user_are_never_shown(stores: Stores) -> None:
    ann, bob = _people(stores, 2)
    stores.events.add([_search(ann, "my own name", before=hour * 60 * MINUTE) for hour in (1, 2, 3)])
    stores.events.add([_search(bob, "something else")])
    assert _insight(stores).unanswered() == []


def test_searches_of_opted_out_users_do_not_count(stores: Stores) -> None:
    ann, bob = _people(stores, 2)
    stores.events.add([_search(user, "robots") for user in (ann, bob)])
    assert len(_insight(stores).unanswered()) == 1
    stores.accounts.set_preferences(ann.id, Preferences(keep_events=False))
    assert _insight(stores).unanswered() == []


def test_the_job_measures_the_last_days_and_reports_show_it(settings: Settings, stores: Stores, work: Watched) -> None:
    ann, bob = _people(stores, 2)
    fields: dict[str, Any] = {"list": "for-you", "position": 1, "model": "m1"}
    for user in (ann, bob):
        stores.events.add([Event(SEEN, NOW - A_DAY, user.id, HEAT, **fields)])
        stores.events.add([Event(SEEN, NOW - 16 * A_DAY, user.id, ALIEN, **fields)])
    stores.events.add([Event(CLICK, NOW - A_DAY + MINUTE, ann.id, HEAT, **fields)])
    stores.events.add([Event(EventKind.HELPFUL, NOW - A_DAY + MINUTE, ann.id, list="for-you")])
    stores.diaries.rate(bob.id, {ALIEN: 4.5}, at=NOW - 10 * A_DAY)
    assert _insight(stores).online().history == ()
    run = stores.jobs.start("evaluate-online", holder="a", at=NOW)
    result = evaluation.run(wiring.job_context(settings, stores, lambda: NOW), work, parameters={})
    stores.jobs.finish(run.id, outcome=Outcome.DONE, at=NOW, figures=result.figures)
    shares = {name: result.figures[name] for name in ("sessions", "rated_well")}
    shares |= {name: result.figures[name]["all"] for name in ("click_through", "helpful")}
    assert {name: (share["count"], share["of"]) for name, share in shares.items()} == {
        "sessions": (1, 2),
        "rated_well": (1, 2),
        "click_through": (1, 2),
        "helpful": (1, 1),
    }
    found = _insight(stores).online()
    assert found.latest == result.figures
    assert found.history == ((NOW, shares),)
    assert work.said == [
        "movies clicked: 1 of 2; successful visits: 1 of 2; recommended movies rated well: 1 of 2; helpful: 1 of 1"
    ]


def test_evaluations_from_before_the_question_was_asked_have_no_answers(stores: Stores) -> None:
    nothing = rates.rate("any", 0, 0)
    figures = {"click_through": {"all": nothing}, "sessions": nothing, "rated_well": nothing}
    run = stores.jobs.start("evaluate-online", holder="a", at=NOW)
    stores.jobs.finish(run.id, outcome=Outcome.DONE, at=NOW, figures=figures)
    ((_, shares),) = _insight(stores).online().history
    assert (shares["helpful"]["of"], shares["helpful"]["share"]) == (0, None)


def test_an_invalid_number_of_days_is_refused(settings: Settings, stores: Stores, work: Watched) -> None:
    with pytest.raises(InvalidRequest, match="days"):
        evaluation.run(wiring.job_context(settings, stores), work, parameters={"days": 0})
