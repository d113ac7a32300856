"""`marquee database`: migrate the user database, apart from the servers that use it."""

from __future__ import annotations

import click

from marquee import console
from marquee.context import Parts


@click.group()
def database() -> None:
    """Manage the user database.

    Servers and jobs migrate the database when they start, if their user owns the tables. To give them a user that only
    reads and writes rows, run this command with the owner's MARQUEE_DATABASE_URL after each upgrade.

    \b
    Examples:
      marquee database migrate
      marquee database migrate --grant marquee_web
    """


@database.command()
@click.option("--grant", metavar="ROLE", help="Let this PostgreSQL role read and write the rows of every table.")
@click.pass_obj
def migrate(parts: Parts, /, *, grant: str | None) -> None:
    """Migrate the database to the newest revision."""
    console.say(parts.migrate(parts.settings(), grant or ""))
