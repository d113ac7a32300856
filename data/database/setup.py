"""Opening a database: from a URL to its stores, migrated to the latest revision."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from core.config import Settings
from core.errors import StoreUnavailable
from data.database import connections, revisions
from data.database.credentials.one_time_secrets import OneTimeSecretStore
from data.database.credentials.second_factors import SecondFactorStore
from data.database.credentials.security_events import SecurityEventStore
from data.database.diary.lists import ListStore
from data.database.diary.watches import WatchStore
from data.database.enrichment.entries import EnrichmentStore
from data.database.job_times import JobTimeStore
from data.database.social.activity import ActivityStore
from data.database.social.exports import SocialExports
from data.database.social.follows import FollowStore
from data.database.social.profiles import ProfileStore
from data.database.social.reports import ReportStore
from data.database.social.reviews import ReviewStore
from data.database.stores.accounts import AccountStore
from data.database.stores.audit_log import AuditLogStore
from data.database.stores.demo import DemoStore
from data.database.stores.diaries import DiaryStore
from data.database.stores.evaluations import EvaluationStore
from data.database.stores.events import EventStore, RequestCountStore
from data.database.stores.exposures import ExplorationStore, ExposureStore
from data.database.stores.implicit_feedback import ImplicitFeedbackStore
from data.database.stores.jobs import JobStore
from data.database.stores.leases import LeaseStore
from data.database.stores.trends import TrendStore
from data.database.sync.previews import ImportDraftStore
from data.database.sync.scrobbles import ScrobbleStore
from data.database.sync.webhooks import WebhookStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of a database, SQLite or PostgreSQL.

    Every method is one transaction: it takes effect completely or not at all, and is durable when it returns. All are
    safe for use by several threads and processes. Times are aware, in UTC. Each raises `StoreUnavailable` if the
    database cannot respond.
    """

    accounts: AccountStore
    second_factors: SecondFactorStore
    one_time_secrets: OneTimeSecretStore
    security_events: SecurityEventStore
    diaries: DiaryStore
    watches: WatchStore
    lists: ListStore
    events: EventStore
    request_counts: RequestCountStore
    jobs: JobStore
    job_times: JobTimeStore
    leases: LeaseStore
    audit_log: AuditLogStore
    trends: TrendStore
    exposures: ExposureStore
    explorations: ExplorationStore
    implicit_feedback: ImplicitFeedbackStore
    evaluations: EvaluationStore
    demo: DemoStore
    enrichments: EnrichmentStore
    profiles: ProfileStore
    follows: FollowStore
    reviews: ReviewStore
    friends: ActivityStore
    reports: ReportStore
    social_exports: SocialExports
    import_drafts: ImportDraftStore
    webhooks: WebhookStore
    scrobbles: ScrobbleStore


def open_for(settings: Settings) -> Stores:
    """Open the database of these settings for jobs and commands; see `open`."""
    return open(settings.database, direct=settings.database_direct, migrate=settings.migrate)


def open_serving(settings: Settings, *, share: int) -> Stores:
    """Open the database of a web server: with short time limits, and even if it is unreachable now.

    An unreachable database is logged and migrated when it is first reached. If servers must not migrate, one at another
    revision is refused until something else has migrated it.

    Args:
        settings: with the database, and the limit of one statement.
        share: threads that may use the database at the same time.

    Raises:
        InvalidSettings: the URL is invalid.
    """
    url = settings.database
    limits = connections.Limits.serving(seconds=settings.database_timeout, share=share)
    settle = partial(_settle, url, direct=settings.database_direct, migrate=settings.migrate)
    other = settings.database_replica
    replica = connections.Database(connections.parse(other), limits) if other else None
    database = connections.Database(connections.parse(url), limits, prepare=settle, replica=replica)
    try:
        database.prepare()
    except StoreUnavailable as error:
        log.error("accounts are unavailable until the database responds: %s", error)
    return _stores(database)


def open(url: str, *, direct: str = "", migrate: bool = True) -> Stores:  # noqa: A001 - read as `database.open`
    """Open a database and migrate it to the latest revision; several processes may do this concurrently.

    Without `migrate`, nothing is created or changed.

    A missing SQLite file is created with its folder, readable only by this user.

    Args:
        url: the database.
        direct: the same database for migrations; by default, `url`.
        migrate: whether to migrate it.

    Raises:
        InvalidSettings: the URL is invalid.
        StoreUnavailable: the database is unreachable.
        WrongRevision: it was migrated by a newer Marquee, or is behind and must not be migrated.
    """
    _settle(url, direct=direct, migrate=migrate)
    return _stores(connections.Database(connections.parse(url)))


def _settle(url: str, *, direct: str, migrate: bool) -> None:
    """Prepare a database for its first use: migrate it, or only check its revision."""
    if migrate:
        revisions.migrate(direct or url)
    else:
        revisions.require(url)


def _stores(database: connections.Database) -> Stores:
    return Stores(
        accounts=AccountStore(database),
        second_factors=SecondFactorStore(database),
        one_time_secrets=OneTimeSecretStore(database),
        security_events=SecurityEventStore(database),
        diaries=DiaryStore(database),
        watches=WatchStore(database),
        lists=ListStore(database),
        events=EventStore(database),
        request_counts=RequestCountStore(database),
        jobs=JobStore(database),
        job_times=JobTimeStore(database),
        leases=LeaseStore(database),
        audit_log=AuditLogStore(database),
        trends=TrendStore(database),
        exposures=ExposureStore(database),
        explorations=ExplorationStore(database),
        implicit_feedback=ImplicitFeedbackStore(database),
        evaluations=EvaluationStore(database),
        demo=DemoStore(database),
        enrichments=EnrichmentStore(database),
        profiles=ProfileStore(database),
        follows=FollowStore(database),
        reviews=ReviewStore(database),
        friends=ActivityStore(database),
        reports=ReportStore(database),
        social_exports=SocialExports(database),
        import_drafts=ImportDraftStore(database),
        webhooks=WebhookStore(database),
        scrobbles=ScrobbleStore(database),
    )


def pooled(stores: Stores) -> Mapping[str, int]:
    """Return the number of connections of this process that are `in_use` and `idle`."""
    return stores.accounts.database.pooled()


def close(stores: Stores) -> None:
    """Close the connections of stores; for tests and commands, since a server keeps them open."""
    stores.accounts.database.close()
