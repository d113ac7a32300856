"""Bringing one's ratings along: upload, look at what would be written, confirm.

Between the two requests the file's content travels packed inside the page, so any process can carry on, and nothing
is kept of a file that is never confirmed. What comes back is read and matched again, as untrusted as the upload.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass
from http import HTTPStatus

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from core.errors import DataError, InvalidRequest
from core.users import Scope, User
from engine.accounts.diary_import import ImportPlan
from engine.services import Services
from webapp.diary import request_diary
from webapp.diary.request_diary import Notice
from webapp.http import sessions
from webapp.http.fields import MAX_NAME_LENGTH, clean
from webapp.localization.translation import gettext as _
from webapp.localization.translation import ngettext

MAX_FILE = 4 * 1024 * 1024
"""Bytes: IMDb's export of 15,000 ratings."""
MAX_PAYLOAD = 2 * MAX_FILE
"""Characters of the hidden field: even a file that does not shrink fits, in base64."""
SHOWN_LINES = 200
"""Rows of each kind on the preview; the counts beside them are of all."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan as the page shows it."""

    plan: ImportPlan
    name: str
    payload: str


def admit_payload() -> None:
    """Let the page's hidden field be as large as the request may be; called before the form is read."""
    request.max_form_memory_size = MAX_PAYLOAD


class ImportPages:
    """The pages of an import."""

    def __init__(self, services: Services) -> None:
        self._diaries = services.diaries

    def form(self) -> str:
        """Which files can be brought along, and the form for them."""
        sessions.required()
        return render_template("diary/import.html", fault="")

    def post(self) -> Response:
        """An upload gets its preview, a preview that was agreed to is carried out."""
        user = sessions.required(Scope.WRITE)
        return self._confirm(user) if "payload" in request.form else self._preview()

    def _preview(self) -> Response:
        upload = request.files.get("file")
        content = upload.stream.read(MAX_FILE + 1) if upload else b""
        name = clean((upload.filename or "") if upload else "")[:MAX_NAME_LENGTH] or _("the file")
        fault = _fault(content)
        if fault:
            return _refuse(fault)
        try:
            plan = self._diaries.plan_import(content, name=name)
        except DataError as error:
            return _refuse(str(error))
        page = render_template(
            "diary/import_preview.html", preview=Preview(plan, name, pack(content)), limit=SHOWN_LINES
        )
        response = make_response(page)
        response.cache_control.no_store = True
        return response

    def _confirm(self, user: User) -> Response:
        content = unpack(request.form.get("payload", ""))
        name = clean(request.form.get("name", ""))[:MAX_NAME_LENGTH] or _("the file")
        try:
            written = self._diaries.carry_out(user, self._diaries.plan_import(content, name=name))
        except DataError as error:
            return _refuse(str(error))
        came = ngettext(
            "%(n)s film came from %(name)s.", "%(n)s films came from %(name)s.", written, n=written, name=name
        )
        request_diary.notify(Notice(" ".join((came, _("Your lists know them already.")))))
        return request_diary.see(url_for("diary.ratings"))


def pack(content: bytes) -> str:
    """The content of a file as text for a hidden field."""
    return base64.b64encode(zlib.compress(content, 6)).decode("ascii")


def unpack(payload: str) -> bytes:
    """The content again, never more than a file may have.

    Raises:
        InvalidRequest: the text did not come from `pack`.
    """
    expander = zlib.decompressobj()
    try:
        content = expander.decompress(base64.b64decode(payload, validate=True), MAX_FILE)
    except (binascii.Error, zlib.error, ValueError):
        content = b""
    if not content or not expander.eof:
        raise InvalidRequest({"payload": "expected the file as the preview packed it; upload it once more"})
    return content


def _fault(content: bytes) -> str:
    if not content:
        return _("Choose a file first: ratings.csv, watchlist.csv or diary.csv.")
    if len(content) > MAX_FILE:
        return _(
            "This file is larger than %(most)s MB. Split it and bring its parts one after another.",
            most=MAX_FILE // 1024 // 1024,
        )
    return ""


def _refuse(fault: str) -> Response:
    return make_response(render_template("diary/import.html", fault=fault), HTTPStatus.BAD_REQUEST)
