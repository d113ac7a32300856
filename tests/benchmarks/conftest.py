"""The exported encoder, shared with the tests of the encoders."""

from tests.engine.search.conftest import exported, model, source

__all__ = ["exported", "model", "source"]
