"""What other services say about a movie, for its page and for the API."""

from __future__ import annotations

from collections.abc import Iterable

from core.config import Settings
from core.enrichment import completion
from core.enrichment.records import Collection, Extras, Provider, ProviderKind, Trailer
from core.texts import fold
from core.types import Movie, MovieId
from engine.services import Services
from webapp.localization import labels
from webapp.localization.locales import language
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop
from webapp.movies import addresses, extra_schemas, pictures, schemas

TMDB_NOTICE = "This product uses the TMDB API but is not endorsed or certified by TMDB."
"""The wording that TMDB's terms require; not to be translated."""
JUSTWATCH_NOTICE = "Where to watch: data from JustWatch."
OMDB_NOTICE = "Ratings elsewhere and the second description: OMDb API, CC BY-NC 4.0."
PLAYER = "https://www.youtube-nocookie.com"
"""The host of the player, which a page may load after a click only."""
KINDS = {
    ProviderKind.STREAM: gettext_noop("Stream"),
    ProviderKind.FREE: gettext_noop("Free"),
    ProviderKind.ADS: gettext_noop("With ads"),
    ProviderKind.RENT: gettext_noop("Rent"),
    ProviderKind.BUY: gettext_noop("Buy"),
}
AMERICAN = "US"
"""The country of OMDb's certificates."""


def tmdb_notice(settings: Settings) -> str:
    """Return the attribution for the foot of every page; empty if TMDB is not used."""
    return TMDB_NOTICE if settings.tmdb_key is not None else ""


def completed(movie: Movie, extras: Extras | None) -> Movie:
    """Return a movie with TMDB's poster and with the texts that the catalogue lacks."""
    return completion.completed(movie, extras.tmdb) if extras else movie


def view(services: Services, movie: Movie, extras: Extras | None) -> extra_schemas.Extras | None:
    """Return the extras of a movie as a view."""
    if extras is None:
        return None
    base, tmdb, omdb = services.settings.poster_base, extras.tmdb, extras.omdb
    return extra_schemas.Extras(
        backdrop=pictures.url(tmdb.backdrop, pictures.BACKDROP, poster_base=base) if tmdb else None,
        imdb=f"https://www.imdb.com/title/{extras.imdb_id}/" if extras.imdb_id else None,
        cast=tuple(
            extra_schemas.CastPicture(
                name=one.name,
                character=one.character,
                picture=pictures.url(one.image, pictures.PORTRAIT, poster_base=base),
            )
            for one in (tmdb.cast if tmdb else ())
            if one.name
        ),
        trailer=_trailer(tmdb.trailers) if tmdb else None,
        certificates=_certificates(extras, services.settings.regions),
        watch=_watch(movie.id, extras, services.settings),
        collection=_collection(tmdb.collection, services, base) if tmdb and tmdb.collection else None,
        ratings=tuple(
            extra_schemas.OutsideRatingView(source=one.source, value=one.value)
            for one in (omdb.ratings if omdb else ())
        ),
        plot=omdb.plot if omdb else "",
        attribution=_attribution(extras),
    )


def cast(movie: schemas.Movie) -> tuple[extra_schemas.CastPicture, ...]:
    """Return the catalogue's cast with pictures; without one, the cast that TMDB names."""
    given = movie.extras.cast if movie.extras else ()
    if not movie.cast:
        return given
    pictured = {fold(one.name): one.picture for one in given}
    return tuple(
        extra_schemas.CastPicture(name=one.name, character=one.character, picture=pictured.get(fold(one.name)))
        for one in movie.cast
    )


def _trailer(trailers: Iterable[Trailer]) -> extra_schemas.TrailerView | None:
    """Return the trailer in the language of the page, or else the first one."""
    found = sorted((one for one in trailers if one.key), key=lambda one: one.language != language())
    if not found:
        return None
    best = found[0]
    return extra_schemas.TrailerView(
        language=best.language,
        name=best.name,
        url=f"https://www.youtube.com/watch?v={best.key}",
        embed=f"{PLAYER}/embed/{best.key}",
    )


def _certificates(extras: Extras, regions: Iterable[str]) -> tuple[extra_schemas.Certificate, ...]:
    found = dict(extras.tmdb.certificates) if extras.tmdb else {}
    if extras.omdb and extras.omdb.certificate:
        found.setdefault(AMERICAN, extras.omdb.certificate)
    return tuple(
        extra_schemas.Certificate(region=region, label=labels.territory(region), certificate=found[region])
        for region in regions
        if found.get(region)
    )


def _watch(movie: MovieId, extras: Extras, settings: Settings) -> tuple[extra_schemas.WatchRegion, ...]:
    found = extras.tmdb.providers if extras.tmdb else {}
    return tuple(
        extra_schemas.WatchRegion(
            region=region,
            label=labels.territory(region),
            url=f"https://www.themoviedb.org/movie/{movie}/watch?locale={region}",
            offers=tuple(_offers(found[region], settings.poster_base)),
        )
        for region in settings.regions
        if found.get(region)
    )


def _offers(providers: Iterable[Provider], base: str) -> Iterable[extra_schemas.Offer]:
    listed = list(providers)
    for kind, label in KINDS.items():
        own = tuple(
            extra_schemas.ProviderView(name=one.name, picture=pictures.url(one.image, pictures.LOGO, poster_base=base))
            for one in listed
            if one.kind is kind and one.name
        )
        if own:
            yield extra_schemas.Offer(kind=kind.value, label=_(label), providers=own)


def _collection(found: Collection, services: Services, base: str) -> extra_schemas.CollectionView:
    """Return the collection; movies of this catalogue have their own title and a link."""
    known = {movie.id: movie for movie in services.movies.many([MovieId(part.id) for part in found.parts])}
    movies = []
    for part in found.parts:
        own = known.get(MovieId(part.id))
        movies.append(
            extra_schemas.CollectionMovie(
                id=part.id,
                title=own.title if own else part.title,
                year=own.year if own else _year(part.released),
                url=addresses.path(own) if own else None,
                poster=pictures.url(part.poster, pictures.SMALL_POSTER, poster_base=base),
            )
        )
    return extra_schemas.CollectionView(id=found.id, name=found.name, movies=tuple(movies))


def _year(date: str) -> int | None:
    year = date[:4]
    return int(year) if year.isascii() and year.isdigit() else None


def _attribution(extras: Extras) -> tuple[str, ...]:
    watched = extras.tmdb is not None and bool(extras.tmdb.providers)
    given = ((TMDB_NOTICE, extras.tmdb), (JUSTWATCH_NOTICE, watched), (OMDB_NOTICE, extras.omdb))
    return tuple(sentence for sentence, used in given if used)
