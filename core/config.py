"""The settings: read once from the environment, immutable, with all errors reported together.

Each setting is documented in `docs/settings.md`; a test compares the two.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

import platformdirs
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from core import experiments as grammar
from core.errors import InvalidSettings
from core.jobs import retention
from core.language import time_zones
from core.settings import addresses, consistency, redaction
from core.settings import environment as variables
from core.settings.backups import BackupSettings
from core.settings.environment import Fault, Given
from core.settings.language_model import LanguageModelSettings
from core.settings.mlflow import MlflowSettings
from core.settings.search_engine import Names, SearchEngineSettings
from core.settings.telemetry import TelemetrySettings
from core.settings.trainer import TrainerSettings

PREFIX, RENAMED, variable = variables.PREFIX, variables.RENAMED, variables.variable
MAX_TOKEN_DAYS = 365
"""Maximum lifetime of an API token in days."""
TRAINING = ("model", "gate", "search_share", "search_seconds", "ease_memory", "stars_budget", "training_threads")
"""The settings that are parameters of training runs."""


Language = Literal["en", "es", "fr", "de"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
"""Languages that the pages are translated into."""

PosterBase = Annotated[str, BeforeValidator(lambda value: "" if value == "off" else value)]
"""`off` instead of an empty value, since an empty variable counts as unset."""


class Settings(
    SearchEngineSettings,
    BackupSettings,
    LanguageModelSettings,
    MlflowSettings,
    TelemetrySettings,
    TrainerSettings,
):
    """All settings with their defaults. Field `x` is read from `MARQUEE_X`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    moods_file: Path | None = Field(
        None, description="Your own table of moods (TOML), used instead of the built-in one; see docs/understanding.md."
    )

    tmdb_key: SecretStr | None = Field(
        None,
        min_length=redaction.SHORTEST,
        description="API key or read access token of TMDB, for `marquee enrich`. Unset: TMDB is not called.",
    )
    tmdb_url: Annotated[str, addresses.keyed("MARQUEE_TMDB_KEY")] = Field(
        "https://api.themoviedb.org/3", description="Base URL of TMDB's API."
    )
    omdb_key: SecretStr | None = Field(
        None,
        min_length=redaction.SHORTEST,
        description="API key of OMDb, for `marquee enrich`. Unset: OMDb is not called.",
    )
    omdb_url: Annotated[str, addresses.keyed("MARQUEE_OMDB_KEY")] = Field(
        "https://www.omdbapi.com", description="URL of OMDb's API."
    )
    omdb_per_day: int = Field(
        1_000, ge=1, le=1_000_000, description="Requests to OMDb per 24 hours; a free key allows 1,000."
    )
    regions: Annotated[Names, AfterValidator(addresses.regions)] = Field(
        ("US",),
        description="Countries whose certificates and services are shown, comma-separated, the first one first.",
    )

    database_url: SecretStr | None = Field(
        None,
        description="User database, `postgresql://user:password@host/name`. Unset: an SQLite file.",
    )
    database_direct_url: SecretStr | None = Field(
        None, description="The same database without PgBouncer, for migrations. Unset: `MARQUEE_DATABASE_URL`."
    )
    database_replica_url: SecretStr | None = Field(
        None, description="A streaming replica of it, for what belongs to no user. Unset: `MARQUEE_DATABASE_URL`."
    )
    database_timeout: float = Field(
        5.0, ge=1, le=300, description="Time-out of the database for one statement of a page, in seconds."
    )
    migrate: bool = Field(
        True, description="Whether servers, jobs and commands migrate the user database when they open it."
    )
    secret_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="Key that signs forms, shared by all processes. Unset: generated and stored in a file.",
    )
    sign_up: bool = Field(True, description="Whether visitors may create accounts.")
    session_days: int = Field(
        retention.SESSION_DAYS, ge=1, le=365, description="Days until a browser has to sign in again."
    )
    session_idle_days: int = Field(
        retention.IDLE_DAYS, ge=1, le=365, description="Days without use after which a browser has to sign in again."
    )
    token_days: int = Field(
        retention.TOKEN_DAYS, ge=1, le=MAX_TOKEN_DAYS, description="Days until an API token expires, unless chosen."
    )
    admin_second_factor: bool = Field(
        False, description="Whether administrators need a second factor to use their rights."
    )
    site_url: Annotated[str, AfterValidator(addresses.origin)] = Field(
        "",
        description="Address of this site, `https://host`, for links in emails, passkeys, canonical URLs, "
        "link previews, the sitemap and feeds.",
    )
    rate_limits: bool = Field(
        True,
        description="Whether searches and other costly requests are limited; attempts to sign in always are.",
    )
    rate_limit_storage: Annotated[SecretStr, AfterValidator(addresses.shared_store)] = Field(
        SecretStr(addresses.IN_MEMORY),
        description="Where attempts, requests and streams are counted: per process, or `redis://host` for all servers.",
    )
    events_days: int = Field(
        retention.EVENTS_DAYS,
        ge=0,
        le=3650,
        description="Days to keep impressions, clicks and searches; 0: none are stored.",
    )
    events_archive_url: SecretStr = Field(
        SecretStr(""),
        description="Place where finished days of events are kept as Parquet, without identities: a folder or any "
        "fsspec URL (`s3://bucket/events`). Unset: nowhere.",
    )
    events_archive_days: int = Field(
        retention.ARCHIVED_DAYS, ge=1, le=36_500, description="Days of events to keep in that place."
    )

    min_user_ratings: int = Field(5, ge=1, le=1000, description="Ratings a user needs to be included in training.")
    min_movie_ratings: int = Field(3, ge=1, le=1000, description="Ratings a movie needs to be included in training.")
    cold_share: float = Field(
        0.05, ge=0, le=1, description="Share of movies without ratings in a list of recommendations."
    )
    exploration_share: float = Field(
        0.0, ge=0, le=0.3, description="Share of the positions of recommendations that are drawn from more candidates."
    )
    search_taste: float = Field(
        0.2, ge=0, le=1, description="Maximum effect of taste on search results, as a share of the best score."
    )

    model: Literal["blend", "blend+ncf", "als", "ease", "ncf"] = Field(
        "blend",
        description="Model to train and serve unless another is requested; those with ncf need marquee[neural].",
    )
    gate: Literal["even", "better"] = Field(
        "even",
        description="Condition for publishing a new model: as good as the published one, or better beyond doubt.",
    )
    search_share: float = Field(
        0.2, ge=0, le=100, description="Share of new ratings after which training searches its options again; 0: never."
    )
    search_seconds: float = Field(
        300.0, ge=1, le=14_400, description="Seconds after which such a search starts no new trial."
    )
    ease_memory: int = Field(
        2_000,
        ge=0,
        le=1_000_000,
        description="Memory of EASE in MB: as many movies as fit, the most rated, have its weights.",
    )
    stars_budget: float = Field(
        40, ge=1, le=100_000, description="Work of a fit of predicted stars, in million ratings times sweeps."
    )
    training_threads: int = Field(1, ge=1, le=64, description="Threads of ALS and EASE in a training run.")
    models_url: SecretStr = Field(
        SecretStr(""),
        description="Model storage: a path or any fsspec URL (`s3://bucket/models`). Unset: in `MARQUEE_HOME`.",
    )
    models_kept: int = Field(retention.MODELS_KEPT, ge=2, le=1000, description="Versions of the model to keep.")
    retrain_ratings: int = Field(
        500, ge=1, le=10_000_000, description="New ratings that start a training run before the weekly one."
    )
    trend_half_life: float = Field(
        12.0,
        gt=0,
        le=1000,
        description="Half-life of an event in the daily list, in hours; the weekly list uses 7 times as much.",
    )
    trend_floor: int = Field(
        3, ge=1, le=100_000, description="Distinct users that a movie needs to be listed as trending."
    )
    experiments: Annotated[str, AfterValidator(grammar.check)] = Field(
        "", description="Running experiments, `name: control=0.5, other=0.5; …`; see docs/experiments.md."
    )
    webhook_private: bool = Field(
        False, description="Whether users' webhooks may call private addresses and plain HTTP, for a home network."
    )
    job_retries: int = Field(2, ge=0, le=10, description="Retries of a failed job before a notification is sent.")
    notify_webhook: Annotated[SecretStr | None, addresses.with_host(*addresses.WEB)] = Field(
        None, description="URL that receives a JSON message when a job fails or a training run ends."
    )
    notify_email: Names = Field((), description="Email addresses that receive the same messages, comma-separated.")
    notify_sender: str = Field("", description="Sender of these emails.")
    smtp_url: Annotated[SecretStr | None, addresses.with_host(*addresses.MAIL_SERVERS)] = Field(
        None,
        validate_default=True,
        description="Mail server, `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`.",
    )

    host: str = Field("127.0.0.1", description="Address to bind to.")
    port: int = Field(8000, ge=1, le=65535, description="Port to bind to.")
    workers: int = Field(1, ge=1, le=64, description="Processes of the web server; two survive the loss of one.")
    threads: int = Field(4, ge=1, le=64, description="Threads of each process for pages and searches.")
    request_timeout: float = Field(
        5.0,
        ge=0.5,
        le=60,
        description="Seconds for a page or a search, with what it waits for; imports, exports and questions get more.",
    )
    max_waiting: int = Field(
        256, ge=1, le=10_000, description="Requests of a process that may wait for a thread; others get 503."
    )
    max_requests: int = Field(
        0, ge=0, le=100_000_000, description="Requests after which a process is replaced; 0: never. Needs workers."
    )
    drain_seconds: float = Field(
        3.0,
        ge=0,
        le=300,
        description="Seconds of normal service after SIGTERM, with `/health/ready` answering 503.",
    )
    proxies: int = Field(
        0, ge=0, le=8, description="Reverse proxies that add `X-Forwarded-For`; rate limits need the client's address."
    )
    hosts: Names = Field(
        (), description="Host names of the website, comma-separated (`films.example, *.films.example`); `*` for any."
    )
    hsts_subdomains: bool = Field(
        False, description="Whether browsers must use HTTPS for all subdomains too (`Strict-Transport-Security`)."
    )
    security_contact: Annotated[str, AfterValidator(addresses.contact)] = Field(
        "", description="Whom to tell about vulnerabilities (`mailto:…`, `https://…`), in `/.well-known/security.txt`."
    )
    debug: bool = Field(False, description="Flask's development server with its debugger; never in production.")
    cors_origins: Names = Field(
        (), description="Origins that may call the API from a browser, comma-separated; `*` for any."
    )
    language: Language = Field(
        "en", description="Language of pages if the browser requests none of the available ones."
    )
    time_zone: Annotated[str, AfterValidator(time_zones.check)] = Field(
        time_zones.DEFAULT, description="Time zone of days and dates, unless users choose their own (`Europe/Madrid`)."
    )
    poster_base: PosterBase = Field(
        "https://image.tmdb.org/t/p/w342", description="Base URL of TMDB posters; `off`: generated posters only."
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="Port for `/metrics` alone. Unset: the port of the website, with a token."
    )
    metrics_host: str = Field("127.0.0.1", description="Address to bind that port to.")
    metrics_token: SecretStr | None = Field(
        None, min_length=16, description="Token for `/metrics`, sent as `Authorization: Bearer …`."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Minimum level of logged messages."
    )
    log_format: Literal["text", "json"] = Field("text", description="Form of log lines; `json` for log collectors.")

    @field_validator("smtp_url")
    @classmethod
    def _email_needs_a_server(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """Check these two settings in a field validator, so that the error is reported with those of other fields."""
        if value is None and info.data.get("notify_email"):
            raise ValueError("MARQUEE_NOTIFY_EMAIL requires a mail server")
        return value

    @property
    def zone(self) -> tzinfo:
        """The time zone of this site."""
        return time_zones.zone(self.time_zone)

    @property
    def training(self) -> dict[str, str | float]:
        """Training parameters set by this site, used unless a run overrides them."""
        return {name: getattr(self, name) for name in TRAINING}

    @property
    def measured(self) -> bool:
        """Whether metrics are counted and served."""
        return self.metrics_port is not None or self.metrics_token is not None

    @property
    def enriched(self) -> bool:
        """Whether movies are enriched with data of other services."""
        return self.tmdb_key is not None or self.omdb_key is not None

    @property
    def state(self) -> Path:
        """Folder for data that cannot be recreated (default database and key): not the cache, unless `home` is set."""
        return self.home if "home" in self.model_fields_set else platformdirs.user_data_path("marquee")

    @property
    def database(self) -> str:
        """The user database as an SQLAlchemy URL. It may contain a password: never log it."""
        return addresses.with_driver(self.database_url) or f"sqlite:///{self.state / 'people.sqlite'}"

    @property
    def database_direct(self) -> str:
        """The user database for migrations. It may contain a password: never log it."""
        return addresses.with_driver(self.database_direct_url) or self.database

    @property
    def database_replica(self) -> str:
        """The replica of the user database; empty if there is none. It may contain a password: never log it."""
        return addresses.with_driver(self.database_replica_url)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if fault := consistency.fault(self):
            raise ValueError(fault)
        self.hide_secrets()
        return self

    def hide_secrets(self) -> None:
        """Register the secrets of these settings, so that no error and no log line of this process shows them."""
        redaction.remember(self._secrets())

    def _secrets(self) -> Iterator[str]:
        for name in type(self).model_fields:
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, SecretStr):
                    yield one.get_secret_value()


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environment` (default: `os.environ`).

    Raises:
        InvalidSettings: one message that lists every error under its variable's name.
    """
    settings, faults = _validated(_read(environment))
    if settings is None or faults:
        raise InvalidSettings("invalid settings:\n  " + "\n  ".join(sorted(map(str, faults))))
    return settings


def examine(environment: Mapping[str, str] | None = None) -> tuple[Settings | None, list[Fault]]:
    """Return the settings with the defaults for faulty ones, and what is wrong with those.

    Returns:
        None instead of the settings if the valid ones contradict each other.
    """
    given = _read(environment)
    settings, faults = _validated(given)
    if settings is None:
        settings, _ = _validated(given.without({fault.field for fault in faults}))
    return settings, faults


def _read(environment: Mapping[str, str] | None) -> Given:
    source = os.environ if environment is None else environment
    return variables.read(source, fields=Settings.model_fields, secrets=SECRETS)


def _validated(given: Given) -> tuple[Settings | None, list[Fault]]:
    try:
        return Settings.model_validate(given.values), list(given.faults)
    except ValidationError as error:
        return None, [*given.faults, *given.described(error)]


def library_variable(name: str) -> str:
    """Return an environment variable that belongs to a library, such as `JAVA_HOME`; empty if it is not set."""
    return os.environ.get(name, "")


def set_variable(name: str, value: str) -> None:
    """Set an environment variable of this process and those that it starts, for a library that reads it."""
    os.environ[name] = value


SECRETS = variables.secrets(Settings)
"""Fields that contain a secret. `MARQUEE_X_FILE` names a file with the value of `MARQUEE_X`."""
