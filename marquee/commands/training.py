"""`marquee train`, `recommend`, `export-similar` and `tune-ranking`: what is trained, and its use."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.types import Filters
from marquee import console
from marquee.commands.search import json_option
from marquee.context import Parts

if TYPE_CHECKING:
    from core.recommendations.records import Recommendation
    from engine.search.ranking.tuning import Part, TuningReport

TRAINING_PACKAGES = ("implicit", "scipy")
"""Packages of the extra `index`, which a web server does not need."""


@click.command()
@click.option("--tune", is_flag=True, help="Search the options of ALS and EASE first; takes up to ten minutes longer.")
@json_option
@click.pass_obj
def train(parts: Parts, /, *, tune: bool, as_json: bool) -> None:
    """Train and publish the recommendation model.

    Train on MovieLens (if available) and on the ratings of this site, write a new version, publish it in one step, and
    store its factors in the search engine. Web servers load it within two seconds. Run this after `marquee index`, and
    once a week.

    \b
    Examples:
      marquee train
      marquee train --tune
      marquee train --json | jq .metrics
    """
    missing = [name for name in TRAINING_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise click.ClickException(
            f"training needs {', '.join(missing)}, which is not installed; run `pip install 'marquee[index]'`"
        )
    bars = console.Bars()
    try:
        report = parts.train(parts.settings(), bars, tune=tune)
    finally:
        bars.close()
    if as_json:
        console.show_json(report.plain())
    else:
        click.echo(report.words())


@click.command()
@click.argument("user")
@click.option("--size", type=click.IntRange(1, 100), default=10, show_default=True, help="Number of movies to show.")
@click.option("--genre", multiple=True, metavar="NAME", help="Only movies of this genre. May be repeated.")
@click.option("--year-from", type=int, metavar="YEAR", help="Earliest year.")
@click.option("--year-to", type=int, metavar="YEAR", help="Latest year.")
@click.option("--familiarity", type=click.FloatRange(0, 1), help="0: lesser-known movies; 1: well-known movies.")
@click.option("--adult", is_flag=True, help="Include adult movies.")
@json_option
@click.pass_obj
def recommend(
    parts: Parts,
    /,
    *,
    user: str,
    size: int,
    genre: tuple[str, ...],
    year_from: int | None,
    year_to: int | None,
    familiarity: float | None,
    adult: bool,
    as_json: bool,
) -> None:
    """Recommend movies to USER, with reasons.

    USER is the number of an account (`42`) or of a MovieLens user (`ml:42`), or a made-up user of the sample catalogue
    (`demo:ada`).

    \b
    Examples:
      marquee recommend ml:42
      marquee recommend demo:ada
      marquee recommend ml:42 --genre Crime --size 5 --json
    """
    from core.recommendations.records import RecommendationRequest  # noqa: PLC0415 - numpy is not for `marquee --help`
    from webapp.http.schemas import dump  # noqa: PLC0415 - the API's own form of answers
    from webapp.movies import demo_notice, serializers  # noqa: PLC0415

    services = parts.services(parts.settings())
    request = RecommendationRequest(
        Filters(genres=genre, year_from=year_from, year_to=year_to, adult=adult), size=size, familiarity=familiarity
    )
    found = services.recommending.for_name(user, request)
    if as_json:
        base, demo = services.settings.poster_base, services.demo.in_use()
        console.show_document(dump(serializers.recommendations(found, poster_base=base, demo=demo)))
        return
    console.say(f"based on {found.movies} movies of {user}; model: {found.model or 'none'}")
    if services.demo.in_use():
        console.say(demo_notice.sentence())
    for rank, item in enumerate(found.items, start=1):
        click.echo(_line(rank, item))


@click.command("export-similar")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.pass_obj
def export_similar(parts: Parts, /, file: Path) -> None:
    """Export the 20 most similar movies of every movie to FILE, as JSON.

    \b
    Example:
      marquee export-similar similar.json
    """
    version = parts.export_similar(parts.settings(), file)
    click.echo(f"wrote similar movies by model {version} to {file}")


def _line(rank: int, item: Recommendation) -> str:
    year = f" ({item.movie.year})" if item.movie.year else ""
    why = " ".join(item.explanation.sentences)
    return f"{rank:>3}. {item.movie.title}{year} · {item.movie.id}" + (f"\n     {why}" if why else "")


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
        click.echo(_tuned(report))


def _tuned(report: TuningReport) -> str:
    models = [line for name, part in report.parts.items() for line in _tuned_model(name, part)]
    return "\n".join(
        (f"{report.used:,} of {report.pairs:,} pairs are descriptions of movies in the catalogue", *models)
    )


def _tuned_model(name: str, part: Part) -> list[str]:
    rows = (("fused order", part.base), ("current", part.present), ("tuned", part.tuned))
    return [
        f"{name}: {'accepted' if part.verdict.accepted else 'rejected'}; {part.verdict.reason}",
        *(f"  {row:<12} R@1 {f.recall_1:.4f}  R@10 {f.recall_10:.4f}  MRR {f.mrr:.4f}" for row, f in rows),
    ]
