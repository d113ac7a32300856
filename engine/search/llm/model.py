"""A language model as search uses it: with a budget, a circuit breaker and a cache."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.config import Settings
from core.errors import LanguageModelRefused, LanguageModelUnavailable
from data.shared_store.store import SharedStore
from engine.search.llm.budget import Breaker, Budget, Cache
from engine.search.llm.client import AnswerFormat, Client, Endpoint, Message
from engine.search.llm.shared_cache import REFUSED, SharedCache

log = logging.getLogger("marquee.llm")

_NOTHING = object()


class CompletionClient(Protocol):
    """A client that sends requests to a server."""

    def complete(self, messages: Sequence[Message], answer_format: AnswerFormat, *, seconds: float) -> Any:  # noqa: ANN401
        """Return the answer as JSON values. Raises `LanguageModelUnavailable`."""
        ...


@dataclass(frozen=True)
class LanguageModel:
    """A language model with limits, shared by all callers in a process."""

    name: str
    client: CompletionClient
    budget: Budget
    breaker: Breaker = field(default_factory=Breaker)
    cache: Cache[str, Any] = field(default_factory=Cache)

    def answer(self, messages: Sequence[Message], answer_format: AnswerFormat, *, seconds: float) -> Any:  # noqa: ANN401
        """Return the answer as JSON values, from the cache if possible.

        Raises:
            LanguageModelUnavailable: there is no answer; the message gives the reason without quoting any text.
        """
        key = _key(messages, answer_format)
        cached = self.cache.get(key, _NOTHING)
        if cached is REFUSED:
            raise LanguageModelRefused("the model refused this request before")
        if cached is not _NOTHING:
            return cached
        try:
            answer = self._call(messages, answer_format, seconds)
        except LanguageModelRefused:
            self.cache.put(key, REFUSED)
            raise
        self.cache.put(key, answer)
        return answer

    def _call(self, messages: Sequence[Message], answer_format: AnswerFormat, seconds: float) -> Any:  # noqa: ANN401
        if not self.breaker.allows():
            raise LanguageModelUnavailable("calls are paused after repeated failures")
        if not self.budget.acquire():
            raise LanguageModelUnavailable("the call budget is exhausted")
        try:
            answer = self.client.complete(messages, answer_format, seconds=seconds)
        except LanguageModelRefused:
            self.breaker.succeeded()
            raise
        except LanguageModelUnavailable as error:
            level = logging.WARNING if self.breaker.failed() else logging.INFO
            log.log(level, "language model %s: %s", self.name, error)
            raise
        finally:
            self.budget.give_back()
        self.breaker.succeeded()
        return answer


def of(settings: Settings, *, budget: Budget | None = None, shared: SharedStore | None = None) -> LanguageModel | None:
    """Return the configured model, or None; `budget` overrides the configured budget, `shared` caches its answers."""
    if not settings.llm_url:
        return None
    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    budget = budget or Budget(settings.llm_per_minute, settings.llm_per_day, settings.llm_concurrent)
    client = Client(Endpoint(settings.llm_url, settings.llm_model, key))
    cache: Cache[str, Any] = Cache() if shared is None else SharedCache(shared, settings.llm_model)
    return LanguageModel(settings.llm_model, client, budget, cache=cache)


def _key(messages: Sequence[Message], answer_format: AnswerFormat) -> str:
    """Return a hash of a request, so the cache does not store plain texts."""
    request: Mapping[str, object] = {
        "messages": list(messages),
        "form": answer_format.name,
        "schema": answer_format.schema,
    }
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
