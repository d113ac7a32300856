"""The base class of API responses, and the schema of errors."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class View(BaseModel):
    """A response or a part of one."""

    model_config = ConfigDict(frozen=True)


class Problem(View):
    """Problem details (RFC 9457)."""

    type: str = Field(description="`about:blank`: the status code identifies the kind of problem.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="Identifies the request; quote it when you report the problem.")
    errors: dict[str, str] | None = Field(None, description="Errors by field.")


def dump(view: View, *, without: str = "") -> str:
    """Return a view as JSON text, optionally without one of its fields."""
    return view.model_dump_json(exclude_none=isinstance(view, Problem), exclude={without} if without else None)
