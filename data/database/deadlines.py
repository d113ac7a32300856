"""Connections to PostgreSQL that do not wait forever for a server that hangs.

A stopped server still acknowledges packets, so neither keepalives nor `tcp_user_timeout` notice it, and its own
`statement_timeout` never fires. Only the client's clock can end the wait.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

import psycopg
from psycopg import errors

Result = TypeVar("Result")


def connect_with_deadline(seconds: float) -> Callable[..., psycopg.Connection[Any]]:
    """Return a function that opens connections, for SQLAlchemy's event `do_connect`."""

    class Deadline(psycopg.Connection[Any]):
        """A connection whose operations end after `seconds`."""

        def wait(self, gen: Generator[Any, Any, Result], interval: float = 0.1, timeout: float | None = None) -> Result:
            """Wait for an operation. Raises `psycopg.OperationalError` after the deadline."""
            try:
                return super().wait(gen, interval, seconds if timeout is None else timeout)
            except errors._WaitTimeout:
                self.pgconn.finish()  # the response to this operation must not be taken for that of the next one
                raise errors.QueryCanceled(f"the server did not respond within {seconds:g} s") from None

    def connect(
        _dialect: object, _record: object, args: tuple[Any, ...], parameters: dict[str, Any]
    ) -> psycopg.Connection[Any]:
        return Deadline.connect(*args, **parameters)

    return connect
