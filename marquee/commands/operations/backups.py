"""`marquee backup` and `marquee restore`: copies of everything that cannot be recreated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from marquee import console
from marquee.commands.search import json_option
from marquee.context import Parts

if TYPE_CHECKING:
    from engine.backups.manifest import Manifest

MB = 10**6
place_option = click.option(
    "--at", "place", default="", metavar="PLACE", help="Folder or URL of the backups, instead of MARQUEE_BACKUP_URL."
)


@click.command()
@place_option
@click.option("--list", "listed", is_flag=True, help="List the backups instead of making one.")
@json_option
@click.pass_obj
def backup(parts: Parts, /, *, place: str, listed: bool, as_json: bool) -> None:
    """Make a backup, while the site goes on serving.

    A backup contains every row of the user database as it was at one moment, the published model, the key of this site
    (unless MARQUEE_SECRET_KEY is set), and the catalogue in MARQUEE_DATA_DIR. The search index is rebuilt from the
    catalogue. It is stored in MARQUEE_BACKUP_URL, a folder or a bucket, and encrypted if MARQUEE_BACKUP_RECIPIENT is
    set. The newest MARQUEE_BACKUPS_KEPT are kept. The scheduled job `backup` does the same every night.

    \b
    Examples:
      marquee backup --at /mnt/backups
      MARQUEE_BACKUP_URL=s3://bucket/backups marquee backup
      marquee backup --list
    """
    settings = parts.settings()
    if listed:
        _list(parts, place, as_json=as_json)
        return
    bars = console.Bars()
    try:
        made = parts.back_up(settings, bars, place)
    finally:
        bars.close()
    if as_json:
        console.show_json(_content(made.name, made.manifest) | {"place": made.place, "deleted": list(made.deleted)})
        return
    click.echo(f"{made.place}/{made.name}: {_summary(made.manifest)}")
    if made.deleted:
        console.say(f"deleted older backups: {len(made.deleted)}")


@click.command()
@click.argument("name", required=False, default="")
@place_option
@click.option(
    "--drill", "is_drill", is_flag=True, help="Restore into a temporary folder, compare every table, and delete it."
)
@json_option
@click.pass_obj
def restore(parts: Parts, /, *, name: str, place: str, is_drill: bool, as_json: bool) -> None:
    """Restore the backup NAME, or the newest one.

    The database of the settings must be empty; a backup of SQLite can be restored into PostgreSQL, and the other way
    round. Nothing that exists is overwritten. Every file is verified by its checksum, and the rows are written in one
    transaction, so that a restore that fails can be repeated. Stop servers and jobs first. Afterwards, rebuild the
    search index with `marquee index`.

    \b
    Examples:
      marquee restore --drill
      MARQUEE_DATABASE_URL=postgresql://…/marquee_restored marquee restore
      MARQUEE_BACKUP_IDENTITY_FILE=key.txt marquee restore 20261201-004000-123456-3fa2 --at s3://bucket/backups
    """
    bars = console.Bars()
    try:
        report = parts.restore(parts.settings(), bars, place, name, as_drill=is_drill)
    finally:
        bars.close()
    for remark in report.remarks:
        console.say(remark)
    if as_json:
        console.show_json(_content(report.name, report.manifest) | {"restored": dict(report.tables)})
    elif is_drill:
        click.echo(f"{report.name} can be restored: {_summary(report.manifest)}")
    else:
        click.echo(f"restored {report.name}: {_summary(report.manifest)}")
        console.say("now run `marquee index`, then start servers and jobs")


def _list(parts: Parts, place: str, *, as_json: bool) -> None:
    found = parts.backups(parts.settings(), place)
    if as_json:
        console.show_json([_content(one.name, one.manifest) for one in found])
        return
    for one in found:
        click.echo(f"{one.name}  {_summary(one.manifest)}")
    if not found:
        console.say("there are no backups; `marquee backup` makes one")


def _summary(manifest: Manifest) -> str:
    secrecy = ", encrypted" if manifest.encrypted else ""
    model = f", model {manifest.model}" if manifest.model else ""
    return f"{manifest.rows:,} rows of {manifest.database}{model}, {manifest.size / MB:,.1f} MB{secrecy}"


def _content(name: str, manifest: Manifest) -> dict[str, Any]:
    return {
        "name": name,
        "made_at": manifest.made_at,
        "version": manifest.version,
        "database": manifest.database,
        "revision": manifest.revision,
        "model": manifest.model,
        "encrypted": manifest.encrypted,
        "rows": manifest.rows,
        "bytes": manifest.size,
    }
