"""`marquee tune-ranking`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.config import Settings
from core.errors import DataError
from engine.search.ranking.fit import Figures, Verdict
from engine.search.ranking.reranker import Ranker
from engine.search.ranking.tuning import Part, TuningReport
from engine.search.ranking.weights import Weights
from marquee import cli
from marquee.context import Parts
from tests.engine.search.ranking import ranked

REPORT = TuningReport(
    pairs=90,
    used=80,
    parts={
        "posts": Part(
            Figures(80, 0.1, 0.3, 0.2),
            Figures(80, 0.15, 0.4, 0.25),
            Figures(80, 0.2, 0.5, 0.3),
            Verdict(True, "better"),
        )
    },
    weights=Weights(Ranker("toy@1", ranked.model(), ranked.model()), {}),
)


def _parts(files: list[Path | None]) -> Parts:
    def tune(_settings: Settings, file: Path | None) -> TuningReport:
        files.append(file)
        return REPORT

    return Parts(settings=Settings, tune_ranking=tune)


def test_the_report_shows_what_was_accepted_and_why(tmp_path: Path) -> None:
    file, files = tmp_path / "pairs.jsonl", list[Path | None]()
    file.write_text("{}")
    result = CliRunner().invoke(cli.main, ["tune-ranking", str(file)], obj=_parts(files))
    assert (result.exit_code, files) == (0, [file])
    assert "80 of 90 pairs" in result.output
    assert "posts: accepted; better" in result.output
    assert "tuned        R@1 0.2000  R@10 0.5000  MRR 0.3000" in result.output


def test_without_a_file_the_site_s_own_searches_are_used() -> None:
    files = list[Path | None]()
    result = CliRunner().invoke(cli.main, ["tune-ranking", "--json"], obj=_parts(files))
    assert files == [None]
    report = json.loads(result.output)
    assert (report["accepted"], report["models"]["posts"]["tuned"]["mrr"]) == (True, 0.3)


def test_too_few_searches_are_reported() -> None:
    def tune(_settings: Settings, _file: Path | None) -> TuningReport:
        raise DataError("searches of this site: 3 descriptions of movies in the catalogue, fewer than the 50")

    result = CliRunner().invoke(cli.main, ["tune-ranking"], obj=Parts(settings=Settings, tune_ranking=tune))
    assert result.exit_code == 1
    assert "fewer than the 50" in result.output


@pytest.mark.parametrize("name", ["none.jsonl"])
def test_a_missing_file_is_a_usage_error(name: str) -> None:
    result = CliRunner().invoke(cli.main, ["tune-ranking", name], obj=_parts([]))
    assert result.exit_code == 2
