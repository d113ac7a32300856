"""`marquee database`: migrate the user database, apart from the servers that use it."""

from __future__ import annotations

import click

from core.config import Settings
from marquee import console
from marquee.context import Parts

no_migrate = click.option(
    "--no-migrate",
    "migrate",
    flag_value=False,
    default=True,
    help="Do not migrate the database; `marquee database migrate` does it.",
)


def migrating(settings: Settings, *, migrate: bool) -> Settings:
    """Return the settings, without migrations if the option or MARQUEE_MIGRATE disables them."""
    return settings if migrate else settings.model_copy(update={"migrate": False})


@click.group()
def database() -> None:
    """Manage the user database.

    Servers and jobs migrate the database when they start, if their user owns the tables. To give them a user that only
    reads and writes rows, run this command with the owner's MARQUEE_DATABASE_URL after each upgrade. With
    MARQUEE_MIGRATE=false (or `marquee serve --no-migrate`, `marquee jobs run --no-migrate`), only this command does.

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
