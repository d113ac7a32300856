"""`marquee index`, `encode` and `export-encoder`: build the index or its parts, roll back to the previous build."""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING, Any

import click

from marquee import console
from marquee.context import Parts

if TYPE_CHECKING:
    from engine.catalogue.index_build import IndexingReport

BUILD_PACKAGES = ("onnx", "safetensors", "pandas")
"""Packages of the extra `index`, which a web server does not need."""


@click.command()
@click.option("--rollback", is_flag=True, help="Publish the previous build again.")
@click.option(
    "--accept-shrink", is_flag=True, help="Publish a catalogue that lost more than a fifth of its movies or rows."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def index(parts: Parts, *, rollback: bool, accept_shrink: bool, as_json: bool) -> None:
    """Build and publish the index.

    Read the catalogue (MARQUEE_DATA_DIR, an earlier download, a new download, or the sample), encode new movies, build
    a new index, verify it, and publish it in one step. Searches continue to work during the build, and a failed build
    changes nothing. The previous build is kept for --rollback. A catalogue with more than a fifth fewer movies than the
    published one, or more than a fifth bad rows, is refused unless --accept-shrink confirms it.

    \b
    Examples:
      marquee index
      MARQUEE_DATA_DIR=~/films marquee index
      marquee index --rollback
    """
    settings = parts.settings()
    if rollback:
        version = parts.rollback(settings)
        _report({"version": version}, f"rolled back to {version}", as_json=as_json)
        return
    _check_packages()
    bars = console.Bars()
    try:
        report = parts.index(settings, bars, accept_shrink=accept_shrink)
    finally:
        bars.close()
    _report(_content(report), _summary(report), as_json=as_json)


class _Shard(click.ParamType[tuple[int, int]]):
    """`2/8`: the second of eight."""

    name = "i/n"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Return the number and the count."""
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", str(value))
        number, count = map(int, found.groups()) if found else (0, 0)
        if not 1 <= number <= count:
            self.fail(
                f"{value!r} is not a shard: expected its number and the number of shards, such as 2/8", param, ctx
            )
        return number, count


@click.command()
@click.option("--shard", type=_Shard(), default="1/1", help="Encode only the i-th of n parts of the movies.")
@click.option("--spark", is_flag=True, help="Share the work among the workers of Spark (MARQUEE_SPARK_MASTER).")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def encode(parts: Parts, *, shard: tuple[int, int], spark: bool, as_json: bool) -> None:
    """Encode the movies of the catalogue without building an index.

    The vectors are saved while they are computed, and `marquee index` uses what it finds: an interrupted command
    continues where it was. Several machines can share the work: run each with the same catalogue and another --shard,
    copy the files of their folders `parts` into that of one machine (or share the folder), and run `marquee index`
    there. Spark does the same without copying: its workers need the home folder under the same path. The vectors are
    the same as from one machine.

    \b
    Examples:
      marquee encode
      marquee encode --shard 1/4
      MARQUEE_SPARK_MASTER=spark://master:7077 marquee encode --spark
    """
    _check_packages()
    bars = console.Bars()
    try:
        report = parts.encode(parts.settings(), bars, shard, spark=spark)
    finally:
        bars.close()
    (number, count), folder = shard, str(report.folder)
    _report(
        {"shard": number, "shards": count, "encoded": report.encoded, "reused": report.there, "folder": folder},
        f"shard {number} of {count}: {report.encoded:,} movies encoded, {report.there:,} reused, in {folder}",
        as_json=as_json,
    )


@click.command()
@click.pass_obj
def export_encoder(parts: Parts) -> None:
    """Export the encoder of search texts into the home folder.

    `marquee index` does the same before a build. A web server whose index is in Elasticsearch needs nothing else of the
    home folder, so a container can export it at its start instead of sharing a volume. An encoder that was exported
    already is kept. The folder is printed.

    \b
    Examples:
      marquee export-encoder
      MARQUEE_HOME=/var/lib/marquee marquee export-encoder
    """
    _check_packages()
    click.echo(parts.export_encoder(parts.settings()))


def _check_packages() -> None:
    missing = [name for name in BUILD_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise click.ClickException(
            f"building an index needs {', '.join(missing)}, which is not installed; run `pip install 'marquee[index]'`"
        )


def _report(content: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    if as_json:
        console.show_json(content)
    else:
        click.echo(sentence)


def _content(report: IndexingReport) -> dict[str, Any]:
    source, built = report.catalogue.source, report.build
    return {
        "version": built.version,
        "previous": built.previous,
        "removed": list(built.pruned),
        "catalogue": {"name": source.name, "folder": str(source.folder), "reason": source.reason},
        "movies": built.count,
        "skipped": [str(row) for row in report.catalogue.skipped],
        "notes": list(report.catalogue.notes),
        "tagged": report.tagged,
        "encoded": report.encoded,
        "reused": report.reused,
        "verified_queries": built.verified,
        "seconds": round(report.seconds, 2),
    }


def _summary(report: IndexingReport) -> str:
    built = report.build
    before = f"; {built.previous} is kept for `marquee index --rollback`" if built.previous else ""
    return "\n".join(
        (
            f"published {built.version}: {built.count:,} movies in {report.seconds:.1f} s{before}",
            *((f"  tags: {report.tagged:,} movies",) if report.tagged else ()),
            f"  vectors: {report.encoded:,} encoded, {report.reused:,} reused",
            f"  verified: number of movies, dimension, {built.verified} known queries",
            *((f"  removed: {', '.join(built.pruned)}",) if built.pruned else ()),
        )
    )
