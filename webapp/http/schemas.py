"""The base class of everything that the API answers, and the shape of its errors."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class View(BaseModel):
    """One answer or a part of one."""

    model_config = ConfigDict(frozen=True)


class Problem(View):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="`about:blank`: the status says what kind of problem it is.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="Names this very request; quote it when you report the problem.")
    errors: dict[str, str] | None = Field(None, description="Each fault by the field that has it.")


def dump(view: View, *, without: str = "") -> str:
    """Return a view as JSON text, perhaps without one of its fields."""
    return view.model_dump_json(exclude_none=isinstance(view, Problem), exclude={without} if without else None)
