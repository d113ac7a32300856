"""The settings of error reports, a part of `core.config.Settings`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from core.settings import addresses


class ErrorReportSettings(BaseModel):
    """Where unexpected errors are reported to."""

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
