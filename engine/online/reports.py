"""Reports for administrators: data statistics, unanswered searches and online metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.errors import SearchUnavailable
from core.jobs.job_catalogue import EVALUATE_ONLINE
from core.jobs.runs import Outcome, Run
from core.language import time_zones
from core.ports import MovieIndex
from core.trends import EventColumns
from core.users import EventKind
from data.database import Stores
from engine.clock import Clock, now
from engine.online import event_columns
from engine.online.rates import rate
from engine.registry.lifecycle import Lifecycle

DAYS = 30
"""Days of the rating chart."""
MIN_USERS = 2
"""Distinct users who must have searched for a text before it is shown: a single user's searches are private."""
RUNS = 60
"""Evaluations in the history: two months."""


@dataclass(frozen=True, slots=True)
class DataStatistics:
    """Statistics of this site's ratings."""

    ratings_per_day: tuple[tuple[date, int], ...]
    """The last days in the site's time zone, oldest first."""
    users: int
    """Users with ratings."""
    movies: int
    """Movies with ratings."""
    ratings: int
    sparsity: float | None
    """Share of the pairs of these users and movies without a rating; None without ratings."""
    cold_share: float | None
    """Share of the catalogue for which the published model has no ratings; None if unknown."""


@dataclass(frozen=True, slots=True)
class UnansweredSearch:
    """A text that several users searched for without clicking a result."""

    text: str
    """Folded."""
    times: int
    users: int


@dataclass(frozen=True, slots=True)
class OnlineFigures:
    """Online metrics, see docs/online.md."""

    latest: Mapping[str, Any]
    """Figures of the latest `evaluate-online`, as plain JSON values; empty if it never ran."""
    history: tuple[tuple[datetime, Mapping[str, Any]], ...]
    """Times with the rates `click_through`, `sessions`, `rated_well` and `helpful`, oldest first."""

    @property
    def policies(self) -> Sequence[Mapping[str, Any]]:
        """The latest off-policy estimates of `engine.online.off_policy`; empty without exploration."""
        found = self.latest.get("exploration")
        rows = found.get("policies") if isinstance(found, Mapping) else None
        return rows if isinstance(rows, list | tuple) else ()


@dataclass(frozen=True)
class Reports:
    """Reports for administrators."""

    stores: Stores
    index: MovieIndex
    lifecycle: Lifecycle
    clock: Clock = now
    zone: tzinfo = UTC
    """The site's time zone, in which days begin and end."""

    def data(self, *, days: int = DAYS) -> DataStatistics:
        """Return statistics of this site's ratings, with the last days one by one."""
        today, totals = self.clock(), self.stores.diaries.totals()
        cells = totals.users * totals.movies
        return DataStatistics(
            ratings_per_day=self._per_day(today, days),
            users=totals.users,
            movies=totals.movies,
            ratings=totals.ratings,
            sparsity=1 - totals.ratings / cells if cells else None,
            cold_share=self._cold_share(),
        )

    def unanswered(self, *, days: int = DAYS, limit: int = 50) -> Sequence[UnansweredSearch]:
        """Return searches of the last days without clicks, most frequent first; never those of a single user."""
        until = self.clock()
        kinds = (EventKind.SEARCH, EventKind.CLICK)
        events = self.stores.events.columns(since=until - timedelta(days=days), until=until, kinds=kinds)
        asked = Counter(fruitless(events))
        # Opting out deletes stored events; this covers those that were queued at the time.
        left_out = self.stores.accounts.without_events()
        found: dict[str, list[int]] = {}
        for (user, text), count in asked.items():
            if user not in left_out:
                found.setdefault(text, []).append(count)
        shown = (UnansweredSearch(text, sum(c), len(c)) for text, c in found.items() if len(c) >= MIN_USERS)
        return sorted(shown, key=lambda search: (-search.times, search.text))[:limit]

    def online(self) -> OnlineFigures:
        """Return the latest figures of the job `evaluate-online` and its history."""
        runs = self.stores.jobs.runs(EVALUATE_ONLINE, limit=RUNS)
        done = [run for run in reversed(runs) if run.outcome is Outcome.DONE and "sessions" in run.figures]
        return OnlineFigures(done[-1].figures if done else {}, tuple(map(_measured, done)))

    def _per_day(self, today: datetime, days: int) -> tuple[tuple[date, int], ...]:
        """Return the number of ratings on each of the last days, oldest first."""
        starts = time_zones.starts(time_zones.day(today, self.zone), days, self.zone)
        said = self.stores.diaries.changes_between(since=starts[0], until=today + timedelta(microseconds=1))
        begun = np.array([start.timestamp() for start in starts])
        place = np.searchsorted(begun, said.seconds[said.kinds == "rating"], side="right") - 1
        counts = np.bincount(place, minlength=days).tolist()
        return tuple((time_zones.day(start, self.zone), count) for start, count in zip(starts, counts, strict=True))

    def _cold_share(self) -> float | None:
        """Return the share of the catalogue without ratings in the published model; None without index or model."""
        version = self.lifecycle.current()
        try:
            movies = self.index.info().count
        except SearchUnavailable:
            return None
        if version is None or not movies or "movies" not in version.learned_from:
            return None
        return max(0.0, 1 - version.learned_from["movies"] / movies)


def fruitless(events: EventColumns) -> list[tuple[int, str]]:
    """Return user and folded text of each search without a click on its results within half an hour.

    The same text again within half an hour (the next page, a filter) is the same search.
    """
    found = searches(events)
    return [
        (user, text) for user, text, clicked in zip(found.users, found.texts, found.clicked, strict=True) if not clicked
    ]


@dataclass(frozen=True, slots=True)
class Searches:
    """Searches of users, each with all its pages and filters, by user and text.

    Attributes:
        users, texts: user and folded text of each.
        seconds: float64, (n,), since 1970, when it began.
        clicked: bool, (n,), whether a result was clicked within half an hour.
    """

    users: list[int]
    texts: list[str]
    seconds: NDArray[np.float64]
    clicked: NDArray[np.bool_]


def searches(events: EventColumns) -> Searches:
    """Return the searches of users; the same text again within half an hour is the same search."""
    events = event_columns.select(events, (events.users >= 0) & (events.queries != ""))
    words, code = event_columns.codes(np.array([texts.fold(text).strip() for text in events.queries], np.object_))
    order = np.lexsort((events.seconds, code, events.users))
    user, code, seconds = events.users[order], code[order], events.seconds[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (np.diff(user) != 0) | (np.diff(code) != 0) | (np.diff(seconds) > event_columns.VISIT_GAP)
    stretch = np.cumsum(fresh) - 1
    clicked = np.bincount(stretch[events.kinds[order] == EventKind.CLICK], minlength=int(fresh.sum())) > 0
    folded = np.array([words[one] for one in code], np.object_)
    starts = np.flatnonzero(fresh)
    asked = np.bincount(stretch[events.kinds[order] == EventKind.SEARCH], minlength=len(starts)) > 0
    named = asked & (folded[starts] != "")
    starts, clicked = starts[named], clicked[named]
    return Searches(user[starts].tolist(), folded[starts].tolist(), seconds[starts], clicked)


def _measured(run: Run) -> tuple[datetime, dict[str, Any]]:
    figures = run.figures
    shares = {"click_through": figures["click_through"]["all"], **{n: figures[n] for n in ("sessions", "rated_well")}}
    answers = figures.get("helpful", {"all": rate("answers", 0, 0)})  # the first versions did not ask
    return run.ended_at or run.queued_at, {**shares, "helpful": answers["all"]}
