"""`marquee train` and `marquee recommend`: the model of taste, and lists that fit somebody."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.types import Filters
from marquee import console
from marquee.commands.search import json_option
from marquee.context import Parts

if TYPE_CHECKING:
    from core.recommendations.records import Recommendation

TRAINING_PACKAGES = ("implicit", "scipy")
"""What the extra `index` brings and a web server does without."""


@click.command()
@json_option
@click.pass_obj
def train(parts: Parts, /, *, as_json: bool) -> None:
    """Train the model of taste and publish it.

    Learns from MovieLens (where it is at hand) and from what users of this site said, writes a new version beside
    the one that serves, publishes it in one step and puts its factors into the search engine. Web servers follow by
    themselves within two seconds. Run it after `marquee index`, and once a week.

    \b
    Examples:
      marquee train
      marquee train --json | jq .metrics
    """
    missing = [name for name in TRAINING_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise click.ClickException(
            f"training needs {', '.join(missing)}, which this installation does not have; "
            "run `pip install 'marquee[index]'`"
        )
    bars = console.Bars()
    try:
        report = parts.train(parts.settings(), bars)
    finally:
        bars.close()
    if as_json:
        console.show_json(report.plain())
    else:
        click.echo(report.words())


@click.command()
@click.argument("user")
@click.option("--size", type=click.IntRange(1, 100), default=10, show_default=True, help="Films to show.")
@click.option("--genre", multiple=True, metavar="NAME", help="Only this genre; may be repeated.")
@click.option("--year-from", type=int, metavar="YEAR", help="Not before this year.")
@click.option("--year-to", type=int, metavar="YEAR", help="Not after this year.")
@click.option("--familiarity", type=click.FloatRange(0, 1), help="0: discover; 1: well-known films.")
@json_option
@click.pass_obj
def recommend(
    parts: Parts,
    /,
    *,
    user: str,
    size: int,
    genre: tuple[str, ...],
    year_from: int | None,
    year_to: int | None,
    familiarity: float | None,
    as_json: bool,
) -> None:
    """Movies for USER, and why.

    `42` is the account of that number, `ml:42` a user of MovieLens, `demo:ada` a made-up user of the sample catalogue.

    \b
    Examples:
      marquee recommend ml:42
      marquee recommend demo:ada
      marquee recommend ml:42 --genre Crime --size 5 --json
    """
    from core.recommendations.records import RecommendationRequest  # noqa: PLC0415 - numpy is not for `marquee --help`
    from webapp.http.schemas import dump  # noqa: PLC0415 - the API's own form of answers
    from webapp.movies import demo_notice, serializers  # noqa: PLC0415

    services = parts.services(parts.settings())
    wish = RecommendationRequest(
        Filters(genres=genre, year_from=year_from, year_to=year_to), size=size, familiarity=familiarity
    )
    found = services.recommending.for_name(user, wish)
    if as_json:
        base, demo = services.settings.poster_base, services.demo.in_use()
        console.show_document(dump(serializers.recommendations(found, poster_base=base, demo=demo)))
        return
    console.say(f"{found.movies} films of {user} counted; model {found.model or 'none'}")
    if services.demo.in_use():
        console.say(demo_notice.sentence())
    for rank, item in enumerate(found.items, start=1):
        click.echo(_line(rank, item))


@click.command("export-similar")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.pass_obj
def export_similar(parts: Parts, /, file: Path) -> None:
    """Write the 20 most similar movies of every movie into FILE, as JSON.

    \b
    Example:
      marquee export-similar similar.json
    """
    version = parts.export_similar(parts.settings(), file)
    click.echo(f"wrote the lists of the model {version} into {file}")


def _line(rank: int, item: Recommendation) -> str:
    year = f" ({item.movie.year})" if item.movie.year else ""
    why = " ".join(item.explanation.sentences)
    return f"{rank:>3}. {item.movie.title}{year} · {item.movie.id}" + (f"\n     {why}" if why else "")
