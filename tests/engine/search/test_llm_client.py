"""The client for language models against a real local server that answers correctly or misbehaves."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import config
from core.config import Settings
from core.errors import InvalidSettings, LanguageModelRefused, LanguageModelUnavailable
from data.shared_store.store import SharedStore
from engine.search.llm import model
from engine.search.llm.budget import FAILURES, FIRST_PAUSE, Breaker, Budget, Cache
from engine.search.llm.client import MAX_ANSWER, AnswerFormat, Client, Endpoint
from engine.search.llm.model import LanguageModel
from engine.search.llm.shared_cache import SharedCache
from tests import redis_servers
from tests.engine.search.llm_server import Misbehaviour, ModelServer, completion
from tests.jobs import mail_server

KEY = "sk-not-for-anybody"
WANTED = AnswerFormat("words", {"type": "object"}, 50)
ASKED = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "a secret wish"}]
BAD_ANSWERS = {
    "an error of the server": Misbehaviour(status=500),
    "too many requests": Misbehaviour(status=429),
    "a wrong key": Misbehaviour(status=401),
    "no JSON": Misbehaviour(body=b"<html>hello</html>"),
    "JSON of another kind": Misbehaviour(body=b'{"choices": []}'),
    "a list": Misbehaviour(body=b"[1, 2]"),
    "a choice that is none": Misbehaviour(body=b'{"choices": [{"message": "hi"}]}'),
    "a huge answer": Misbehaviour(body=b" " * (MAX_ANSWER + 1) + completion("{}")),
    "a connection cut in the middle": Misbehaviour(cut=True),
    "deeply nested JSON": Misbehaviour(body=b"[" * 50_000),
}
REFUSALS = {
    "a refusal": Misbehaviour(refusal="I would rather not."),
    "words instead of JSON": Misbehaviour(content="Sure! Here you go:"),
    "an answer cut at its limit": Misbehaviour(content="{}", finish="length"),
    "a filtered answer": Misbehaviour(content="{}", finish="content_filter"),
    "an empty answer": Misbehaviour(content=""),
}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(answering=lambda _: {"mood": "funny"}) as running:
        yield running


def client(server: ModelServer, *, key: str = KEY) -> Client:
    return Client(Endpoint(server.url, "small-model", key))


def test_a_request_contains_model_format_and_key_and_its_answer_is_json(server: ModelServer) -> None:
    assert client(server).complete(ASKED, WANTED, seconds=2) == {"mood": "funny"}
    sent = server.asked[0]
    assert (sent["path"], sent["model"], sent["temperature"], sent["stream"]) == (
        "/v1/chat/completions",
        "small-model",
        0,
        False,
    )
    assert sent["messages"] == ASKED
    assert sent["response_format"]["json_schema"] == {"name": "words", "strict": True, "schema": {"type": "object"}}
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_without_a_key_none_is_sent(server: ModelServer) -> None:
    client(server, key="").complete(ASKED, WANTED, seconds=2)
    assert "Authorization" not in server.headers[0]


@pytest.mark.parametrize("bad", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_a_bad_answer_is_an_error(server: ModelServer, bad: Misbehaviour) -> None:
    server.bad = bad
    with pytest.raises(LanguageModelUnavailable) as caught:
        client(server).complete(ASKED, WANTED, seconds=2)
    assert not isinstance(caught.value, LanguageModelRefused)
    assert KEY not in str(caught.value)
    assert "secret wish" not in str(caught.value)


@pytest.mark.parametrize("bad", REFUSALS.values(), ids=REFUSALS)
def test_an_incomplete_answer_is_a_refusal(server: ModelServer, bad: Misbehaviour) -> None:
    server.bad = bad
    with pytest.raises(LanguageModelRefused):
        client(server).complete(ASKED, WANTED, seconds=2)


SLOW = {
    "late": Misbehaviour(delay=60),
    "dripping": Misbehaviour(drip=0.2),
    "headers without end": Misbehaviour(headers_drip=0.05),
}


@pytest.mark.parametrize("bad", SLOW.values(), ids=SLOW)
def test_no_call_exceeds_its_timeout(server: ModelServer, bad: Misbehaviour) -> None:
    server.bad = bad
    with pytest.raises(LanguageModelUnavailable):
        client(server).complete(ASKED, WANTED, seconds=0.3)
    assert server.running == 1, "the client did not wait until the server was done"


def test_a_redirect_is_not_followed(server: ModelServer) -> None:
    with ModelServer() as elsewhere:
        server.bad = Misbehaviour(status=307, redirect=f"{elsewhere.url}/chat/completions")
        with pytest.raises(LanguageModelUnavailable, match="status 307"):
            client(server).complete(ASKED, WANTED, seconds=2)
        assert elsewhere.asked == []


def test_an_unreachable_server_is_reported_without_the_key() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    asking = Client(Endpoint(f"http://127.0.0.1:{port}/v1", "small-model", KEY))
    with pytest.raises(LanguageModelUnavailable, match="ConnectError") as caught:
        asking.complete(ASKED, WANTED, seconds=2)
    assert KEY not in f"{caught.value!r} {asking._endpoint!r}"


def test_an_untrusted_certificate_is_rejected(tmp_path_factory: pytest.TempPathFactory) -> None:
    context, _ = mail_server.certificate(tmp_path_factory.mktemp("tls"))
    with socket.create_server(("127.0.0.1", 0)) as plain:
        port = plain.getsockname()[1]

        def greet() -> None:
            connection, _ = plain.accept()
            try:
                context.wrap_socket(connection, server_side=True)
            except OSError:
                connection.close()

        threading.Thread(target=greet, daemon=True).start()
        with pytest.raises(LanguageModelUnavailable, match="ConnectError"):
            Client(Endpoint(f"https://127.0.0.1:{port}/v1", "m", KEY)).complete(ASKED, WANTED, seconds=2)


@pytest.mark.parametrize("bad", [Misbehaviour(drip=0.2), Misbehaviour(headers_drip=0.05)], ids=["body", "headers"])
def test_after_a_slow_answer_the_next_call_works_and_no_thread_stays(server: ModelServer, bad: Misbehaviour) -> None:
    asking = client(server)
    server.bad = bad
    with pytest.raises(LanguageModelUnavailable):
        asking.complete(ASKED, WANTED, seconds=0.2)
    server.bad = Misbehaviour()
    assert asking.complete(ASKED, WANTED, seconds=2) == {"mood": "funny"}
    until = time.monotonic() + 5
    while any(thread.name == "language-model" for thread in threading.enumerate()) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(thread.name == "language-model" for thread in threading.enumerate())


def language_model(server: ModelServer, *, budget: Budget | None = None, **parts: object) -> LanguageModel:
    return LanguageModel("small-model", client(server), budget or Budget(100, 100, 8), **parts)  # type: ignore[arg-type]


def asking(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def test_repeated_requests_are_answered_from_the_cache(server: ModelServer) -> None:
    llm = language_model(server)
    for _ in range(3):
        assert llm.answer(ASKED, WANTED, seconds=2) == {"mood": "funny"}
    assert len(server.asked) == 1


def test_refusals_are_cached_and_failures_are_not(server: ModelServer) -> None:
    llm = language_model(server)
    server.bad = Misbehaviour(refusal="no")
    for _ in range(2):
        with pytest.raises(LanguageModelRefused):
            llm.answer(asking("one"), WANTED, seconds=2)
    assert len(server.asked) == 1
    server.bad = Misbehaviour(status=500)
    with pytest.raises(LanguageModelUnavailable):
        llm.answer(asking("two"), WANTED, seconds=2)
    server.bad = Misbehaviour()
    assert llm.answer(asking("two"), WANTED, seconds=2) == {"mood": "funny"}


@pytest.mark.redis
def test_the_answer_that_one_server_got_saves_the_others_a_call(server: ModelServer, tmp_path: Path) -> None:
    with redis_servers.running(tmp_path) as redis:
        stores = [SharedStore(redis.url) for _ in range(3)]
        one, other = (language_model(server, cache=SharedCache(store, "small-model")) for store in stores[:2])
        another_model = language_model(server, cache=SharedCache(stores[2], "large-model"))
        assert one.answer(ASKED, WANTED, seconds=2) == other.answer(ASKED, WANTED, seconds=2) == {"mood": "funny"}
        assert len(server.asked) == 1
        another_model.answer(ASKED, WANTED, seconds=2)
        assert len(server.asked) == 2
        key = next(stores[0]._client.scan_iter("*"))
        assert 0 < stores[0]._client.ttl(key) <= 24 * 3600
        redis.kill()
        assert one.answer(ASKED, WANTED, seconds=2) == {"mood": "funny"}
        assert other.answer(asking("two"), WANTED, seconds=2) == {"mood": "funny"}
    assert len(server.asked) == 3


def test_an_answer_that_cannot_be_read_is_asked_for_again(server: ModelServer) -> None:
    class Damaged(SharedStore):
        def get(self, key: str) -> bytes | None:  # noqa: ARG002
            return b"{"

    llm = language_model(server, cache=SharedCache(Damaged("redis://127.0.0.1:1"), "small-model"))
    assert llm.answer(ASKED, WANTED, seconds=2) == {"mood": "funny"}
    assert llm.answer(ASKED, WANTED, seconds=2) == {"mood": "funny"}
    assert len(server.asked) == 1


@pytest.mark.redis
def test_refusals_stay_in_the_process_that_got_them(server: ModelServer, tmp_path: Path) -> None:
    with redis_servers.running(tmp_path) as redis:
        one, other = (language_model(server, cache=SharedCache(SharedStore(redis.url), "m")) for _ in range(2))
        server.bad = Misbehaviour(refusal="no")
        for _ in range(2):
            with pytest.raises(LanguageModelRefused):
                one.answer(asking("one"), WANTED, seconds=2)
        server.bad = Misbehaviour()
        assert other.answer(asking("one"), WANTED, seconds=2) == {"mood": "funny"}
    assert len(server.asked) == 2


def test_the_cache_stores_no_plain_text() -> None:
    with ModelServer() as server:
        llm = language_model(server)
        llm.answer(ASKED, WANTED, seconds=2)
        assert "secret" not in repr(llm.cache.__dict__)


def test_the_cache_evicts_the_least_recently_used_entry() -> None:
    cache: Cache[str, int] = Cache(2)
    for number, name in enumerate("ab"):
        cache.put(name, number)
    assert cache.get("a", -1) == 0
    cache.put("c", 2)
    assert (cache.get("a", -1), cache.get("b", -1), len(cache)) == (0, -1, 2)


def test_calls_beyond_the_budget_are_not_made(server: ModelServer) -> None:
    now = [0.0]
    llm = language_model(server, budget=Budget(2, 3, 8, clock=lambda: now[0]))
    for text in "ab":
        llm.answer(asking(text), WANTED, seconds=2)
    with pytest.raises(LanguageModelUnavailable, match="budget"):
        llm.answer(asking("c"), WANTED, seconds=2)
    now[0] = 61
    llm.answer(asking("c"), WANTED, seconds=2)
    with pytest.raises(LanguageModelUnavailable, match="budget"):
        llm.answer(asking("d"), WANTED, seconds=2)
    now[0] = 86_401
    llm.answer(asking("d"), WANTED, seconds=2)
    assert len(server.asked) == 4


def test_concurrent_calls_are_limited(server: ModelServer) -> None:
    server.bad = Misbehaviour(delay=0.2)
    llm = language_model(server, budget=Budget(100, 100, 2))
    outcomes: list[object] = []

    def ask(text: str) -> None:
        try:
            outcomes.append(llm.answer(asking(text), WANTED, seconds=2))
        except LanguageModelUnavailable as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=ask, args=(text,)) for text in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.most_at_once == 2
    assert outcomes.count("the call budget is exhausted") == 4


def test_repeated_failures_pause_calls_for_increasing_times(server: ModelServer) -> None:
    now = [0.0]
    llm = language_model(server, breaker=Breaker(clock=lambda: now[0]))
    server.bad = Misbehaviour(status=500)

    def fails(text: str) -> None:
        with pytest.raises(LanguageModelUnavailable):
            llm.answer(asking(text), WANTED, seconds=2)

    for number in range(FAILURES + 2):
        fails(str(number))
    assert len(server.asked) == FAILURES
    now[0] = FIRST_PAUSE + 1
    fails("again")
    fails("and again")
    assert len(server.asked) == FAILURES + 1
    now[0] += FIRST_PAUSE + 1
    fails("too early: the pause has doubled")
    assert len(server.asked) == FAILURES + 1
    now[0] += FIRST_PAUSE
    server.bad = Misbehaviour()
    assert llm.answer(asking("at last"), WANTED, seconds=2) == {"mood": "funny"}
    llm.answer(asking("and on"), WANTED, seconds=2)


def test_refusals_do_not_pause_calls(server: ModelServer) -> None:
    llm = language_model(server)
    server.bad = Misbehaviour(refusal="no")
    for number in range(FAILURES + 1):
        with pytest.raises(LanguageModelRefused):
            llm.answer(asking(str(number)), WANTED, seconds=2)
    assert len(server.asked) == FAILURES + 1


def test_logs_contain_neither_key_nor_text(server: ModelServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    llm = language_model(server)
    server.bad = Misbehaviour(status=500)
    for text in ("a secret wish", "another secret", "a third secret"):
        with pytest.raises(LanguageModelUnavailable):
            llm.answer(asking(text), WANTED, seconds=2)
    assert "language model small-model: the server returned status 500" in caplog.text
    assert KEY not in caplog.text
    assert "secret" not in caplog.text


def test_without_a_url_there_is_no_model() -> None:
    assert model.of(Settings()) is None
    assert model.of(Settings(llm_url="http://127.0.0.1:1/v1", llm_model="m")) is not None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"llm_url": "ftp://host/v1", "llm_model": "m"}, "expected http:// or https://"),
        ({"llm_url": "https://me:pass@host/v1", "llm_model": "m"}, "MARQUEE_LLM_KEY"),
        ({"llm_url": "https://host/v1"}, "set both MARQUEE_LLM_URL and MARQUEE_LLM_MODEL"),
        ({"llm_model": "m"}, "set both MARQUEE_LLM_URL and MARQUEE_LLM_MODEL"),
        ({"llm_url": "http://host/v1", "llm_model": "m", "llm_key": KEY}, "over TLS only"),
        ({"llm_key": KEY}, "requires MARQUEE_LLM_URL"),
    ],
)
def test_settings_that_would_fail_or_leak_are_rejected(given: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidSettings, match=words) as caught:
        config.load({f"MARQUEE_{name.upper()}": value for name, value in given.items()})
    assert KEY not in str(caught.value)
    assert "pass@" not in str(caught.value)


def test_a_key_may_be_sent_unencrypted_to_this_machine() -> None:
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert Settings(llm_url=f"http://{host}:8080/v1", llm_model="m", llm_key=KEY).llm_key is not None  # type: ignore[arg-type]
