"""`marquee evaluate-understanding`: accuracy of the interpretation of search texts, on labelled requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.config import Settings
from core.evaluation import LabelledRequest, Split
from marquee import console
from marquee.commands.search import json_option
from marquee.context import Parts

if TYPE_CHECKING:
    from engine.search.evaluation.accuracy import Report, Tally

READERS = ("rules", "llm", "all")
SHOWN_FAULTS = 20


@click.command("evaluate-understanding")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labelled requests in TSV or JSON Lines. Default: those of the site.",
)
@click.option(
    "--split",
    type=click.Choice([*(one.value for one in Split), "all"]),
    default="all",
    show_default=True,
    help="Subset of the requests.",
)
@click.option("--reader", type=click.Choice(READERS), default="rules", show_default=True, help="Readers to evaluate.")
@click.option(
    "--require", default="", metavar="NAME=SHARE,…", help="Required accuracies: moods=0.9,genres=0.95,all=0.9."
)
@click.option("--failures", type=click.IntRange(0, 200), default=0, show_default=True, help="Failures to print.")
@json_option
@click.pass_obj
def evaluate_understanding(
    parts: Parts,
    /,
    *,
    file: Path | None,
    split: str,
    reader: str,
    require: str,
    failures: int,
    as_json: bool,
) -> None:
    """Measure how well search texts are understood, by kind and by mood.

    The exit code is 1 if an accuracy is below its requirement. Results are not stored; the job of the same name stores
    them.

    \b
    Examples:
      marquee evaluate-understanding
      marquee evaluate-understanding --file requests.tsv --split held-out --failures 20
      marquee evaluate-understanding --file requests.tsv --require moods=0.9,genres=0.95,years=0.98
    """
    from engine.search.evaluation import accuracy  # noqa: PLC0415 - `marquee --help` loads no tables

    required = _required(accuracy.requirements, require)
    settings = parts.settings()
    requests = [one for one in _requests(parts, settings, file) if split in ("all", one.split.value)]
    if not requests:
        raise click.ClickException("there are no labelled requests; pass a file with --file, or label some on /admin")
    found = parts.measure(settings, requests, reader)
    if as_json:
        console.show_json([_plain(one, failures) for one in found])
    for one in () if as_json else found:
        click.echo(_table(one, failures))
    short = [f"{one.reader}: {line}" for one in found for line in accuracy.shortfalls(one, required)]
    if short:
        raise click.ClickException("below the requirements: " + "; ".join(short))


def _required(read: Callable[[str], Mapping[str, float]], written: str) -> Mapping[str, float]:
    try:
        return read(written)
    except ValueError as error:
        raise click.UsageError(f"--require: {error}") from None


def _requests(parts: Parts, settings: Settings, file: Path | None) -> Sequence[LabelledRequest]:
    from engine.search.evaluation import label_files  # noqa: PLC0415

    if file is None:
        return parts.labelled(settings)
    found = label_files.read(file.read_bytes(), name=file.name)
    if found.faults:
        raise click.ClickException("\n".join(found.faults[:SHOWN_FAULTS]))
    return found.requests


def _plain(report: Report, failures: int) -> dict[str, object]:
    head = {"reader": report.reader, "version": report.version, "requests": report.requests}
    return {**head, **report.plain(), "failures": report.failures[:failures]}


def _table(report: Report, failures: int) -> str:
    lines = [f"{report.reader}, version {report.version}, {report.requests:,} requests", _row("", None)]
    lines += [_row("all pieces", report.all), _row("whole requests", report.whole)]
    lines += [_row(f"  {name}", tally) for name, tally in report.kinds.items()]
    lines += ["moods", *(_row(f"  {name}", tally) for name, tally in report.moods.items())]
    lines += ["query_type", *(_row(f"  {name}", tally) for name, tally in report.query_types.items())]
    for failure in report.failures[:failures]:
        missed, wrong = "; ".join(failure["missed"]) or "–", "; ".join(failure["wrong"]) or "–"
        lines.append(f"- {failure['text']}\n    missed {missed}, wrong {wrong}")
    return "\n".join(lines)


def _row(name: str, tally: Tally | None) -> str:
    if tally is None:
        return f"{name:<18}{'accuracy':>9}{'right':>7}{'missed':>7}{'wrong':>7}"
    share = "–" if tally.accuracy is None else f"{tally.accuracy:.3f}"
    return f"{name:<18}{share:>9}{tally.right:>7}{tally.missed:>7}{tally.wrong:>7}"
