"""The settings of where models are trained, a part of `core.config.Settings`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

MASTER = r"^(local(\[(\*|[1-9][0-9]{0,3})\])?|spark://[^\s/@]+:[0-9]{1,5}(,[^\s/@]+:[0-9]{1,5})*|yarn|k8s://\S+)$"
"""The masters of Spark that are accepted: all but `local-cluster`, which is for Spark's own tests."""


class TrainerSettings(BaseModel):
    """What fits models, and where Spark runs if it does."""

    trainer: Literal["local", "spark"] = Field(
        "local", description="What fits models: this machine alone (`local`), or Spark, which needs marquee[spark]."
    )
    spark_master: str = Field(
        "local[*]",
        pattern=MASTER,
        description="Master of Spark: `local[*]` for all cores of this machine, `spark://host:7077`, `yarn`, `k8s://…`.",
    )
