"""The settings: read once from the environment, frozen, every fault reported at once under its variable's name.

Each setting is documented in `docs/settings.md`; a test holds the two together.
"""

from __future__ import annotations

import ipaddress
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlsplit

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
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

PREFIX = "MARQUEE_"
RESERVED = ("MARQUEE_TEST_", "MARQUEE_REQUIRE")
RENAMED = {"min_viewer_films": "min_user_ratings", "min_film_ratings": "min_movie_ratings"}
"""Fields by their names of the last release, which are read until the next one."""

log = logging.getLogger(__name__)
"""Variables that are no settings: they tell the tests what they may use."""


def _split(value: object) -> object:
    """Turn `a, b` from the environment into a tuple; anything else passes."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""What a database URL begins with, and the SQLAlchemy driver behind it."""

WEBHOOKS = WEB = ("http", "https")
MAIL_SERVERS = ("smtp", "smtps")
"""What addresses of servers begin with."""


def _address_of(*schemes: str) -> AfterValidator:
    """An address with a host and one of these schemes. It may hold a password: what is said of it never quotes it."""

    def check(value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_address(value.get_secret_value(), schemes):
            raise ValueError(f"expected {' or '.join(f'{scheme}://' for scheme in schemes)}, with a host")
        return value

    return AfterValidator(check)


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


Language = Literal["en", "es", "fr", "de"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
"""Those of which the pages have a translation."""


def _plain_address(value: str) -> str:
    """An address without credentials, query or fragment, since it is logged."""
    if not value:
        return value
    if not _is_address(value, WEB):
        raise ValueError("expected http:// or https://, with a host")
    parts = urlsplit(value)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("expected neither credentials, `?` nor `#`; the key goes into MARQUEE_LLM_KEY")
    return value.rstrip("/")


def _stays_here(url: str) -> bool:
    """Whether an address is one of this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]


PosterBase = Annotated[str, BeforeValidator(lambda value: "" if value == "off" else value)]
"""`off` and not empty, since an empty variable counts as unset."""


class Settings(BaseModel):
    """Everything that can be set, with its default. Field `x` is read from `MARQUEE_X`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data_dir: Path | None = Field(
        None,
        description="Folder with catalogue files, or with a `tmdb5000` folder. Wins over all other sources.",
    )
    home: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("marquee"),
        description="Folder for downloads, the embedded index, cached vectors and exported encoders.",
    )
    offline: bool = Field(
        False, description="Never download anything; without data at hand, the sample catalogue serves."
    )

    elasticsearch_url: Names = Field(
        (), description="Addresses of Elasticsearch 9, comma-separated. Unset: the embedded engine."
    )
    elasticsearch_api_key: SecretStr | None = Field(None, description="API key (the encoded form).")
    elasticsearch_user: str = Field("", description="User for basic authentication.")
    elasticsearch_password: SecretStr | None = Field(None, description="Password for basic authentication.")
    elasticsearch_ca_file: Path | None = Field(
        None, description="Certificate authority that signed the cluster's certificate."
    )
    elasticsearch_index: str = Field(
        "marquee-movies", pattern=r"^[a-z][a-z0-9-]*$", description="Alias of the index; versions are named after it."
    )
    elasticsearch_shards: int = Field(1, ge=1, le=64, description="Primary shards of a new index.")
    elasticsearch_replicas: int = Field(0, ge=0, le=8, description="Replicas of a new index; 1 or more on a cluster.")
    elasticsearch_timeout: float = Field(3.0, gt=0, le=60, description="Seconds that a page waits for Elasticsearch.")
    elasticsearch_batch_timeout: float = Field(
        60.0, gt=0, le=3600, description="Seconds that a build waits for one call."
    )

    encoder_model: str = Field(
        "all-MiniLM-L6-v2",
        min_length=1,
        description="A sentence-transformers model, by name or by folder; any but the default needs marquee[encoders].",
    )
    encoder_precision: Literal["int8", "float32"] = Field(
        "int8", description="Precision in which search texts are encoded; movies always are in float32."
    )
    encoder_threads: int = Field(1, ge=1, le=64, description="Threads that encode one query.")

    encoder_multilingual: str = Field(
        "", description="A second, multilingual model for searches that are not in English. Unset: there is none."
    )
    encoder_multilingual_query_prefix: str = Field(
        "", max_length=200, description="What stands before a search text there. Unset: the model's own prompt."
    )
    encoder_multilingual_passage_prefix: str = Field(
        "", max_length=200, description="What stands before a text of a film there. Unset: the model's own prompt."
    )

    relevance_floor: float = Field(
        0.32, ge=-1, le=1, description="Least cosine that counts as near in meaning; measured for the default encoder."
    )

    moods_file: Path | None = Field(
        None, description="Table of moods of your own (TOML), in place of the shipped one; see docs/understanding.md."
    )

    llm_url: Annotated[str, AfterValidator(_plain_address)] = Field(
        "",
        description="Base address of an OpenAI-compatible server, `https://host/v1`. Unset: no text leaves this site.",
    )
    llm_model: str = Field("", max_length=200, description="Model that is asked for there.")
    llm_key: SecretStr | None = Field(
        None, description="API key of that server. It is sent over TLS, or to this machine."
    )
    llm_timeout: float = Field(
        1.0, gt=0, le=30, description="Seconds that a search waits for the model; after that the rules' reading stands."
    )
    llm_ask_timeout: float = Field(
        6.0, gt=0, le=60, description="Seconds that a question waits for the model; after that passages are shown."
    )
    llm_concurrent: int = Field(2, ge=1, le=64, description="Calls of the model at once, per process.")
    llm_per_minute: int = Field(60, ge=1, le=100_000, description="Calls of the model a minute, per process.")
    llm_per_day: int = Field(5_000, ge=1, le=10_000_000, description="Calls of the model a day, per process.")

    database_url: SecretStr | None = Field(
        None,
        description="Database of people, `postgresql://user:password@host/name`. Unset: SQLite in a file of this user.",
    )
    secret_key: SecretStr | None = Field(
        None, min_length=32, description="Signs forms; the same for all processes. Unset: made once and kept in a file."
    )
    sign_up: bool = Field(True, description="Whether visitors may make accounts by themselves.")
    session_days: int = Field(
        retention.SESSION_DAYS, ge=1, le=365, description="Days after which a browser has to sign in again."
    )
    rate_limit_storage: str = Field(
        "memory://", description="Where tries to sign in are counted: per process, or `redis://host` for all processes."
    )
    events_days: int = Field(
        retention.EVENTS_DAYS,
        ge=0,
        le=3650,
        description="Days for which impressions, clicks and searches are kept; 0: none are.",
    )

    min_user_ratings: int = Field(5, ge=1, le=1000, description="Ratings that a user must have to be learned from.")
    min_movie_ratings: int = Field(3, ge=1, le=1000, description="Ratings that a movie must have to be learned about.")
    cold_share: float = Field(
        0.05, ge=0, le=1, description="Share of films without ratings in a list of recommendations."
    )
    search_taste: float = Field(
        0.2, ge=0, le=1, description="Widest band in which taste moves search results, as a share of the best score."
    )

    model: Literal["blend", "blend+ncf", "als", "ease", "ncf"] = Field(
        "blend",
        description="What is trained and served where nobody says otherwise; those with ncf need marquee[neural].",
    )
    gate: Literal["even", "better"] = Field(
        "even",
        description="What a new model must be to take the place of the published one: as good, or better beyond doubt.",
    )
    models_url: str = Field(
        "", description="Folder of models, a path or any fsspec URL (`s3://bucket/models`). Unset: below the home."
    )
    models_kept: int = Field(retention.MODELS_KEPT, ge=2, le=1000, description="Versions of the model that are kept.")
    retrain_ratings: int = Field(
        500, ge=1, le=10_000_000, description="New ratings after which a model is trained before its week is over."
    )
    trend_half_life: float = Field(
        12.0,
        gt=0,
        le=1000,
        description="Hours after which an event counts half for the day's list; for the week's × 7.",
    )
    trend_floor: int = Field(
        3, ge=1, le=100_000, description="Distinct viewers that a film needs to be called trending."
    )
    experiments: Annotated[str, AfterValidator(grammar.check)] = Field(
        "", description="Experiments that run, see docs/experiments.md: `name: control=0.5, other=0.5; …`."
    )
    job_retries: int = Field(
        2, ge=0, le=10, description="Times that a failed job is tried again before anybody is told."
    )
    notify_webhook: Annotated[SecretStr | None, _address_of(*WEBHOOKS)] = Field(
        None, description="Address that gets a JSON message when a job fails, and when a training ends."
    )
    notify_email: Names = Field((), description="Addresses that get a mail then, comma-separated.")
    notify_sender: str = Field("", description="Sender of these mails.")
    smtp_url: Annotated[SecretStr | None, _address_of(*MAIL_SERVERS)] = Field(
        None,
        validate_default=True,
        description="Mail server, `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`.",
    )

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    threads: int = Field(4, ge=1, le=64, description="Threads of the web server.")
    proxies: int = Field(
        0, ge=0, le=8, description="Proxies in front that add `X-Forwarded-For`; rate limits need the true address."
    )
    debug: bool = Field(False, description="Flask's own server with its debugger, for development only.")
    cors_origins: Names = Field(
        (), description="Origins that may call the API from a browser, comma-separated; `*` for any."
    )
    language: Language = Field("en", description="Language of pages for whoever asks for none of those there are.")
    poster_base: PosterBase = Field(
        "https://image.tmdb.org/t/p/w342", description="Where TMDB posters are loaded from; `off`: drawn posters only."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")

    @field_validator("smtp_url")
    @classmethod
    def _mails_need_a_server(cls, value: SecretStr | None, found: ValidationInfo) -> SecretStr | None:
        """Said with all other faults: it needs no other setting but these two."""
        if value is None and found.data.get("notify_email"):
            raise ValueError("MARQUEE_NOTIFY_EMAIL needs a mail server")
        return value

    @property
    def training(self) -> dict[str, str]:
        """Parameters of trainings that this site sets, where nobody says otherwise."""
        return {"model": self.model, "gate": self.gate}

    @property
    def state(self) -> Path:
        """Folder for what cannot be made anew: the default database and key. Not the cache, unless `home` was set."""
        return self.home if "home" in self.model_fields_set else platformdirs.user_data_path("marquee")

    @property
    def database(self) -> str:
        """The database of people as an SQLAlchemy URL. May hold a password: never log it."""
        if self.database_url is None:
            return f"sqlite:///{self.state / 'people.sqlite'}"
        scheme, separator, rest = self.database_url.get_secret_value().partition("://")
        return f"{DRIVERS.get(scheme, scheme)}{separator}{rest}"

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.elasticsearch_api_key and self.elasticsearch_user:
            raise ValueError("set either MARQUEE_ELASTICSEARCH_API_KEY or MARQUEE_ELASTICSEARCH_USER, not both")
        if bool(self.elasticsearch_user) != bool(self.elasticsearch_password):
            raise ValueError("MARQUEE_ELASTICSEARCH_USER and MARQUEE_ELASTICSEARCH_PASSWORD go together")
        if self.database.partition("://")[0] not in ("sqlite", "postgresql+psycopg"):
            raise ValueError("MARQUEE_DATABASE_URL: expected postgresql://… or sqlite:///…")
        if self.encoder_multilingual and self.encoder_multilingual == self.encoder_model:
            raise ValueError("MARQUEE_ENCODER_MULTILINGUAL: expected another model than MARQUEE_ENCODER_MODEL, or none")
        if faults := self._llm_faults():
            raise ValueError(faults)
        for url in self.elasticsearch_url:
            if not url.startswith(("http://", "https://")):
                raise ValueError(f"MARQUEE_ELASTICSEARCH_URL: expected http:// or https://, got {url.split('@')[-1]!r}")
        return self

    def _llm_faults(self) -> str:
        if bool(self.llm_url) != bool(self.llm_model):
            return "MARQUEE_LLM_URL and MARQUEE_LLM_MODEL go together"
        if self.llm_key is None or (self.llm_url.startswith("https://") or _stays_here(self.llm_url)):
            return ""
        if not self.llm_url:
            return "MARQUEE_LLM_KEY needs MARQUEE_LLM_URL"
        return (
            "MARQUEE_LLM_KEY is sent over TLS only: expected https:// in MARQUEE_LLM_URL, or a server on this machine"
        )


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environment` (default: the process's own).

    Raises:
        InvalidSettings: one message that lists every fault under its variable's name.
    """
    source = os.environ if environment is None else environment
    given = {
        name[len(PREFIX) :].lower(): value
        for name, value in source.items()
        if name.startswith(PREFIX) and not name.startswith(RESERVED) and value != ""
    }
    for old, new in RENAMED.items():
        if old in given and new not in given:
            log.warning("%s is now %s; the old name works until the next release", variable(old), variable(new))
            given[new] = given.pop(old)
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise InvalidSettings(_describe(error)) from None


def variable(field: str) -> str:
    """The environment variable of a settings field."""
    return PREFIX + field.upper()


def _describe(error: ValidationError) -> str:
    lines = []
    for fault in error.errors(include_url=False, include_context=False):
        name = variable(str(fault["loc"][0])) if fault["loc"] else "settings"
        unknown = fault["type"] == "extra_forbidden"
        lines.append(f"{name}: " + ("no such setting; see docs/settings.md" if unknown else fault["msg"]))
    return "settings cannot be used:\n  " + "\n  ".join(sorted(lines))
