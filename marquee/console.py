"""What commands print: results on the standard output, everything else on the standard error."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
import orjson
from tqdm import tqdm

PLAIN_SECONDS = 10.0
"""Where the output is no terminal (a log), a bar writes a line no more often than this."""
UNITS = {
    "training": "step",
    "search": "trial",
    "cross-validation": "fold",
    "cleaning": "step",
    "lists": "step",
    "counting": "hour",
    "reading": "day",
}
"""What bars count, where it is not films."""


def say(sentence: str) -> None:
    """Tell people what is going on."""
    click.echo(sentence, err=True)


def show_json(content: object) -> None:
    """Print one JSON document, as the result of the command."""
    click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())


class Bars:
    """Shows a build: sentences, and a bar with rate and time left for each step."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._name = ""

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        say(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        """Move the bar of the step `name`; its last film closes it."""
        if self._bar is None or self._name != name:
            self.close()
            self._bar, self._name = _bar(name, done, total), name
        self._bar.update(done - self._bar.n)
        if done >= total:
            self.close()

    def close(self) -> None:
        """End the bar that is open, if any."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None


def _bar(name: str, done: int, total: int) -> tqdm[NoReturn]:
    interval = 0.1 if sys.stderr.isatty() else PLAIN_SECONDS
    unit = UNITS.get(name, "film")
    # One that is taken up again begins where it was left, and its rate counts from there.
    return tqdm(
        desc=name, total=total, initial=done, unit=unit, mininterval=interval, maxinterval=interval, file=sys.stderr
    )
