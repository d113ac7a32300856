"""Import of ratings: upload, preview, confirm.

Between the two requests, the compressed content of the file is kept in the page, so any process can handle the second
one, and nothing is stored of a file that is not confirmed. It is validated and matched again like the upload.
"""

from __future__ import annotations

import base64
import binascii
import tempfile
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from core.errors import DataError, InvalidRequest
from core.users import Scope, User
from engine.accounts.diary_import import ImportEffects, ImportPlan
from engine.services import Services
from webapp.diary import request_diary
from webapp.diary.request_diary import Notice
from webapp.http import sessions
from webapp.http.fields import MAX_NAME_LENGTH, clean
from webapp.localization import locales
from webapp.localization.translation import gettext as _
from webapp.localization.translation import ngettext

MAX_FILE = 30 * 1024 * 1024
"""Maximum size in bytes: enough for IMDb's export of 100,000 ratings."""
MAX_PAYLOAD = 16 * 1024 * 1024
"""Maximum length of the hidden field: enough for such an export, compressed and in base64."""
BLOCK = 256 * 1024
"""Bytes of a file that are in memory at once."""
PACKED_BLOCK = 4 * 16 * 1024
"""Characters of base64 that are decoded at once: groups of 4 stand for 3 bytes."""
SHOWN_LINES = 200
"""Maximum number of rows of each kind in the preview."""


@dataclass(frozen=True, slots=True)
class Preview:
    """An import plan as shown on the page."""

    plan: ImportPlan
    effects: ImportEffects
    name: str
    payload: str


def admit_payload() -> None:
    """Raise the size limit of form fields for the hidden field. Call this before the form is read."""
    request.max_form_memory_size = MAX_PAYLOAD


class ImportPages:
    """The pages of an import."""

    def __init__(self, services: Services) -> None:
        self._diaries = services.diaries

    def form(self) -> str:
        """Show the upload form."""
        sessions.required()
        return render_template("diary/import.html", fault="")

    def post(self) -> Response:
        """Show the preview of an upload, or import a confirmed preview."""
        user = sessions.required(Scope.WRITE)
        return self._confirm(user) if "payload" in request.form else self._preview(user)

    def _preview(self, user: User) -> Response:
        upload = request.files.get("file")
        size = upload.stream.seek(0, 2) if upload else 0
        name = clean((upload.filename or "") if upload else "")[:MAX_NAME_LENGTH] or _("the file")
        fault = _fault(size)
        if fault or upload is None:
            return _refuse(fault)
        try:
            with self._diaries.import_turn(user), upload.stream as file:
                file.seek(0)
                plan = self._diaries.plan_import(file, name=name, zone=locales.zone())
                effects, payload = self._diaries.effects(user, plan), pack(file)
        except DataError as error:
            return _refuse(str(error))
        if len(payload) > MAX_PAYLOAD:
            return _refuse(_too_large(MAX_PAYLOAD))
        page = render_template(
            "diary/import_preview.html", preview=Preview(plan, effects, name, payload), limit=SHOWN_LINES
        )
        response = make_response(page)
        response.cache_control.no_store = True
        return response

    def _confirm(self, user: User) -> Response:
        name = clean(request.form.get("name", ""))[:MAX_NAME_LENGTH] or _("the file")
        try:
            with self._diaries.import_turn(user), unpack(request.form.get("payload", "")) as file:
                plan = self._diaries.plan_import(file, name=name, zone=locales.zone())
                watches = len(self._diaries.effects(user, plan).watches)
                written = self._diaries.carry_out(user, plan)
        except DataError as error:
            return _refuse(str(error))
        came = ngettext(
            "%(n)s film imported from %(name)s.", "%(n)s films imported from %(name)s.", written, n=written, name=name
        )
        request_diary.notify(Notice(" ".join((came, *_logged(watches), _("Your recommendations already use them.")))))
        return request_diary.see(url_for("diary.diary" if watches else "diary.ratings"))


def pack(file: IO[bytes]) -> str:
    """Return the content of a file as text for a hidden field."""
    file.seek(0)
    packer = zlib.compressobj(6)
    packed = bytearray()
    while block := file.read(BLOCK):
        packed += packer.compress(block)
    return base64.b64encode(packed + packer.flush()).decode("ascii")


def unpack(payload: str) -> IO[bytes]:
    """Return the content of the file, at most `MAX_FILE` bytes, as a file at its beginning. The caller closes it.

    Raises:
        InvalidRequest: the text was not created by `pack`.
    """
    file: IO[bytes] = tempfile.SpooledTemporaryFile(BLOCK)  # noqa: SIM115 - the caller closes it
    if not _expand(payload, file):
        file.close()
        raise InvalidRequest({"payload": "the file of the preview is damaged; upload it again"})
    file.seek(0)
    return file


def _expand(payload: str, file: IO[bytes]) -> bool:
    """Write the content of a payload to a file; return whether it is complete and has 1 to `MAX_FILE` bytes."""
    expander = zlib.decompressobj()
    try:
        for start in range(0, len(payload), PACKED_BLOCK):
            packed = base64.b64decode(payload[start : start + PACKED_BLOCK], validate=True)
            file.write(expander.decompress(packed, MAX_FILE + 1 - file.tell()))
            if file.tell() > MAX_FILE:
                return False
    except (binascii.Error, zlib.error, ValueError):
        return False
    return expander.eof and file.tell() > 0


def _fault(size: int) -> str:
    if not size:
        return _("Choose a file: ratings.csv, watchlist.csv or diary.csv.")
    if size > MAX_FILE:
        return _too_large(MAX_FILE)
    return ""


def _logged(watches: int) -> list[str]:
    if not watches:
        return []
    added = ngettext(
        "%(n)s entry was added to your diary.",
        "%(n)s entries were added to your diary.",
        watches,
        n=locales.number(watches),
    )
    return [added]


def _too_large(most: int) -> str:
    return _(
        "This file is larger than %(most)s MB. Split it and import the parts one by one.", most=most // 1024 // 1024
    )


def _refuse(fault: str) -> Response:
    return make_response(render_template("diary/import.html", fault=fault), HTTPStatus.BAD_REQUEST)
