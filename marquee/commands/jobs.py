"""`marquee jobs`: what runs by the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import orjson

from core.jobs import job_catalogue
from core.jobs.job_catalogue import JOBS, Job
from core.jobs.runs import Outcome, Run
from marquee import console
from marquee.commands.search import json_option
from marquee.context import Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = click.Choice(job_catalogue.NAMES)
WORDS = {Outcome.REJECTED: "came to its end, and what it made is not used"}


@click.group()
def jobs() -> None:
    """Run jobs by the clock, or one now, and look at how they went.

    Trending lists, trainings, new files and cleaning up are jobs. `marquee run` runs them beside the website; beside
    `marquee serve`, start `marquee jobs run` as a process of its own, on as many machines as you like: one of them has
    the clock, the others wait and take over within a minute.

    \b
    Examples:
      marquee jobs run
      marquee jobs run trending
      marquee jobs list
      marquee jobs history retrain
    """


@jobs.command()
@click.argument("name", type=NAMES, required=False)
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="A parameter of the job; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the run of NAME as JSON.")
@click.option("--beside", type=int, hidden=True, help="End when this process, which began it, is gone.")
@click.pass_obj
def run(parts: Parts, /, *, name: str | None, given: tuple[str, ...], as_json: bool, beside: int | None) -> None:
    """Run all jobs by the clock; with NAME, run that one now, and end with it.

    By the clock: until Ctrl-C or SIGTERM, which stops the runs under way; whoever has the clock next runs them again.
    A failed run is tried again, at most MARQUEE_JOB_RETRIES times.

    With NAME: with a bar, in this process, and not a second time where it fails. Ends with 1 where it failed or was
    cancelled; a model that was rejected is no failure.

    \b
    Examples:
      marquee jobs run
      marquee jobs run retrain --set factors=64
      marquee jobs run refresh-catalogue --set anyway=true --json
    """
    settings = parts.settings()
    if name is None:
        if given or as_json:
            raise click.UsageError("--set and --json are for one job; name it")
        parts.run_jobs(settings, beside)
        return
    parameters = dict(_parameter(pair) for pair in given)
    bars = console.Bars()
    try:
        ended = parts.run_job(settings, name, parameters, bars)
    finally:
        bars.close()
    _tell(ended, as_json=as_json)


@jobs.command("list")
@json_option
@click.pass_obj
def list_(parts: Parts, /, *, as_json: bool) -> None:
    """Every job: when it runs, how it went last, when it runs next.

    \b
    Example:
      marquee jobs list
    """
    known = parts.jobs(parts.settings())
    rows = [_listed(job, known.last(job.name), known.next(job.name)) for job in JOBS]
    if as_json:
        console.show_json({"scheduler": known.scheduler, "jobs": rows})
        return
    console.say(f"jobs are run by {known.scheduler}" if known.scheduler else "nobody runs jobs now: `marquee jobs run`")
    for row in rows:
        click.echo(f"{row['job']:<24}{row['when']}\n    {row['about']}\n    last: {row['last']}; next: {row['next']}")


@jobs.command()
@click.argument("name", type=NAMES, required=False)
@click.option("--size", type=click.IntRange(1, 1000), default=20, show_default=True, help="Runs to show.")
@json_option
@click.pass_obj
def history(parts: Parts, /, *, name: str | None, size: int, as_json: bool) -> None:
    """The latest runs, of all jobs or of NAME; what runs now comes first.

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
    """A run as plain JSON values."""
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
    """`key=value`, where the value is JSON, or else a text."""
    key, separator, value = pair.partition("=")
    if not separator or not key:
        raise click.UsageError(f"--set {pair!r}: expected KEY=VALUE")
    try:
        return key, orjson.loads(value)
    except orjson.JSONDecodeError:
        return key, value


def _tell(ended: Run, *, as_json: bool) -> None:
    if as_json:
        console.show_json(plain(ended))
    else:
        _tell_in_words(ended)
    if ended.outcome not in (Outcome.DONE, Outcome.REJECTED):
        last = ended.error.strip().splitlines()[-1:] or ["see its log"]
        raise click.ClickException(f"{ended.job}, run {ended.id}: {ended.outcome}: {last[0]}")


def _tell_in_words(ended: Run) -> None:
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
