"""Warming up a server."""

from __future__ import annotations

from functools import cached_property

from core.config import Settings
from engine.search import warm_up
from engine.search.search import Search
from tests import sample


def test_nothing_is_left_to_load_for_the_first_search(embedded_settings: Settings) -> None:
    services = sample.services(embedded_settings)
    assert isinstance(services.search, Search)
    vocabulary = services.search.vocabulary()
    assert {"by_surname", "by_character", "_joined_titles"} <= set(_missing(vocabulary.gazetteer))
    warm_up.warm_up(services.search)
    assert _missing(vocabulary) == _missing(vocabulary.gazetteer) == []


def test_both_kinds_of_encoding_are_warmed_up(embedded_settings: Settings) -> None:
    calls: list[str] = []

    class Watched:
        name, dimension = "", 0

        def __init__(self) -> None:
            self._encoder = sample.encoders.load(embedded_settings)
            self.name, self.dimension = self._encoder.name, self._encoder.dimension

        def encode(self, texts: list[str]) -> object:
            calls.append("encode")
            return self._encoder.encode(texts)

        def encode_recalled(self, texts: list[str]) -> object:
            calls.append("encode_recalled")
            return self._encoder.encode_recalled(texts)

    warm_up.warm_up(sample.services(embedded_settings, Watched()).search)  # type: ignore[arg-type]
    assert set(calls) == {"encode", "encode_recalled"}


def _missing(holder: object) -> list[str]:
    """Return the cached properties of an object that are not computed yet."""
    return [
        name
        for name, value in vars(type(holder)).items()
        if isinstance(value, cached_property) and name not in vars(holder)
    ]
