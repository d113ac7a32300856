"""`POST /helpful`: the answer to "Was this helpful?" after a search and under a list, asked once a day for each."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Literal

from flask import Blueprint, Flask, jsonify, request, session, url_for
from pydantic import Field, StringConstraints
from werkzeug.wrappers import Response

from core import texts
from core.users import EventKind
from engine.clock import now
from engine.services import Services
from webapp.diary import request_diary
from webapp.diary.request_diary import Notice
from webapp.events import consent, recorder
from webapp.events.forms import MAX_EVENT_QUERY, Label
from webapp.http import sessions
from webapp.http.fields import Text
from webapp.http.parsing import Query, parse_query
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop

ANSWERED = "answered"
"""Key of the latest answers in the session cookie, as hashes."""
MAX_ANSWERED = 12
HASH_LENGTH = 8
KINDS = {"yes": EventKind.HELPFUL, "no": EventKind.UNHELPFUL}
THANKS = {
    "yes": gettext_noop("Thank you for your answer."),
    "no": gettext_noop("Thank you for your answer. It will help to improve this."),
}
Name = Annotated[Label, StringConstraints(min_length=1)]


class HelpfulForm(Query):
    """An answer, and what it is about."""

    answer: Literal["yes", "no"]
    list: Name = Field(description="The list: `search`, `for-you`, `trending`, …")
    query: Text = ""
    model: Label = ""


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of the form."""
    routes = Blueprint("helpful", __name__)

    @routes.post("/helpful")
    def answer() -> Response:
        """Record an answer; browsers return to the page, scripts get a sentence."""
        user = sessions.required()
        form = parse_query(HelpfulForm, request.form, lenient=True)
        query = form.query[:MAX_EVENT_QUERY]
        recorder.helpful(services, user, KINDS[form.answer], list_name=form.list, query=query, model=form.model)
        key = _key(form.list, query)
        kept = [one for one in _answered() if one != key]
        session[ANSWERED] = [*kept, key][-MAX_ANSWERED:]
        thanks = _(THANKS[form.answer])
        if request_diary.wants_json():
            return jsonify(text=thanks)
        request_diary.notify(Notice(thanks))
        return request_diary.back(url_for("pages.home"))

    return routes


def install(app: Flask, services: Services) -> None:
    """Let templates ask `helpful_state(list, query)`."""

    def helpful_state(list_name: str, query: str = "") -> str:
        """Return `ask`, `answered`, or nothing for visitors and where no events are recorded."""
        user = sessions.current()
        if user is None or not services.settings.events_days or not consent.given(user):
            return ""
        return "answered" if _key(list_name, query[:MAX_EVENT_QUERY]) in _answered() else "ask"

    app.add_template_global(helpful_state)


def _answered() -> list[str]:
    kept = session.get(ANSWERED)
    return [one for one in kept if isinstance(one, str)] if isinstance(kept, list) else []


def _key(list_name: str, query: str) -> str:
    """Return what identifies a search or a list on one day; a hash, so that the cookie contains no text."""
    whole = "\n".join((f"{now():%Y-%m-%d}", list_name, texts.fold(query).strip()))
    return sha256(whole.encode()).hexdigest()[:HASH_LENGTH]
