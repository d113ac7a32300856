"""What commands print: results on the standard output, everything else on the standard error."""

from __future__ import annotations

import io
import json
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
"""What bars count, where it is not movies."""


def tolerate_encoding() -> None:
    """Print a question mark for a character that the terminal's encoding lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def say(sentence: str) -> None:
    """Tell people what is going on."""
    click.echo(sentence, err=True)


def show_json(content: object) -> None:
    """Print one JSON document, as the result of the command."""
    show_document(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())


def show_document(document: str) -> None:
    """Print a JSON document as the result of the command, in ASCII where the terminal's encoding lacks a character."""
    try:
        document.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        document = json.dumps(json.loads(document), indent=2)
    click.echo(document)


class Quiet:
    """A watch that shows nothing: for steps of which one line tells enough."""

    def say(self, sentence: str) -> None:
        """Say nothing."""

    def step(self, name: str, done: int, total: int) -> None:
        """Show nothing."""


class Bars:
    """Shows a build: sentences, and a bar with rate and time left for each step."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._name = ""

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        say(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        """Move the bar of the step `name`; its last movie closes it."""
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
