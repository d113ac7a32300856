"""The command `count-events`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from marquee.context import Parts

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("folder")
@click.option("--since", type=DAY, required=True, help="First day, YYYY-MM-DD (UTC).")
@click.option("--until", type=DAY, required=True, help="Day after the last one, YYYY-MM-DD (UTC).")
@click.pass_obj
def count_events(parts: Parts, *, folder: str, since: datetime, until: datetime) -> None:
    """Count the archived events of a period by Spark into FOLDER.

    For each hour, movie and activity, the number of distinct users is written as Parquet, as the job `trending` counts
    them in the database. The archive is that of MARQUEE_EVENTS_ARCHIVE_URL, and Spark runs at MARQUEE_SPARK_MASTER.
    FOLDER, which may be a URL (`s3://bucket/counts`), must not exist.

    \b
    Examples:
      marquee count-events counts --since 2026-11-01 --until 2026-12-01
      MARQUEE_SPARK_MASTER=spark://master:7077 marquee count-events /mnt/counts --since 2026-01-01 --until 2027-01-01
    """
    if since >= until:
        raise click.UsageError("--until: expected a day after --since")
    first, end = (day.replace(tzinfo=UTC).date() for day in (since, until))
    report = parts.count_events(parts.settings(), since=first, until=end, folder=folder)
    click.echo(f"counted {report.days:,} days: {report.rows:,} rows in {report.folder}")
