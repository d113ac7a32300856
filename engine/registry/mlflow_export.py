"""Export of model versions to the model registry of an MLflow server: metrics, parameters, data and lineage.

Each version becomes a run of the experiment, and a version of the registered model, `marquee`. Its files are not sent:
they contain what was learned about each user, and stay in the model store.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from core.config import Settings, variable
from core.errors import InvalidSettings, ServiceUnavailable
from core.jobs.runs import Watch
from core.recommendations.models import ModelVersion, Status
from core.settings import redaction
from engine.registry import manifest
from engine.registry.registry import Registry

if TYPE_CHECKING:
    from mlflow import MlflowClient

NAME = "marquee"
"""Name of the experiment and of the registered model."""
PUBLISHED = "published"
"""Alias of the published version."""
VERSION = "marquee.version"
"""Tag of runs and of versions in MLflow with the version's name here."""
STEP = "exporting to MLflow"
MANIFEST = "manifest.json"
LONGEST = 500
"""Characters of an exported value; MLflow allows 6,000 for a parameter, and nobody reads them."""
SECONDS, RETRIES = "10", "2"
"""Time-out of a request to MLflow, and how often it is repeated. MLflow's own are 120 s and 7."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """The versions that were exported now, and the number of those that MLflow had."""

    exported: tuple[str, ...]
    known: int


def export(settings: Settings, registry: Registry, watch: Watch) -> ExportReport:
    """Export the versions that MLflow does not have, oldest first, and move the alias to the published one.

    An interrupted export is completed by the next one. Versions deleted here stay in MLflow, as history.

    Raises:
        InvalidSettings: no server is set, or the extra `mlflow` is not installed.
        ServiceUnavailable: the server does not respond, or refuses; what was exported stays.
    """
    if settings.mlflow_url is None:
        raise InvalidSettings(f"{variable('mlflow_url')} is not set: expected the address of an MLflow server")
    client = _client(settings.mlflow_url.get_secret_value())
    from mlflow.exceptions import MlflowException  # noqa: PLC0415 - an extra, and slow to import

    try:
        return _Exporter(client, settings.mlflow_experiment).export(registry.described(), watch)
    except MlflowException as error:
        raise ServiceUnavailable(f"MLflow does not accept the export: {redaction.scrub(error.message)}") from None


def export_if_set(settings: Settings, registry: Registry, watch: Watch) -> None:
    """Export after a training, if a server is set; a training does not fail because of it."""
    if settings.mlflow_url is None:
        return
    try:
        report = export(settings, registry, watch)
    except (InvalidSettings, ServiceUnavailable) as error:
        watch.say(f"the model was not exported to MLflow: {error}; run `marquee models export`")
        return
    watch.say(f"exported to MLflow: {', '.join(report.exported) or 'nothing new'}")


def _client(url: str) -> MlflowClient:
    # Read by MLflow at its import and at each request. Its telemetry would tell its makers of every export.
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", SECONDS)
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", RETRIES)
    try:
        from mlflow import MlflowClient  # noqa: PLC0415
    except ImportError:
        raise InvalidSettings(
            f"{variable('mlflow_url')} needs mlflow-skinny, which is not installed; run `pip install 'marquee[mlflow]'`"
        ) from None
    return MlflowClient(tracking_uri=url, registry_uri=url)


@dataclass(frozen=True, slots=True)
class _Exporter:
    client: MlflowClient
    experiment: str

    def export(self, versions: Sequence[ModelVersion], watch: Watch) -> ExportReport:
        known = self._known()
        missing = [one for one in _sound(versions) if one.version not in known]
        experiment = self._experiment()
        for number, version in enumerate(missing):
            watch.step(STEP, number, len(missing))
            known[version.version] = self._export(version, experiment)
        watch.step(STEP, len(missing), len(missing))
        for version in versions:
            if version.status is Status.PUBLISHED:
                self.client.set_registered_model_alias(NAME, PUBLISHED, known[version.version])
        return ExportReport(tuple(one.version for one in missing), len(known) - len(missing))

    def _known(self) -> dict[str, str]:
        """Return the number in MLflow of each exported version; create the registered model if there is none."""
        from mlflow.exceptions import MlflowException  # noqa: PLC0415

        try:
            self.client.get_registered_model(NAME)
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            self.client.create_registered_model(NAME, description="The recommendation model of Marquee.")
        found: dict[str, str] = {}
        token: str | None = ""
        while token is not None:
            page = self.client.search_model_versions(f"name = '{NAME}'", page_token=token or None)
            found |= {one.tags[VERSION]: str(one.version) for one in page if VERSION in one.tags}
            token = page.token or None
        return found

    def _experiment(self) -> str:
        found = self.client.get_experiment_by_name(self.experiment)
        return str(found.experiment_id if found else self.client.create_experiment(self.experiment))

    def _export(self, version: ModelVersion, experiment: str) -> str:
        """Export a version as a run and as a version of the registered model; return its number."""
        from mlflow.entities import Metric, Param  # noqa: PLC0415

        at = int(version.made_at.timestamp() * 1000)
        labels = tags(version)
        run = self.client.create_run(experiment, start_time=at, tags=labels, run_name=version.version).info
        self.client.log_batch(
            run.run_id,
            metrics=[Metric(name, value, at, 0) for name, value in metrics(version).items()],
            params=[Param(name, value) for name, value in parameters(version).items()],
        )
        self._log_data(run.run_id, version)
        content = orjson.dumps(described(version), option=orjson.OPT_INDENT_2)
        self.client.log_text(run.run_id, content.decode(), MANIFEST)
        self.client.set_terminated(run.run_id, end_time=at)
        made = self.client.create_model_version(
            NAME,
            source=run.artifact_uri,
            run_id=run.run_id,
            tags=labels,
            description=description(version),
            await_creation_for=0,
        )
        return str(made.version)

    def _log_data(self, run: str, version: ModelVersion) -> None:
        """Name the data of the training, so that MLflow shows which versions learned from the same."""
        from mlflow.entities import Dataset, DatasetInput  # noqa: PLC0415

        profile = orjson.dumps(dict(version.learned_from)).decode()
        data = Dataset("ratings", version.data_hash[:36] or "unknown", "local", "{}", profile=profile)
        self.client.log_inputs(run, [DatasetInput(data)])


def _sound(versions: Sequence[ModelVersion]) -> list[ModelVersion]:
    """Return the versions whose files are whole, oldest first."""
    return sorted((one for one in versions if one.status is not Status.DAMAGED), key=lambda one: one.version)


def metrics(version: ModelVersion) -> dict[str, float]:
    """Return the metrics by the names that MLflow allows (`ndcg_at_10`), those of baselines under their name."""
    named = dict(version.metrics)
    for baseline, figures in version.baselines.items():
        named |= {f"{baseline}.{name}": value for name, value in figures.items()}
    return {name.replace("@", "_at_"): float(value) for name, value in named.items()}


def parameters(version: ModelVersion) -> dict[str, str]:
    """Return the parameters of the training as texts; nested ones by their path (`als.factors`)."""
    return {name: str(value)[:LONGEST] for name, value in manifest.flat(version.parameters).items()}


def tags(version: ModelVersion) -> dict[str, str]:
    """Return what a version is found by, and its lineage: what it was derived from, and the hash of its data."""
    found = {
        VERSION: version.version,
        "marquee.status": version.status.value,
        "marquee.parents": ", ".join(version.parents),
        "marquee.data_hash": version.data_hash,
        "marquee.code": version.code,
    }
    return {name: value[:LONGEST] for name, value in found.items() if value}


def description(version: ModelVersion) -> str:
    """Return what MLflow shows about a version."""
    learned = ", ".join(f"{count:,} {name}" for name, count in version.learned_from.items())
    parts = (
        f"Trained on {learned}." if learned else "",
        f"Derived from {', '.join(version.parents)}." if version.parents else "",
        *version.reasons,
    )
    return "\n\n".join(filter(None, parts))


def described(version: ModelVersion) -> dict[str, Any]:
    """Return all that is known of a version, as plain JSON values."""
    return {
        **tags(version),
        "made_at": version.made_at.isoformat(),
        "metrics": dict(version.metrics),
        "baselines": {name: dict(figures) for name, figures in version.baselines.items()},
        "parameters": dict(version.parameters),
        "learned_from": dict(version.learned_from),
        "reasons": list(version.reasons),
        "size_bytes": version.size_bytes,
    }
