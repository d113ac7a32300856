"""Growth with the catalogue: an index that is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import scale
from engine import wiring
from tests import sample


@pytest.mark.slow
def test_an_index_that_is_kept_is_not_written_again(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    real = sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "growth")
    own = real.model_copy(update={"home": tmp_path / "scale-700"})
    figures = scale.write_once(own, 700, real)
    built = wiring.store(own).open().info()
    assert built.count == 700
    assert figures["films_per_s"] > 0
    assert scale.write_once(own, 700, real) == figures
    assert wiring.store(own).open().info() == built
