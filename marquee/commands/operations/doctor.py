"""`marquee doctor`: check the installation and say what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from marquee import console
from marquee.commands.search import json_option
from marquee.context import Parts

if TYPE_CHECKING:
    from engine.diagnosis.findings import Finding

SECONDS = 10.0
"""Default deadline of a check: loading encoder and model takes some seconds on a small machine."""
COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command()
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600),
    default=SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Deadline of each check.",
)
@json_option
@click.pass_obj
def doctor(parts: Parts, /, *, timeout: float, as_json: bool) -> None:
    """Check the installation, and say what to do about each fault.

    Checked are the settings, the home folder with its disk space and permissions, the user database, the search engine
    and its index, encoder and recommendation model, scheduler and jobs, clocks, and the mail server. Nothing is changed
    or sent, so it is safe on a running site; run it as the same user and with the same settings as the servers. All
    checks run at once, each with a deadline. Passwords and keys are never printed.

    Each line is `ok`; `warning`: the site works, but something needs attention; or `error`: something does not work.
    After each fault, an arrow leads to the command or the setting that corrects it. The exit code is 1 if there is an
    error, otherwise 0. With --json, the output is a list of objects with `check`, `status`, `finding` and `advice`.

    \b
    Examples:
      marquee doctor
      marquee doctor --json | jq '.[] | select(.status != "ok")'
      marquee doctor --timeout 60
    """
    found = parts.diagnose(*parts.examine(), timeout)
    if as_json:
        console.show_json([asdict(finding) for finding in found])
    else:
        _print(found)
    if any(finding.status == "error" for finding in found):
        click.get_current_context().exit(1)


def _print(found: Sequence[Finding]) -> None:
    width = max(len(finding.check) for finding in found)
    for finding in found:
        status = click.style(f"{finding.status:<8}", fg=COLOURS[finding.status])
        click.echo(f"{status} {finding.check:<{width}}  {finding.finding}")
        if finding.advice:
            click.echo(f"{'':9}{'':{width}}  -> {finding.advice}")
    counts = Counter(finding.status.value for finding in found)
    console.say(", ".join(f"{counts[status]} {status}" for status in COLOURS))
