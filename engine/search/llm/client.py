"""One call of an OpenAI-compatible server: bounded in time and size, without redirects, its answer checked for form.

Nothing of a request or an answer is logged, and no error quotes the key, the request or the answer.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import certifi
import httpx

from core.errors import LanguageModelRefused, LanguageModelUnavailable

MAX_ANSWER = 64 * 1024
"""Bytes of an answer that are read; ours have some hundred."""
GRACE = 0.25
"""Seconds beyond its time limit after which a call is left to itself, with its connections closed."""
SAMPLING = {"temperature": 0, "stream": False}
"""The same text gets the same answer, in one piece."""
CUT_OFF, FILTERED = "length", "content_filter"
"""What `finish_reason` says where an answer did not come to its end."""

Message = Mapping[str, str]
"""`role` (`system` or `user`) and `content`."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked, and for how much of an answer."""

    url: str
    """Base address, `https://host/v1`."""
    model: str
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an answer must look like."""

    name: str
    schema: Mapping[str, Any]
    max_tokens: int


class Client:
    """Asks one server. Safe between threads; connections are kept open from one call to the next."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._http: httpx.Client | None = None

    def complete(self, messages: Sequence[Message], wanted: Wanted, *, seconds: float) -> Any:  # noqa: ANN401 - any JSON
        """The answer as JSON values, within `seconds`, whatever the server or the name service does.

        Raises:
            LanguageModelUnavailable: no answer in this form and time.
            LanguageModelRefused: the model will not answer, or its answer is no JSON.
        """
        call = _Call(lambda: self._post(_body(self._endpoint.model, messages, wanted), seconds))
        threading.Thread(target=call.run, name="language-model", daemon=True).start()
        if not call.done.wait(seconds + GRACE):
            self.close()  # the server drips: the next byte ends the thread
            raise LanguageModelUnavailable(f"no answer within {seconds:g} s")
        if call.error is not None:
            raise call.error
        return _content(call.answer)

    def close(self) -> None:
        """Close all connections; the next call opens new ones."""
        with self._lock:
            closing, self._http = self._http, None
        if closing is not None:
            closing.close()

    def _post(self, body: Mapping[str, Any], seconds: float) -> bytes:
        until = time.monotonic() + seconds
        try:
            with self._open().stream(
                "POST", f"{self._endpoint.url}/chat/completions", json=body, headers=self._headers(), timeout=seconds
            ) as response:
                if response.status_code != httpx.codes.OK:
                    raise LanguageModelUnavailable(f"the server answers with status {response.status_code}")
                return _bounded(response, until)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, RuntimeError, OSError) as error:
            raise LanguageModelUnavailable(f"{type(error).__name__} while asking {self._endpoint.url}") from None

    def _headers(self) -> dict[str, str]:
        # Compressed answers could grow without bound while they are unpacked.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        return {**headers, "Authorization": f"Bearer {self._endpoint.key}"} if self._endpoint.key else headers

    def _open(self) -> httpx.Client:
        with self._lock:
            if self._http is None:
                # The environment is not trusted: neither its proxies nor its .netrc get to see texts or keys.
                self._http = httpx.Client(follow_redirects=False, trust_env=False, verify=_certificates())
            return self._http


@dataclass
class _Call:
    """A call in a thread of its own, which may outlive whoever waits for it."""

    work: Any
    answer: bytes = b""
    error: LanguageModelUnavailable | None = None
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        try:
            self.answer = self.work()
        except LanguageModelUnavailable as error:
            self.error = error
        finally:
            self.done.set()


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities of this machine and those of certifi; read once, since that takes a while."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _body(model: str, messages: Sequence[Message], wanted: Wanted) -> dict[str, Any]:
    form = {"name": wanted.name, "strict": True, "schema": wanted.schema}
    return {
        "model": model,
        "messages": list(messages),
        "max_tokens": wanted.max_tokens,
        "response_format": {"type": "json_schema", "json_schema": form},
        **SAMPLING,
    }


def _bounded(response: httpx.Response, until: float) -> bytes:
    """The body, as long as it is short and in time."""
    parts, size = [], 0
    for part in response.iter_raw():
        size += len(part)
        if size > MAX_ANSWER:
            raise LanguageModelUnavailable(f"the answer is longer than {MAX_ANSWER:,} bytes")
        if time.monotonic() > until:
            raise LanguageModelUnavailable("the answer took too long")
        parts.append(part)
    return b"".join(parts)


def _content(answer: bytes) -> Any:  # noqa: ANN401
    """The JSON inside the first choice of a chat completion."""
    choice = _choice(answer)
    message = choice.get("message")
    if not isinstance(message, dict):
        raise LanguageModelUnavailable("the answer is no chat completion")
    if message.get("refusal") or choice.get("finish_reason") in (CUT_OFF, FILTERED):
        raise LanguageModelRefused("the model did not answer to the end")
    try:
        return json.loads(message.get("content") or "")
    except (TypeError, ValueError, RecursionError):
        raise LanguageModelRefused("the model's answer is no JSON") from None


def _choice(answer: bytes) -> dict[str, Any]:
    try:
        choice = json.loads(answer)["choices"][0]
    except (ValueError, LookupError, TypeError, RecursionError):
        choice = None
    if not isinstance(choice, dict):
        raise LanguageModelUnavailable("the answer is no chat completion")
    return choice
