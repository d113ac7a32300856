"""`marquee enrich`: fetch what TMDB and OMDb say about the movies of the catalogue."""

from __future__ import annotations

import click

from core.config import variable
from core.jobs.job_catalogue import ENRICH
from marquee import console
from marquee.commands.operations.jobs import report
from marquee.context import Parts


@click.command()
@click.option("--limit", type=click.IntRange(1, 1_000_000), help="Maximum movies per service. Default: 20,000.")
@click.option("--movie", type=click.IntRange(min=1), metavar="ID", help="Fetch only this movie, whatever its age.")
@click.option("--dry-run", is_flag=True, help="Only count the movies that are due; call no service.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
@click.pass_obj
def enrich(parts: Parts, /, *, limit: int | None, movie: int | None, dry_run: bool, as_json: bool) -> None:
    """Fetch posters, trailers, where to watch and more from TMDB and OMDb.

    Movies without an entry come first, the most voted ones before others; entries of more than 90 days follow. Each
    answer is stored at once, so an interrupted run loses nothing, and the next one continues. The job `enrich` does the
    same every night. Set MARQUEE_TMDB_KEY, MARQUEE_OMDB_KEY or both.

    \b
    Examples:
      marquee enrich --dry-run
      marquee enrich --limit 500
      marquee enrich --movie 603
    """
    settings = parts.settings()
    if not settings.enriched:
        raise click.ClickException(f"set {variable('tmdb_key')} or {variable('omdb_key')}; see docs/enrichment.md")
    given = {"limit": limit, "movie": movie, "dry_run": dry_run or None}
    bars = console.Bars()
    try:
        ended = parts.run_job(
            settings, ENRICH, {name: value for name, value in given.items() if value is not None}, bars
        )
    finally:
        bars.close()
    report(ended, as_json=as_json)
