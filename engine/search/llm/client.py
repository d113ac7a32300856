"""A client for OpenAI-compatible servers: calls bounded in time and size, no redirects, validated answers.

Requests and answers are never logged, and no error quotes the key, the request or the answer.
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
"""Maximum bytes of an answer; expected answers have a few hundred."""
GRACE = 0.25
"""Seconds after its timeout when a call is abandoned and its connections are closed."""
SAMPLING = {"temperature": 0, "stream": False}
"""Parameters for reproducible answers in a single response."""
CUT_OFF, FILTERED = "length", "content_filter"
"""Values of `finish_reason` for incomplete answers."""

Message = Mapping[str, str]
"""`role` (`system` or `user`) and `content`."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model on a server."""

    url: str
    """Base URL, such as `https://host/v1`."""
    model: str
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """The required format of an answer."""

    name: str
    schema: Mapping[str, Any]
    max_tokens: int


class Client:
    """A client for one server. Thread-safe; reuses connections between calls."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._http: httpx.Client | None = None

    def complete(self, messages: Sequence[Message], answer_format: AnswerFormat, *, seconds: float) -> Any:  # noqa: ANN401 - any JSON
        """Return the answer as JSON values within `seconds`, however slow the server or DNS.

        Raises:
            LanguageModelUnavailable: there was no valid answer in time.
            LanguageModelRefused: the model refused to answer, or its answer is not JSON.
        """
        call = _Call(lambda: self._post(_body(self._endpoint.model, messages, answer_format), seconds))
        threading.Thread(target=call.run, name="language-model", daemon=True).start()
        if not call.done.wait(seconds + GRACE):
            self.close()  # the server is sending very slowly: the next byte ends the thread
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
                    raise LanguageModelUnavailable(f"the server returned status {response.status_code}")
                return _bounded(response, until)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, RuntimeError, OSError) as error:
            raise LanguageModelUnavailable(f"{type(error).__name__} while calling {self._endpoint.url}") from None

    def _headers(self) -> dict[str, str]:
        # Compressed answers could grow without bound when decompressed.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        return {**headers, "Authorization": f"Bearer {self._endpoint.key}"} if self._endpoint.key else headers

    def _open(self) -> httpx.Client:
        with self._lock:
            if self._http is None:
                # Do not trust the environment: its proxies and .netrc must not see texts or keys.
                self._http = httpx.Client(follow_redirects=False, trust_env=False, verify=_certificates())
            return self._http


@dataclass
class _Call:
    """A call in its own thread, which may outlive its caller."""

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
    """Load the certificate authorities of the system and of certifi, once because it is slow."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _body(model: str, messages: Sequence[Message], answer_format: AnswerFormat) -> dict[str, Any]:
    schema = {"name": answer_format.name, "strict": True, "schema": answer_format.schema}
    return {
        "model": model,
        "messages": list(messages),
        "max_tokens": answer_format.max_tokens,
        "response_format": {"type": "json_schema", "json_schema": schema},
        **SAMPLING,
    }


def _bounded(response: httpx.Response, until: float) -> bytes:
    """Return the body of a response, unless it is too long or too slow."""
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
    """Return the JSON in the first choice of a chat completion."""
    choice = _choice(answer)
    message = choice.get("message")
    if not isinstance(message, dict):
        raise LanguageModelUnavailable("the answer is not a chat completion")
    if message.get("refusal") or choice.get("finish_reason") in (CUT_OFF, FILTERED):
        raise LanguageModelRefused("the model did not complete its answer")
    try:
        return json.loads(message.get("content") or "")
    except (TypeError, ValueError, RecursionError):
        raise LanguageModelRefused("the model's answer is not JSON") from None


def _choice(answer: bytes) -> dict[str, Any]:
    try:
        choice = json.loads(answer)["choices"][0]
    except (ValueError, LookupError, TypeError, RecursionError):
        choice = None
    if not isinstance(choice, dict):
        raise LanguageModelUnavailable("the answer is not a chat completion")
    return choice
