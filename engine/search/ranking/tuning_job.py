"""Tuning a site's ranking from a file of pairs or from its own searches, and the job `tune-ranking`.

A search followed by a click on one of its results, or by a rating within the same visit, yields a target movie. Only
searches of users who consent to implicit feedback are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from core.config import Settings
from core.errors import DataError
from core.jobs.runs import Result, Work
from core.ports import IndexStore
from core.trends import SEARCH_LIST, DiaryColumns, EventColumns
from core.users import EventKind
from data.database import Stores
from engine.clock import Clock, now
from engine.job_context import JobContext
from engine.online import event_columns
from engine.search import intent
from engine.search.encoders import encoder as encoders
from engine.search.ranking import training_pairs, tuning, weights
from engine.search.ranking.training_pairs import Pair
from engine.search.ranking.tuning import TuningReport
from engine.search.search import Search

GOOD_STARS = 3.5
"""Minimum rating: a lower one suggests that the movie was not the one searched for."""


def from_file(settings: Settings, file: Path, *, index_store: IndexStore) -> TuningReport:
    """Tune on the pairs in a file, and keep the models that are not worse.

    Raises:
        DataError: the file cannot be read, or has too few pairs with movies in the catalogue.
        SearchUnavailable, ModelMissing: there is no index or no encoder.
    """
    return _run(settings, training_pairs.read(file), index_store, source=file.name)


def from_site(
    settings: Settings, work: Work, *, stores: Stores, index_store: IndexStore, clock: Clock = now
) -> TuningReport:
    """Tune on the site's own searches, and keep the models that are not worse.

    Raises:
        DataError: too few searches led to a movie.
        StoreUnavailable, SearchUnavailable, ModelMissing: the database, the index or the encoder is unavailable.
    """
    until = clock()
    since = until - timedelta(days=settings.events_days)
    kinds = (EventKind.SEARCH, EventKind.CLICK)
    events = event_columns.join(event_columns.daily(stores.events, since=since, until=until, work=work, kinds=kinds))
    found = answered(events, stores.diaries.changes_between(since=since, until=until))
    left_out = stores.accounts.without_events() | stores.demo.users()
    pairs = [pair for user, pair in found if user not in left_out]
    return _run(settings, pairs, index_store, source="searches of this site")


def job(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Tune on the site's own searches; with too few of them, the current ranking stays."""
    del parameters
    try:
        report = from_site(
            context.settings, work, stores=context.stores, index_store=context.index_store, clock=context.clock
        )
    except DataError as error:
        work.say(str(error))
        return Result({}, rejected=str(error))
    reasons = "; ".join(f"{name}: {part.verdict.reason}" for name, part in report.parts.items())
    work.say(reasons)
    return Result(report.plain(), rejected="" if report.accepted else reasons)


def answered(events: EventColumns, diary: DiaryColumns) -> list[tuple[int, Pair]]:
    """Return user, text and movie of the searches that led to a movie, without duplicates."""
    texts = (events.queries != "") & (events.users >= 0)
    clicked = event_columns.select(
        events, texts & (events.kinds == EventKind.CLICK) & (events.lists == SEARCH_LIST) & (events.movies > 0)
    )
    found = zip(clicked.users.tolist(), clicked.queries.tolist(), clicked.movies.tolist(), strict=True)
    searched = event_columns.select(events, texts & (events.kinds == EventKind.SEARCH))
    led = [*found, *_rated(searched, diary)]
    return [(user, Pair(query, movie)) for user, query, movie in dict.fromkeys(led) if intent.read(query).words]


def _rated(searched: EventColumns, diary: DiaryColumns) -> list[tuple[int, str, int]]:
    """Return the last search of the same user before each good rating, if it was in the same visit."""
    found = []
    good = (diary.kinds == "rating") & (diary.stars >= GOOD_STARS)
    for user, movie, at in zip(diary.users[good], diary.movies[good], diary.seconds[good], strict=True):
        gap = at - searched.seconds
        before = np.flatnonzero((searched.users == user) & (gap >= 0) & (gap <= event_columns.VISIT_GAP))
        if len(before):
            found.append((int(user), str(searched.queries[before[-1]]), int(movie)))
    return found


def _run(settings: Settings, found: list[Pair], index_store: IndexStore, *, source: str) -> TuningReport:
    search = Search(index_store.open(), encoders.load(settings))
    report = tuning.run(search, found, weights.current(settings), source=source)
    tuning.keep(report, weights.site_file(settings))
    return report
