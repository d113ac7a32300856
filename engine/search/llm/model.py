"""A language model as the search uses it: within its budget, left alone while it fails, its answers remembered."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.config import Settings
from core.errors import LanguageModelRefused, LanguageModelUnavailable
from engine.search.llm.budget import Breaker, Budget, Cache
from engine.search.llm.client import Client, Endpoint, Message, Wanted

log = logging.getLogger("marquee.llm")

REFUSED = object()
"""Remembered in place of an answer: asking again would give the same."""
_NOTHING = object()


class Completing(Protocol):
    """Whoever sends a request to a server."""

    def complete(self, messages: Sequence[Message], wanted: Wanted, *, seconds: float) -> Any:  # noqa: ANN401
        """The answer as JSON values. Raises `LanguageModelUnavailable`."""
        ...


@dataclass(frozen=True)
class LanguageModel:
    """Asks with bounds. One for a process: all who ask share its budget."""

    name: str
    client: Completing
    budget: Budget
    breaker: Breaker = field(default_factory=Breaker)
    cache: Cache[str, Any] = field(default_factory=Cache)

    def answer(self, messages: Sequence[Message], wanted: Wanted, *, seconds: float) -> Any:  # noqa: ANN401
        """The answer as JSON values, from the cache where the same was asked before.

        Raises:
            LanguageModelUnavailable: there is none; the message says why and quotes no text.
        """
        key = _key(messages, wanted)
        kept = self.cache.get(key, _NOTHING)
        if kept is REFUSED:
            raise LanguageModelRefused("the model refused this before")
        if kept is not _NOTHING:
            return kept
        try:
            answer = self._ask(messages, wanted, seconds)
        except LanguageModelRefused:
            self.cache.put(key, REFUSED)
            raise
        self.cache.put(key, answer)
        return answer

    def _ask(self, messages: Sequence[Message], wanted: Wanted, seconds: float) -> Any:  # noqa: ANN401
        if not self.breaker.allows():
            raise LanguageModelUnavailable("it failed several times and is left alone for a while")
        if not self.budget.acquire():
            raise LanguageModelUnavailable("no call is left in the budget")
        try:
            answer = self.client.complete(messages, wanted, seconds=seconds)
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


def of(settings: Settings, *, budget: Budget | None = None) -> LanguageModel | None:
    """The model that the settings name, within their budget unless another is given; None where they name none."""
    if not settings.llm_url:
        return None
    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    budget = budget or Budget(settings.llm_per_minute, settings.llm_per_day, settings.llm_concurrent)
    return LanguageModel(settings.llm_model, Client(Endpoint(settings.llm_url, settings.llm_model, key)), budget)


def _key(messages: Sequence[Message], wanted: Wanted) -> str:
    """A hash: what was asked is not kept in clear."""
    asked: Mapping[str, object] = {"messages": list(messages), "form": wanted.name, "schema": wanted.schema}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
