"""The settings of the export to MLflow, a part of `core.config.Settings`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from core.settings import addresses


class MlflowSettings(BaseModel):
    """Where versions of the model are exported to."""

    mlflow_url: Annotated[SecretStr | None, addresses.with_host(*addresses.WEB)] = Field(
        None,
        description="MLflow server to which versions of the model are exported after a training. Unset: none are.",
    )
    mlflow_experiment: str = Field(
        "marquee", min_length=1, max_length=200, description="Experiment in MLflow that gets the runs."
    )
