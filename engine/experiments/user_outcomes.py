"""Outcomes of the users of an experiment, from events and diaries. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.experiments import PUBLISHED, Experiment, Knob, Metric
from core.recommendations.snapshots import Snapshot
from core.trends import EventColumns
from core.types import MovieId
from core.users import LIKED_STARS, EventKind, MarkKind, UserId
from engine.experiments import attribution
from engine.experiments.attribution import Impression, Votes

Numbers = NDArray[np.int64]
LISTS = frozenset({"for-you", "because", "gems", "watchlist", "different", "new", "swipe"})
"""Lists of recommendations."""
LISTS_OF_KNOB: Mapping[Knob, frozenset[str]] = {
    Knob.MODEL: LISTS | {"search"},
    Knob.COLD_SHARE: LISTS,
    Knob.SEARCH_TASTE: frozenset({"search"}),
}
"""The lists that each knob affects."""
DRAFTED = frozenset({"for-you"})
"""Interleaved lists. Swipe cards are not among them: half of them are well-known movies that name the first model,
which would win by these."""
ANSWERS = (EventKind.CLICK, EventKind.SWIPE_RIGHT)
SHOWN = (EventKind.IMPRESSION, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)
"""Events that show a movie; a swiped card was shown."""
WANTED = (MarkKind.WATCHLIST, MarkKind.FAVOURITE)


@dataclass(slots=True)
class UserOutcomes:
    """What a user saw and did since entering the experiment."""

    impressions: int = 0
    clicks: int = 0
    answered: set[MovieId] = field(default_factory=set)
    """Movies opened or swiped right."""
    wanted: set[MovieId] = field(default_factory=set)
    """Movies shown and then added to a list."""
    liked: set[MovieId] = field(default_factory=set)
    """Movies shown and then rated well."""
    votes: Votes = field(default_factory=Votes)
    """The actions attributed to two interleaved models."""

    @property
    def credited(self) -> Set[MovieId]:
        """Movies with a positive action."""
        return self.answered | self.wanted | self.liked

    def value(self, metric: Metric) -> float:
        """Return a metric of this user."""
        if metric is Metric.SUCCESS:
            return float(bool(self.credited))
        if metric is Metric.CLICK_THROUGH:
            return self.clicks / max(self.impressions, self.clicks, 1)
        return float(len(self.liked))


def lists_of(experiment: Experiment) -> frozenset[str]:
    """Return the lists that an experiment affects."""
    if experiment.interleaved:
        return DRAFTED
    return frozenset().union(*(LISTS_OF_KNOB[knob] for knob in experiment.knobs))


def outcomes(
    since: Mapping[UserId, datetime], events: EventColumns, said: Snapshot, experiment: Experiment
) -> dict[UserId, UserOutcomes]:
    """Return the outcomes of each user of `since` from their first exposure on."""
    found = {user: UserOutcomes() for user in since}
    begun = {int(user): at.timestamp() for user, at in since.items()}
    shown: dict[tuple[int, int], float] = {}
    rows = _rows(begun, events, lists_of(experiment))
    _read_events(found, shown, events, rows)
    liked, wanted = (list(_after(shown, *columns)) for columns in _spoken(said))
    for user, movie, _ in liked:
        found[user].liked.add(movie)
    for user, movie, _ in wanted:
        found[user].wanted.add(movie)
    if experiment.teams:
        _vote(found, _showings(events, rows, experiment.teams), [*liked, *wanted])
    return found


def _spoken(said: Snapshot) -> tuple[tuple[Numbers, Numbers, Numbers], tuple[Numbers, Numbers, Numbers]]:
    """Return users, movies and times of good ratings, and of movies added to a list."""
    well, wanted = said.stars >= LIKED_STARS, np.isin(said.mark_kinds, [str(kind) for kind in WANTED])
    return (
        (said.rating_users[well], said.rating_movies[well], said.rating_times[well]),
        (said.mark_users[wanted], said.mark_movies[wanted], said.mark_times[wanted]),
    )


def _vote(
    found: Mapping[UserId, UserOutcomes],
    showings: Mapping[UserId, Sequence[Impression]],
    said: Iterable[tuple[UserId, MovieId, float]],
) -> None:
    spoken: dict[UserId, list[tuple[float, MovieId]]] = defaultdict(list)
    for user, movie, at in said:
        spoken[user].append((at, movie))
    for user, seen in showings.items():
        found[user].votes = attribution.votes(seen, spoken[user])


def _rows(begun: Mapping[int, float], events: EventColumns, lists: frozenset[str]) -> list[int]:
    """Return the rows of the events that count, in chronological order."""
    here = np.isin(events.users, list(begun)) & np.isin(events.lists.astype(str), sorted(lists))
    rows = np.flatnonzero(here & (events.movies >= 0)).tolist()
    return [row for row in rows if events.seconds[row] >= begun[int(events.users[row])]]


def _read_events(
    found: Mapping[UserId, UserOutcomes], shown: dict[tuple[int, int], float], events: EventColumns, rows: Sequence[int]
) -> None:
    """Count impressions and clicks, and record in `shown` when each user first saw each movie."""
    for row in rows:
        user, movie = int(events.users[row]), int(events.movies[row])
        mine, kind = found[UserId(user)], EventKind(events.kinds[row])
        shown.setdefault((user, movie), float(events.seconds[row]))
        mine.impressions += kind in SHOWN
        if kind in ANSWERS:
            mine.clicks += 1
            mine.answered.add(MovieId(movie))


def _showings(events: EventColumns, rows: Sequence[int], teams: tuple[str, str]) -> dict[UserId, list[Impression]]:
    found: dict[UserId, list[Impression]] = defaultdict(list)
    for row in rows:
        team, answered = _team(str(events.models[row]), teams), events.kinds[row] in ANSWERS
        one = Impression(float(events.seconds[row]), MovieId(int(events.movies[row])), team, bool(answered))
        found[UserId(int(events.users[row]))].append(one)
    return found


def _team(model: str, teams: tuple[str, str]) -> int | None:
    """Return the team of a model; all other versions count as the published model."""
    name = model if model in teams else PUBLISHED
    return teams.index(name) if model and name in teams else None


def _after(
    shown: Mapping[tuple[int, int], float], users: Numbers, movies: Numbers, times: Numbers
) -> Iterable[tuple[UserId, MovieId, float]]:
    """Yield the entries made after the user was shown the movie. Diaries store whole seconds."""
    for user, movie, at in zip(users.tolist(), movies.tolist(), times.tolist(), strict=True):
        first = shown.get((user, movie))
        if first is not None and at >= int(first):
            yield UserId(user), MovieId(movie), float(at)
