"""Request models of jobs, models and labelled requests."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    WithJsonSchema,
)

from core.evaluation import MAX_LABELLED_PIECES, MAX_LABELLED_TEXT
from core.understanding import QueryType
from webapp.http.fields import MAX_ID, MAX_NAME_LENGTH, Name
from webapp.http.parsing import Body, Query

MAX_PARAMETERS = 50
MAX_VERSION = 100
"""Maximum length in characters; ours have about 20."""
MAX_LINES = 200
MAX_DAYS = 366
MAX_EVALUATIONS = 200
LONGEST_STREAM = 600
"""Seconds."""

Version = Annotated[str, StringConstraints(min_length=1, max_length=MAX_VERSION)]
Text = Annotated[str, StringConstraints(max_length=MAX_NAME_LENGTH)]
Before = Annotated[
    int | None,
    Field(ge=1, le=MAX_ID),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_ID}),
]


def _plain(value: object) -> object:
    """Refuse values that no parameter accepts, before pydantic tries each type and reports an error for each."""
    if not isinstance(value, (bool, int, float, str)) or (isinstance(value, str) and len(value) > MAX_NAME_LENGTH):
        raise ValueError(f"should be true, false, a number or a text of at most {MAX_NAME_LENGTH} characters")
    return value


Value = Annotated[bool | int | float | Text, BeforeValidator(_plain)]


class JobParameters(RootModel[Annotated[dict[Text, Value], Field(max_length=MAX_PARAMETERS)]]):
    """Parameters of a job by name, as listed by `GET /api/ml/jobs`. Optional."""

    model_config = ConfigDict(openapi_extra={"required": False})  # type: ignore[typeddict-unknown-key]  # flask-openapi3's


class JobPath(BaseModel):
    """A job in a URL."""

    name: Text = Field(description="Name of the job: `trending`, `retrain`, …")


class RunPath(BaseModel):
    """A run in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="Number of the run.")


class VersionPath(BaseModel):
    """A version of the model in a URL."""

    version: Version = Field(description="Version of the model.")


class LinesQuery(Query):
    """Which part of a log to return."""

    limit: int = Field(50, ge=1, le=MAX_LINES, description="Maximum number of entries.")
    before: Before = Field(None, description="Only entries before this one: the `id` of the last entry.")


class RunsQuery(LinesQuery):
    """Which runs to return."""

    job: Annotated[Name, AfterValidator(str.strip)] = Field("", description="Only runs of this job.")


class ReportsQuery(Query):
    """The period of the reports."""

    days: int = Field(30, ge=1, le=MAX_DAYS, description="Number of days up to now.")
    limit: int = Field(50, ge=1, le=MAX_LINES, description="Maximum number of searches.")


class BestQuery(Query):
    """The metric that selects the best version."""

    metric: Name = Field("ndcg@10", description="`ndcg@10`, `recall@20`, `coverage`, `rmse`, …")


class CompareQuery(Query):
    """The versions to compare."""

    first: Version = Field(description="A version of the model.")
    second: Version = Field(description="Another version.")


class StreamQuery(Query):
    """The run to follow, and for how long."""

    run: Before = Field(None, description="Number of a run. Default: the running or latest training run.")
    seconds: int = Field(LONGEST_STREAM, ge=1, le=LONGEST_STREAM, description="Maximum duration in seconds.")


class LabelRequest(Body):
    """A search text with its expected interpretation."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_LABELLED_TEXT)] = Field(
        description="The text as typed."
    )
    query_type: QueryType = Field(QueryType.WISH, description="Kind of request.")
    pieces: Annotated[str, StringConstraints(max_length=MAX_LABELLED_PIECES)] = Field(
        "", description="`genre:Horror; not-mood:violent; ?years:1990-1999`, see benchmarks/requests/understanding.md."
    )


class LabelPath(BaseModel):
    """A labelled request in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="Number of the labelled request.")


class EvaluationsQuery(Query):
    """How many evaluations to return."""

    limit: int = Field(60, ge=1, le=MAX_EVALUATIONS, description="Maximum number of evaluations.")
