"""`/api/me/import`: imports of diaries from other sites, their previews and corrections."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel

from core.errors import DataError, InvalidRequest
from core.types import MovieId
from core.users import Scope
from engine.accounts.imports.previews import Correction
from engine.services import Services
from webapp.diary.api import DIARY
from webapp.http import sessions
from webapp.http.api import PREFIX, SIGNED_IN, no_content, problems
from webapp.http.parsing import Body, Query, opened_upload, parse_request
from webapp.http.schemas import View, dump
from webapp.imports import schemas
from webapp.imports.forms import CorrectionsRequest, ImportQuery, LinePath, LinesQuery, PreviewPath
from webapp.imports.schemas import AlternativesResponse, ImportResponse
from webapp.localization import locales


class Upload(RawModel):
    """A file as the request body, or in the form field `file`."""

    mimetypes = ["text/csv", "application/zip", "application/octet-stream", "multipart/form-data"]  # noqa: RUF012


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of `/api/me/import`."""
    calls = APIBlueprint(
        "me_import",
        __name__,
        url_prefix=f"{PREFIX}/me/import",
        abp_responses=problems(400, 401, 403, 503),
        abp_security=SIGNED_IN,
    )
    _add_upload(calls, services)
    _add_preview(calls, services)
    _add_corrections(calls, services)
    _add_end(calls, services)
    return calls


def _add_upload(calls: APIBlueprint, services: Services) -> None:
    @calls.post(
        "", tags=[DIARY], summary="Import a diary from another site",
        responses={200: ImportResponse, **problems(409, 413)},
    )  # fmt: skip
    @parse_request(query=ImportQuery)
    def import_diary(query: ImportQuery, raw: Upload = None) -> Response:  # type: ignore[assignment]  # noqa: ARG001
        """Preview how each row of a file matches the catalogue; with `apply=1`, import it. Safe to repeat.

        Accepts the exports of Letterboxd (the complete .zip or one of its files, and its import form), IMDb, Trakt,
        Simkl, TV Time, MovieLens and Marquee; at most 32 MB and 100,000 rows. All rows are imported or none, and one
        file at a time. The preview is kept for a day; its rows can be corrected, and it is imported with
        `POST /api/me/import/<preview>`.
        """
        user = sessions.required(Scope.WRITE if query.apply else Scope.READ)
        try:
            with opened_upload("the exported file") as (file, name):
                found = services.imports.open(user, file, name=query.name or name, zone=locales.zone())
        except DataError as error:
            raise InvalidRequest({"file": str(error)}) from None
        if query.apply:
            return _answer(schemas.applied(services.imports.apply(user, found.id)))
        return _answer(schemas.preview(found.page(found.plan.lines)))


def _add_preview(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/<preview>", tags=[DIARY], summary="Get the preview of an import",
        responses={200: ImportResponse, **problems(404)},
    )  # fmt: skip
    @parse_request(path=PreviewPath, query=LinesQuery)
    def get(path: PreviewPath, query: LinesQuery) -> Response:
        """Return what an import would change, with a page of its rows."""
        first = (query.page - 1) * query.size
        found = services.imports.page(sessions.required(), path.preview, query.show, first=first, size=query.size)
        return _answer(schemas.preview(found))

    @calls.get(
        "/<preview>/lines/<int:number>", tags=[DIARY], summary="Get alternatives for a row of an import",
        responses={200: AlternativesResponse, **problems(404)},
    )  # fmt: skip
    @parse_request(path=LinePath, query=Query)
    def alternatives(path: LinePath) -> Response:
        """Return a row and the movies with its title, whatever their year."""
        found = services.imports.line(sessions.required(), path.preview, path.number)
        return _answer(schemas.alternatives(found, services.imports.alternatives(found.lines[0])))


def _add_corrections(calls: APIBlueprint, services: Services) -> None:
    @calls.patch(
        "/<preview>", tags=[DIARY], summary="Correct rows of an import",
        responses={200: ImportResponse, **problems(404, 409, 415)},
    )  # fmt: skip
    @parse_request(path=PreviewPath, query=Query, body=CorrectionsRequest)
    def correct(path: PreviewPath, body: CorrectionsRequest) -> Response:
        """Choose the movie of a row, or skip it; this applies to all rows about the same movie. Returns these rows."""
        corrections = [
            Correction(one.number, MovieId(one.movie) if one.movie else None, skip=one.skip) for one in body.lines
        ]
        found = services.imports.correct(sessions.required(Scope.WRITE), path.preview, corrections)
        return _answer(schemas.preview(found.page([found.line(one.number) for one in body.lines])))


def _add_end(calls: APIBlueprint, services: Services) -> None:
    @calls.post(
        "/<preview>", tags=[DIARY], summary="Apply an import",
        responses={200: ImportResponse, **problems(404, 409)},
    )  # fmt: skip
    @parse_request(path=PreviewPath, query=Query, body=Body, optional_body=True)
    def apply(path: PreviewPath) -> Response:
        """Import the preview as corrected, all rows or none. The preview is deleted."""
        return _answer(schemas.applied(services.imports.apply(sessions.required(Scope.WRITE), path.preview)))

    @calls.delete(
        "/<preview>", tags=[DIARY], summary="Discard the preview of an import", responses={204: None, **problems(404)}
    )
    @parse_request(path=PreviewPath, query=Query)
    def discard(path: PreviewPath) -> Response:
        """Delete the preview, if there is one; nothing is imported."""
        services.imports.discard(sessions.required(Scope.WRITE), path.preview)
        return no_content()


def _answer(view: View) -> Response:
    response = Response(dump(view), mimetype="application/json")
    response.cache_control.no_store = True
    return response
