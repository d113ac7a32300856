"""The job `trending`: count events since the last refresh, rank movies, and publish all three lists in one step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.errors import IndexMissing
from core.jobs.retention import HOURLY_COUNTS_DAYS
from core.jobs.runs import Kind, Parameter, Result, Work
from core.ports import IndexStore
from core.trends import HourTally, Origin, TrendList, Window
from data.catalogues import sources
from engine.demo import upkeep
from engine.job_context import JobContext
from engine.trending import builder, counts, ranking, seed
from engine.trending.builder import Lists, ManyMovies, Moment, time_of

PARAMETERS: Mapping[str, Parameter] = {
    "full": Parameter("full", Kind.SWITCH, None, None, False, "count everything again, not only the last hours")
}
LATE_HOURS = 2
"""Events written up to this much later than they happened are still counted by the next refresh."""
PORTION_HOURS = 24
"""Hours whose events are in memory at once."""
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
    tally = count(moment, since, work)
    stores.trends.recount(since=since, tally=tally)
    stores.trends.purge(before=moment.hour - HOURLY_COUNTS_DAYS * ranking.DAY)
    origin, lists = _publish(moment, work, again=full)
    figures = _figures(tally, lists) | {"origin": origin.value, "hours": moment.hour - since + 1}
    work.say(_sentence(figures))
    return Result(figures)


def first_hour(last: datetime | None, moment: Moment, *, full: bool = False) -> int:
    """Return the first hour to count.

    `LATE_HOURS` before the last refresh, for events that are written late. The first refresh of a day (UTC) counts
    everything: imports add older entries, and accounts may have been deleted.

    Args:
        last: the time of the last refresh. It is not derived from the counted hours: at night there may be no events
            for hours, and a clock that ran fast leaves hours in the future.
    """
    days = min(HOURLY_COUNTS_DAYS, moment.settings.events_days or HOURLY_COUNTS_DAYS)
    everything = moment.hour - days * ranking.DAY + 1  # the hour before may be partly purged
    if full or last is None or builder.hour_of(last) // ranking.DAY != moment.hour // ranking.DAY:
        return everything
    return max(min(builder.hour_of(last), moment.hour) - LATE_HOURS, everything)


def count(moment: Moment, since: int, work: Work) -> HourTally:
    """Count the events from the hour `since` to the end of the current one."""
    end = moment.hour + 1
    starts = range(since, end, PORTION_HOURS)
    tallies = []
    for done, start in enumerate(starts, 1):
        work.check()
        first, last = time_of(start), time_of(min(start + PORTION_HOURS, end))
        events = moment.stores.events.columns(since=first, until=last, kinds=counts.COUNTED_KINDS)
        tallies.append(counts.tally(events, moment.stores.diaries.changes_between(since=first, until=last)))
        work.step("counting", done, len(starts))
    return counts.join(tallies)


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
