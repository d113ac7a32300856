"""Request models of imports."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StrictBool, WithJsonSchema, model_validator

from core.types import MAX_PAGE
from webapp.http.fields import MAX_ID, Name
from webapp.http.parsing import Body, Query

MAX_LINES = 1_000
"""Rows of a preview per page of the API, and corrections per request."""


class ImportQuery(Query):
    """Options of an import."""

    apply: bool = Field(False, description="Import the matched rows; otherwise only preview them.")
    name: Name = Field(
        "", description="File name, if the body is the file itself; distinguishes `watched.csv` from `watchlist.csv`."
    )


class PreviewPath(BaseModel):
    """A preview in a URL."""

    preview: str = Field(min_length=1, max_length=40, description="Id of the preview.")


class LinePath(PreviewPath):
    """A row of a preview in a URL."""

    number: int = Field(ge=1, le=MAX_ID, description="Number of the row among those of the import, from 1.")


class LinesQuery(Query):
    """Which rows of a preview to return."""

    show: Annotated[
        Literal["matched", "unmatched", "skipped"] | None,
        WithJsonSchema({"type": "string", "enum": ["matched", "unmatched", "skipped"]}),
    ] = Field(None, description="Only these rows; without it, all.")
    page: int = Field(1, ge=1, le=MAX_PAGE, description="Page, from 1.")
    size: int = Field(100, ge=1, le=MAX_LINES, description="Rows per page.")


class LineCorrection(Body):
    """What to do with a row, and with all other rows about the same movie."""

    number: int = Field(ge=1, le=MAX_ID, description="Number of the row.")
    movie: Annotated[
        int | None, Field(ge=1, le=MAX_ID), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_ID})
    ] = Field(None, description="TMDB id of the right movie.")
    skip: StrictBool = Field(
        False, description="Whether not to import the row. Without `movie` and `skip`, it is as it was at first."
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.movie is not None and self.skip:
            raise ValueError("expected either movie or skip")
        return self


class CorrectionsRequest(Body):
    """Corrections of rows."""

    lines: Annotated[tuple[LineCorrection, ...], Field(min_length=1, max_length=MAX_LINES)] = Field(
        description="The corrections, applied in this order."
    )
