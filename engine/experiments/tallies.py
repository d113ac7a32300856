"""What each viewer of an experiment did with what they were shown: from events and diaries to a few numbers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.experiments import PUBLISHED, Experiment, Knob, Metric
from core.people import EventKind, MarkKind, ViewerId
from core.stores import Snapshot
from core.trends import EventColumns
from core.types import MovieId

Numbers = NDArray[np.int64]
LISTS = frozenset({"for-you", "because", "watchlist", "new", "swipe"})
"""Lists that recommend."""
SHELVES: Mapping[Knob, frozenset[str]] = {
    Knob.MODEL: LISTS | {"search"},
    Knob.COLD_SHARE: LISTS,
    Knob.SEARCH_TASTE: frozenset({"search"}),
}
"""Where each setting shows."""
DRAFTED = frozenset({"for-you", "swipe"})
"""Lists that two models draft."""
ANSWERS = (EventKind.CLICK, EventKind.SWIPE_RIGHT)
SHOWN = (EventKind.IMPRESSION, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)
"""A card that was swiped was shown."""
WANTED = (MarkKind.WATCHLIST, MarkKind.FAVOURITE)
WELL = 4.0
"""Stars from which a film was rated well."""


@dataclass(slots=True)
class Deeds:
    """What one viewer was shown and did, since they are part of the experiment."""

    impressions: int = 0
    clicks: int = 0
    models: dict[MovieId, str] = field(default_factory=dict)
    """The model that showed each film (last)."""
    answered: set[MovieId] = field(default_factory=set)
    """Films opened or swiped right."""
    wanted: set[MovieId] = field(default_factory=set)
    """Films shown and then put on a list."""
    liked: set[MovieId] = field(default_factory=set)
    """Films shown and then rated well."""

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

    def credits(self, teams: tuple[str, str]) -> tuple[int, int]:
        """Credits of two teams, named by version; the published model, whichever it was, has all other versions."""
        models = [self.models[movie] for movie in self.credited if movie in self.models]
        found = Counter(model if model in teams else PUBLISHED for model in models)
        return found[teams[0]], found[teams[1]]


def shelves(experiment: Experiment) -> frozenset[str]:
    """Where an experiment shows."""
    if experiment.interleaved:
        return DRAFTED
    return frozenset().union(*(SHELVES[knob] for knob in experiment.knobs))


def deeds(
    since: Mapping[ViewerId, datetime], events: EventColumns, said: Snapshot, *, shelves: frozenset[str]
) -> dict[ViewerId, Deeds]:
    """What each viewer did from their own first moment on; everybody of `since` is there."""
    found = {viewer: Deeds() for viewer in since}
    begun = {int(viewer): at.timestamp() for viewer, at in since.items()}
    shown: dict[tuple[int, int], float] = {}
    _read_events(found, begun, shown, events, shelves)
    well, wanted = said.stars >= WELL, np.isin(said.mark_kinds, [str(kind) for kind in WANTED])
    for viewer, movie in _after(shown, said.rating_viewers[well], said.rating_movies[well], said.rating_times[well]):
        found[viewer].liked.add(movie)
    rows = said.mark_viewers[wanted], said.mark_movies[wanted], said.mark_times[wanted]
    for viewer, movie in _after(shown, *rows):
        found[viewer].wanted.add(movie)
    return found


def _read_events(
    found: Mapping[ViewerId, Deeds],
    begun: Mapping[int, float],
    shown: dict[tuple[int, int], float],
    events: EventColumns,
    shelves: frozenset[str],
) -> None:
    """Count impressions and clicks, and note in `shown` when each viewer saw each film first."""
    here = np.isin(events.viewers, list(begun)) & np.isin(events.shelves.astype(str), sorted(shelves))
    for row in np.flatnonzero(here & (events.movies >= 0)).tolist():
        viewer, movie, at = int(events.viewers[row]), int(events.movies[row]), float(events.seconds[row])
        if at < begun[viewer]:
            continue
        mine, kind = found[ViewerId(viewer)], EventKind(events.kinds[row])
        shown.setdefault((viewer, movie), at)
        if events.models[row]:
            mine.models[MovieId(movie)] = str(events.models[row])
        mine.impressions += kind in SHOWN
        if kind in ANSWERS:
            mine.clicks += 1
            mine.answered.add(MovieId(movie))


def _after(
    shown: Mapping[tuple[int, int], float], viewers: Numbers, movies: Numbers, times: Numbers
) -> Iterable[tuple[ViewerId, MovieId]]:
    """Of what was said, that which came after the viewer was shown the film. Diaries keep whole seconds."""
    for viewer, movie, at in zip(viewers.tolist(), movies.tolist(), times.tolist(), strict=True):
        first = shown.get((viewer, movie))
        if first is not None and at >= int(first):
            yield ViewerId(viewer), MovieId(movie)
