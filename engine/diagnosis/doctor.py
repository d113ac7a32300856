"""All checks of an installation, in the order in which they are reported."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.config import Settings, variable
from core.ports import IndexStore
from core.settings.environment import Fault
from data.database.inspection import report
from engine import mail
from engine.clock import Clock, now
from engine.diagnosis import clocks, counters, databases, files, findings, jobs, models, search_engine
from engine.diagnosis.findings import Check, Finding, error, ok
from engine.diagnosis.search_engine import BUILD
from engine.registry.registry import Registry

if TYPE_CHECKING:
    from indexer.elastic.cluster.inspection import ClusterState

SETTINGS, MAIL = "settings", "mail server"
SHARE = 0.8
"""Share of its deadline that the check of integrity may take, so that it can say that it is not finished."""
URL, HOME = variable("database_url"), variable("home")


@dataclass(frozen=True)
class Installation:
    """What is checked."""

    settings: Settings
    store: Callable[[], IndexStore]
    registry: Callable[[], Registry]
    cluster: Callable[[], ClusterState] | None = None
    """Returns the state of Elasticsearch; None with the embedded engine."""
    cluster_clock: Callable[[], datetime | None] | None = None
    clock: Clock = now


def diagnose(installation: Installation, *, faults: Sequence[Fault] = (), seconds: float) -> list[Finding]:
    """Check everything.

    Args:
        installation: the parts.
        faults: settings that are invalid, and therefore have their defaults.
        seconds: deadline of each check.
    """
    return [*judge_settings(faults), *findings.run(checks(installation, seconds), seconds=seconds, faults=faults)]


def judge_settings(faults: Sequence[Fault]) -> list[Finding]:
    """Return the findings about settings."""
    advice = "correct or unset it; docs/settings.md lists all settings"
    return [error(SETTINGS, str(fault), advice) for fault in faults] or [
        ok(SETTINGS, "all MARQUEE_… variables are valid")
    ]


def checks(installation: Installation, seconds: float) -> list[Check]:
    """Return all checks."""
    settings, clock = installation.settings, installation.clock
    cluster, store = installation.cluster, installation.store
    database_advice = (
        f"check that it runs and that {URL} is right; docs/database.md#troubleshooting explains each message"
    )
    search_advice = f"check that it runs and that {variable('elasticsearch_url')} is right" if cluster else BUILD
    search_needs, database_needs = ("elasticsearch", "home"), ("database", "home")
    return [
        Check(files.HOME, partial(files.home, settings), f"check {HOME}", ("home",)),
        Check(files.DISK, partial(files.disk, settings), f"check {HOME}", ("home",)),
        Check(files.PRIVATE, partial(files.private, settings), f"check {HOME}", database_needs),
        Check(databases.DATABASE, partial(databases.revision, settings), database_advice, database_needs),
        *_of_database(installation, database_advice, SHARE * seconds),
        Check(search_engine.ENGINE, partial(search_engine.engine, cluster), search_advice, search_needs),
        Check(search_engine.INDEX, partial(search_engine.index, store), search_advice, search_needs),
        Check(
            search_engine.UP_TO_DATE,
            partial(search_engine.up_to_date, settings, store),
            search_advice,
            (*search_needs, "encoder", "moods", "data_dir"),
        ),
        Check(models.ENCODER, partial(models.encoder, settings), BUILD, ("encoder", "home")),
        Check(
            models.MODEL,
            partial(models.model, installation.registry, clock),
            "run `marquee train`, or publish an earlier model with `marquee models activate`",
            ("models", "home"),
        ),
        Check(
            models.TRAINER,
            partial(models.trainer, settings),
            f"correct it, or unset {variable('trainer')} to train on this machine alone",
            ("trainer", "spark_master"),
        ),
        Check(jobs.SCHEDULER, partial(jobs.jobs, settings, clock), database_advice, database_needs),
        *_of_cluster(installation, search_advice),
        Check(counters.LIMITS, partial(counters.rate_limits, settings), counters.ADVICE, ("rate_limit_storage",)),
        Check(MAIL, partial(mail_server, settings), f"check host and port in {variable('smtp_url')}", ("smtp_url",)),
    ]


def _of_database(installation: Installation, advice: str, seconds: float) -> list[Check]:
    """Return the check of the file of SQLite, or of the clock of PostgreSQL's server."""
    settings, needs = installation.settings, ("database", "home")
    if report.sqlite_file(settings.database):
        ask = partial(databases.integrity, settings, seconds=seconds)
        return [Check(databases.INTEGRITY, ask, databases.RESTORE, needs)]
    compare = partial(clocks.clock, "the database", partial(report.clock, settings.database), installation.clock)
    found = [Check(clocks.CLOCK, compare, advice, needs)]
    if settings.database_replica:
        advice = f"check that it runs and that {variable('database_replica_url')} is right; meanwhile, it is not needed"
        found.append(Check(databases.REPLICA, partial(databases.replica, settings), advice, needs))
    return found


def _of_cluster(installation: Installation, advice: str) -> list[Check]:
    """Return the check of Elasticsearch's clock."""
    if installation.cluster_clock is None:
        return []
    compare = partial(clocks.clock, "Elasticsearch", installation.cluster_clock, installation.clock)
    return [Check(clocks.CLOCK, compare, advice, ("elasticsearch",))]


def mail_server(settings: Settings) -> list[Finding]:
    """Check that the mail server accepts connections. Nothing is sent, and nobody signs in."""
    if settings.smtp_url is None:
        return [ok(MAIL, f"none is configured ({variable('smtp_url')})")]
    host, port = mail.host_and_port(urlsplit(settings.smtp_url.get_secret_value()))
    try:
        with socket.create_connection((host, port), timeout=mail.SECONDS):
            return [ok(MAIL, f"{host}:{port} accepts connections")]
    except OSError as failure:
        reason = failure.strerror or (os.strerror(failure.errno) if failure.errno else str(failure))
        advice = f"check host and port in {variable('smtp_url')}, and the firewall"
        return [error(MAIL, f"{host}:{port} cannot be reached: {reason}", advice)]
