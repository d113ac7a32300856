"""`marquee search`, `understand`, `similar` and `info`: queries of the published index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from core import texts
from core.errors import NotFound
from core.types import SIMILARITIES, Mode, Movie, MovieId, Sort
from marquee import console
from marquee.context import Parts

if TYPE_CHECKING:
    from engine.services import Services
    from webapp.movies import schemas

TITLE_CHOICES = 10
"""Number of results that are searched for an exact title."""
MAX_DIGITS = 16
"""Longer numbers are not ids."""
COLUMNS = ("PIECE", "KIND", "VALUE", "TEXT", "CONFIDENCE")
drop_option = click.option(
    "--drop", multiple=True, metavar="KEY", help="Ignore this piece of the text (`genre:Horror`). May be repeated."
)
literal_option = click.option(
    "--literal", is_flag=True, help="Use the text as typed, without interpretation or spelling correction."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON in the format of the API.")


@click.command()
@click.argument("text", nargs=-1)
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.HYBRID.value,
    show_default=True,
    help="Search by words, by meaning or by both.",
)
@click.option("--genre", multiple=True, metavar="NAME", help="Only movies of this genre. May be repeated.")
@click.option("--any-genre", is_flag=True, help="Match any of the genres instead of all.")
@click.option("--person", default="", metavar="NAME", help="Only movies with this actor, director or writer.")
@click.option("--language", default="", metavar="CODE", help="Only movies with this original language (ISO 639-1).")
@click.option("--year-from", type=int, metavar="YEAR", help="Earliest year.")
@click.option("--year-to", type=int, metavar="YEAR", help="Latest year.")
@click.option("--runtime-min", type=int, metavar="MINUTES", help="Minimum runtime.")
@click.option("--runtime-max", type=int, metavar="MINUTES", help="Maximum runtime.")
@click.option("--votes-min", type=int, metavar="N", help="Minimum number of votes.")
@click.option("--rating-min", type=float, metavar="N", help="Minimum average vote, 0 to 10.")
@click.option(
    "--mood", multiple=True, metavar="NAME", help="Only movies with this mood (`feel-good`). May be repeated."
)
@click.option("--adult", is_flag=True, help="Include adult movies.")
@click.option(
    "--sort",
    type=click.Choice([sort.value for sort in Sort]),
    default=Sort.RELEVANCE.value,
    show_default=True,
    help="Sort order.",
)
@click.option("--page", type=int, default=1, show_default=True, help="Page number.")
@click.option("--size", type=int, default=10, show_default=True, help="Movies per page.")
@drop_option
@literal_option
@json_option
@click.pass_obj
def search(parts: Parts, /, *, text: Sequence[str], any_genre: bool, as_json: bool, **filters: object) -> None:
    """Search for movies by description, title, person or mood.

    Without TEXT, list all movies that match the filters.

    \b
    Examples:
      marquee search "two hitmen talk about burgers"
      marquee search space loneliness --mode meaning --size 3
      marquee search something scary from the 90s, not a comedy
      marquee search --genre Western --sort rating
      marquee search "bank robbery" --year-from 1970 --year-to 1979 --json | jq .results[].title
    """
    from webapp.http import parsing  # noqa: PLC0415 - the API's own parsing of requests and form of answers
    from webapp.http.schemas import dump  # noqa: PLC0415
    from webapp.movies import forms, serializers  # noqa: PLC0415

    asked = {"q": " ".join(text), "genre_mode": "any" if any_genre else "all", **filters}
    request = forms.to_request(parsing.validate(forms.SearchQuery, {k: v for k, v in asked.items() if v is not None}))
    services = parts.services(parts.settings())
    page = services.search.run(request)
    catalogue = services.library.info().catalogue
    answer = serializers.search(page, poster_base=services.settings.poster_base, catalogue=catalogue)
    if as_json:
        console.show_document(dump(answer))
        return
    for sentence in _around(answer):
        console.say(sentence)
    for rank, result in enumerate(answer.results, start=request.offset + 1):
        click.echo(_line(rank, result))


@click.command()
@click.argument("text", nargs=-1, required=True)
@drop_option
@literal_option
@json_option
@click.pass_obj
def understand(parts: Parts, /, *, text: Sequence[str], drop: Sequence[str], literal: bool, as_json: bool) -> None:
    """Show how a search text is interpreted, without searching.

    Each line is one piece of TEXT. The rest of TEXT is matched by words and meaning.

    \b
    Examples:
      marquee understand "movies like Inception but funny"
      marquee understand "something scary from the 90s" --drop years:1990-1999
      marquee understand "not a horror" --json | jq .pieces[].key
    """
    from webapp.http import parsing  # noqa: PLC0415
    from webapp.http.schemas import dump  # noqa: PLC0415
    from webapp.movies import forms, serializers  # noqa: PLC0415

    asked = parsing.validate(forms.UnderstandQuery, {"q": " ".join(text), "drop": drop, "literal": literal})
    services = parts.services(parts.settings())
    found = serializers.understood(services.search.understand(asked.q, drop=asked.drop, literal=asked.literal))
    if as_json:
        click.echo(dump(found))
        return
    for line in _table(found):
        click.echo(line)
    for sentence in _remarks(found):
        console.say(sentence)


@click.command()
@click.argument("movie")
@click.option(
    "--by",
    type=click.Choice(SIMILARITIES),
    default="both",
    show_default=True,
    help="What makes movies similar: what they are about, who likes them, or both.",
)
@click.option("--size", type=click.IntRange(1, 100), default=10, show_default=True, help="Number of movies to show.")
@json_option
@click.pass_obj
def similar(parts: Parts, /, *, movie: str, by: str, size: int, as_json: bool) -> None:
    """List movies similar to MOVIE, given by TMDB id or title.

    The order is that of the website and the API. If several movies have the title, the most popular one is used; it is
    named on standard error. Without a model, movies are compared by meaning alone.

    \b
    Examples:
      marquee similar 19
      marquee similar "Alien" --by meaning
      marquee similar "Metropolis" --size 5 --json
    """
    from webapp.http.schemas import dump  # noqa: PLC0415
    from webapp.movies import demo_notice, schemas, serializers  # noqa: PLC0415

    services = parts.services(parts.settings())
    found = _find(services, movie)
    console.say(f"movies similar to {_name(found)}")
    alike = services.recommending.similar(found.id, by=by, size=size)
    results = serializers.results(alike.hits, poster_base=services.settings.poster_base)
    demo = bool(alike.model) and services.demo.in_use()
    if as_json:
        console.show_document(dump(schemas.SimilarMoviesResponse(results=results, model=alike.model, demo=demo)))
        return
    if demo:
        console.say(demo_notice.sentence())
    for rank, result in enumerate(results, start=1):
        click.echo(_line(rank, result))


@click.command()
@json_option
@click.pass_obj
def info(parts: Parts, /, *, as_json: bool) -> None:
    """Show the catalogue, index, encoder and engine in use, and check whether a search would work.

    \b
    Examples:
      marquee info
      marquee info --json | jq .films
    """
    services = parts.services(parts.settings())
    content = _describe(services)
    if as_json:
        console.show_json(content)
    else:
        for name, value in content.items():
            click.echo(f"{name + ':':<12}{value}")
    services.library.check()


def _around(answer: schemas.SearchResponse) -> list[str]:
    """Return sentences about the results: their number, corrections, notices and suggestions."""
    sentences = [
        f"{answer.total:,} movie{'' if answer.total == 1 else 's'}, page {answer.page}, {answer.took_ms:.0f} ms"
    ]
    if answer.corrected_to:
        sentences.append(f"showing results for: {answer.corrected_to} (--literal searches for {answer.query!r})")
    if answer.understood and answer.understood.pieces:
        sentences.append(f"looking for: {_pieces(answer)}")
    if answer.notice:
        sentences.append(answer.notice)
    if answer.did_you_mean:
        sentences.append(f"did you mean: {answer.did_you_mean}")
    return [*sentences, *answer.suggestions]


def _pieces(answer: schemas.SearchResponse) -> str:
    """Return the interpretation in one line."""
    from webapp.localization import labels  # noqa: PLC0415

    found = answer.understood.pieces if answer.understood else ()
    return ", ".join(
        f"{labels.piece(piece)} (left out)" if piece.key in answer.relaxed else labels.piece(piece) for piece in found
    )


def _table(found: schemas.QueryUnderstanding) -> list[str]:
    """Return the pieces as an aligned table; empty if there are none."""
    from webapp.localization import labels  # noqa: PLC0415

    rows = [
        (labels.piece(piece), piece.kind, piece.value, piece.text, f"{piece.confidence:.0%}") for piece in found.pieces
    ]
    if not rows:
        return []
    widths = [max(len(row[column]) for row in (COLUMNS, *rows)) for column in range(len(COLUMNS))]
    return [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (COLUMNS, *rows)
    ]


def _remarks(found: schemas.QueryUnderstanding) -> list[str]:
    """Return sentences about the interpretation."""
    sentences = [f"read as a {found.query_type} by {found.reader}"]
    if found.language:
        sentences.append(f"language: {found.language}")
    if not found.pieces:
        sentences.append("no pieces were recognized")
    if found.remainder:
        sentences.append(f"rest of the text: {found.remainder}")
    if found.other:
        sentences.append(f"{found.other.label} {' '.join(f'--drop {key}' for key in found.other.drop)}".rstrip())
    return sentences


def _line(rank: int, result: schemas.SearchResult) -> str:
    genres = f" · {', '.join(result.genres)}" if result.genres else ""
    people = ", ".join(filter(None, map(_credit, result.credits)))
    below = "".join(f"\n     {text}" for text in (result.why.sentence, people) if text)
    return f"{rank:>3}. {result.title}{_year(result.year)}{genres} · {result.id}{below}"


def _credit(credit: schemas.CreditView) -> str:
    """Return what a person that the search names did in the movie: `Tom Hanks as Woody, directed by …`."""
    acted = f"{credit.name} as {credit.character}" if credit.character else f"with {credit.name}"
    words = {"director": "directed by", "writer": "written by", "composer": "music by"}
    return ", ".join(acted if job == "actor" else f"{words[job]} {credit.name}" for job in credit.jobs)


def _find(services: Services, movie: str) -> Movie:
    """Return the movie with this id or title; an id takes precedence over a title made of digits."""
    if movie.isascii() and movie.isdigit() and len(movie) < MAX_DIGITS and int(movie) > 0:
        try:
            return services.movies.get(MovieId(int(movie)))
        except NotFound:
            named = _by_title(services, movie)
            if named is None:
                raise
            return named
    named = _by_title(services, movie)
    if named is None:
        raise NotFound(
            f"no movie has the title {movie!r}; find its id with `marquee search`{_nearest(services, movie)}"
        )
    return named


def _by_title(services: Services, title: str) -> Movie | None:
    from webapp.http import parsing  # noqa: PLC0415
    from webapp.movies import forms  # noqa: PLC0415

    wanted = texts.fold(title)
    asked = parsing.validate(forms.SearchQuery, {"q": title, "mode": Mode.WORDS, "size": TITLE_CHOICES})
    found = [hit.movie for hit in services.search.run(forms.to_request(asked)).hits]
    same = [movie for movie in found if wanted in (texts.fold(movie.title), texts.fold(movie.original_title))]
    return max(same, key=lambda movie: movie.popularity, default=None)


def _nearest(services: Services, title: str) -> str:
    found = [line for line in services.search.suggest(title) if line.id is not None][:3]
    return "; similar: " + ", ".join(f"{line.text}{_year(line.year)} {line.id}" for line in found) if found else ""


def _describe(services: Services) -> dict[str, Any]:
    served, settings = services.library.info(), services.settings
    return {
        "catalogue": served.catalogue,
        "notice": served.notice,
        "movies": served.count,
        "index": served.version,
        "built": served.built_at,
        "schema": served.schema,
        "encoder": served.encoder,
        "recipe": served.recipe,
        "dimension": served.dimension,
        "engine": "Elasticsearch" if settings.elasticsearch_url else "embedded",
        **({"storage": served.storage} if served.storage else {}),
        "home": str(settings.home),
    }


def _name(movie: Movie) -> str:
    return f"{movie.title}{_year(movie.year)}, {movie.id}"


def _year(year: int | None) -> str:
    return f" ({year})" if year else ""
