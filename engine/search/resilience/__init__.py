"""Searches that go on while the encoder or the engine does not work, and say what is missing."""
