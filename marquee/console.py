"""Output of the commands: results go to standard output, everything else to standard error."""

from __future__ import annotations

import io
import json
import sys
import threading
import traceback
from types import TracebackType
from typing import NoReturn

import click
import orjson
from tqdm import tqdm

from core.settings import redaction

PLAIN_SECONDS = 10.0
"""Minimum seconds between lines of a progress bar if the output is not a terminal."""
UNITS = {
    "training": "step",
    "search": "trial",
    "cross-validation": "fold",
    "cleaning": "step",
    "lists": "step",
    "counting": "hour",
    "reading": "day",
    "backing up": "table",
    "restoring": "row",
}
"""Units of progress bars that do not count movies."""


def tolerate_encoding() -> None:
    """Print a question mark for characters that the terminal cannot encode."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def say(sentence: str) -> None:
    """Print a message to standard error, without secrets."""
    click.echo(redaction.scrub(sentence), err=True)


def hide_secrets() -> None:
    """Print tracebacks of unexpected errors without secrets."""

    def report(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        sys.stderr.write(redaction.scrub("".join(traceback.format_exception(kind, error, trace))))

    sys.excepthook = report
    threading.excepthook = lambda ended: report(ended.exc_type, ended.exc_value, ended.exc_traceback)


def show_json(content: object) -> None:
    """Print a value as a JSON document to standard output."""
    show_document(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())


def show_document(document: str) -> None:
    """Print a JSON document to standard output; in ASCII if the terminal cannot encode it."""
    try:
        document.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        document = json.dumps(json.loads(document), indent=2)
    click.echo(document)


class Bars:
    """Progress of a build: messages, and a bar with rate and remaining time for each step."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._name = ""

    def say(self, sentence: str) -> None:
        """Print a message."""
        say(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        """Update the bar of the step `name`; close it when it is complete."""
        if self._bar is None or self._name != name:
            self.close()
            self._bar, self._name = _bar(name, done, total), name
        self._bar.update(done - self._bar.n)
        if done >= total:
            self.close()

    def close(self) -> None:
        """Close the open bar, if any."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None


def _bar(name: str, done: int, total: int) -> tqdm[NoReturn]:
    interval = 0.1 if sys.stderr.isatty() else PLAIN_SECONDS
    unit = UNITS.get(name, "movie")
    # A resumed step starts at its previous position, and its rate is measured from there.
    return tqdm(
        desc=name, total=total, initial=done, unit=unit, mininterval=interval, maxinterval=interval, file=sys.stderr
    )
