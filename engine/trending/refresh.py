"""The job `trending`: count activities since the last refresh, rank movies, and publish all three lists in one step."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.errors import IndexMissing
from core.jobs.retention import HOURLY_COUNTS_DAYS
from core.jobs.runs import Kind, Parameter, Result, Work
from core.ports import IndexStore
from core.trends import ChangedHour, HourTally, Origin, TrendList, Window
from data.catalogues import sources
from engine.demo import upkeep
from engine.job_context import JobContext
from engine.trending import builder, counts, ranking, seed
from engine.trending.builder import Lists, ManyMovies, Moment, time_of

PARAMETERS: Mapping[str, Parameter] = {
    "full": Parameter("full", Kind.SWITCH, None, None, False, "count everything again, not only hours that changed")
}
LATE_HOURS = 2
"""Hours before the last refresh that are counted again, for events that are written late. Those written even later, and
hours in which something was deleted, are listed by the database."""
CHANGED_HOURS = 48
"""Earlier hours that one refresh counts again; further ones wait for the next refresh."""
CHANGES_READ = 10_000
"""Changes of hours that one refresh reads; an hour may have changed often."""
PORTION_HOURS = 24
"""Hours that are counted at once."""
ENOUGH_MOVIES = 3
"""Movies on the weekly list, each with the least number of distinct users, that make a site's events sufficient."""


def refresh(
    context: JobContext, work: Work, *, parameters: Mapping[str, Any], movies: ManyMovies | None = None
) -> Result:
    """Count events, rank movies and publish the lists. Safe to repeat.

    Args:
        parameters: see `PARAMETERS`.
        movies: returns movies by id; by default those of the published index.

    Raises:
        StoreUnavailable, SearchUnavailable, DataError, Cancelled: the previous lists stay published.
    """
    stores = context.stores
    full = (movies is None and _demo_changed(context)) or bool(parameters.get("full"))
    moment = Moment(context.settings, stores, context.clock(), movies or _of_index(context.index_store))
    since = first_hour(builder.last_time(moment), moment, full=full)
    changed = _changed(moment, since)
    spans = [*_spans({one.hour for one in changed if one.hour < since}), range(since, moment.hour + 1)]
    tally = count(moment, spans, work)
    stores.trends.recount(since=since, tally=tally, changed=changed)
    stores.trends.purge(before=moment.hour - HOURLY_COUNTS_DAYS * ranking.DAY)
    origin, lists = _publish(moment, work, again=full)
    figures = _figures(tally, lists) | {"origin": origin.value, "hours": sum(map(len, spans))}
    work.say(_sentence(figures))
    return Result(figures)


def first_hour(last: datetime | None, moment: Moment, *, full: bool = False) -> int:
    """Return the first hour of those that are not final yet: `LATE_HOURS` before the last refresh.

    Args:
        last: the time of the last refresh. It is not derived from the counted hours: at night there may be no events
            for hours. If it is in the future, a clock ran fast, and the refresh deleted older counts: all are made
            again.
    """
    everything = _oldest(moment)
    if full or last is None or builder.hour_of(last) > moment.hour:
        return everything
    return max(builder.hour_of(last) - LATE_HOURS, everything)


def count(moment: Moment, spans: Sequence[range], work: Work) -> HourTally:
    """Count the activities in periods of hours since 1970, in order."""
    portions = [span[start : start + PORTION_HOURS] for span in spans for start in range(0, len(span), PORTION_HOURS)]
    tallies = []
    for done, portion in enumerate(portions, 1):
        work.check()
        first, last = time_of(portion.start), time_of(portion.stop)
        events = moment.stores.events.activities(since=first, until=last)
        tallies.append(counts.tally(events, moment.stores.diaries.activities(since=first, until=last)))
        work.step("counting", done, len(portions))
    return counts.join(tallies)


def _oldest(moment: Moment) -> int:
    """Return the oldest hour that can be counted; the one before may be partly purged."""
    days = min(HOURLY_COUNTS_DAYS, moment.settings.events_days or HOURLY_COUNTS_DAYS)
    return moment.hour - days * ranking.DAY + 1


def _changed(moment: Moment, since: int) -> Sequence[ChangedHour]:
    """Return the changes of hours that this refresh counts: those from `since` on, and the latest earlier ones."""
    found = moment.stores.trends.changed(since=_oldest(moment), limit=CHANGES_READ)
    earlier = sorted({one.hour for one in found if one.hour < since}, reverse=True)[:CHANGED_HOURS]
    return [one for one in found if one.hour >= since or one.hour in earlier]


def _spans(hours: Collection[int]) -> list[range]:
    """Return hours as periods, in order."""
    spans: list[range] = []
    for hour in sorted(hours):
        if spans and spans[-1].stop == hour:
            spans[-1] = range(spans[-1].start, hour + 1)
        else:
            spans.append(range(hour, hour + 1))
    return spans


def _publish(moment: Moment, work: Work, *, again: bool) -> tuple[Origin, Lists]:
    """Publish lists from events; if these are too few, from MovieLens; if that is missing, from the few events."""
    lists = builder.from_events(moment)
    if len(lists[Window.WEEK]) < ENOUGH_MOVIES:
        kept = None if again else builder.kept_seed(moment)
        if kept is not None:
            builder.confirm(moment, kept)
            return Origin.MOVIELENS, kept
        folder = sources.ratings(moment.settings, progress=work.say)
        if folder is not None:
            work.say("too few events for trending lists: using MovieLens' newest ratings")
            return _put(moment, Origin.MOVIELENS, builder.seeded(moment, seed.read(folder)))
    return _put(moment, Origin.EVENTS, lists)


def _put(moment: Moment, origin: Origin, lists: Lists) -> tuple[Origin, Lists]:
    moment.stores.trends.publish([TrendList(window, origin, moment.at, trends) for window, trends in lists.items()])
    return origin, lists


def _demo_changed(context: JobContext) -> bool:
    """Renew or remove demo data; return whether its events have changed."""
    try:
        return upkeep.keep(context.stores, context.index_store.open(), context.clock())
    except IndexMissing:
        return False


def _of_index(index_store: IndexStore) -> ManyMovies | None:
    index = index_store.open()
    try:
        index.info()
    except IndexMissing:
        return None
    return index.movies


def _figures(tally: HourTally, lists: Lists) -> dict[str, Any]:
    listed = {window.value: len(trends) for window, trends in lists.items()}
    return {"events": int(tally.events.sum()), "movies": len(set(tally.movies.tolist())), **listed}


def _sentence(figures: Mapping[str, Any]) -> str:
    counted = f"counted {figures['events']:,} events for {figures['movies']:,} movies in {figures['hours']:,} hours"
    listed = ", ".join(f"{window.value} {figures[window.value]}" for window in Window)
    return f"{counted}; movies listed from {figures['origin']}: {listed}"
