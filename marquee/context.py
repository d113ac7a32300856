"""Dependencies of the commands: settings, services, builds and the server, replaceable in tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from core import config
from core.config import Settings
from core.errors import SearchUnavailable, StoreUnavailable
from marquee import addresses, console

if TYPE_CHECKING:
    from datetime import date

    from core.evaluation import LabelledRequest
    from core.jobs.runs import Run, Watch
    from core.ports import IndexStore
    from core.settings.environment import Fault
    from data.database import Stores
    from data.database.enrichment.entries import EnrichmentStore
    from engine.accounts.administration import Administration
    from engine.backups.archive import StoredBackup
    from engine.backups.creation import BackupReport
    from engine.backups.restoration import RestoreReport
    from engine.catalogue.index_build import EncodingReport, IndexingReport
    from engine.clock import Clock
    from engine.diagnosis.findings import Finding
    from engine.job_context import JobContext
    from engine.registry.lifecycle import Lifecycle
    from engine.registry.mlflow_export import ExportReport
    from engine.search.evaluation.accuracy import Report
    from engine.search.ranking.tuning import TuningReport
    from engine.services import Services
    from engine.spark.event_counts import CountingReport
    from engine.training.service import TrainingReport
    from jobs.status import JobStatus

# Each function imports what it needs when it is called: `marquee --help` must not load a model runtime.


def _services(settings: Settings) -> Services:
    from engine import wiring  # noqa: PLC0415

    return wiring.build(settings)


def _stale(settings: Settings) -> str:
    from engine import wiring  # noqa: PLC0415
    from engine.catalogue import index_build  # noqa: PLC0415

    return index_build.stale(settings, wiring.store(settings))


def _index(settings: Settings, watch: Watch, *, accept_shrink: bool = False) -> IndexingReport:
    from engine import wiring  # noqa: PLC0415
    from engine.catalogue import index_build  # noqa: PLC0415

    store = wiring.store(settings)
    report = index_build.run(
        settings,
        watch,
        index_store=store,
        registry=wiring.models(settings),
        accept_shrink=accept_shrink,
        enrichments=_enrichments(settings, watch),
    )
    _remove_demo(settings, store, watch.say)
    return report


def _export_encoder(settings: Settings) -> Path:
    from engine.search.encoders import onnx_export  # noqa: PLC0415

    return onnx_export.ensure_exported(settings, say=console.say)


def _encode(settings: Settings, watch: Watch, shard: tuple[int, int], *, spark: bool = False) -> EncodingReport:
    from engine.catalogue import index_build  # noqa: PLC0415

    return index_build.encode(settings, watch, shard, enrichments=_enrichments(settings, watch), spark=spark)


def _enrichments(settings: Settings, watch: Watch) -> EnrichmentStore | None:
    """Return what other services say about movies; None without a key or a database."""
    from engine import wiring  # noqa: PLC0415

    if not settings.enriched:
        return None
    try:
        return wiring.people(settings).enrichments
    except StoreUnavailable as error:
        watch.say(f"the catalogue is indexed without data of other services: {error}")
        return None


def _settle_demo(settings: Settings, watch: Watch) -> str:
    from core.jobs.work import UncancellableWork  # noqa: PLC0415
    from engine import wiring  # noqa: PLC0415
    from engine.demo import startup  # noqa: PLC0415

    context = wiring.job_context(settings, wiring.people(settings))
    return startup.settle(context, UncancellableWork(watch))


def _rollback(settings: Settings) -> str:
    from engine import wiring  # noqa: PLC0415
    from engine.catalogue import index_build  # noqa: PLC0415

    store = wiring.store(settings)
    version = index_build.rollback(store)
    _remove_demo(settings, store, console.say)
    return version


def _remove_demo(settings: Settings, store: IndexStore, say: Callable[[str], None]) -> None:
    """Remove demo data unless the published index is of the sample; a failure is only reported."""
    from engine import wiring  # noqa: PLC0415
    from engine.demo import upkeep  # noqa: PLC0415

    if upkeep.sample(store.open()):
        return  # without opening the database
    try:
        if upkeep.remove_if_misplaced(wiring.people(settings), store.open()):
            say(upkeep.REMOVED)
    except (StoreUnavailable, SearchUnavailable) as error:
        say(f"could not check for demo data to remove: {error}")


def _untrained(settings: Settings) -> str:
    from engine import wiring  # noqa: PLC0415
    from engine.demo import startup  # noqa: PLC0415
    from engine.training import service  # noqa: PLC0415

    reason = service.stale(wiring.store(settings), wiring.models(settings))
    try:
        return reason or startup.unlearned(wiring.job_context(settings, wiring.people(settings)))
    except StoreUnavailable:
        return ""


def _train(settings: Settings, watch: Watch, *, tune: bool = False) -> TrainingReport:
    from engine import wiring  # noqa: PLC0415
    from engine.training import service  # noqa: PLC0415

    stores: Stores | None = None
    try:
        stores = wiring.people(settings)
    except StoreUnavailable as error:
        watch.say(f"training without the ratings of this site: {error}")
    store, registry = wiring.store(settings), wiring.models(settings)
    return service.run(settings, watch, stores=stores, index_store=store, registry=registry, tune=tune)


def _tune_ranking(settings: Settings, file: Path | None) -> TuningReport:
    from core.jobs.work import UncancellableWork  # noqa: PLC0415
    from engine import wiring  # noqa: PLC0415
    from engine.search.ranking import tuning_job  # noqa: PLC0415

    store = wiring.store(settings)
    if file is not None:
        return tuning_job.from_file(settings, file, index_store=store)
    return tuning_job.from_site(settings, UncancellableWork(), stores=wiring.people(settings), index_store=store)


def _export_similar(settings: Settings, file: Path) -> str:
    from engine import wiring  # noqa: PLC0415
    from engine.catalogue.movies import Movies  # noqa: PLC0415
    from engine.recommender.similarity.similar_movies import Similar  # noqa: PLC0415
    from engine.registry import export  # noqa: PLC0415

    model, index = wiring.models(settings).load().model, wiring.store(settings).open()
    export.export_similar(Similar(index, Movies(index)), file, model=model)
    return model.version


def _labelled(settings: Settings) -> Sequence[LabelledRequest]:
    from engine import wiring  # noqa: PLC0415

    return wiring.people(settings).evaluations.labelled()


def _measure(settings: Settings, requests: Sequence[LabelledRequest], reader: str) -> list[Report]:
    from engine import wiring  # noqa: PLC0415
    from engine.search.evaluation import job  # noqa: PLC0415

    return job.reports(settings, requests, reader=reader, vocabulary=wiring.vocabulary(settings))


def _migrate(settings: Settings, role: str) -> str:
    from data import database  # noqa: PLC0415

    url = settings.database_direct
    database.migrate(url)
    if role:
        database.grant_rows(url, role)
    granted = f"; {role} may read and write its rows" if role else ""
    return f"the database is at revision {database.current(url)}{granted}"


def _back_up(settings: Settings, watch: Watch, place: str) -> BackupReport:
    from engine import wiring  # noqa: PLC0415
    from engine.backups import creation  # noqa: PLC0415
    from engine.backups.archive import Archive  # noqa: PLC0415
    from engine.clock import now  # noqa: PLC0415

    return creation.create(settings, Archive(settings, place), wiring.models(settings), watch, at=now())


def _backups(settings: Settings, place: str) -> Sequence[StoredBackup]:
    from engine.backups.archive import Archive  # noqa: PLC0415

    archive = Archive(settings, place)
    return [archive.open(name) for name in archive.names()]


def _restore(settings: Settings, watch: Watch, place: str, name: str, *, as_drill: bool) -> RestoreReport:
    from engine import wiring  # noqa: PLC0415
    from engine.backups import drill, restoration  # noqa: PLC0415
    from engine.backups.archive import Archive  # noqa: PLC0415

    archive = Archive(settings, place)
    backup = archive.open(name or archive.latest())
    if as_drill:
        return drill.run(settings, backup, watch)
    return restoration.restore(settings, backup, wiring.models(settings), watch)


def _count_events(settings: Settings, *, since: date, until: date, folder: str) -> CountingReport:
    from engine.spark import event_counts  # noqa: PLC0415

    return event_counts.count(settings, since=since, until=until, folder=folder)


def _diagnose(settings: Settings | None, faults: Sequence[Fault], seconds: float) -> Sequence[Finding]:
    from engine import wiring  # noqa: PLC0415
    from engine.diagnosis import doctor  # noqa: PLC0415

    if settings is None:
        return doctor.judge_settings(faults)
    return doctor.diagnose(wiring.installation(settings), faults=faults, seconds=seconds)


def _lifecycle(settings: Settings) -> Lifecycle:
    from engine import wiring  # noqa: PLC0415

    return wiring.lifecycle(settings)


def _export_models(settings: Settings, watch: Watch) -> ExportReport:
    from engine import wiring  # noqa: PLC0415
    from engine.registry import mlflow_export  # noqa: PLC0415

    return mlflow_export.export(settings, wiring.models(settings), watch)


def _administration(settings: Settings) -> Administration:
    from engine import wiring  # noqa: PLC0415
    from engine.accounts.administration import Administration  # noqa: PLC0415

    return Administration(wiring.people(settings))


def _apart(command: str) -> int:
    return subprocess.run(_again(command), check=False, stdout=sys.__stderr__).returncode  # noqa: S603 - our own command


def job_context(settings: Settings, stores: Stores, clock: Clock) -> JobContext:
    """Return the dependencies of a job; called in the process of its run."""
    from engine import wiring  # noqa: PLC0415

    return wiring.job_context(settings, stores, clock)


def _run_jobs(settings: Settings, beside: int | None) -> None:
    from jobs import process  # noqa: PLC0415

    process.serve(settings, job_context, beside=beside)


def _run_job(settings: Settings, name: str, parameters: Mapping[str, Any], watch: Watch) -> Run:
    from jobs import process  # noqa: PLC0415

    return process.one(settings, job_context, name, parameters=parameters, watch=watch)


def _jobs(settings: Settings) -> JobStatus:
    from jobs.status import JobStatus  # noqa: PLC0415

    return JobStatus(settings)


def _become_server(settings: Settings) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    # The server keeps this process id, so the supervisor ends the jobs with it, however it ends.
    alive = f"{addresses.url(settings)}/health/live"
    told = (str(os.getpid()), alive, settings.log_format, *_again("jobs", "run"))
    keeper = _program("from jobs.supervisor import main; main()", *told)
    subprocess.Popen(keeper, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command
    os.execv(sys.executable, _again("serve"))  # noqa: S606 - the same program


def _again(*command: str) -> list[str]:
    """Return the command line of this program with another command."""
    return _program("from marquee.cli import main; main(prog_name='marquee')", *command)


def _program(program: str, *arguments: str) -> list[str]:
    """Return the command line of a program that imports our own code, whatever is in the working directory."""
    start = f"import sys; sys.path.insert(0, sys.argv.pop(1)); {program}"
    return [sys.executable, "-P", "-c", start, str(Path(__file__).parent.parent), *arguments]


def _serve(settings: Settings) -> None:
    from marquee.commands import server  # noqa: PLC0415

    server.serve(settings)


class Train(Protocol):
    """Trains and publishes a model; with `tune`, its options are searched first."""

    def __call__(self, settings: Settings, watch: Watch, *, tune: bool = False) -> TrainingReport: ...


@dataclass(frozen=True)
class Parts:
    """Everything that the commands call; tests replace it."""

    settings: Callable[[], Settings] = config.load
    services: Callable[[Settings], Services] = _services
    stale: Callable[[Settings], str] = _stale
    """Return why the published index does not fit the settings; empty if it does."""
    index: Callable[..., IndexingReport] = _index
    encode: Callable[..., EncodingReport] = _encode
    """Encode one of several shards of the catalogue, on this machine or by Spark."""
    export_encoder: Callable[[Settings], Path] = _export_encoder
    rollback: Callable[[Settings], str] = _rollback
    untrained: Callable[[Settings], str] = _untrained
    """Return why the published model does not fit the published index; empty if it does."""
    settle_demo: Callable[[Settings, Watch], str] = _settle_demo
    """Load, keep or remove demo data; return one of `engine.demo.startup.Outcome`."""
    train: Train = _train
    tune_ranking: Callable[[Settings, Path | None], TuningReport] = _tune_ranking
    """Tune the ranking on a file of pairs, or without one on the site's own searches."""
    export_similar: Callable[[Settings, Path], str] = _export_similar
    lifecycle: Callable[[Settings], Lifecycle] = _lifecycle
    export_models: Callable[[Settings, Watch], ExportReport] = _export_models
    migrate: Callable[[Settings, str], str] = _migrate
    """Migrate the database, and grant a role access to its rows; return what was done."""
    back_up: Callable[[Settings, Watch, str], BackupReport] = _back_up
    """Make a backup in a place; empty for that of the settings."""
    backups: Callable[[Settings, str], Sequence[StoredBackup]] = _backups
    restore: Callable[..., RestoreReport] = _restore
    """Restore a backup, or the latest one, for good or as a drill."""
    count_events: Callable[..., CountingReport] = _count_events
    """Count the archived events of a period by Spark into a folder."""
    examine: Callable[[], tuple[Settings | None, Sequence[Fault]]] = config.examine
    """Return the settings with the defaults for faulty ones, and what is wrong with those."""
    diagnose: Callable[[Settings | None, Sequence[Fault], float], Sequence[Finding]] = _diagnose
    """Check the installation, each part for some seconds at most."""
    labelled: Callable[[Settings], Sequence[LabelledRequest]] = _labelled
    measure: Callable[[Settings, Sequence[LabelledRequest], str], list[Report]] = _measure
    administration: Callable[[Settings], Administration] = _administration
    apart: Callable[[str], int] = _apart
    """Run another command (`index`, `train`) in a separate process and return its exit code, so that the server does
    not keep the libraries of a build (torch, pandas, scipy) in memory."""
    serve: Callable[[Settings], None] = _serve
    """Serve until stopped."""
    run_jobs: Callable[[Settings, int | None], None] = _run_jobs
    """Run scheduled jobs until stopped, or until a parent process is gone."""
    run_job: Callable[[Settings, str, Mapping[str, Any], Watch], Run] = _run_job
    jobs: Callable[[Settings], JobStatus] = _jobs
    become_server: Callable[[Settings], None] = _become_server
    """Replace this process with `marquee serve`, and supervise `marquee jobs run`, which is restarted if it dies. The
    new process has loaded nothing yet: the model runtime must not be loaded before the server forks its workers."""
