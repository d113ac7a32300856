"""The store of labelled requests and evaluation runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.evaluation import EvaluationRun, LabelledRequest, labelled
from data.database import upserts
from data.database.connections import Database
from data.database.schema import evaluation_runs, labelled_requests
from data.database.values import plain

_LABELLED = sa.select(
    labelled_requests.c.id,
    labelled_requests.c.text,
    labelled_requests.c.query_type,
    labelled_requests.c.pieces,
    labelled_requests.c.source,
    labelled_requests.c.at,
)
_RUNS = sa.select(
    evaluation_runs.c.id,
    evaluation_runs.c.at,
    evaluation_runs.c.reader,
    evaluation_runs.c.version,
    evaluation_runs.c.requests,
    evaluation_runs.c.figures,
    evaluation_runs.c.failures,
)


class EvaluationStore:
    """Stores labelled requests of this site and the results of evaluations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def labelled(self) -> Sequence[LabelledRequest]:
        """Return all labelled requests, latest first."""
        statement = _LABELLED.order_by(labelled_requests.c.at.desc(), labelled_requests.c.id.desc())
        with self._database.reading() as connection:
            return [_request(row) for row in connection.execute(statement)]

    def get(self, number: int) -> LabelledRequest:
        """Return a labelled request. Raises `NotFound`."""
        with self._database.reading() as connection:
            row = connection.execute(_LABELLED.where(labelled_requests.c.id == number)).first()
        if row is None:
            raise NotFound(f"no labelled request has the id {number}")
        return _request(row)

    def label(self, requests: Sequence[LabelledRequest], *, at: datetime) -> int:
        """Add requests, or replace those with the same text, in one transaction; return how many were written."""
        rows = {request.text: _row(request, at) for request in requests}
        if not rows:
            return 0
        with self._database.writing() as connection:
            statement = upserts.insert(connection, labelled_requests)
            changed = {name: statement.excluded[name] for name in ("query_type", "pieces", "source", "at")}
            connection.execute(
                statement.on_conflict_do_update(index_elements=["text"], set_=changed), list(rows.values())
            )
        return len(rows)

    def delete(self, number: int) -> bool:
        """Delete a labelled request; return whether it existed."""
        with self._database.writing() as connection:
            statement = sa.delete(labelled_requests).where(labelled_requests.c.id == number)
            return connection.execute(statement).rowcount > 0

    def add_run(self, run: EvaluationRun) -> EvaluationRun:
        """Store the result of an evaluation."""
        values = {
            "at": run.at,
            "reader": run.reader,
            "version": run.version,
            "requests": run.requests,
            "figures": plain(run.figures),
            "failures": [plain(failure) for failure in run.failures],
        }
        with self._database.writing() as connection:
            statement = sa.insert(evaluation_runs).values(values).returning(evaluation_runs.c.id)
            return replace(run, id=connection.execute(statement).scalar_one())

    def runs(self, reader: str | None = None, *, limit: int = 60) -> Sequence[EvaluationRun]:
        """Return evaluation runs, latest first, of one reader or all."""
        statement = _RUNS.order_by(evaluation_runs.c.id.desc()).limit(limit)
        if reader is not None:
            statement = statement.where(evaluation_runs.c.reader == reader)
        with self._database.reading() as connection:
            return [_run(row) for row in connection.execute(statement)]

    def purge_runs(self, *, before: datetime) -> int:
        """Delete older evaluation runs; return their number."""
        with self._database.erasing() as connection:
            return connection.execute(sa.delete(evaluation_runs).where(evaluation_runs.c.at < before)).rowcount


def _row(request: LabelledRequest, at: datetime) -> dict[str, Any]:
    return {
        "text": request.text,
        "query_type": request.query_type,
        "pieces": request.written,
        "source": request.source,
        "at": at,
    }


def _request(row: Any) -> LabelledRequest:  # noqa: ANN401 - a row of SQLAlchemy
    return replace(labelled(row.text, row.query_type, row.pieces), id=row.id, source=row.source, at=row.at)


def _run(row: Any) -> EvaluationRun:  # noqa: ANN401
    figures, failures = MappingProxyType(row.figures), tuple(row.failures)
    return EvaluationRun(row.at, row.reader, row.version, row.requests, figures, failures, id=row.id)
