"""A week on a test site with a controlled clock: real stores, real jobs, a scheduler that can be killed."""

from __future__ import annotations

import multiprocessing
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from core.config import Settings
from core.jobs.runs import Run
from core.jobs.work import UncancellableWork
from core.trends import Window
from core.types import Filters, Movie, SearchRequest
from core.users import Event, EventKind, Preferences, User
from data import database
from data.database import Stores
from engine import wiring
from engine.experiments import assignment
from engine.experiments.plan import Plan
from engine.experiments.report import Experiments
from engine.operations import Operations
from engine.services import Services
from engine.telemetry import logs
from engine.training import factor_publication, publication, service
from engine.training.options import Options
from engine.trending.lists import Trending
from jobs import workers
from jobs.leases import Intervals
from jobs.run import Order, Site
from jobs.scheduler import Scheduler
from tests import sample

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
MONDAY = TODAY - timedelta(days=7 + TODAY.weekday())
"""The beginning of the last complete week but one, so that no retention period ends within it."""
SUNDAY = MONDAY + timedelta(days=6)
STEP = timedelta(hours=3)
RHYTHM = Intervals(lease=60.0, beat=0.2, poll=0.02, write=0.05, retry=60.0, stop=5.0)
WEAK = {"factors": 4, "iterations": 1, "regularization": 150.0, "alpha": 0.1, "ease_regularization": 5_000.0}
"""Training options for a weak model."""
USERS, MOVIES_RATED = 25, 12
PATIENCE = 120.0
PASSWORD = "correct horse battery"
EXPERIMENT = "newness: control=0.5, bold(cold_share=0.2)=0.5"
Found = TypeVar("Found")


@dataclass(frozen=True)
class FileClock:
    """A clock whose time is in a file, so that all processes with the path read the same."""

    file: Path

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self.file.read_text(encoding="utf-8"))

    def set(self, at: datetime) -> None:
        """Set the time in one step."""
        beside = self.file.with_suffix(".new")
        beside.write_text(at.isoformat(), encoding="utf-8")
        beside.replace(self.file)


@dataclass(frozen=True)
class Beside:
    """A run in a thread of the scheduler's process, which has the clock of the week; it dies with the process."""

    thread: threading.Thread
    holder: str

    def ended(self) -> int | None:
        """Return how the run ended, which is also written into its row."""
        return None if self.thread.is_alive() else 0

    def stop(self) -> None:
        """Do nothing: runs are short."""
        self.thread.join()

    kill = stop


@dataclass
class Clockmaker:
    """A scheduler with the clock of the week."""

    settings: Settings
    stores: Stores
    clock: FileClock
    threads: list[threading.Thread] = field(default_factory=list)
    scheduler: Scheduler = field(init=False)

    def __post_init__(self) -> None:
        self.scheduler = Scheduler(
            self.settings,
            self.stores,
            wiring.job_context,
            clock=self.clock,
            rhythm=RHYTHM,
            launcher=self._launch,
            tell=_tell_nobody,
        )

    def step(self) -> None:
        """Run everything that is due, to the end."""
        self.scheduler.step()
        while self.threads:
            self.threads.pop().join()
            if not self.threads:
                self.scheduler.step()

    def _launch(self, order: Order, site: Site) -> Beside:
        thread = threading.Thread(target=workers.here, args=(order, site), daemon=True)
        thread.start()
        self.threads.append(thread)
        return Beside(thread, order.holder)


def live(settings: Settings, clock: FileClock) -> None:
    """Run the process of a scheduler: step whenever the time changed, and report it in a file."""
    logs.start(settings)
    own, done = Clockmaker(settings, database.open(settings.database), clock), None
    while True:
        at = clock()
        if at != done:
            own.step()
            FileClock(clock.file.with_name("stepped")).set(at)
            done = at
        time.sleep(RHYTHM.poll)


@dataclass
class Week:
    """The site, its users and its clock."""

    settings: Settings
    stores: Stores
    services: Services
    clock: FileClock
    users: list[User]
    movies: list[Movie]
    administrator: User
    days: dict[str, Mapping[Window, tuple[str, ...]]] = field(default_factory=dict)
    """The trending list at the end of each day, by weekday."""

    def visit(self, movie: Movie, *, users: int, at: datetime) -> None:
        """Let some users see a movie and open it."""
        seen = [
            Event(kind, at, user.id, movie.id, list="for-you", position=1, model="seen")
            for user in self.users[:users]
            for kind in (EventKind.IMPRESSION, EventKind.CLICK)
        ]
        self.services.events.notice(seen)
        self.services.events.flush()

    @property
    def old(self) -> Movie:
        """The popular movie at first."""
        return self.movies[3]

    @property
    def late(self) -> Movie:
        """The popular movie from Friday on."""
        return self.movies[30]

    def visit_others(self, at: datetime) -> None:
        """Let users open a few of all movies, as on any day."""
        for movie in self.movies[4:8]:
            self.visit(movie, users=4, at=at)

    def trending(self, window: Window) -> tuple[str, ...]:
        """Return the titles of a list as the page shows them."""
        return tuple(one.movie.title for one in self.services.trending.read(window).movies)

    def last(self, job: str) -> Run:
        """Return the newest run of a job."""
        (found,) = self.stores.jobs.runs(job, limit=1)
        return found


def begin(base: Path, folder: Path, url: str) -> Week:
    """Create a site with the sample catalogue, users with ratings, and a weak published model."""
    home = Path(shutil.copytree(sample.trained(base / "trained").home, folder / "home"))
    shutil.rmtree(home / "models")
    settings = Settings(
        home=home, offline=True, database_url=SecretStr(url), secret_key=SecretStr("k" * 40), job_retries=2
    )
    clock = FileClock(folder / "clock")
    clock.set(MONDAY)
    stores = wiring.people(settings)
    _publish_weak(settings, stores)
    services = wiring.build(settings, stores=stores)
    services = replace(
        services,
        operations=Operations(stores, clock=clock),
        experiments=Experiments(Plan.of(EXPERIMENT), stores, now=clock),
        trending=Trending(stores.trends, services.movies, timer=lambda: clock().timestamp()),
    )
    movies = [hit.movie for hit in services.search.run(SearchRequest(filters=Filters(), size=60)).hits]
    administrator = services.accounts.sign_up("Minder", PASSWORD)
    stores.accounts.set_administrator(administrator.id, True)
    found = stores.accounts.user(administrator.id)
    assert found is not None
    people = _people(stores, movies)
    _expose(stores, people)
    return Week(settings, stores, services, clock, people, movies, found)


def another_process(week: Week) -> SpawnProcess:
    """Start a scheduler in a separate process."""
    process = multiprocessing.get_context("spawn").Process(target=live, args=(week.settings, week.clock), daemon=True)
    process.start()
    return process


def until(reached: Callable[[], Found | None], what: str) -> Found:
    """Wait until `reached` returns a result, and return it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = reached()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"timed out waiting for: {what}")


def stepped(week: Week, other: SpawnProcess) -> bool:
    """Whether the other process has done everything that is due."""
    assert other.is_alive(), "the scheduler's process ended unexpectedly"
    word = FileClock(week.clock.file.with_name("stepped"))
    return word.file.exists() and word() == week.clock()


def _publish_weak(settings: Settings, stores: Stores) -> None:
    work = UncancellableWork()
    store, registry = wiring.store(settings), wiring.models(settings)
    given = service.gather(settings, work, stores=stores, index_store=store)
    report = publication.learn(settings, given, Options.of(WEAK), work, registry=registry, force=True)
    store.publish_factors(factor_publication.factors(report.model))


def _people(stores: Stores, movies: list[Movie]) -> list[User]:
    """Create users who love one genre each."""
    found = []
    for number in range(USERS):
        user = stores.accounts.create(f"viewer{number}", password_hash="-", preferences=Preferences(), at=MONDAY)
        loved = movies[number % len(movies)].genres[:1]
        ordered = sorted(
            movies, key=lambda movie: (not set(loved) & set(movie.genres), (movie.id * (number + 7)) % 101)
        )
        stars = {movie.id: 4.5 if set(loved) & set(movie.genres) else 2.0 for movie in ordered[:MOVIES_RATED]}
        stores.diaries.rate(user.id, stars, at=MONDAY - timedelta(days=3))
        found.append(user)
    return found


def _expose(stores: Stores, people: list[User]) -> None:
    """Add all users to an experiment from Monday on."""
    (experiment,) = Plan.of(EXPERIMENT).experiments
    given = {user.id: found.name for user in people if (found := assignment.assign(experiment, user.id))}
    stores.exposures.add(experiment.phase, given, at=MONDAY)


def _tell_nobody(_run: Run, _settings: Settings) -> None:
    return
