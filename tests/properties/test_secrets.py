"""No secret of the settings appears in an error, a traceback or a log line, whatever it is and whatever fails."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from pydantic import SecretStr

from core import config, log_lines
from core.config import Settings
from core.errors import InvalidSettings, MarqueeError
from core.jobs.runs import Outcome, Run
from core.settings import redaction
from core.types import MovieId
from data import database
from data.enrichment.omdb import Omdb
from data.enrichment.tmdb import Tmdb
from data.shared_store.store import SharedStore
from engine.accounts.credentials import signing_keys
from engine.backups.archive import Archive
from engine.event_archive.archive import EventArchive
from engine.registry.storage import factory
from engine.search.llm import model
from engine.search.llm.client import AnswerFormat
from indexer.elastic import ElasticStore
from jobs import notifications
from marquee import cli, console
from marquee.context import Parts
from tests.data.enrichment.services import FakeTime

NOWHERE = "127.0.0.1:1"
"""Nothing listens on this port."""
secrets = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=4, max_size=30).map(
    lambda text: f"pA55{text.strip()}"
)
often = how(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

Provoke = Callable[[Settings], object]


def _open_database(settings: Settings) -> object:
    return database.open(settings.database)


def _read_from_replica(settings: Settings) -> object:
    return database.open_serving(settings.model_copy(update={"migrate": False}), share=2).events.count()


def _search(settings: Settings) -> object:
    return ElasticStore(settings, interactive=True).open().info()


def _count(settings: Settings) -> object:
    return SharedStore(settings.rate_limit_storage.get_secret_value()).check()


def _load_model(settings: Settings) -> object:
    return factory.storage(settings.models_url.get_secret_value(), home=settings.home).pointer()


def _ask(settings: Settings) -> object:
    found = model.of(settings)
    assert found is not None
    return found.client.complete([], AnswerFormat("x", {}, 1), seconds=0.5)


def _notify(settings: Settings) -> object:
    # An error of a job may quote any setting.
    shown = " ".join(settings._secrets())
    run = Run(1, "retrain", Outcome.FAILED, datetime(2026, 11, 21, tzinfo=UTC), error=f"OSError: cannot reach {shown}")
    notifications.tell(run, settings)
    return None


def _sign(settings: Settings) -> object:
    raise ValueError(f"cannot sign with {signing_keys.secret_key(settings)}")


def _scrape(settings: Settings) -> object:
    assert settings.metrics_token is not None
    raise ValueError(f"{settings.metrics_token.get_secret_value()} is not the token that was sent")


def _list_backups(settings: Settings) -> object:
    return Archive(settings).names()


def _list_archived_days(settings: Settings) -> object:
    archive = EventArchive.of(settings)
    assert archive is not None
    return archive.days()


def _trace(settings: Settings) -> object:
    assert settings.otlp_url is not None
    raise ValueError(f"cannot send to {settings.otlp_url.get_secret_value()}")


def _export_model(settings: Settings) -> object:
    assert settings.mlflow_url is not None
    raise ValueError(f"cannot export to {settings.mlflow_url.get_secret_value()}")


def _report(settings: Settings) -> object:
    assert settings.sentry_dsn is not None
    raise ValueError(f"cannot report to {settings.sentry_dsn.get_secret_value()}")


def _enrich(settings: Settings) -> object:
    pacing = FakeTime().pacing
    if settings.tmdb_key is not None:
        return Tmdb(settings, pacing=pacing).fetch(MovieId(603))
    return Omdb(settings, pacing=pacing).fetch("tt0133093")


CASES: Mapping[str, tuple[Mapping[str, str], Provoke]] = {
    "database_url": (
        {"database_url": "postgresql://ann:{url}@" + NOWHERE + "/films?connect_timeout=1"},
        _open_database,
    ),
    "database_direct_url": (
        {
            "database_url": f"postgresql://{NOWHERE}/films",
            "database_direct_url": "postgresql://ann:{url}@" + NOWHERE + "/films?connect_timeout=1",
        },
        database.open_for,
    ),
    "database_replica_url": (
        {
            "database_url": f"postgresql://{NOWHERE}/films",
            "database_replica_url": "postgresql://ann:{url}@" + NOWHERE + "/films?connect_timeout=1",
        },
        _read_from_replica,
    ),
    "elasticsearch_url": ({"elasticsearch_url": "http://ann:{url}@" + NOWHERE}, _search),
    "elasticsearch_api_key": (
        {"elasticsearch_url": f"http://{NOWHERE}", "elasticsearch_api_key": "{plain}"},
        _search,
    ),
    "elasticsearch_password": (
        {"elasticsearch_url": f"http://{NOWHERE}", "elasticsearch_user": "ann", "elasticsearch_password": "{plain}"},
        _search,
    ),
    "rate_limit_storage": ({"rate_limit_storage": "redis://ann:{url}@" + NOWHERE}, _count),
    "models_url": ({"models_url": "ftp://ann:{url}@" + NOWHERE + "/models"}, _load_model),
    "llm_key": ({"llm_url": f"http://{NOWHERE}/v1", "llm_model": "m", "llm_key": "{plain}"}, _ask),
    "tmdb_key": ({"tmdb_url": f"http://{NOWHERE}", "tmdb_key": "{plain}0123456789"}, _enrich),
    "omdb_key": ({"omdb_url": f"http://{NOWHERE}", "omdb_key": "{plain}0123456789"}, _enrich),
    "secret_key": ({"secret_key": "{plain}-and-longer-than-thirty-two-characters"}, _sign),
    "metrics_token": ({"metrics_token": "{plain}0123456789abcdef"}, _scrape),
    "backup_url": ({"backup_url": "ftp://ann:{url}@" + NOWHERE + "/backups"}, _list_backups),
    "backup_identity": ({"backup_url": "/backups", "backup_identity": "AGE-SECRET-KEY-1{plain}"}, _list_backups),
    "otlp_url": ({"otlp_url": "https://ann:{url}@" + NOWHERE}, _trace),
    "sentry_dsn": ({"sentry_dsn": "https://{url}@" + NOWHERE + "/42"}, _report),
    "events_archive_url": ({"events_archive_url": "ftp://ann:{url}@" + NOWHERE + "/events"}, _list_archived_days),
    "mlflow_url": ({"mlflow_url": "http://ann:{url}@" + NOWHERE}, _export_model),
    "notify_webhook": ({"notify_webhook": f"http://{NOWHERE}/hooks/" + "{url}0123456789abcdef"}, _notify),
    "smtp_url": (
        {"smtp_url": "smtp://ann:{url}@" + NOWHERE, "notify_email": "a@example.org"},
        _notify,
    ),
}
"""For each secret setting: an environment with a secret in it, and an operation that fails."""


def test_every_setting_that_may_contain_a_secret_is_a_secret_and_tested() -> None:
    secret = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert secret == set(CASES)
    suspicious = {
        name for name in Settings.model_fields if any(part in name for part in ("key", "password", "storage"))
    }
    assert suspicious <= secret
    urls = {name for name in Settings.model_fields if name.endswith("_url")}
    assert urls - secret == {"llm_url", "site_url", "tmdb_url", "omdb_url"}, "which refuse credentials"


@pytest.mark.parametrize("name", CASES)
@often
@given(secret=secrets)
def test_no_error_and_no_log_line_contains_the_secret(
    name: str, secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    given_, provoke = CASES[name]
    environment = {
        config.variable(key): value.replace("{plain}", secret).replace("{url}", quote(secret, safe=""))
        for key, value in {**given_, "home": str(tmp_path)}.items()
    }
    caplog.clear()
    caplog.handler.setFormatter(log_lines.UtcFormatter(log_lines.FORM))
    settings = config.load(environment)
    shown = [repr(settings), str(settings), _failure(provoke, settings), _command(settings, provoke)]
    shown += [log_lines.formatter(form).format(record) for form in ("text", "json") for record in caplog.records]
    assert len("".join(shown)) > 200, "something failed"
    for form in {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), repr(secret)[1:-1]}:
        assert not [text for text in shown if form in text]


@pytest.mark.parametrize("name", sorted({*Settings.model_fields} - {"experiments"}))  # its errors quote names
@often
@given(secret=secrets)
def test_a_setting_that_is_refused_is_not_quoted(name: str, secret: str) -> None:
    for value in (secret, f"http://ann:{quote(secret, safe='')}@[::1", f"x://{quote(secret, safe='')}"):
        message = _refusal({config.variable(name): value})
        assert secret not in message
        assert quote(secret, safe="") not in message


def test_short_secrets_are_hidden_in_urls_only() -> None:
    redaction.remember(["postgresql://marquee:marquee@host/marquee"])
    assert redaction.scrub("marquee.web: postgresql://marquee:marquee@host/marquee") == (
        "marquee.web: postgresql://[hidden]@host/marquee"
    )


def test_addresses_without_credentials_stay_readable() -> None:
    database_url = "sqlite:////var/lib/marquee/people.sqlite"
    addresses = f"http://search:9200 s3://bucket/models {database_url}"
    Settings.model_validate(
        {
            "elasticsearch_url": "http://search:9200",
            "models_url": "s3://bucket/models",
            "database_url": database_url,
        }
    )
    assert redaction.scrub(addresses) == addresses


def test_tracebacks_of_unexpected_errors_contain_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    Settings(secret_key=SecretStr("pA55" + "k" * 40))
    before = sys.excepthook
    console.hide_secrets()
    try:
        sys.excepthook(ValueError, ValueError("the key pA55" + "k" * 40), None)
    finally:
        sys.excepthook = before
    assert capsys.readouterr().err == "ValueError: the key [hidden]\n"


def _refusal(environment: Mapping[str, str]) -> str:
    try:
        config.load(environment)
    except InvalidSettings as error:
        return str(error)
    return ""


def _failure(provoke: Provoke, settings: Settings) -> str:
    """Provoke an error; log it and return its message with everything that a program shows of it."""
    try:
        provoke(settings)
    except (MarqueeError, ValueError) as error:
        logging.getLogger("marquee.test").exception("failed: %s", error)
        message = str(error) if isinstance(error, MarqueeError) else ""
        return message + redaction.scrub("".join(traceback.format_exception(error)))
    return ""


def _command(settings: Settings, provoke: Provoke) -> str:
    """Return the output of a command that fails."""

    def fail(_settings: Settings, *_: object) -> str:
        try:
            return str(provoke(settings))
        except ValueError as error:
            raise InvalidSettings(str(error)) from error

    parts = Parts(settings=lambda: settings, rollback=fail)
    return CliRunner().invoke(cli.main, ["index", "--rollback"], obj=parts).output
