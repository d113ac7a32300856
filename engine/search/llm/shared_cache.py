"""Answers of a language model, cached for all servers: each saves the others a second of waiting and a paid call."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import Any

from core.errors import SharedStoreUnavailable
from data.shared_store.store import SharedStore
from engine.search.llm.budget import REMEMBERED, Cache

REFUSED = object()
"""Cached instead of an answer: repeating the request would be refused again."""
SECONDS = 24 * 3600
"""How long an answer is stored: popular searches recur within a day."""


class SharedCache(Cache[str, Any]):
    """A cache in the memory of this process and, behind it, in the shared store. Refusals stay in this process."""

    def __init__(self, shared: SharedStore, model: str, most: int = REMEMBERED) -> None:
        """Cache answers of `model`; other servers may use another one."""
        super().__init__(most)
        self._shared, self._model = shared, hashlib.sha256(model.encode()).hexdigest()[:16]

    def get(self, key: str, default: Any) -> Any:  # noqa: ANN401
        """Return the value of a key, or `default` if it is not cached."""
        found = super().get(key, self)
        if found is not self:
            return found
        with suppress(SharedStoreUnavailable, ValueError):
            stored = self._shared.get(self._named(key))
            if stored is not None:
                super().put(key, json.loads(stored))
        return super().get(key, default)

    def put(self, key: str, value: Any) -> None:  # noqa: ANN401
        """Store a value."""
        super().put(key, value)
        if value is not REFUSED:
            with suppress(SharedStoreUnavailable):
                self._shared.put(self._named(key), json.dumps(value).encode(), seconds=SECONDS)

    def _named(self, key: str) -> str:
        return f"answer:{self._model}:{key}"
