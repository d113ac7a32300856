"""Fakes of trending lists, model versions, jobs and their runs, in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.errors import Busy, InvalidRequest, ModelMissing, NotFound, SchedulerAway
from core.experiments import (
    Drafted,
    Effect,
    ExperimentReport,
    Interval,
    Metric,
    VariantReport,
    parse,
)
from core.jobs.job_catalogue import NAMES, RETRAIN
from core.jobs.runs import AuditEntry, Kind, Outcome, Parameter, Run, check_parameters
from core.recommendations.models import Comparison, MetricDifference, ModelVersion, Status
from core.trends import Origin, Trend, Window
from core.types import Movie, MovieId
from core.users import User, UserId
from engine.online.activity import DayActivity, MovieActivity
from engine.online.off_policy import Estimate
from engine.online.reports import DataStatistics, OnlineFigures, UnansweredSearch
from engine.trending.lists import TrendingMovie, TrendingPage
from tests.made_up import MOVIES

NEXT = datetime(2030, 1, 1, 12, tzinfo=UTC)

TABLES: Mapping[str, Mapping[str, Parameter]] = {
    RETRAIN: {
        "model": Parameter("model", Kind.CHOICE, None, None, "blend", "what is trained", ("blend", "als")),
        "factors": Parameter("factors", Kind.WHOLE, 4, 256, 64, "number of factors per movie"),
        "alpha": Parameter("alpha", Kind.NUMBER, 0.1, 100, 1.5, "how much surer it is of what was spoken of"),
        "warm_start": Parameter("warm_start", Kind.SWITCH, None, None, False, "whether it starts from the last one"),
    }
}
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
VERSIONS = (
    ModelVersion(
        "20240103-000000",
        Status.READY,
        datetime(2024, 1, 3, tzinfo=UTC),
        metrics={"ndcg@10": 0.31, "recall@20": 0.29, "coverage": 0.4, "rmse": 0.88},
        parameters={"model": "als", "factors": 64, "epochs": 20},
        parents=("20240102-000000",),
        code="0.5.0",
        data_hash="b" * 64,
        learned_from={"users": 80, "movies": 300, "interactions": 1200, "users_left_out": 3, "movies_left_out": 40},
        size_bytes=2_400_000,
        reasons=("better by 0.02 NDCG@10 (0.01 to 0.03)",),
    ),
    ModelVersion(
        "20240102-000000",
        Status.PUBLISHED,
        datetime(2024, 1, 2, tzinfo=UTC),
        metrics={"ndcg@10": 0.29, "recall@20": 0.27, "coverage": 0.45},
        baselines={"popularity": {"ndcg@10": 0.17, "coverage": 0.02}},
        parameters={"model": "als", "factors": 32, "epochs": 20},
        code="0.5.0",
        data_hash="a" * 64,
        learned_from={"users": 70, "movies": 290, "interactions": 1000, "users_left_out": 2, "movies_left_out": 30},
        size_bytes=1_200_000,
    ),
    ModelVersion(
        "20240101-000000",
        Status.REJECTED,
        LONG_AGO,
        metrics={"ndcg@10": 0.11},
        parameters={"model": "als", "factors": 8},
        reasons=("worse than popularity",),
    ),
)


@dataclass
class FakeTrending:
    """A trending list of the first movies of a catalogue."""

    movies: Sequence[Movie] = MOVIES
    origin: Origin = Origin.EVENTS

    def read(self, window: Window, *, size: int = 20) -> TrendingPage:
        """Return a list."""
        shown = tuple(
            TrendingMovie(movie, Trend(movie.id, 10.0 / rank, 5, 8.0 / rank, 1.0), f"{8 // rank} viewers turned to it")
            for rank, movie in enumerate(self.movies[:size], 1)
        )
        return TrendingPage(window, self.origin, LONG_AGO, shown)


@dataclass
class FakeLifecycle:
    """Versions in a list, with a list of actions."""

    models: list[ModelVersion] = field(default_factory=lambda: list(VERSIONS))
    done: list[tuple[str, str, str]] = field(default_factory=list)
    """Action, version, user name."""

    def versions(self) -> Sequence[ModelVersion]:
        """Return all versions, newest first."""
        return sorted(self.models, key=lambda model: model.version, reverse=True)

    def current(self) -> ModelVersion | None:
        """Return the published version."""
        return next((model for model in self.models if model.status is Status.PUBLISHED), None)

    def get(self, version: str) -> ModelVersion:
        """Return a version."""
        found = next((model for model in self.models if model.version == version), None)
        if found is None:
            raise NotFound(f"no model has the version {version!r}")
        return found

    def best(self, metric: str) -> ModelVersion:
        """Return the best version by a metric: lowest for errors, highest otherwise."""
        having = [model for model in self.models if metric in model.metrics]
        if not having:
            raise InvalidRequest({"metric": f"no version has {metric!r}"})
        sign = -1 if metric == "rmse" else 1
        return max(having, key=lambda model: sign * model.metrics[metric])

    def compare(self, first: str, second: str) -> Comparison:
        """Compare two versions."""
        one, other = self.get(first), self.get(second)
        names = dict.fromkeys([*one.metrics, *other.metrics])
        metrics = tuple(MetricDifference(name, one.metrics.get(name), other.metrics.get(name)) for name in names)
        keys = dict.fromkeys([*one.parameters, *other.parameters])
        unlike = ((key, one.parameters.get(key), other.parameters.get(key)) for key in keys)
        return Comparison(one, other, metrics, tuple(row for row in unlike if row[1] != row[2]))

    def activate(self, version: str, *, by: User) -> ModelVersion:
        """Publish a version."""
        wanted = self.get(version)
        if wanted.status is Status.DAMAGED:
            raise ModelMissing(f"the files of {version} are damaged")
        self.models = [
            replace(model, status=Status.PUBLISHED)
            if model.version == version
            else replace(model, status=Status.READY if model.status is Status.PUBLISHED else model.status)
            for model in self.models
        ]
        self.done.append(("activate", version, by.name))
        return self.get(version)

    def delete(self, version: str, *, by: User) -> None:
        """Delete a version."""
        if self.get(version).status is Status.PUBLISHED:
            raise Busy(f"{version} serves; publish another one first")
        self.models = [model for model in self.models if model.version != version]
        self.done.append(("delete", version, by.name))


@dataclass
class FakeOperations:
    """Runs in a list; every run stays queued until a test changes it."""

    all_runs: list[Run] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    holder: str = "here:1"
    people: dict[UserId, str] = field(default_factory=dict)
    accounts: Sequence[User] = ()
    """Users whose recommendations can be previewed."""
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def enqueue(self, job: str, *, parameters: Mapping[str, Any], by: User) -> Run:
        """Queue a run of a job."""
        if job not in NAMES:
            raise NotFound(f"no job is called {job!r}")
        check_parameters(self.parameters(job), parameters)
        if not self.holder:
            raise SchedulerAway("No scheduler is running.")
        with self._lock:
            if any(run.job == job for run in self.live()):
                raise Busy(f"{job} is queued or running already")
            run = Run(len(self.all_runs) + 1, job, Outcome.QUEUED, _now(), by.id, parameters=dict(parameters))
            self.all_runs.append(run)
            self._note("run", job, by, {"run": run.id})
            return run

    def upcoming(self) -> Mapping[str, datetime]:
        """Return one run of `trending` in the year 2030."""
        return {"trending": NEXT} if self.holder else {}

    def latest(self) -> Mapping[str, tuple[Outcome, datetime]]:
        """Return outcome and end of the latest ended run of each job."""
        return {run.job: (run.outcome, run.ended_at) for run in self.all_runs if run.ended_at is not None}

    def pooled(self) -> Mapping[str, int]:
        """Return one connection in use."""
        return {"in_use": 1, "idle": 0}

    def parameters(self, job: str) -> Mapping[str, Parameter]:
        """Return the parameters of a job."""
        return TABLES.get(job, {})

    def names(self, users: Iterable[UserId]) -> Mapping[UserId, str]:
        """Return the names of users."""
        return {user: self.people[user] for user in users if user in self.people}

    def cancel(self, run: int, *, by: User) -> Run:
        """Cancel a run."""
        found = self.get(run)
        if not found.outcome.ended:
            found = self.change(run, cancel=True)
            self._note("cancel", str(run), by, {"job": found.job})
        return found

    def get(self, run: int) -> Run:
        """Return a run."""
        found = next((one for one in self.all_runs if one.id == run), None)
        if found is None:
            raise NotFound(f"no run has the number {run}")
        return found

    def runs(self, job: str | None = None, *, limit: int = 50, before: int | None = None) -> Sequence[Run]:
        """Return the latest first."""
        wanted = (run for run in reversed(self.all_runs) if job in (None, run.job))
        return [run for run in wanted if before is None or run.id < before][:limit]

    def live(self) -> Sequence[Run]:
        """Return queued and running runs."""
        return [run for run in self.all_runs if not run.outcome.ended]

    def scheduler(self) -> str:
        """Return the host of the scheduler."""
        return self.holder

    def audit_log(self, *, limit: int = 100, before: int | None = None) -> Sequence[AuditEntry]:
        """Return the latest first."""
        return [act for act in reversed(self.audit) if before is None or act.id < before][:limit]

    def preview(self, name: str, *, by: User) -> User:
        """Return a user, and note that an administrator looked."""
        found = next((user for user in self.accounts if user.name == name), None)
        if found is None:
            raise NotFound(f"no account is called {name!r}")
        self._note("preview", name, by, {"what": "recommendations"})
        return found

    def change(self, run: int, **changes: Any) -> Run:
        """Change the state of a run, for tests."""
        with self._lock:
            changed = replace(self.get(run), **changes)
            self.all_runs = [changed if one.id == run else one for one in self.all_runs]
            return changed

    def _note(self, action: str, subject: str, by: User, details: Mapping[str, Any]) -> None:
        self.people[by.id] = by.name
        self.audit.append(AuditEntry(len(self.audit) + 1, _now(), by.id, action, subject, details))


@dataclass
class FakeExperiments:
    """One experiment with participants, and one without."""

    all_reports: Sequence[ExperimentReport] = field(default_factory=lambda: (_compared(), _untouched()))

    def reports(self) -> Sequence[ExperimentReport]:
        """Return the reports of the experiments."""
        return self.all_reports


def _compared() -> ExperimentReport:
    (experiment,) = parse(
        "ranker: published=0.4, bold(cold_share=0.4)=0.4, interleave(published, 20240103-000000-000000)=0.2"
    )
    return ExperimentReport(
        experiment,
        since=LONG_AGO,
        variants=tuple(
            VariantReport(variant, 40 + place, 41.0, 400, 30 + 5 * place, dict.fromkeys(Metric, 0.1 * (place + 1)))
            for place, variant in enumerate(experiment.variants)
        ),
        effects=tuple(
            Effect("bold", metric, Interval(0.1, 0.02 - 0.1 * place, 0.18), 1.0, 0.05)
            for place, metric in enumerate(Metric)
        ),
        ratio_p=0.8,
        broken=False,
        level=0.95,
        moved=2,
        drafted=Drafted(("published", "20240103-000000-000000"), (12, 20), (5, 11), 3, 0.21),
        verdict=("bold is better by success, beyond chance.",),
    )


def _untouched() -> ExperimentReport:
    (experiment,) = parse("empty: published=0.5, calm(search_taste=0)=0.5")
    variants = tuple(VariantReport(variant, 0, 0.0, 0, 0, {}) for variant in experiment.variants)
    words = ("Nobody has taken part yet.",)
    return ExperimentReport(experiment, None, variants, (), None, False, 0.95, 0, None, words)


def _measured() -> OnlineFigures:
    days = [LONG_AGO + timedelta(days=day) for day in range(3)]
    history = tuple(
        (at, {name: _rate(name, 10 + place, 100) for name in ("click_through", "sessions", "rated_well", "helpful")})
        for place, at in enumerate(days)
    )
    clicks = {
        "all": _rate("all", 12, 100),
        "by_position": [_rate(str(place), 12 - place, 100) for place in range(1, 6)],
        "by_list": [_rate("for-you", 7, 60), _rate("search", 5, 40)],
        "by_model": [_rate(VERSIONS[1].version, 12, 100)],
    }
    best = Estimate("best", 900, 410.2, 0.25, 0.21, 0.29, 0.26)
    policies = [best.plain(), Estimate("at random", 900, 12.5, None, None, None, None).plain()]
    exploration = {"drawn": 1000, "seen": 900, "policies": policies}
    latest = {"click_through": clicks, "sessions": _rate("visits", 5, 9), "exploration": exploration}
    return OnlineFigures(latest, history)


def _rate(name: str, count: int, of: int) -> dict[str, Any]:
    return {"name": name, "count": count, "of": of, "share": count / of, "low": 0.01, "high": 0.2}


@dataclass
class FakeReports:
    """The reports of a small site in its third day."""

    searched: str = "a film about nothing"
    figures: OnlineFigures = field(default_factory=_measured)

    def data(self, *, days: int = 30) -> DataStatistics:
        """Return the statistics of ratings."""
        per_day = tuple((LONG_AGO.date() + timedelta(days=day), 3 * day) for day in range(days))
        return DataStatistics(per_day, users=7, movies=120, ratings=1305, sparsity=0.9, cold_share=0.25)

    def unanswered(self, *, days: int = 30, limit: int = 50) -> Sequence[UnansweredSearch]:  # noqa: ARG002
        """Return searches without a click."""
        return [UnansweredSearch(self.searched, 9, 4), UnansweredSearch("a robot in lvoe", 3, 2)][:limit]

    def online(self) -> OnlineFigures:
        """Return the latest figures and the previous ones."""
        return self.figures


@dataclass
class FakeActivity:
    """The activity of a growing site."""

    def days(self, count: int = 14) -> Sequence[DayActivity]:
        """Return the last days; nothing was counted on the first."""
        first = DayActivity(LONG_AGO.date(), 0, *[None] * 8)
        later = (LONG_AGO.date() + timedelta(days=day) for day in range(1, count))
        return (
            first,
            *(
                DayActivity(day, 10 + n, 40 + n, 0.04, 0.5 - n / 100, 0.75, 1_000 + n, n % 2, 12.5, 70.0)
                for n, day in enumerate(later)
            ),
        )

    def movie(self, movie: MovieId, *, count: int = 30) -> MovieActivity:
        """Return the same figures for every movie."""
        del movie
        days = tuple((LONG_AGO.date() + timedelta(days=day), 9, 3) for day in range(count))
        return MovieActivity(days, (("search", 200, 60), ("", 70, 30)), {3.5: 2, 4.0: 4})


def _now() -> datetime:
    return datetime.now(UTC)
