"""The administrators' form actions. Each redirects to the page that shows the result."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from core.errors import Busy, InvalidRequest, ModelMissing, SchedulerAway
from core.jobs.job_catalogue import RETRAIN
from engine.services import Services
from webapp.admin import parameters
from webapp.diary import request_diary
from webapp.http import authorization

DONE, FAULT = "admin", "admin-fault"
"""Categories of flash messages."""


class Actions:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._operations, self._lifecycle = services.operations, services.lifecycle

    def train(self) -> Response:
        """Queue a training run with the parameters of the form."""
        return self._enqueue(RETRAIN, back=url_for("admin.training"))

    def run(self, name: str) -> Response:
        """Queue a run of a job."""
        return self._enqueue(name, back=url_for("admin.job", name=name))

    def cancel(self, number: int) -> Response:
        """Request cancellation of a run."""
        page = url_for("admin.run", number=number)

        def cancel() -> str:
            run = self._operations.cancel(number, by=authorization.administrator())
            return f"{run.job} has already ended." if run.outcome.ended else f"{run.job} will stop at its next step."

        return _done(cancel, page)

    def activate(self, version: str) -> Response:
        """Publish a version."""
        page = url_for("admin.models")

        def activate() -> str:
            self._lifecycle.activate(version, by=authorization.administrator())
            return f"Published {version}. Every process serves it within seconds."

        return _done(activate, page)

    def delete(self, version: str) -> Response:
        """Delete a version."""
        page = url_for("admin.models")

        def delete() -> str:
            self._lifecycle.delete(version, by=authorization.administrator())
            return f"Deleted {version}."

        return _done(delete, page)

    def _enqueue(self, job: str, *, back: str) -> Response:
        table = self._operations.parameters(job).values()
        try:
            given = parameters.given(table, request.form)
            run = self._operations.enqueue(job, parameters=given, by=authorization.administrator())
        except (Busy, SchedulerAway, InvalidRequest) as error:
            flash(str(error), FAULT)
            return request_diary.see(back)
        flash(f"Queued {job}. A scheduler starts it within seconds.", DONE)
        return request_diary.see(url_for("admin.run", number=run.id))


def _done(act: Callable[[], str], page: str) -> Response:
    """Run an action, and redirect to `page` with its message or its error."""
    try:
        flash(act(), DONE)
    except (Busy, ModelMissing) as error:
        flash(str(error), FAULT)
    return request_diary.see(page)
