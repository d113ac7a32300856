"""The settings of the language model, a part of `core.config.Settings`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, SecretStr

from core.settings import addresses


class LanguageModelSettings(BaseModel):
    """Which language model reads search texts and answers questions, and how much it is used."""

    llm_url: Annotated[str, AfterValidator(addresses.plain)] = Field(
        "",
        description="Base URL of an OpenAI-compatible server, `https://host/v1`. Unset: no text leaves this site.",
    )
    llm_model: str = Field("", max_length=200, description="Name of the model on that server.")
    llm_key: SecretStr | None = Field(
        None, description="API key of that server. It is sent only over TLS or to this machine."
    )
    llm_timeout: float = Field(
        1.0, gt=0, le=30, description="Seconds that a search waits for the model before it falls back to the rules."
    )
    llm_ask_timeout: float = Field(
        6.0, gt=0, le=60, description="Seconds that a question waits for the model before passages are shown instead."
    )
    llm_concurrent: int = Field(2, ge=1, le=64, description="Concurrent calls of the model, per process.")
    llm_per_minute: int = Field(60, ge=1, le=100_000, description="Calls of the model per minute, per process.")
    llm_per_day: int = Field(5_000, ge=1, le=10_000_000, description="Calls of the model per day, per process.")
