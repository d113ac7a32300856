"""`marquee accounts`: management of user accounts."""

from __future__ import annotations

import click

from marquee.context import Parts


@click.group()
def accounts() -> None:
    """Manage user accounts.

    \b
    Examples:
      marquee accounts admin ada
      marquee accounts password ada
      marquee accounts second-factor ada --remove
      marquee accounts delete ada
    """


@accounts.command()
@click.argument("name")
@click.option("--revoke", is_flag=True, help="Revoke the administrator role.")
@click.pass_obj
def admin(parts: Parts, /, name: str, *, revoke: bool) -> None:
    """Make NAME an administrator, with access to /admin and /api/ml/..."""
    user = parts.administration(parts.settings()).promote(name, administrator=not revoke)
    click.echo(f"{user.name} is {'no longer an' if revoke else 'an'} administrator")


@accounts.command()
@click.argument("name")
@click.password_option(help="The new password. Prompted for if omitted.")
@click.option("--keep-tokens", is_flag=True, help="Do not revoke the API tokens.")
@click.pass_obj
def password(parts: Parts, /, name: str, *, password: str, keep_tokens: bool) -> None:
    """Set a new password for NAME, sign them out everywhere and revoke their API tokens."""
    administration = parts.administration(parts.settings())
    user = administration.reset_password(name, password, keep_tokens=keep_tokens)
    tokens = "its tokens are still valid" if keep_tokens else "its tokens are revoked"
    click.echo(f"{user.name} has a new password and is signed out everywhere; {tokens}")


@accounts.command("second-factor")
@click.argument("name")
@click.option("--remove", is_flag=True, required=True, help="Confirm that the second factors are removed.")
@click.pass_obj
def second_factor(parts: Parts, /, name: str, *, remove: bool) -> None:
    """Remove the second factors of NAME, who lost them, and sign them out everywhere."""
    del remove
    user = parts.administration(parts.settings()).remove_second_factors(name)
    click.echo(f"{user.name} has no second factor any more and is signed out everywhere")


@accounts.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.pass_obj
def delete(parts: Parts, /, name: str, *, yes: bool) -> None:
    """Delete the account NAME with all ratings, lists, reviews, tokens and events."""
    if not yes:
        click.confirm(f"Delete the account {name} and all of its data?", abort=True)
    user = parts.administration(parts.settings()).delete(name)
    click.echo(f"deleted {user.name}")
