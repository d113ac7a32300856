"""`marquee jobs`: scheduled jobs and their runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import orjson

from core.jobs import job_catalogue
from core.jobs.job_catalogue import JOBS, Job
from core.jobs.runs import Outcome, Run
from marquee import console
from marquee.commands.operations.database import migrating, no_migrate
from marquee.commands.search import json_option
from marquee.context import Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = click.Choice(job_catalogue.NAMES)
WORDS = {Outcome.REJECTED: "rejected: the run completed, but its result is not used"}


@click.group()
def jobs() -> None:
    """Run scheduled jobs, and list their runs.

    Jobs refresh the trending lists, train models, load new catalogue files and clean up. `marquee run` runs them along
    with the website. With `marquee serve`, run `marquee jobs run` as a separate process, on any number of machines:
    one of them is the scheduler, and another one takes over within a minute if it fails.

    \b
    Examples:
      marquee jobs run
      marquee jobs run trending
      marquee jobs list
      marquee jobs history retrain
    """


@jobs.command()
@click.argument("name", type=NAMES, required=False)
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="Set a parameter of the job. May be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the run of NAME as JSON.")
@no_migrate
@click.option("--beside", type=int, hidden=True, help="Exit when this parent process is gone.")
@click.pass_obj
def run(
    parts: Parts, /, *, name: str | None, given: tuple[str, ...], as_json: bool, migrate: bool, beside: int | None
) -> None:
    """Run all jobs on schedule, or run the job NAME now.

    Without NAME, run the scheduler until Ctrl-C or SIGTERM, which stops the current runs; the next scheduler starts
    them again. A failed run is retried up to MARQUEE_JOB_RETRIES times.

    With NAME, run the job in this process with a progress bar, without retries. The exit code is 1 if the run failed or
    was cancelled; a rejected model is not a failure.

    With --no-migrate (or MARQUEE_MIGRATE=false), nothing starts while the database is at another revision than that of
    this version: the exit code is 1, and a process manager tries again.

    \b
    Examples:
      marquee jobs run
      marquee jobs run retrain --set factors=64
      marquee jobs run refresh-catalogue --set anyway=true --json
    """
    settings = migrating(parts.settings(), migrate=migrate)
    if name is None:
        if given or as_json:
            raise click.UsageError("--set and --json need the NAME of a job")
        parts.run_jobs(settings, beside)
        return
    parameters = dict(_parameter(pair) for pair in given)
    bars = console.Bars()
    try:
        ended = parts.run_job(settings, name, parameters, bars)
    finally:
        bars.close()
    report(ended, as_json=as_json)


@jobs.command("list")
@json_option
@click.pass_obj
def list_(parts: Parts, /, *, as_json: bool) -> None:
    """List all jobs with their schedule, latest run and next run.

    \b
    Example:
      marquee jobs list
    """
    known = parts.jobs(parts.settings())
    rows = [_listed(job, known.last(job.name), known.next(job.name)) for job in JOBS]
    if as_json:
        console.show_json({"scheduler": known.scheduler, "jobs": rows})
        return
    console.say(
        f"scheduler: {known.scheduler}" if known.scheduler else "no scheduler is running; start `marquee jobs run`"
    )
    for row in rows:
        click.echo(f"{row['job']:<24}{row['when']}\n    {row['about']}\n    last: {row['last']}; next: {row['next']}")


@jobs.command()
@click.argument("name", type=NAMES, required=False)
@click.option("--size", type=click.IntRange(1, 1000), default=20, show_default=True, help="Number of runs to show.")
@json_option
@click.pass_obj
def history(parts: Parts, /, *, name: str | None, size: int, as_json: bool) -> None:
    """List the latest runs of all jobs or of the job NAME, current ones first.

    \b
    Examples:
      marquee jobs history
      marquee jobs history retrain --json | jq '.runs[0].figures'
    """
    runs = parts.jobs(parts.settings()).runs(name, size)
    if as_json:
        console.show_json({"runs": [plain(run) for run in runs]})
        return
    for found in runs:
        click.echo(_line(found))


def plain(run: Run) -> dict[str, Any]:
    """Return a run as plain JSON values."""
    return {
        "id": run.id,
        "job": run.job,
        "outcome": run.outcome.value,
        "attempt": run.attempt,
        "queued_at": _iso(run.queued_at),
        "started_at": _iso(run.started_at),
        "ended_at": _iso(run.ended_at),
        "progress": run.progress,
        "doing": run.doing,
        "parameters": dict(run.parameters),
        "figures": dict(run.figures),
        "error": run.error,
        "log": run.log,
    }


def _parameter(pair: str) -> tuple[str, Any]:
    """Parse `key=value`; a value that is not JSON is taken as text."""
    key, separator, value = pair.partition("=")
    if not separator or not key:
        raise click.UsageError(f"--set {pair!r}: expected KEY=VALUE")
    try:
        return key, orjson.loads(value)
    except orjson.JSONDecodeError:
        return key, value


def report(ended: Run, *, as_json: bool) -> None:
    """Print a run; raise `ClickException` unless it completed."""
    if as_json:
        console.show_json(plain(ended))
    else:
        _print(ended)
    if ended.outcome not in (Outcome.DONE, Outcome.REJECTED):
        last = ended.error.strip().splitlines()[-1:] or ["see its log"]
        raise click.ClickException(f"{ended.job}, run {ended.id}: {ended.outcome}: {last[0]}")


def _print(ended: Run) -> None:
    click.echo(f"{ended.job}, run {ended.id}: {WORDS.get(ended.outcome, ended.outcome.value)}")
    for name, value in ended.figures.items():
        click.echo(f"  {name}: {_figure(value)}")


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _listed(job: Job, last: Run | None, upcoming: datetime | None) -> Mapping[str, Any]:
    when = f" at {last.ended_at:%Y-%m-%d %H:%M}" if last and last.ended_at else ""
    return {
        "job": job.name,
        "about": job.about,
        "when": job.schedule.words,
        "last": f"{last.outcome}{when}" if last else "never",
        "next": f"{upcoming.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if upcoming else "once a scheduler runs",
    }


def _line(run: Run) -> str:
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else None
    took = f"{seconds:.0f} s" if seconds is not None else ""
    share = f"{run.progress:.0%} " if run.progress is not None and not run.outcome.ended else ""
    began = f"{run.started_at or run.queued_at:%Y-%m-%d %H:%M:%S}"
    what = run.error.strip().splitlines()[-1:] or [f"{share}{run.doing}"]
    return f"{run.id:>6}  {began}  {run.job:<24}{run.outcome:<11}{took:>7}  {what[0][:100]}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
