"""What the commands are made of: how they come by settings, services, builds and a server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from core import config
from core.config import Settings

if TYPE_CHECKING:
    from engine.indexing import IndexingReport, Watch
    from engine.people.administration import Administration
    from engine.services import Services
    from engine.training import TrainingReport

# Each default imports what it needs when it is called: `marquee --help` must not load a model runtime.


def _services(settings: Settings) -> Services:
    from engine import wiring  # noqa: PLC0415

    return wiring.build(settings)


def _stale(settings: Settings) -> str:
    from engine import indexing  # noqa: PLC0415

    return indexing.stale(settings)


def _index(settings: Settings, watch: Watch) -> IndexingReport:
    from engine import indexing  # noqa: PLC0415

    return indexing.run(settings, watch)


def _rollback(settings: Settings) -> str:
    from engine import indexing  # noqa: PLC0415

    return indexing.rollback(settings)


def _untrained(settings: Settings) -> str:
    from engine import training  # noqa: PLC0415

    return training.stale(settings)


def _train(settings: Settings, watch: Watch) -> TrainingReport:
    from engine import training  # noqa: PLC0415

    return training.run(settings, watch)


def _export_similar(settings: Settings, file: Path) -> str:
    from engine import wiring  # noqa: PLC0415
    from engine.models import export  # noqa: PLC0415

    model = wiring.models(settings).load().model
    export.export_neighbours(model, file)
    return model.version


def _administration(settings: Settings) -> Administration:
    from engine import wiring  # noqa: PLC0415
    from engine.people.administration import Administration  # noqa: PLC0415

    return Administration(wiring.people(settings))


def _apart(command: str) -> int:
    return subprocess.run(_again(command), check=False, stdout=sys.__stderr__).returncode  # noqa: S603 - our own words


def _become_server() -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, _again("serve"))  # noqa: S606 - the same program again


def _again(command: str) -> list[str]:
    """This program with another command, whatever lies in the working folder."""
    start = "import sys; sys.path.insert(0, sys.argv.pop(1)); from marquee.cli import main; main(prog_name='marquee')"
    return [sys.executable, "-P", "-c", start, str(Path(__file__).parent.parent), command]


def _serve(settings: Settings) -> None:
    from marquee import serving  # noqa: PLC0415

    serving.serve(settings)


@dataclass(frozen=True)
class Parts:
    """The world outside the commands; tests put their own in its place."""

    settings: Callable[[], Settings] = config.load
    services: Callable[[Settings], Services] = _services
    stale: Callable[[Settings], str] = _stale
    """Why the published index does not serve the settings; empty when it does."""
    index: Callable[[Settings, Watch], IndexingReport] = _index
    rollback: Callable[[Settings], str] = _rollback
    untrained: Callable[[Settings], str] = _untrained
    """Why the published model does not fit the published index; empty when it does."""
    train: Callable[[Settings, Watch], TrainingReport] = _train
    export_similar: Callable[[Settings, Path], str] = _export_similar
    administration: Callable[[Settings], Administration] = _administration
    apart: Callable[[str], int] = _apart
    """Runs another of our commands (`index`, `train`) as a process of its own and gives its exit code: what a build
    loads (torch, pandas, scipy) goes with it, and the server stays small."""
    serve: Callable[[Settings], None] = _serve
    """Serves until it is told to stop."""
    become_server: Callable[[], None] = _become_server
    """Goes on as `marquee serve`: a process that has loaded nothing yet, because the model runtime must not be loaded
    before the server forks its workers."""
