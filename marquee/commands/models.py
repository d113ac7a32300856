"""`marquee models`: list, compare, publish and delete versions of the recommendation model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from core.language import dates
from marquee import console
from marquee.commands.search import json_option
from marquee.context import Parts

if TYPE_CHECKING:
    from core.recommendations.models import Comparison, ModelVersion

SHOWN = ("ndcg@10", "recall@20", "coverage", "rmse")
"""Metrics in the list of versions; `show` prints all of them."""


@click.group()
def models() -> None:
    """Manage the versions of the recommendation model.

    Every training run creates a version, and one version is published. MARQUEE_MODELS_KEPT older versions are kept and
    can be published again. Web servers load the published version within five seconds.

    \b
    Examples:
      marquee models list
      marquee models show 20261121-143000-123456-3fa2
      marquee models compare 20261114-031500-654321-9c1e 20261121-143000-123456-3fa2
      marquee models activate 20261114-031500-654321-9c1e
    """


@models.command("list")
@click.option("--best", metavar="METRIC", help="Only the best version by this metric, of those that may be published.")
@json_option
@click.pass_obj
def list_versions(parts: Parts, /, *, best: str | None, as_json: bool) -> None:
    """List all versions, newest first. The published one is marked with a star.

    \b
    Examples:
      marquee models list
      marquee models list --best ndcg@10
      marquee models list --json | jq '.[].metrics'
    """
    lifecycle = parts.lifecycle(parts.settings())
    found = [lifecycle.best(best)] if best else lifecycle.versions()
    if as_json:
        console.show_json([plain(version) for version in found])
        return
    if not found:
        console.say("there is no model yet; run `marquee train`")
    for version in found:
        click.echo(_line(version))


@models.command()
@click.argument("version")
@json_option
@click.pass_obj
def show(parts: Parts, /, version: str, *, as_json: bool) -> None:
    """Show all details of VERSION: metrics, parameters, parents and the reasons of the promotion gate.

    \b
    Example:
      marquee models show 20261121-143000-123456-3fa2
    """
    found = parts.lifecycle(parts.settings()).get(version)
    if as_json:
        console.show_json(plain(found))
        return
    click.echo(_line(found))
    for name, value in plain(found).items():
        if name not in ("version", "status") and value not in ("", [], {}):
            click.echo(f"  {name}: {_words(value)}")


@models.command()
@click.argument("first")
@click.argument("second")
@json_option
@click.pass_obj
def compare(parts: Parts, /, first: str, second: str, *, as_json: bool) -> None:
    """Compare the metrics of two versions, and show the parameters that differ.

    \b
    Example:
      marquee models compare 20261114-031500-654321-9c1e 20261121-143000-123456-3fa2
    """
    found = parts.lifecycle(parts.settings()).compare(first, second)
    if as_json:
        console.show_json(_plain_comparison(found))
        return
    width = max([len(one.name) for one in found.metrics] + [len(name) for name, *_ in found.parameters] + [10])
    for metric in found.metrics:
        change = "" if metric.difference is None else f"{metric.difference:+.4f}"
        click.echo(f"{metric.name:<{width}}  {_figure(metric.first)}  {_figure(metric.second)}  {change}".rstrip())
    for name, mine, other in found.parameters:
        click.echo(f"{name:<{width}}  {_words(mine)} -> {_words(other)}")


@models.command()
@click.argument("version")
@click.pass_obj
def activate(parts: Parts, /, version: str) -> None:
    """Publish an existing VERSION, for example to roll back to an older model.

    Its files are verified first: a damaged version is refused, and the published one stays.

    \b
    Example:
      marquee models activate 20261114-031500-654321-9c1e
    """
    lifecycle = parts.lifecycle(parts.settings())
    before = lifecycle.current()
    found = lifecycle.activate(version)
    click.echo(f"published {found.version}" + (f" in place of {before.version}" if before else ""))


@models.command()
@click.argument("version")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.pass_obj
def delete(parts: Parts, /, version: str, *, yes: bool) -> None:
    """Delete VERSION permanently. The published version cannot be deleted.

    \b
    Example:
      marquee models delete 20261114-031500-654321-9c1e
    """
    settings = parts.settings()
    lifecycle = parts.lifecycle(settings)
    found = lifecycle.get(version)
    if not yes:
        click.confirm(f"Delete version {found.version} of {dates.day(found.made_at, settings.zone)}?", abort=True)
    lifecycle.delete(version)
    click.echo(f"deleted {version}")


@models.command()
@click.option("--keep", type=click.IntRange(2, 1000), help="Number of versions to keep. Default: MARQUEE_MODELS_KEPT.")
@click.pass_obj
def prune(parts: Parts, /, *, keep: int | None) -> None:
    """Delete surplus versions: damaged ones first, then rejected ones, then the oldest.

    The published version, the newest other good version and the newest version are always kept.

    \b
    Example:
      marquee models prune --keep 3
    """
    gone = parts.lifecycle(parts.settings()).prune(keep)
    click.echo(f"deleted {', '.join(gone)}" if gone else "nothing to delete")


@models.command("export")
@json_option
@click.pass_obj
def export_versions(parts: Parts, /, *, as_json: bool) -> None:
    """Export all versions that the MLflow server in MARQUEE_MLFLOW_URL does not have.

    Each version becomes a run with its metrics, parameters and data, and a version of the registered model `marquee`;
    the alias `published` names the published one. The files of the model stay where they are. With the setting, every
    training does this at its end; the command is for versions from before, and after `activate`.

    \b
    Examples:
      marquee models export
      MARQUEE_MLFLOW_URL=http://mlflow.example:5000 marquee models export
    """
    bars = console.Bars()
    try:
        report = parts.export_models(parts.settings(), bars)
    finally:
        bars.close()
    if as_json:
        console.show_json(asdict(report))
        return
    for version in report.exported:
        click.echo(f"exported {version}")
    console.say(f"{len(report.exported)} exported, {report.known} known to MLflow before")


def plain(version: ModelVersion) -> dict[str, Any]:
    """Return a version as plain JSON values."""
    fields = {name: _plain_value(getattr(version, name)) for name in version.__slots__}
    return {**fields, "made_at": version.made_at.isoformat()}


def _plain_value(value: object) -> object:
    """Return mappings and sequences as those that JSON has."""
    if isinstance(value, Mapping):
        return {name: _plain_value(one) for name, one in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _plain_comparison(found: Comparison) -> dict[str, Any]:
    return {
        "first": plain(found.first),
        "second": plain(found.second),
        "metrics": [{**asdict(metric), "difference": metric.difference} for metric in found.metrics],
        "parameters": [{"name": name, "first": mine, "second": other} for name, mine, other in found.parameters],
    }


def _line(version: ModelVersion) -> str:
    star = "*" if version.status == "published" else " "
    figures = "  ".join(f"{name} {version.metrics[name]:.4f}" for name in SHOWN if name in version.metrics)
    return f"{star} {version.version}  {version.status:<9}  {version.size_bytes / 1e6:.1f} MB  {figures}".rstrip()


def _figure(value: float | None) -> str:
    return f"{'-' if value is None else format(value, '.4f'):>9}"


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(one)}" for name, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(map(_words, value))
    return f"{value:.4g}" if isinstance(value, float) else "none" if value is None else str(value)
