"""Parsing and validation of requests, with errors by field.

It has the base classes of queries and bodies, a decorator that parses all parts of a request before the view is
called, and the wording of errors. Each feature declares its models in a module `forms`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import IO, Any, Protocol, TypeVar

from flask import Response, request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from core.errors import InvalidRequest
from webapp.http.fields import MAX_NAME_LENGTH, clean

BEACON = "text/plain"
"""Content type of text that is sent with `navigator.sendBeacon`."""
IN_MEMORY = 256 * 1024
"""Bytes of an uploaded file that are kept in memory."""
UNNAMED = "file"
"""Default name of an uploaded file."""
PARAMETER, FIELD = "parameter", "field"
"""Nouns for parts of a query and of a body in errors."""
WORDS = {
    "missing": "is required",
    "json_invalid": "should be a JSON object",
    "model_type": "should be a JSON object",
}
"""Our wording of pydantic's error types."""
EXTREMES = (OverflowError, RecursionError, MemoryError)
"""Errors of validators that calculate with an extreme value; pydantic only catches ValueError."""
OUT_OF_RANGE = "contains a value out of range"
NOUNS = ("Input", "String", "Tuple", "Dictionary")
"""Nouns that start pydantic's messages; ours start with the name of the field."""

Model = TypeVar("Model", bound=BaseModel)
View = Callable[..., Response]


class Query(BaseModel):
    """Query parameters; unknown ones are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Body(BaseModel):
    """A JSON object; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Arguments(Protocol):
    """Query arguments with any number of values each (werkzeug's `MultiDict`)."""

    def keys(self) -> Iterable[str]:
        """Return the names of the arguments."""
        ...

    def getlist(self, key: str) -> list[str]:
        """Return all values of an argument."""
        ...


def parse_request(
    *,
    path: type[BaseModel] | None = None,
    query: type[Query] | None = None,
    body: type[BaseModel] | None = None,
    optional_body: bool = False,
    beacon: str = "",
) -> Callable[[View], View]:
    """Parse the parts of a request into the parameters `path`, `query` and `body` of a view.

    A model without fields, such as `Query` itself, ensures that nothing is sent and is not passed to the view. The
    OpenAPI description is still generated from the signature of the view.

    Args:
        path: Model of the path parameters.
        query: Model of the query string; None: it is ignored.
        body: Model of the JSON object.
        optional_body: Whether a request without content is treated as an empty object.
        beacon: The only field of the body, if `navigator.sendBeacon` may send it; see `parse_body`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def parse_then_view(**parts: str) -> Response:
            found: dict[str, BaseModel] = {}
            if path is not None:
                found["path"] = validate(path, parts)
            if query is not None:
                found["query"] = parse_query(query, request.args)
            if body is not None:
                found["body"] = parse_body(body, optional=optional_body, beacon=beacon)
            return view(**{name: model for name, model in found.items() if type(model).model_fields})

        parse_then_view.__delay_validate_request__ = True  # type: ignore[attr-defined]  # flask-openapi3's own switch
        return parse_then_view

    return decorate


def parse_query(model: type[Model], arguments: Arguments, *, lenient: bool = False) -> Model:
    """Parse query arguments, and refuse repeated ones, which flask-openapi3 would accept.

    Args:
        lenient: For pages: ignore unknown names and blank values, which HTML forms send.

    Raises:
        InvalidRequest: lists every error by its parameter.
    """
    given = {name: arguments.getlist(name) for name in arguments.keys()}  # noqa: SIM118 - a MultiDict iterates otherwise
    if lenient:
        known = {name: values for name, values in given.items() if name in model.model_fields}
        given = {name: kept for name, values in known.items() if (kept := [value for value in values if value.strip()])}
    repeated = {name for name, values in given.items() if len(values) > 1 and not _is_list(model, name)}
    found = {name: f"expected once, given {len(given[name])} times" for name in sorted(repeated)}
    values = {
        name: values if _is_list(model, name) else values[0] for name, values in given.items() if name not in repeated
    }
    try:
        checked = validate(model, values)
    except InvalidRequest as error:
        raise InvalidRequest({**error.fields, **found}) from None
    if found:
        raise InvalidRequest(found)
    return checked


def validate(model: type[Model], values: Mapping[str, Any]) -> Model:
    """Parse values that occur once each, such as path parameters.

    Raises:
        InvalidRequest: lists every error by its parameter.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidRequest(faults(error)) from None
    except EXTREMES:
        raise InvalidRequest({"request": OUT_OF_RANGE}) from None


def parse_body(model: type[Model], *, optional: bool = False, beacon: str = "") -> Model:
    """Parse the JSON of the request.

    Args:
        optional: Whether no content is treated as an empty object.
        beacon: A field that may be sent as plain text, or as a form field (together with a `csrf_token`):
            `navigator.sendBeacon` cannot set headers.

    Raises:
        InvalidRequest: lists every error by its field, such as `events.3.movie`.
        UnsupportedMediaType: the content type is not JSON.
    """
    if beacon and beacon in request.form:
        return parse_json(model, f'{{"{beacon}":{request.form[beacon]}}}'.encode("utf-8", "replace"))
    if optional and not (request.content_length or request.get_data()):
        return parse_json(model, b"{}")
    if not (request.is_json or (beacon and request.mimetype == BEACON)):
        raise UnsupportedMediaType("Send JSON, with the header Content-Type: application/json.")
    return parse_json(model, request.get_data())


def parse_json(model: type[Model], content: bytes) -> Model:
    """Parse JSON text. Raises `InvalidRequest`."""
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise InvalidRequest(faults(error, noun=FIELD)) from None
    except EXTREMES:
        raise InvalidRequest({"body": OUT_OF_RANGE}) from None


def uploaded_file(what: str) -> tuple[bytes, str]:
    """Return content and name of an uploaded file, sent as the request body or in the form field `file`.

    Args:
        what: The expected file, for the error message.

    Raises:
        InvalidRequest: the form has no file.
    """
    with opened_upload(what) as (file, name):
        return file.read(), name


@contextmanager
def opened_upload(what: str) -> Iterator[tuple[IO[bytes], str]]:
    """Open an uploaded file like `uploaded_file`, without reading it: large ones are on disk."""
    if request.mimetype != "multipart/form-data":
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            shutil.copyfileobj(request.stream, body)
            body.seek(0)
            yield body, UNNAMED
        return
    upload = request.files.get("file")
    if upload is None or not (upload.filename or upload.stream.read(1)):
        raise InvalidRequest({"file": f"is required: {what}"})
    upload.stream.seek(0)
    with upload.stream as file:
        yield file, clean(upload.filename or "")[:MAX_NAME_LENGTH] or UNNAMED


def faults(error: ValidationError, *, noun: str = PARAMETER) -> dict[str, str]:
    """Return the first error of each field, in plain words.

    Args:
        noun: The noun for an unknown field: parameter or field.
    """
    found: dict[str, str] = {}
    depth = 1 if noun == PARAMETER else None  # a parameter is repeated, a JSON list has indices
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(str(part) for part in fault["loc"][:depth] if part != "[key]")
        found.setdefault(name or ("body" if noun == FIELD else "request"), _words(fault["type"], fault["msg"], noun))
    return found


def _words(kind: str, message: str, noun: str) -> str:
    if kind == "extra_forbidden":
        return f"no such {noun}"
    plain = message.removeprefix("Value error, ")
    for beginning in NOUNS:
        plain = plain.replace(f"{beginning} should", "should")
    return WORDS.get(kind, plain)


def _is_list(model: type[BaseModel], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and isinstance(field.get_default(), tuple)
