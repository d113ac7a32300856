"""The exported encoder, shared with the encoder tests."""

from tests.engine.search.conftest import exported, model, source

__all__ = ["exported", "model", "source"]
