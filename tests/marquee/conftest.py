"""The command line over made-up movies; nothing is built or served."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result

from core.config import Settings
from core.evaluation import LabelledRequest
from core.jobs.runs import Watch
from core.types import Movie
from data.catalogues.report import Catalogue, CatalogueSource, SkippedRow
from engine.catalogue.index_build import EncodingReport, IndexingReport
from engine.search.evaluation import job
from engine.search.evaluation.accuracy import Report
from engine.services import Services
from engine.training.service import TrainingReport
from indexer.build import BuildReport
from marquee import cli
from marquee.context import Parts
from tests import fakes
from tests.engine.search.few_names import few_names
from tests.marquee import processes

Value = TypeVar("Value")

REPORT = IndexingReport(
    catalogue=Catalogue(
        movies=fakes.MOVIES,
        source=CatalogueSource("made-up films", Path("/films"), "0", "nothing else was at hand"),
        skipped=(SkippedRow("films.csv", 7, "id", "expected a number, got 'x'"),),
        notes=("1 film has no credits",),
    ),
    build=BuildReport(
        "20240102-000000",
        len(fakes.MOVIES),
        1.5,
        10,
        "20240101-000000",
        ("20231231-000000",),
        written=len(fakes.MOVIES),
    ),
    encoded=4,
    reused=30,
    seconds=2.5,
)


TRAINED = TrainingReport("20240103-000000", 610, 70_000, 2_700, 34, 30, 3.5)


@dataclass
class World:
    """The environment of the commands, and what they did."""

    settings: Settings = field(default_factory=Settings)
    movies: tuple[Movie, ...] = fakes.MOVIES
    why_stale: str = ""
    why_untrained: str = ""
    failure: Exception | None = None
    index_exit: int = 0
    demo: str = "none"
    demo_failure: Exception | None = None
    done: list[str] = field(default_factory=list)
    labelled: Sequence[LabelledRequest] = ()
    served: Settings | None = None
    """The settings that `marquee serve` was called with."""

    def parts(self) -> Parts:
        """The dependencies of the commands."""
        return Parts(
            settings=self._settings,
            services=self._services,
            stale=lambda _settings: self.why_stale,
            index=self._index,
            encode=self._encode,
            rollback=lambda _settings: self._did("rollback", "20240101-000000"),
            apart=lambda command: self._did(f"{command} apart", self.index_exit),
            untrained=lambda _settings: self.why_untrained,
            train=self._train,
            labelled=lambda _settings: self.labelled,
            measure=self._measure,
            serve=self._serve,
            become_server=lambda _settings: self._did("become server", None),
            settle_demo=self._settle_demo,
        )

    def _settings(self) -> Settings:
        if self.failure is not None:
            raise self.failure
        return self.settings

    def _settle_demo(self, _settings: Settings, _watch: Watch) -> str:
        if self.demo_failure is not None:
            raise self.demo_failure
        return self.demo

    def _measure(self, settings: Settings, requests: Sequence[LabelledRequest], reader: str) -> list[Report]:
        return job.reports(settings, requests, reader=reader, vocabulary=few_names())

    def _serve(self, settings: Settings) -> None:
        self.served = settings
        self.done.append("serve")

    def _services(self, settings: Settings) -> Services:
        return fakes.services(self.movies, settings=settings)

    def _index(self, settings: Settings, watch: Watch, *, accept_shrink: bool = False) -> IndexingReport:
        watch.say(f"reading for {settings.encoder_model}")
        for step in ("encoding", "writing"):
            for done in range(1, 4):
                watch.step(step, done, 3)
        return self._did("index, shrunk or not" if accept_shrink else "index", REPORT)

    def _encode(
        self, settings: Settings, watch: Watch, shard: tuple[int, int], *, spark: bool = False
    ) -> EncodingReport:
        watch.step("encoding", 3, 3)
        return self._did(
            f"encode {shard}{' by Spark' if spark else ''}",
            EncodingReport(settings.home / "vectors" / "sample", 3, 1_200),
        )

    def _train(self, settings: Settings, watch: Watch, *, tune: bool = False) -> TrainingReport:
        watch.say(f"training into {settings.home.name}{' with a search' if tune else ''}")
        watch.step("training", 1, 1)
        return self._did("train", TRAINED)

    def _did(self, what: str, value: Value) -> Value:
        self.done.append(what)
        return value


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def marquee(world: World) -> Callable[..., Result]:
    """Runs a command and returns its output and exit code."""
    return lambda *arguments: CliRunner().invoke(cli.main, arguments, obj=world.parts())


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    """An unused port."""
    return processes.free_port()
