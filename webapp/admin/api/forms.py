"""What administrators send about jobs, models and labelled requests."""

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
from core.understanding import Stance
from webapp.http.fields import MAX_ID, MAX_NAME_LENGTH, Name
from webapp.http.parsing import Body, Query

MAX_PARAMETERS = 50
MAX_VERSION = 100
"""Characters; ours have about 20."""
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
    """Refuse what no parameter can be, before pydantic tries each type in turn and finds as many faults."""
    if not isinstance(value, (bool, int, float, str)) or (isinstance(value, str) and len(value) > MAX_NAME_LENGTH):
        raise ValueError(f"should be true, false, a number or a text of at most {MAX_NAME_LENGTH} characters")
    return value


Value = Annotated[bool | int | float | Text, BeforeValidator(_plain)]


class JobParameters(RootModel[Annotated[dict[Text, Value], Field(max_length=MAX_PARAMETERS)]]):
    """Parameters of a job by name; `GET /api/ml/jobs` says which there are. May be left out."""

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
    """Where in a log to read."""

    limit: int = Field(50, ge=1, le=MAX_LINES, description="Lines at most.")
    before: Before = Field(None, description="Only lines before this one: the `id` of the last line.")


class RunsQuery(LinesQuery):
    """Which runs to read."""

    job: Annotated[Name, AfterValidator(str.strip)] = Field("", description="Only runs of this job.")


class ReportsQuery(Query):
    """How far back to look."""

    days: int = Field(30, ge=1, le=MAX_DAYS, description="Days up to now.")
    limit: int = Field(50, ge=1, le=MAX_LINES, description="Searches at most.")


class BestQuery(Query):
    """The best by what."""

    metric: Name = Field("ndcg@10", description="`ndcg@10`, `recall@20`, `coverage`, `rmse`, …")


class CompareQuery(Query):
    """Which two versions."""

    first: Version = Field(description="A version of the model.")
    second: Version = Field(description="Another one.")


class StreamQuery(Query):
    """Which run to follow, and how long."""

    run: Before = Field(None, description="Number of a run; left out: the training that runs, or the last one.")
    seconds: int = Field(LONGEST_STREAM, ge=1, le=LONGEST_STREAM, description="For how long to follow it at most.")


class LabelRequest(Body):
    """A request with what should be understood of it."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_LABELLED_TEXT)] = Field(
        description="As people type it."
    )
    stance: Stance = Field(Stance.WISH, description="How the text speaks.")
    pieces: Annotated[str, StringConstraints(max_length=MAX_LABELLED_PIECES)] = Field(
        "", description="`genre:Horror; not-mood:violent; ?years:1990-1999`, see benchmarks/requests/understanding.md."
    )


class LabelPath(BaseModel):
    """A labelled request in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="Number of the labelled request.")


class EvaluationsQuery(Query):
    """How many evaluations to read."""

    limit: int = Field(60, ge=1, le=MAX_EVALUATIONS, description="Evaluations at most.")
