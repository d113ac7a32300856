"""The front: what it refuses, whom it lets wait, and what it answers itself."""

from __future__ import annotations

import asyncio
import html
import logging
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.webapp.server.channels import PATIENCE, Channel, SmallApp, ask, front, run, scope
from webapp.server import refusals
from webapp.server.front import MAX_LOGGED, MAX_TARGET, MAX_UPLOADS, PIECE, Front
from webapp.server.health import Health
from webapp.server.shares import Share


@pytest.fixture
def app() -> SmallApp:
    return SmallApp()


async def started(server: Front, channel: Channel, target: str = "/block") -> asyncio.Task[None]:
    """Return the task of a request."""
    return asyncio.create_task(server(scope(target), channel.receive, channel.send))


async def occupied(app: SmallApp, server: Front) -> list[asyncio.Task[None]]:
    """Return requests that occupy both threads for pages."""
    tasks = [await started(server, Channel()) for _ in range(2)]
    for _ in tasks:
        await asyncio.to_thread(app.entered.acquire, timeout=PATIENCE)
    return tasks


def test_a_request_reaches_the_application_and_its_answer_the_client(app: SmallApp) -> None:
    async def test() -> None:
        channel = Channel((b"some ", b"text"))
        await front(app)(scope("/echo", "POST", content_length="9"), channel.receive, channel.send)
        assert (channel.status, channel.body, channel.ended) == (200, b"some text", True)
        assert channel.headers == {"content-type": "text/plain", "content-length": "9"}

    run(test)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1])
def test_a_response_is_sent_in_pieces_and_completely(size: int) -> None:
    body = bytes(number % 251 for number in range(size))

    def application(_: object, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", str(size))])
        return [body]

    async def test() -> None:
        channel = await ask(front(application))
        assert (channel.body, channel.ended) == (body, True)
        assert channel.parts == max(1, -(-size // PIECE))

    run(test)


def test_a_head_request_is_answered(app: SmallApp) -> None:
    async def test() -> None:
        channel = await ask(front(app), "/", "HEAD")
        assert (channel.status, channel.headers["content-length"]) == (200, "5")
        assert app.calls[0]["REQUEST_METHOD"] == "HEAD"

    run(test)


def test_a_target_of_8_kib_is_served_and_a_longer_one_refused_and_logged_in_part(
    app: SmallApp, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        assert (await ask(front(app), "/?" + "q" * (MAX_TARGET - 1))).status == 200
        with caplog.at_level(logging.INFO, "marquee.access"):
            page = await ask(front(app), "/" + "p" * MAX_TARGET)
        assert (page.status, page.headers["connection"]) == (414, "close")
        assert page.headers["content-type"].startswith("text/html")
        call = await ask(front(app), "/api/search?q=" + "q" * MAX_TARGET)
        assert (call.status, call.headers["content-type"]) == (414, "application/problem+json")
        assert "POST /api/search" in call.json()["detail"]
        assert len(app.calls) == 1

    run(test)
    assert "/" + "p" * (MAX_LOGGED - 1) in caplog.text
    assert "p" * MAX_LOGGED not in caplog.text


def test_a_search_text_that_is_too_long_for_an_address_can_be_sent_with_a_form(app: SmallApp) -> None:
    async def test() -> None:
        text = '"Ночь" & <день> ' * 200
        page = await ask(front(app), "/search?" + urlencode({"genre": "Drama", "q": text, "page": "2"}))
        assert page.status == 414
        assert "form-action 'self'" in page.headers["content-security-policy"]
        shown = page.body.decode()
        assert html.escape(text) in shown
        assert '<form method="post" action="/search">' in shown
        assert '<input type="hidden" name="genre" value="Drama"><input type="hidden" name="page" value="2">' in shown
        many = await ask(front(app), "/search?" + "a=1&" * 3_000)
        assert (many.status, b"<form" in many.body) == (414, False)

    run(test)


def test_a_body_that_is_too_large_is_refused_before_the_application_sees_it(app: SmallApp) -> None:
    async def test() -> None:
        channel = Channel((b"x",), stalls=True)
        await front(app)(scope("/api/x", "POST", content_length="1001"), channel.receive, channel.send)
        assert (channel.status, channel.headers["connection"]) == (413, "close")
        assert app.calls == []

    run(test)


def test_a_body_that_does_not_arrive_occupies_no_thread_and_is_refused(app: SmallApp) -> None:
    async def test() -> None:
        server = front(app, body_seconds=0.02)
        slow = [Channel((b"x",), stalls=True) for _ in range(20)]
        request = scope("/api/x", "POST", content_length="5")
        waiting = [asyncio.create_task(server(request, one.receive, one.send)) for one in slow]
        assert (await ask(server)).status == 200
        await asyncio.gather(*waiting)
        assert {(one.status, one.headers["connection"]) for one in slow} == {(408, "close")}

    run(test)


def test_few_large_bodies_are_read_at_the_same_time(app: SmallApp) -> None:
    async def test() -> None:
        server = front(app, max_body=lambda path: 10**7 if path == "/import" else 1_000)
        slow = [Channel((b"x",), stalls=True) for _ in range(MAX_UPLOADS)]
        request = scope("/import", "POST", content_length="5000000")
        reading = [asyncio.create_task(server(request, one.receive, one.send)) for one in slow]
        await asyncio.sleep(0)
        one_more = Channel((b"x",), stalls=True)
        await server(request, one_more.receive, one_more.send)
        assert (one_more.status, one_more.headers["retry-after"]) == (503, "1")
        assert one_more.headers["connection"] == "close"
        assert (await ask(server, "/import")).status == 200
        assert (await ask(server, "/", "POST", content_length="0")).status == 200
        for channel in slow:
            channel.left.set()
        await asyncio.gather(*reading)
        assert (await ask(server, "/import", "POST", content_length="1")).status == 200

    run(test)


def test_a_malformed_target_is_refused(app: SmallApp) -> None:
    async def test() -> None:
        assert (await ask(front(app), "*", "OPTIONS")).status == 400

    run(test)


def test_overload_is_answered_with_503_and_when_to_retry_and_ends_by_itself(app: SmallApp) -> None:
    async def test() -> None:
        server = front(app)
        server.admissions[Share.PAGES].most = 0
        busy = await occupied(app, server)
        page, call = await ask(server, "/"), await ask(server, "/api/search?q=x")
        program = await ask(server, "/", accept="application/json")
        assert (page.status, page.headers["retry-after"], page.headers["content-type"][:9]) == (503, "1", "text/html")
        assert (call.status, call.headers["retry-after"], call.json()["status"]) == (503, "1", 503)
        assert program.headers["content-type"] == "application/problem+json"
        assert server.admissions[Share.PAGES].refused == 3
        app.go_on.set()
        await asyncio.gather(*busy)
        assert (await ask(server, "/")).status == 200

    run(test)


def test_passwords_and_imports_do_not_use_the_threads_of_pages(app: SmallApp) -> None:
    async def test() -> None:
        server = front(app)
        busy = await occupied(app, server)
        for method, target in (("POST", "/sign-in"), ("POST", "/import"), ("GET", "/ask?q=x")):
            assert (await ask(server, target, method)).status == 200
        app.go_on.set()
        await asyncio.gather(*busy)

    run(test)


def test_health_is_answered_while_every_thread_is_busy(app: SmallApp) -> None:
    async def test() -> None:
        server = front(app, health=Health({"search": str}, dict))
        busy = await occupied(app, server)
        assert (await ask(server, "/health/live")).json() == {"status": "ok"}
        assert (await ask(server, "/health/ready")).json()["status"] == "degraded"
        assert (await ask(server, "/health/ready?strict")).status == 503
        app.go_on.set()
        await asyncio.gather(*busy)
        assert {call["PATH_INFO"] for call in app.calls} == {"/block"}

    run(test)


def test_health_with_a_body_is_not_answered_by_the_front_which_would_leave_the_body_unread(app: SmallApp) -> None:
    async def test() -> None:
        await ask(front(app), "/health/live", "POST")
        assert app.calls[0]["PATH_INFO"] == "/health/live"

    run(test)


def test_a_client_that_leaves_while_it_waits_is_never_served(app: SmallApp) -> None:
    async def test() -> None:
        server = front(app)
        busy = await occupied(app, server)
        channel = Channel()
        waiting = await started(server, channel, "/late")
        await asyncio.sleep(0)
        channel.left.set()
        await waiting
        app.go_on.set()
        await asyncio.gather(*busy)
        assert (await ask(server)).status == 200
        assert {call["PATH_INFO"] for call in app.calls} == {"/block", "/"}
        assert channel.status == 0

    run(test)


def test_a_client_that_leaves_while_it_sends_is_not_served(app: SmallApp) -> None:
    async def test() -> None:
        channel = Channel((b"x",), stalls=True)
        channel.left.set()
        await front(app)(scope("/", "POST"), channel.receive, channel.send)
        assert (channel.status, app.calls) == (0, [])

    run(test)


def test_a_stream_is_sent_piece_by_piece_and_occupies_no_thread_of_pages(app: SmallApp) -> None:
    async def test() -> None:
        server = front(app)
        channels = [Channel() for _ in range(5)]
        streams = [await started(server, channel, "/stream") for channel in channels]
        for channel in channels:
            await channel.got_chunk.wait()
        assert (await ask(server)).status == 200
        app.go_on.set()
        await asyncio.gather(*streams)
        assert {(channel.body, channel.ended) for channel in channels} == {(b"firstsecond", True)}

    run(test)


def test_a_stream_whose_client_leaves_is_closed(app: SmallApp) -> None:
    async def test() -> None:
        channel = Channel()
        stream = await started(front(app), channel, "/stream")
        while channel.body != b"first":
            await asyncio.sleep(0.01)
        channel.left.set()
        app.go_on.set()
        await stream
        assert app.closed.is_set()
        assert not channel.ended

    run(test)


def test_a_draining_server_closes_each_connection_after_its_response(app: SmallApp) -> None:
    async def test() -> None:
        server = front(app)
        assert "connection" not in (await ask(server)).headers
        server.health.draining = True
        answer = await ask(server)
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert (await ask(server, "/health/ready")).status == 503

    run(test)


def test_anything_but_http_is_ignored(app: SmallApp) -> None:
    async def test() -> None:
        channel = Channel()
        await front(app)({"type": "lifespan"}, channel.receive, channel.send)
        assert channel.status == 0

    run(test)


@pytest.mark.parametrize(
    ("accepted", "language", "words"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Die Website ist überlastet"),
        ("es", "es", "El sitio está saturado"),
        ("fr-CH, en;q=0.1", "fr", "Le site est surchargé"),
        ("en-US", "en", "The site is busy"),
        ("ja", "es", "El sitio está saturado"),
        ("", "es", "El sitio está saturado"),
    ],
)
def test_pages_of_the_server_itself_are_in_the_language_of_the_browser(
    app: SmallApp, accepted: str, language: str, words: str
) -> None:
    async def test() -> None:
        server = front(app)
        server.language = "es"
        server.admissions[Share.PAGES].most = 0
        busy = await occupied(app, server)
        page = await ask(server, "/", accept_language=accepted)
        assert (page.status, page.headers["content-language"], page.headers["vary"]) == (
            503,
            language,
            "Accept-Language",
        )
        assert f'<html lang="{language}">' in page.body.decode()
        assert words in page.body.decode()
        call = await ask(server, "/api/search?q=x", accept_language=accepted)
        assert call.json()["detail"] == "The site is busy right now. Try again in a moment."
        app.go_on.set()
        await asyncio.gather(*busy)

    run(test)


def test_the_form_for_long_texts_is_in_the_language_of_the_browser(app: SmallApp) -> None:
    async def test() -> None:
        page = await ask(front(app), "/search?q=" + "q" * MAX_TARGET, accept_language="de")
        shown = page.body.decode()
        assert "Langer Suchtext" in shown
        assert "Sende ihn mit diesem Formular." in shown
        assert "Suchtext<br>" in shown

    run(test)


def test_every_status_of_a_refusal_has_a_title_and_a_text() -> None:
    assert refusals.TITLES.keys() == refusals.DETAILS.keys()
