"""`marquee tune-ranking`: tune the ranking of search results on queries with a known movie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from marquee import console
from marquee.commands.search import json_option
from marquee.context import Parts

if TYPE_CHECKING:
    from engine.search.ranking.tuning import Part, TuningReport


@click.command("tune-ranking")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@click.pass_obj
def tune_ranking(parts: Parts, /, *, file: Path | None, as_json: bool) -> None:
    """Tune the ranking of search results on queries with a known movie.

    FILE contains JSON lines with `query` and `tmdb_id`. Without it, the site's own searches are used: those followed by
    a click on a result, or by a good rating within half an hour. Two models are fitted, for recalled movies and for
    other descriptions; each replaces the current one if it is no worse on held-out movies. Web servers use it after
    their next start. The job `tune-ranking` does the same once a week.

    \b
    Examples:
      marquee tune-ranking
      marquee tune-ranking pairs.jsonl --json | jq .models
    """
    report = parts.tune_ranking(parts.settings(), file)
    if as_json:
        console.show_json(report.plain())
    else:
        click.echo(_summary(report))


def _summary(report: TuningReport) -> str:
    models = [line for name, part in report.parts.items() for line in _model(name, part)]
    return "\n".join(
        (f"{report.used:,} of {report.pairs:,} pairs are descriptions of movies in the catalogue", *models)
    )


def _model(name: str, part: Part) -> list[str]:
    rows = (("fused order", part.base), ("current", part.present), ("tuned", part.tuned))
    return [
        f"{name}: {'accepted' if part.verdict.accepted else 'rejected'}; {part.verdict.reason}",
        *(f"  {row:<12} R@1 {f.recall_1:.4f}  R@10 {f.recall_10:.4f}  MRR {f.mrr:.4f}" for row, f in rows),
    ]
