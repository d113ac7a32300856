"""What each viewer of an experiment did with what they were shown: from events and diaries to a few numbers. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.experiments import PUBLISHED, Experiment, Knob, Metric
from core.snapshots import Snapshot
from core.trends import EventColumns
from core.types import MovieId
from core.users import LIKED_STARS, EventKind, MarkKind, ViewerId
from engine.experiments import attribution
from engine.experiments.attribution import Showing, Votes

Numbers = NDArray[np.int64]
LISTS = frozenset({"for-you", "because", "watchlist", "new", "swipe"})
"""Lists that recommend."""
SHELVES: Mapping[Knob, frozenset[str]] = {
    Knob.MODEL: LISTS | {"search"},
    Knob.COLD_SHARE: LISTS,
    Knob.SEARCH_TASTE: frozenset({"search"}),
}
"""Where each setting shows."""
DRAFTED = frozenset({"for-you"})
"""Lists that two models draft. Of the cards to swipe they draft a half; the others are well-known films that bear the
name of the first model, which would win by them."""
ANSWERS = (EventKind.CLICK, EventKind.SWIPE_RIGHT)
SHOWN = (EventKind.IMPRESSION, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)
"""A card that was swiped was shown."""
WANTED = (MarkKind.WATCHLIST, MarkKind.FAVOURITE)


@dataclass(slots=True)
class Deeds:
    """What one viewer was shown and did, since they are part of the experiment."""

    impressions: int = 0
    clicks: int = 0
    answered: set[MovieId] = field(default_factory=set)
    """Films opened or swiped right."""
    wanted: set[MovieId] = field(default_factory=set)
    """Films shown and then put on a list."""
    liked: set[MovieId] = field(default_factory=set)
    """Films shown and then rated well."""
    votes: Votes = field(default_factory=Votes)
    """Of two models that draft lists, whom all this speaks for."""

    @property
    def credited(self) -> Set[MovieId]:
        """Films that speak for whoever showed them, each once."""
        return self.answered | self.wanted | self.liked

    def value(self, metric: Metric) -> float:
        """One figure of this viewer."""
        if metric is Metric.SUCCESS:
            return float(bool(self.credited))
        if metric is Metric.CLICK_THROUGH:
            return self.clicks / max(self.impressions, self.clicks, 1)
        return float(len(self.liked))


def shelves(experiment: Experiment) -> frozenset[str]:
    """Where an experiment shows."""
    if experiment.interleaved:
        return DRAFTED
    return frozenset().union(*(SHELVES[knob] for knob in experiment.knobs))


def deeds(
    since: Mapping[ViewerId, datetime], events: EventColumns, said: Snapshot, experiment: Experiment
) -> dict[ViewerId, Deeds]:
    """What each viewer did from their own first moment on; everybody of `since` is there."""
    found = {viewer: Deeds() for viewer in since}
    begun = {int(viewer): at.timestamp() for viewer, at in since.items()}
    shown: dict[tuple[int, int], float] = {}
    rows = _rows(begun, events, shelves(experiment))
    _read_events(found, shown, events, rows)
    liked, wanted = (list(_after(shown, *columns)) for columns in _spoken(said))
    for viewer, movie, _ in liked:
        found[viewer].liked.add(movie)
    for viewer, movie, _ in wanted:
        found[viewer].wanted.add(movie)
    if experiment.teams:
        _vote(found, _showings(events, rows, experiment.teams), [*liked, *wanted])
    return found


def _spoken(said: Snapshot) -> tuple[tuple[Numbers, Numbers, Numbers], tuple[Numbers, Numbers, Numbers]]:
    """Viewers, films and times of what was rated well, and of what was put on a list."""
    well, wanted = said.stars >= LIKED_STARS, np.isin(said.mark_kinds, [str(kind) for kind in WANTED])
    return (
        (said.rating_viewers[well], said.rating_movies[well], said.rating_times[well]),
        (said.mark_viewers[wanted], said.mark_movies[wanted], said.mark_times[wanted]),
    )


def _vote(
    found: Mapping[ViewerId, Deeds],
    showings: Mapping[ViewerId, Sequence[Showing]],
    said: Iterable[tuple[ViewerId, MovieId, float]],
) -> None:
    spoken: dict[ViewerId, list[tuple[float, MovieId]]] = defaultdict(list)
    for viewer, movie, at in said:
        spoken[viewer].append((at, movie))
    for viewer, seen in showings.items():
        found[viewer].votes = attribution.votes(seen, spoken[viewer])


def _rows(begun: Mapping[int, float], events: EventColumns, shelves: frozenset[str]) -> list[int]:
    """The events that count, in the order of time."""
    here = np.isin(events.viewers, list(begun)) & np.isin(events.shelves.astype(str), sorted(shelves))
    rows = np.flatnonzero(here & (events.movies >= 0)).tolist()
    return [row for row in rows if events.seconds[row] >= begun[int(events.viewers[row])]]


def _read_events(
    found: Mapping[ViewerId, Deeds], shown: dict[tuple[int, int], float], events: EventColumns, rows: Sequence[int]
) -> None:
    """Count impressions and clicks, and note in `shown` when each viewer saw each film first."""
    for row in rows:
        viewer, movie = int(events.viewers[row]), int(events.movies[row])
        mine, kind = found[ViewerId(viewer)], EventKind(events.kinds[row])
        shown.setdefault((viewer, movie), float(events.seconds[row]))
        mine.impressions += kind in SHOWN
        if kind in ANSWERS:
            mine.clicks += 1
            mine.answered.add(MovieId(movie))


def _showings(events: EventColumns, rows: Sequence[int], teams: tuple[str, str]) -> dict[ViewerId, list[Showing]]:
    found: dict[ViewerId, list[Showing]] = defaultdict(list)
    for row in rows:
        team, answered = _team(str(events.models[row]), teams), events.kinds[row] in ANSWERS
        one = Showing(float(events.seconds[row]), MovieId(int(events.movies[row])), team, bool(answered))
        found[ViewerId(int(events.viewers[row]))].append(one)
    return found


def _team(model: str, teams: tuple[str, str]) -> int | None:
    """Teams are named by version; the published model, whichever it was, has all other versions."""
    name = model if model in teams else PUBLISHED
    return teams.index(name) if model and name in teams else None


def _after(
    shown: Mapping[tuple[int, int], float], viewers: Numbers, movies: Numbers, times: Numbers
) -> Iterable[tuple[ViewerId, MovieId, float]]:
    """Of what was said, that which came after the viewer was shown the film. Diaries keep whole seconds."""
    for viewer, movie, at in zip(viewers.tolist(), movies.tolist(), times.tolist(), strict=True):
        first = shown.get((viewer, movie))
        if first is not None and at >= int(first):
            yield ViewerId(viewer), MovieId(movie), float(at)
