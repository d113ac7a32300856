"""The settings of error reports and traces, a part of `core.config.Settings`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from core.settings import addresses


class TelemetrySettings(BaseModel):
    """Where unexpected errors are reported to, and traces of requests are sent."""

    sentry_dsn: Annotated[SecretStr | None, addresses.with_host(*addresses.WEB)] = Field(
        None,
        description="Address (DSN) of a project in Sentry, or in a server that speaks its protocol. Unset: no reports.",
    )
    sentry_environment: str = Field(
        "production",
        min_length=1,
        max_length=64,
        pattern=r"^[^/\s]+$",
        description="Environment named in these reports.",
    )
    otlp_url: Annotated[SecretStr | None, addresses.with_host(*addresses.WEB)] = Field(
        None,
        description="Collector of traces that speaks OTLP over HTTP, `http://host:4318`. Unset: no traces.",
    )
    trace_share: float = Field(0.1, ge=0, le=1, description="Share of the requests that are traced, chosen at random.")
