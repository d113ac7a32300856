"""The job `evaluate-online`: what users did with what they were shown, of the last days up to now.

A user's signs of life less than half an hour apart are one visit. A movie shown in a list counts once a visit, and
was clicked if it was, in that list and visit. Visits of people without an account cannot be told apart: they count in
no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.jobs.runs import Kind, Parameter, Result, Work, check_parameters
from core.trends import DiaryColumns, EventColumns
from core.users import LIKED_STARS, EventKind, MarkKind
from data.database import Stores
from engine.job_context import JobContext
from engine.online import event_columns
from engine.online.rates import by_group, rate

PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {"days": Parameter("days", Kind.WHOLE, 1, 60, 7, "days up to now whose visits are looked at")}
)
MOST_POSITIONS = 50
"""Places further down are seen too rarely to say anything."""
WELL_DAYS = 14
"""Days within which a movie that was recommended has to be rated: people watch at the weekend, or the next one."""
GOOD_MARKS = (MarkKind.WATCHLIST, MarkKind.FAVOURITE, MarkKind.WATCHED, MarkKind.LIKED)
"""Marks that a visit was worth it for: all but turning a movie down."""
SUCCESSES = (EventKind.CLICK, EventKind.SWIPE_RIGHT)
_MOVIE_BITS = 31


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Measure.

    Raises:
        InvalidRequest: a parameter is unknown or out of range.
        StoreUnavailable, Cancelled: nothing was measured.
    """
    stores, until = context.stores, context.clock()
    days = check_parameters(PARAMETERS, parameters)["days"]
    since = until - timedelta(days=days)
    noticed = event_columns.join(event_columns.daily(stores.events, since=since, until=until, work=work))
    said = stores.diaries.changes_between(since=since, until=until)
    figures = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "days": days,
        "events": len(noticed),
        "click_through": click_through(noticed),
        "sessions": sessions(noticed, said),
        "rated_well": _rated_well(stores, days, until, work),
    }
    work.say(sentence(figures))
    return Result(figures)


def click_through(events: EventColumns) -> dict[str, Any]:
    """Share of shown movies that were clicked: in all, by position, by list and by model."""
    shown, clicked = _shown(events)
    positions = np.where((shown.positions >= 1) & (shown.positions <= MOST_POSITIONS), shown.positions, 0)
    placed = positions > 0
    return {
        "all": rate("all", int(clicked.sum()), len(shown)),
        "by_position": by_group(
            [str(place) for place in range(MOST_POSITIONS + 1)], positions[placed], clicked[placed]
        ),
        "by_list": _by_word(shown.lists, clicked),
        "by_model": _by_word(shown.models, clicked),
    }


def sessions(events: EventColumns, said: DiaryColumns) -> dict[str, Any]:
    """Share of visits with a click, a swipe to the right, a rating or a mark that speaks for a movie."""
    named = event_columns.select(events, events.users >= 0)
    users = np.concatenate((named.users, said.users))
    good = np.concatenate((np.isin(named.kinds, SUCCESSES), np.isin(said.kinds, ("rating", *GOOD_MARKS))))
    visit = event_columns.visits(users, np.concatenate((named.seconds, said.seconds)))
    return rate("visits", len(np.unique(visit[good])), len(np.unique(visit)))


@dataclass(frozen=True, slots=True)
class Recommended:
    """Movies that a model put before users, once each user and movie.

    Attributes:
        keys: int64, (n,), user and movie in one number, ascending.
        seconds: float64, (n,), since 1970, when it was seen first.
    """

    keys: NDArray[np.int64]
    seconds: NDArray[np.float64]

    @classmethod
    def of(cls, days: Iterable[EventColumns]) -> Recommended:
        """From impressions, day after day."""
        found = cls(np.empty(0, np.int64), np.empty(0))
        for events in days:
            made = event_columns.select(events, _joinable(events.users, events.movies) & (events.models != ""))
            keys = np.concatenate((found.keys, _keys(made.users, made.movies)))
            kept, first = np.unique(keys, return_index=True)
            found = cls(kept, np.concatenate((found.seconds, made.seconds))[first])
        return found


def rated_well(recommended: Recommended, said: DiaryColumns) -> dict[str, Any]:
    """Share of recommended movies that the user rated 4 stars or better within `WELL_DAYS` of seeing them there.

    `rated` in the answer is the number that were rated at all in that time, well or not.
    """
    rated = (said.kinds == "rating") & _joinable(said.users, said.movies)
    keys, seconds, stars = _keys(said.users, said.movies)[rated], said.seconds[rated], said.stars[rated]
    known = np.isin(keys, recommended.keys)
    places = np.searchsorted(recommended.keys, keys[known])
    passed = seconds[known] - recommended.seconds[places]
    in_time = (passed >= 0) & (passed <= WELL_DAYS * event_columns.DAY)
    well = len(np.unique(places[in_time & (stars[known] >= LIKED_STARS)]))
    return {**rate("recommended", well, len(recommended.keys)), "rated": len(np.unique(places[in_time]))}


def sentence(figures: Mapping[str, Any]) -> str:
    """The figures for the log."""
    parts = [
        f"{name}: {found['count']:,} of {found['of']:,}"
        for name, found in (
            ("films clicked", figures["click_through"]["all"]),
            ("visits with a success", figures["sessions"]),
            ("recommended films rated well", figures["rated_well"]),
        )
    ]
    return "; ".join(parts)


def _rated_well(stores: Stores, days: int, until: datetime, work: Work) -> dict[str, Any]:
    """Of the latest days whose time to be rated is over."""
    over = until - timedelta(days=WELL_DAYS)
    since = over - timedelta(days=days)
    shown = event_columns.daily(stores.events, since=since, until=over, work=work, kinds=[EventKind.IMPRESSION])
    return rated_well(Recommended.of(shown), stores.diaries.changes_between(since=since, until=until))


def _shown(events: EventColumns) -> tuple[EventColumns, NDArray[np.bool_]]:
    """Movies as they were shown, once a visit and list, and whether each was clicked there."""
    named = event_columns.select(events, events.users >= 0)
    visit, (_, list_name) = event_columns.visits(named.users, named.seconds), event_columns.codes(named.lists)
    group = _groups(visit, list_name, named.movies)
    seen = np.flatnonzero((named.kinds == EventKind.IMPRESSION) & (named.movies > 0))
    clicked = np.zeros(len(named), np.bool_)
    clicked[group[named.kinds == EventKind.CLICK]] = True
    groups, first = np.unique(group[seen], return_index=True)
    return event_columns.select(named, seen[first]), clicked[groups]


def _groups(*parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64, (n,): rows that are the same in all parts have the same number, below n."""
    order = np.lexsort(parts)
    fresh = np.zeros(len(order), np.bool_)
    for part in parts:
        fresh[1:] |= np.diff(part[order]) != 0
    found = np.empty(len(order), np.int64)
    found[order] = np.cumsum(fresh)
    return found


def _by_word(words: NDArray[np.object_], clicked: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """By what has a name."""
    named = words != ""
    names, places = event_columns.codes(words[named])
    return by_group(names, places, clicked[named])


def _joinable(users: NDArray[np.int64], movies: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether user and movie are there, and fit into one number: other numbers of movies are made up."""
    return (users >= 0) & (users < 1 << _MOVIE_BITS) & (movies > 0) & (movies < 1 << _MOVIE_BITS)


def _keys(users: NDArray[np.int64], movies: NDArray[np.int64]) -> NDArray[np.int64]:
    return (users << _MOVIE_BITS) | movies
