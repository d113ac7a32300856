"""What administrators see of the data, of searches that led nowhere, and of the figures measured online."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from core import texts
from core.errors import SearchUnavailable
from core.jobs.job_catalogue import EVALUATE_ONLINE
from core.jobs.runs import Outcome, Run
from core.ports import MovieIndex
from core.trends import EventColumns
from core.users import EventKind
from data.database import Stores
from engine.clock import Clock, now
from engine.online import event_columns
from engine.online.implicit_feedback import willing
from engine.registry.lifecycle import Lifecycle

DAYS = 30
"""Days of ratings that a chart shows."""
MIN_USERS = 2
"""Different users who must have searched for a text before anybody is shown it: one person's words are private."""
RUNS = 60
"""Evaluations that the history goes back: two months of them."""


@dataclass(frozen=True, slots=True)
class DataStatistics:
    """How much users of this site have said."""

    ratings_per_day: tuple[tuple[date, int], ...]
    """The last days (UTC), the oldest first."""
    users: int
    """Who rated anything."""
    movies: int
    """Movies that anybody rated."""
    ratings: int
    sparsity: float | None
    """Share of the pairs of these users and movies without a rating; None while there are none."""
    cold_share: float | None
    """Share of the catalogue that the published model learned nothing about from ratings; None where unknown."""


@dataclass(frozen=True, slots=True)
class UnansweredSearch:
    """A text that several users searched for without clicking anything."""

    text: str
    """Folded."""
    times: int
    users: int


@dataclass(frozen=True, slots=True)
class OnlineFigures:
    """What was measured of what users did with what they were shown, see docs/online.md."""

    latest: Mapping[str, Any]
    """Figures of the latest `evaluate-online`, as plain JSON values; empty while there are none."""
    history: tuple[tuple[datetime, Mapping[str, Any]], ...]
    """When, and the shares `click_through`, `sessions` and `rated_well`, the oldest first."""


@dataclass(frozen=True)
class Reports:
    """What the data say about themselves, for administrators."""

    stores: Stores
    index: MovieIndex
    lifecycle: Lifecycle
    clock: Clock = now

    def data(self, *, days: int = DAYS) -> DataStatistics:
        """Figures of the ratings of this site, the last days one by one, and of the movies without any."""
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
        """Searches of the last days that nobody clicked anything of, the most frequent first; never one person's."""
        until = self.clock()
        kinds = (EventKind.SEARCH, EventKind.CLICK)
        events = self.stores.events.columns(since=until - timedelta(days=days), until=until, kinds=kinds)
        asked = Counter(fruitless(events))
        # Who opted out has no events left; this is for those on their way when they did.
        agreeing = willing({user for user, _ in asked}, self.stores.accounts)
        found: dict[str, list[int]] = {}
        for (user, text), count in asked.items():
            if user in agreeing:
                found.setdefault(text, []).append(count)
        shown = (UnansweredSearch(text, sum(c), len(c)) for text, c in found.items() if len(c) >= MIN_USERS)
        return sorted(shown, key=lambda search: (-search.times, search.text))[:limit]

    def online(self) -> OnlineFigures:
        """What the job `evaluate-online` measured last, and the runs before, the oldest first."""
        runs = self.stores.jobs.runs(EVALUATE_ONLINE, limit=RUNS)
        done = [run for run in reversed(runs) if run.outcome is Outcome.DONE and "sessions" in run.figures]
        return OnlineFigures(done[-1].figures if done else {}, tuple(map(_measured, done)))

    def _per_day(self, today: datetime, days: int) -> tuple[tuple[date, int], ...]:
        """Ratings given on each of the last days (UTC), the oldest first; days without any count nought."""
        first = today.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
        said = self.stores.diaries.changes_between(since=first, until=today + timedelta(microseconds=1))
        place = (said.seconds[said.kinds == "rating"] - first.timestamp()) // event_columns.DAY
        counts = np.bincount(place.astype(np.int64), minlength=days).tolist()
        return tuple((first.date() + timedelta(days=day), count) for day, count in enumerate(counts))

    def _cold_share(self) -> float | None:
        """Share of the catalogue that the published model learned nothing about from ratings; None without either."""
        version = self.lifecycle.current()
        try:
            movies = self.index.info().count
        except SearchUnavailable:
            return None
        if version is None or not movies or "films" not in version.learned_from:
            return None
        return max(0.0, 1 - version.learned_from["films"] / movies)


def fruitless(events: EventColumns) -> list[tuple[int, str]]:
    """User and folded text of every search that no click on its results followed within half an hour.

    The same text again within half an hour (the next page, a filter) is the same search.
    """
    events = event_columns.select(events, (events.users >= 0) & (events.queries != ""))
    words, code = event_columns.codes(np.array([texts.fold(text).strip() for text in events.queries], np.object_))
    order = np.lexsort((events.seconds, code, events.users))
    user, code, seconds = events.users[order], code[order], events.seconds[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (np.diff(user) != 0) | (np.diff(code) != 0) | (np.diff(seconds) > event_columns.VISIT_GAP)
    stretch = np.cumsum(fresh) - 1
    clicked = np.bincount(stretch[events.kinds[order] == EventKind.CLICK], minlength=int(fresh.sum())) > 0
    starts = np.flatnonzero(fresh)[~clicked]
    return [(int(user[row]), words[code[row]]) for row in starts if words[code[row]]]


def _measured(run: Run) -> tuple[datetime, dict[str, Any]]:
    figures = run.figures
    shares = {"click_through": figures["click_through"]["all"], **{n: figures[n] for n in ("sessions", "rated_well")}}
    return run.ended_at or run.queued_at, shares
