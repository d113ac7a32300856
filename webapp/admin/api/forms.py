"""What administrators send about jobs and models, untrusted: each fault named by its field."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, StringConstraints, WithJsonSchema

from webapp.movies import forms

MAX_PARAMETERS = 50
MAX_VERSION = 100
"""Characters; ours have about 20."""
MAX_LINES = 200
MAX_DAYS = 366
LONGEST_STREAM = 600
"""Seconds."""

Version = Annotated[str, StringConstraints(min_length=1, max_length=MAX_VERSION)]
Text = Annotated[str, StringConstraints(max_length=forms.MAX_NAME_LENGTH)]
Before = Annotated[
    int | None,
    Field(ge=1, le=forms.MAX_ID),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": forms.MAX_ID}),
]


class Parameters(RootModel[Annotated[dict[Text, bool | int | float | Text], Field(max_length=MAX_PARAMETERS)]]):
    """Parameters of a job by name; `GET /api/ml/jobs` says which there are. May be left out."""

    model_config = ConfigDict(openapi_extra={"required": False})  # type: ignore[typeddict-unknown-key]  # flask-openapi3's


class JobPath(BaseModel):
    """A job in a URL."""

    name: Text = Field(description="Name of the job: `trending`, `retrain`, …")


class RunPath(BaseModel):
    """A run in a URL."""

    id: int = Field(ge=1, le=forms.MAX_ID, description="Number of the run.")


class VersionPath(BaseModel):
    """A version of the model in a URL."""

    version: Version = Field(description="Version of the model.")


class LinesQuery(forms.Query):
    """Where in a log to read."""

    limit: int = Field(50, ge=1, le=MAX_LINES, description="Lines at most.")
    before: Before = Field(None, description="Only lines before this one: the `id` of the last line.")


class RunsQuery(LinesQuery):
    """Which runs to read."""

    job: Annotated[forms.Name, AfterValidator(str.strip)] = Field("", description="Only runs of this job.")


class InsightsQuery(forms.Query):
    """How far back to look."""

    days: int = Field(30, ge=1, le=MAX_DAYS, description="Days up to now.")
    limit: int = Field(50, ge=1, le=MAX_LINES, description="Searches at most.")


class BestQuery(forms.Query):
    """The best by what."""

    metric: forms.Name = Field("ndcg@10", description="`ndcg@10`, `recall@20`, `coverage`, `rmse`, …")


class CompareQuery(forms.Query):
    """Which two versions."""

    first: Version = Field(description="A version of the model.")
    second: Version = Field(description="Another one.")


class StreamQuery(forms.Query):
    """Which run to follow, and how long."""

    run: Before = Field(None, description="Number of a run; left out: the training that runs, or the last one.")
    seconds: int = Field(LONGEST_STREAM, ge=1, le=LONGEST_STREAM, description="For how long to follow it at most.")
