"""Encoders that fail: raising, hanging, missing, and working again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.config import Settings
from core.errors import DeadlineExceeded, EncoderUnavailable
from core.limits import deadline
from engine.search.encoders import encoder as encoders
from engine.search.encoders import manifest
from engine.search.resilience import bounded_encoder, serving_encoders
from engine.search.resilience.bounded_encoder import BoundedEncoder
from engine.search.resilience.reloading_encoder import RETRY_SECONDS, ReloadingEncoder
from tests.engine.search.resilience.failing import FailingEncoder

TEXT = ["a film about a shark"]
SHORT = 0.05
LONG = 60.0


@pytest.fixture
def failing(served: encoders.OnnxEncoder) -> Iterator[FailingEncoder]:
    encoder = FailingEncoder(served)
    yield encoder
    encoder.released.set()


def test_a_working_encoder_is_only_passed_through(served: encoders.OnnxEncoder) -> None:
    bounded = BoundedEncoder(served, seconds=LONG, workers=2)
    assert (bounded.name, bounded.dimension) == (served.name, served.dimension)
    assert np.array_equal(bounded.encode(TEXT), served.encode(TEXT))
    assert np.array_equal(bounded.encode_recalled(TEXT), served.encode_recalled(TEXT))
    bounded.check()


@pytest.mark.parametrize("error", [RuntimeError("out of memory"), ValueError("odd"), MemoryError()])
def test_whatever_a_session_raises_makes_the_encoder_unavailable(failing: FailingEncoder, error: Exception) -> None:
    failing.error = error
    with pytest.raises(EncoderUnavailable, match=f"the encoder failed: {type(error).__name__}"):
        BoundedEncoder(failing, seconds=LONG, workers=1).encode(TEXT)


def test_a_session_that_hangs_is_not_waited_for(failing: FailingEncoder) -> None:
    failing.hangs = True
    with pytest.raises(EncoderUnavailable, match=r"within 0\.05 s; .* MARQUEE_ENCODER_TIMEOUT"):
        BoundedEncoder(failing, seconds=SHORT, workers=1).encode(TEXT)


def test_nobody_waits_longer_than_the_request_has_time(failing: FailingEncoder) -> None:
    failing.hangs = True
    bounded = BoundedEncoder(failing, seconds=LONG, workers=2)
    with deadline.until(time.monotonic() + SHORT), pytest.raises(EncoderUnavailable, match="did not respond"):
        bounded.encode(TEXT)
    with deadline.until(time.monotonic()), pytest.raises(DeadlineExceeded):
        bounded.encode(TEXT)


def test_an_encoder_that_keeps_failing_is_left_alone_and_tried_again(
    failing: FailingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing.error = RuntimeError("broken")
    bounded = BoundedEncoder(failing, seconds=LONG, workers=1)
    for _ in range(bounded_encoder.QUICK_FAILURES):
        with pytest.raises(EncoderUnavailable, match="RuntimeError"):
            bounded.encode(TEXT)
    with pytest.raises(EncoderUnavailable, match="tried again every few seconds"):
        bounded.encode(TEXT)
    assert failing.calls == bounded_encoder.QUICK_FAILURES
    with pytest.raises(EncoderUnavailable):
        bounded.check()
    failing.error = None
    monkeypatch.setattr(bounded._breaker, "clock", lambda: time.monotonic() + LONG)
    bounded.check()
    assert bounded.encode(TEXT).shape == (1, bounded.dimension)


@pytest.fixture
def home(exported: Settings, tmp_path: Path) -> Settings:
    """Return settings of a home whose encoder a test may damage."""
    folder = manifest.folder(exported)
    shutil.copytree(folder, tmp_path / folder.relative_to(exported.home))
    return exported.model_copy(update={"home": tmp_path})


def test_a_broken_file_does_not_stop_a_server_and_is_read_again_later(home: Settings) -> None:
    file = manifest.folder(home) / manifest.MODEL
    good, now = file.read_bytes(), [0.0]
    file.write_bytes(good[: len(good) // 2])
    encoder = ReloadingEncoder(
        lambda bound: encoders.load(home, bound=bound), seconds=LONG, workers=1, clock=lambda: now[0]
    )
    for use in (lambda: encoder.name, lambda: encoder.dimension, lambda: encoder.encode(TEXT), encoder.check):
        with pytest.raises(EncoderUnavailable, match="marquee index"):
            use()
    file.write_bytes(good)
    with pytest.raises(EncoderUnavailable):
        encoder.check()
    now[0] += RETRY_SECONDS
    encoder.check()
    assert encoder.encode(TEXT).shape == (1, encoder.dimension)


def test_a_server_has_the_exported_encoder_and_no_second_one_unless_configured(home: Settings) -> None:
    encoder = serving_encoders.first(home)
    assert encoder.name == encoders.load(home).name
    assert np.array_equal(encoder.encode_recalled(TEXT), encoders.load(home).encode_recalled(TEXT))
    assert serving_encoders.second(home) is None


def test_a_server_starts_without_its_multilingual_encoder(home: Settings) -> None:
    second = serving_encoders.second(home.model_copy(update={"encoder_multilingual": "someone/model"}))
    assert second is not None
    with pytest.raises(EncoderUnavailable, match="someone"):
        second.encode(TEXT)
