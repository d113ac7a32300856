"""Reading of request bodies: complete, or refused by size, by time, or because the client left."""

from __future__ import annotations

import pytest

from tests.webapp.server.channels import Channel, run
from webapp.server import bodies


def read(channel: Channel, *, most: int = 10, declared: int | None = None, seconds: float = 30.0) -> bytes:
    """Read a body to its end."""

    async def reading() -> bytes:
        with await bodies.read(channel.receive, most=most, declared=declared, seconds=seconds) as body:
            return body.read()

    return run(reading)


def test_a_body_in_pieces_is_read_completely() -> None:
    assert read(Channel((b"abc", b"", b"de"))) == b"abcde"


def test_a_body_larger_than_memory_allows_is_read_from_disk() -> None:
    pieces = tuple(bytes([number]) * 100_000 for number in range(10))
    assert read(Channel(pieces), most=10**7) == b"".join(pieces)


def test_a_body_of_exactly_the_limit_is_accepted() -> None:
    assert read(Channel((b"x" * 10,)), declared=10) == b"x" * 10


def test_an_announced_size_is_refused_before_anything_is_read() -> None:
    channel = Channel((b"x",), stalls=True)
    with pytest.raises(bodies.TooLarge):
        read(channel, declared=11)
    assert channel._sent == 0


def test_an_unannounced_size_is_refused_as_soon_as_it_is_exceeded() -> None:
    with pytest.raises(bodies.TooLarge):
        read(Channel((b"x" * 11,), stalls=True))


def test_a_body_that_does_not_arrive_in_time_is_refused() -> None:
    with pytest.raises(bodies.TooSlow):
        read(Channel((b"x",), stalls=True), seconds=0.01)


def test_a_client_that_leaves_ends_the_reading() -> None:
    channel = Channel((b"x",), stalls=True)
    channel.left.set()
    with pytest.raises(bodies.Gone):
        read(channel)
