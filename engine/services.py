"""The interface of the engine for the outer packages: one frozen record of use cases, created by `engine.wiring`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.config import Settings
from core.trends import ServedRequest
from core.types import Page, SearchRequest, Suggestion
from core.understanding import Understanding
from core.users import Event, User
from data.shared_store.store import SharedStore
from engine.accounts.accounts import Accounts
from engine.accounts.diaries import Diaries
from engine.accounts.diary.lists import Lists
from engine.accounts.diary.watches import Watches
from engine.accounts.imports.previews import ImportDrafts
from engine.accounts.letterboxd_export import LetterboxdExport
from engine.catalogue.availability import Availability
from engine.catalogue.extras import MovieExtras
from engine.catalogue.movies import Movies
from engine.catalogue.status import Library
from engine.demo.label import DemoLabel
from engine.experiments.report import Experiments
from engine.online.activity import Activity
from engine.online.event_queue import EventQueue
from engine.online.reports import Reports
from engine.operations import Operations
from engine.recommender.recommendation import Recommend
from engine.registry.lifecycle import Lifecycle
from engine.search.answers import QuestionAnswering
from engine.search.evaluation.label_editor import Labelling
from engine.social.service import Social
from engine.sync.scrobbles import Scrobbles
from engine.sync.webhooks import Webhooks
from engine.trending.lists import Trending


class Searching(Protocol):
    """The search of a site: that of commands fails, and that of a web server degrades."""

    def run(self, request: SearchRequest, *, user: User | None = None) -> Page:
        """Return one page of results."""
        ...

    def understand(self, query: str, *, drop: Sequence[str] = (), literal: bool = False) -> Understanding:
        """Parse a search text without searching."""
        ...

    def suggest(self, text: str, *, limit: int = 8) -> Sequence[Suggestion]:
        """Return as-you-type suggestions; none for blank text."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases that pages, API and command line call."""

    settings: Settings
    search: Searching
    movies: Movies
    extras: MovieExtras
    availability: Availability
    library: Library
    accounts: Accounts
    diaries: Diaries
    watches: Watches
    lists: Lists
    imports: ImportDrafts
    letterboxd: LetterboxdExport
    webhooks: Webhooks
    scrobbles: Scrobbles
    events: EventQueue[Event]
    request_counts: EventQueue[ServedRequest]
    recommending: Recommend
    trending: Trending
    lifecycle: Lifecycle
    operations: Operations
    experiments: Experiments
    reports: Reports
    activity: Activity
    question_answering: QuestionAnswering
    understandings: Labelling
    demo: DemoLabel
    social: Social
    shared: SharedStore | None = None
    """What all servers count together; None: each process counts by itself."""
