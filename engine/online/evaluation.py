"""The job `evaluate-online`: measure what users did in the last days with what they were shown.

A user's events less than half an hour apart are one visit. A movie shown in a list counts once per visit, and as
clicked if it was clicked in that list during that visit. A visit is successful if it has a success, and no answer that
a search or a list was not helpful after it. Visitors without an account cannot be distinguished and are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.jobs.runs import Kind, Parameter, Result, Work, check_parameters
from core.recommendations.records import LoggedDraw
from core.trends import DiaryColumns, EventColumns
from core.users import LIKED_STARS, EventKind, MarkKind
from data.database import Stores
from engine.job_context import JobContext
from engine.online import event_columns, helpfulness, off_policy
from engine.online.off_policy import Logged
from engine.online.rates import by_group, rate

PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {"days": Parameter("days", Kind.WHOLE, 1, 60, 7, "days up to now to evaluate")}
)
MOST_POSITIONS = 50
"""Positions below are seen too rarely to be meaningful."""
WELL_DAYS = 14
"""Days within which a recommended movie has to be rated: many people watch movies on weekends only."""
GOOD_MARKS = (MarkKind.WATCHLIST, MarkKind.FAVOURITE, MarkKind.WATCHED, MarkKind.LIKED)
"""Marks that make a visit successful: all but negative ones."""
FOR_YOU = "for-you"
"""The list whose positions are explored, as it is called in events."""
SUCCESSES = (EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.HELPFUL)
_MOVIE_BITS = 31


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Measure click-through, successful visits and well-rated recommendations.

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
        "helpful": helpful(noticed),
        "exploration": exploration(stores.explorations.read(since=since, until=until), noticed),
    }
    work.say(sentence(figures))
    return Result(figures)


def click_through(events: EventColumns) -> dict[str, Any]:
    """Return the share of shown movies that were clicked: overall, by position, by list and by model."""
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
    """Return the share of successful visits.

    A success is a click, a swipe to the right, a rating, a positive mark, or the answer that a search or a list was
    helpful. The answer that it was not makes the visit a failure, unless a success follows.
    """
    named = event_columns.select(events, events.users >= 0)
    users = np.concatenate((named.users, said.users))
    seconds = np.concatenate((named.seconds, said.seconds))
    good = np.concatenate((np.isin(named.kinds, SUCCESSES), np.isin(said.kinds, ("rating", *GOOD_MARKS))))
    bad = np.concatenate((named.kinds == EventKind.UNHELPFUL, np.zeros(len(said.kinds), np.bool_)))
    visit = event_columns.visits(users, seconds)
    telling = np.flatnonzero(good | bad)
    order = telling[np.lexsort((good[telling], seconds[telling], visit[telling]))]
    last = np.append(np.diff(visit[order]) != 0, np.ones(min(len(order), 1), np.bool_))
    return rate("visits", int(good[order][last].sum()), len(np.unique(visit)))


def helpful(events: EventColumns) -> dict[str, Any]:
    """Return the share of yes among the answers to "Was this helpful?": overall and by list."""
    found = helpfulness.final(events)
    yes = found.kinds == EventKind.HELPFUL
    return {"all": rate("answers", int(yes.sum()), len(found)), "by_list": _by_word(found.lists, yes)}


@dataclass(frozen=True, slots=True)
class Recommended:
    """Movies that a model showed to users, once per user and movie.

    Attributes:
        keys: int64, (n,), user and movie in one number, ascending.
        seconds: float64, (n,), since 1970, of the first impression.
    """

    keys: NDArray[np.int64]
    seconds: NDArray[np.float64]

    @classmethod
    def of(cls, days: Iterable[EventColumns]) -> Recommended:
        """Collect the impressions of several days."""
        found = cls(np.empty(0, np.int64), np.empty(0))
        for events in days:
            made = event_columns.select(events, _joinable(events.users, events.movies) & (events.models != ""))
            keys = np.concatenate((found.keys, _keys(made.users, made.movies)))
            kept, first = np.unique(keys, return_index=True)
            found = cls(kept, np.concatenate((found.seconds, made.seconds))[first])
        return found


def rated_well(recommended: Recommended, said: DiaryColumns) -> dict[str, Any]:
    """Return the share of recommended movies that the user rated 4 stars or better within `WELL_DAYS`.

    `rated` in the result is the number that were rated at all in that time.
    """
    rated = (said.kinds == "rating") & _joinable(said.users, said.movies)
    keys, seconds, stars = _keys(said.users, said.movies)[rated], said.seconds[rated], said.stars[rated]
    known = np.isin(keys, recommended.keys)
    places = np.searchsorted(recommended.keys, keys[known])
    passed = seconds[known] - recommended.seconds[places]
    in_time = (passed >= 0) & (passed <= WELL_DAYS * event_columns.DAY)
    well = len(np.unique(places[in_time & (stars[known] >= LIKED_STARS)]))
    return {**rate("recommended", well, len(recommended.keys)), "rated": len(np.unique(places[in_time]))}


def exploration(draws: Sequence[LoggedDraw], events: EventColumns) -> dict[str, Any]:
    """Return estimates of the click-through of explored positions under other policies (`off_policy`).

    A draw counts if its movie was seen in the list of recommendations within a day; its reward is a click there.
    """
    own = event_columns.select(events, _joinable(events.users, events.movies) & (events.lists == FOR_YOU))
    keys = _keys(own.users, own.movies)
    wanted = _keys(
        np.array([draw.user for draw in draws], np.int64), np.array([draw.explored.movie for draw in draws], np.int64)
    )
    times = np.array([draw.at.timestamp() for draw in draws])
    seen = _happened(wanted, times, keys, own.seconds, own.kinds == EventKind.IMPRESSION)
    clicked = _happened(wanted, times, keys, own.seconds, own.kinds == EventKind.CLICK)
    kept = [draw.explored for draw, there in zip(draws, seen.tolist(), strict=True) if there]
    logged = Logged(
        np.array([one.rank for one in kept], np.int64),
        np.array([one.pool for one in kept], np.int64),
        np.array([one.propensity for one in kept]),
        clicked[seen].astype(np.float64),
    )
    found = [estimate.plain() for estimate in off_policy.estimates(logged)]
    return {"drawn": len(draws), "seen": len(kept), "policies": found}


def _happened(
    wanted: NDArray[np.int64],
    times: NDArray[np.float64],
    keys: NDArray[np.int64],
    seconds: NDArray[np.float64],
    of_kind: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return bool, (n_draws,): whether there is such an event of user and movie within a day of the draw."""
    order = np.lexsort((seconds[of_kind], keys[of_kind]))
    keys, seconds = keys[of_kind][order], seconds[of_kind][order]
    found = np.zeros(len(wanted), np.bool_)
    for place, (key, at) in enumerate(zip(wanted.tolist(), times.tolist(), strict=True)):
        rows = slice(*np.searchsorted(keys, (key, key + 1)).tolist())
        found[place] = bool(((seconds[rows] >= at) & (seconds[rows] < at + event_columns.DAY)).any())
    return found


def sentence(figures: Mapping[str, Any]) -> str:
    """Return the figures as a sentence for the log."""
    parts = [
        f"{name}: {found['count']:,} of {found['of']:,}"
        for name, found in (
            ("movies clicked", figures["click_through"]["all"]),
            ("successful visits", figures["sessions"]),
            ("recommended movies rated well", figures["rated_well"]),
            ("helpful", figures["helpful"]["all"]),
        )
    ]
    return "; ".join(parts)


def _rated_well(stores: Stores, days: int, until: datetime, work: Work) -> dict[str, Any]:
    """Measure the latest days whose time to be rated is over."""
    over = until - timedelta(days=WELL_DAYS)
    since = over - timedelta(days=days)
    shown = event_columns.daily(stores.events, since=since, until=over, work=work, kinds=[EventKind.IMPRESSION])
    return rated_well(Recommended.of(shown), stores.diaries.changes_between(since=since, until=until))


def _shown(events: EventColumns) -> tuple[EventColumns, NDArray[np.bool_]]:
    """Return the impressions, once per visit and list, and whether each was clicked."""
    named = event_columns.select(events, events.users >= 0)
    visit, (_, list_name) = event_columns.visits(named.users, named.seconds), event_columns.codes(named.lists)
    group = _groups(visit, list_name, named.movies)
    seen = np.flatnonzero((named.kinds == EventKind.IMPRESSION) & (named.movies > 0))
    clicked = np.zeros(len(named), np.bool_)
    clicked[group[named.kinds == EventKind.CLICK]] = True
    groups, first = np.unique(group[seen], return_index=True)
    return event_columns.select(named, seen[first]), clicked[groups]


def _groups(*parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return int64, (n,): the group of each row; rows that are equal in all parts are one group."""
    order = np.lexsort(parts)
    fresh = np.zeros(len(order), np.bool_)
    for part in parts:
        fresh[1:] |= np.diff(part[order]) != 0
    found = np.empty(len(order), np.int64)
    found[order] = np.cumsum(fresh)
    return found


def _by_word(words: NDArray[np.object_], clicked: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Return the rates by name, without rows that have none."""
    named = words != ""
    names, places = event_columns.codes(words[named])
    return by_group(names, places, clicked[named])


def _joinable(users: NDArray[np.int64], movies: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether user and movie are set and fit into one number; larger movie ids are forged."""
    return (users >= 0) & (users < 1 << _MOVIE_BITS) & (movies > 0) & (movies < 1 << _MOVIE_BITS)


def _keys(users: NDArray[np.int64], movies: NDArray[np.int64]) -> NDArray[np.int64]:
    return (users << _MOVIE_BITS) | movies
