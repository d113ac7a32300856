"""Request bodies, read completely before a thread is used: bounded in size and time, large ones on disk."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import ExitStack
from typing import IO, Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

IN_MEMORY = 256 * 1024
"""Bytes of a body that are kept in memory."""
SECONDS = 10.0
"""Seconds for a body, however small."""
SLOWEST = 32 * 1024
"""Bytes per second that a longer body must reach on average."""


class TooLarge(Exception):
    """The body is larger than allowed."""


class TooSlow(Exception):
    """The body did not arrive in time."""


class Gone(Exception):
    """The client closed the connection."""


async def read(receive: Receive, *, most: int, declared: int | None, seconds: float = SECONDS) -> IO[bytes]:
    """Return the body as a file at its beginning.

    Args:
        receive: the channel of the request.
        most: maximum size in bytes.
        declared: the size that the client announced, if it did.
        seconds: deadline of a body without an announced size; longer bodies get more time.

    Raises:
        TooLarge, TooSlow, Gone: with their meanings.
    """
    if declared is not None and declared > most:
        raise TooLarge
    with ExitStack() as unless_complete:
        body: IO[bytes] = unless_complete.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        try:
            async with asyncio.timeout(seconds + (declared or most) / SLOWEST):
                await _fill(body, receive, most)
        except TimeoutError:
            raise TooSlow from None
        unless_complete.pop_all()  # the caller closes it
    body.seek(0)
    return body


async def _fill(body: IO[bytes], receive: Receive, most: int) -> None:
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > most:
            raise TooLarge
        body.write(chunk)
        if not message.get("more_body", False):
            return
