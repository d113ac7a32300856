"""What media servers report: a movie that was watched to its end arrives in the diary, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo

from core.diary.watches import WatchEntry
from core.errors import MarqueeError
from core.language import time_zones
from core.sync.records import Scrobble, ScrobbleOutcome
from core.types import MovieId
from core.users import MarkKind, User
from data.database.sync.scrobbles import ScrobbleStore
from data.exports.entries import Entry
from engine import clock
from engine.accounts.diaries import Diaries
from engine.accounts.diary.watches import Watches
from engine.sync.reports import Report, ReportKind

SAME_SESSION = timedelta(hours=6)
"""Reports of a movie within this time are about the same watching: servers repeat them, also after a pause."""
NO_TITLE = "?"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done with a report, and why."""

    scrobble: Scrobble
    reason: str


class Scrobbles:
    """Reports of media servers, in users' diaries."""

    def __init__(
        self, store: ScrobbleStore, diaries: Diaries, watches: Watches, *, clock: clock.Clock = clock.now
    ) -> None:
        self._store, self._diaries, self._watches, self._clock = store, diaries, watches, clock

    def report(self, user: User, report: Report, *, zone: tzinfo, account: str = "") -> Answer:
        """Take over a report.

        Args:
            user: the owner of the diary.
            report: what the media server reported.
            zone: the time zone of the user, for the day of the watching.
            account: the user of the media server whose reports count; empty: every one.
        """
        known = Scrobble(self._clock(), report.source, ScrobbleOutcome.IGNORED, report.title or NO_TITLE, report.year)
        if report.kind is ReportKind.OTHER:
            return Answer(known, "this kind of report says nothing about what was watched or rated")
        if account and report.account.casefold() != account.casefold():
            return Answer(known, f"it is about another account of the media server than {account}")
        if report.series:
            return self._noted(user, replace(known, outcome=ScrobbleOutcome.SERIES), "Marquee knows only movies")
        movie = self._match(report)
        if movie is None:
            reason = "no movie of the catalogue matches with certainty"
            return self._noted(user, replace(known, outcome=ScrobbleOutcome.UNKNOWN), reason)
        found = replace(known, movie=movie)
        return self._rate(user, found, report) if report.kind is ReportKind.RATED else self._log(user, found, zone)

    def latest(self, user: User) -> Sequence[Scrobble]:
        """Return the latest reports that said something, latest first."""
        return self._store.latest(user.id)

    def _match(self, report: Report) -> MovieId | None:
        title = report.title or (f"TMDB {report.tmdb}" if report.tmdb else NO_TITLE)
        entry = Entry(report.source, 1, title, year=report.year, imdb=report.imdb, tmdb=report.tmdb)
        movie = self._diaries.match(entry)
        return movie.id if movie else None

    def _rate(self, user: User, found: Scrobble, report: Report) -> Answer:
        if report.stars is None or found.movie is None:
            return Answer(found, "the rating was removed there; remove it here too if you like")
        self._diaries.rate(user, found.movie, report.stars)
        return self._noted(user, replace(found, outcome=ScrobbleOutcome.RATED), f"rated with {report.stars:g} stars")

    def _log(self, user: User, found: Scrobble, zone: tzinfo) -> Answer:
        if found.movie is None:
            return Answer(found, "")
        day = time_zones.day(found.at, zone)
        before = self._watches.of_movie(user, found.movie)
        logged = replace(found, outcome=ScrobbleOutcome.LOGGED)
        repeated = Answer(replace(found, outcome=ScrobbleOutcome.REPEATED), "this watching is in the diary already")
        if any(watch.entry.day == day for watch in before):
            return repeated
        number = self._store.claim(user.id, logged, since=found.at - SAME_SESSION)
        if number is None:
            return repeated
        seen = bool(before) or found.movie in self._diaries.read(user).marked(MarkKind.WATCHED)
        try:
            self._watches.log(user, WatchEntry(movie=found.movie, day=day, rewatch=seen))
        except MarqueeError:
            self._store.withdraw(user.id, number)
            raise
        return Answer(logged, "added to the diary")

    def _noted(self, user: User, scrobble: Scrobble, reason: str) -> Answer:
        self._store.add(user.id, scrobble)
        return Answer(scrobble, reason)
