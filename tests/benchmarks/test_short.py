"""The file of short texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import short
from core.evaluation import Split


def test_the_packaged_file_has_both_halves_and_each_text_once() -> None:
    texts = short.read()
    assert len({one.text for one in texts}) == len(texts) >= 300
    assert min(len(short.half(split, texts)) for split in Split) >= 100


@pytest.mark.parametrize("line", ["short-1\ttune\tsomebody steals dreams", "a\ttune\ttext\tnone", "a\tboth\ttext\t1"])
def test_an_invalid_line_is_named(line: str, tmp_path: Path) -> None:
    file = tmp_path / "short.tsv"
    file.write_text(f"# note\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"short\.tsv, line 2: expected id, split, query, tmdb_id"):
        short.read(file)
