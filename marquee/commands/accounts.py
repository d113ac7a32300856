"""`marquee accounts`: what an operator does to the accounts of users."""

from __future__ import annotations

import click

from marquee.context import Parts


@click.group()
def accounts() -> None:
    """Look after the accounts of users.

    \b
    Examples:
      marquee accounts admin ada
      marquee accounts password ada
      marquee accounts delete ada
    """


@accounts.command()
@click.argument("name")
@click.option("--revoke", is_flag=True, help="Take the right away again.")
@click.pass_obj
def admin(parts: Parts, /, name: str, *, revoke: bool) -> None:
    """Let NAME see everybody's recommendations through the API (/api/ml/...)."""
    user = parts.administration(parts.settings()).promote(name, administrator=not revoke)
    click.echo(f"{user.name} is {'no longer an' if revoke else 'an'} administrator")


@accounts.command()
@click.argument("name")
@click.password_option(help="The new password; asked for where it is not given.")
@click.pass_obj
def password(parts: Parts, /, name: str, *, password: str) -> None:
    """Give NAME a new password, for somebody who forgot theirs. Signs them out everywhere."""
    user = parts.administration(parts.settings()).reset_password(name, password)
    click.echo(f"{user.name} has a new password and is signed out everywhere")


@accounts.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(parts: Parts, /, name: str, *, yes: bool) -> None:
    """Delete the account of NAME with all ratings, lists, reviews, tokens and events."""
    if not yes:
        click.confirm(f"Delete {name} with everything that belongs to the account?", abort=True)
    user = parts.administration(parts.settings()).delete(name)
    click.echo(f"{user.name} is deleted")
