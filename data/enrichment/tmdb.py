"""TMDB's API, version 3: one request per movie, and one per collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Generic, TypeVar

from cachetools import LRUCache
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.config import LANGUAGES, Settings
from core.enrichment import records
from core.enrichment.records import Collection, CollectionPart, Portrait, ProviderKind, TmdbExtras, Trailer
from core.errors import UnexpectedAnswer
from core.types import MovieId
from data.enrichment.client import KEYLESS, Client, Pacing

NAME = "TMDB"
PARTS = "videos,credits,release_dates,watch/providers,external_ids,translations"
"""Appended to the details of a movie, so that one request gets everything."""
PER_SECOND = 40.0
"""TMDB limits clients to about 50 requests per second."""
MAX_CAST, MAX_PARTS, MAX_PROVIDERS = 40, 60, 30
THEATRICAL = (3, 2, 1, 4, 5, 6)
"""Types of releases whose certificate counts: in theatres first, limited ones, premieres, then digital, disc and TV."""
KINDS = {
    "flatrate": ProviderKind.STREAM,
    "free": ProviderKind.FREE,
    "ads": ProviderKind.ADS,
    "rent": ProviderKind.RENT,
    "buy": ProviderKind.BUY,
}
_READ_TOKEN = "eyJ"  # noqa: S105 - how every such token begins
"""Beginning of a read access token, which is sent in a header; an API key is sent as a parameter."""
_COLLECTIONS = 1_000


Item = TypeVar("Item")
Kind = TypeVar("Kind", bound=BaseModel)


def _listed(value: object) -> object:
    """Read a missing list as an empty one."""
    return value if value is not None else []


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Video(_Answer):
    site: str = ""
    type: str = ""
    key: Any = ""
    name: Any = ""
    official: bool = False
    iso_639_1: str | None = ""
    published_at: str | None = ""


class _Release(_Answer):
    certification: str | None = ""
    type: int = 0


class _Releases(_Answer):
    iso_3166_1: str = ""
    release_dates: Annotated[list[_Release], BeforeValidator(_listed)] = []


class _Provider(_Answer):
    provider_name: Any = ""
    logo_path: Any = ""
    display_priority: int = 10_000


class _Member(_Answer):
    name: Any = ""
    character: Any = ""
    profile_path: Any = ""
    order: int = 10_000


class _Texts(_Answer):
    title: Any = ""
    overview: Any = ""
    tagline: Any = ""


class _Translation(_Answer):
    iso_639_1: str | None = ""
    iso_3166_1: str | None = ""
    data: _Texts | None = None


class _Results(_Answer, Generic[Item]):
    results: Annotated[list[Item], BeforeValidator(_listed)] = []


class _ByRegion(_Answer):
    results: dict[str, dict[str, Any]] = {}


class _Credits(_Answer):
    cast: Annotated[list[_Member], BeforeValidator(_listed)] = []


class _Translations(_Answer):
    translations: Annotated[list[_Translation], BeforeValidator(_listed)] = []


class _Ids(_Answer):
    imdb_id: Any = ""


class _Named(_Answer):
    id: int
    name: Any = ""


class _Details(_Answer):
    id: int
    imdb_id: Any = ""
    poster_path: Any = ""
    backdrop_path: Any = ""
    belongs_to_collection: _Named | None = None
    videos: _Results[_Video] = _Results()
    credits: _Credits = _Credits()
    release_dates: _Results[_Releases] = _Results()
    providers: _ByRegion = Field(_ByRegion(), alias="watch/providers")
    external_ids: _Ids = _Ids()
    translations: _Translations = _Translations()


class _Part(_Answer):
    id: int
    title: Any = ""
    release_date: str | None = ""
    poster_path: Any = ""


class _Collection(_Answer):
    id: int
    name: Any = ""
    parts: Annotated[list[_Part], BeforeValidator(_listed)] = []


class Tmdb:
    """TMDB as a source of extras, for the regions of the settings and the languages of the site."""

    def __init__(self, settings: Settings, *, pacing: Pacing | None = None) -> None:
        key = settings.tmdb_key.get_secret_value() if settings.tmdb_key else ""
        token = key.startswith(_READ_TOKEN)
        self._client = Client(
            NAME,
            settings.tmdb_url,
            "tmdb_key",
            parameters={} if token else {"api_key": key},
            headers={"Authorization": f"Bearer {key}"} if token else {},
            per_second=PER_SECOND,
            pacing=pacing or Pacing(),
        )
        self._regions, self._languages = settings.regions, (settings.language, *LANGUAGES)
        self._collections: LRUCache[int, Collection | None] = LRUCache(_COLLECTIONS)

    @property
    def sent(self) -> int:
        """Requests sent so far, repetitions included."""
        return self._client.sent

    def fetch(self, movie: MovieId) -> TmdbExtras | None:
        """Return the extras of a movie; None if TMDB does not know it.

        Raises:
            InvalidSettings: TMDB rejects the key.
            ServiceUnavailable: no usable answer.
        """
        languages = ",".join((*dict.fromkeys(self._languages), "null"))
        parameters = {"append_to_response": PARTS, "include_video_language": languages}
        content = self._get(f"/movie/{movie}", parameters)
        if content is None:
            return None
        found = _validated(_Details, content, f"movie {movie}")
        if found.id != movie:
            raise UnexpectedAnswer(f"{NAME}: expected movie {movie}, got {found.id}")
        return self._extras(found)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _extras(self, found: _Details) -> TmdbExtras:
        cast = sorted(found.credits.cast, key=lambda member: member.order)[:MAX_CAST]
        return TmdbExtras(
            poster=found.poster_path,
            backdrop=found.backdrop_path,
            imdb_id=found.imdb_id or found.external_ids.imdb_id,
            cast=tuple(Portrait(name=one.name, character=one.character, image=one.profile_path) for one in cast),
            trailers=tuple(_trailers(found.videos.results, self._languages)),
            certificates=_certificates(found.release_dates.results, self._regions),
            providers={
                region: providers
                for region in self._regions
                if (providers := tuple(_providers(found.providers.results.get(region, {}))))
            },
            collection=self._collection(found.belongs_to_collection),
            translations=tuple(_translations(found.translations.translations)),
        )

    def _collection(self, named: _Named | None) -> Collection | None:
        """Return the collection with its movies, requested once per run."""
        if named is None or named.id <= 0:
            return None
        if named.id not in self._collections:
            content = self._get(f"/collection/{named.id}")
            found = None if content is None else _validated(_Collection, content, f"collection {named.id}")
            self._collections[named.id] = None if found is None else _in_order(found)
        return self._collections[named.id]

    def _get(self, path: str, parameters: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - any JSON value
        """Return the content of a resource; None if it does not exist."""
        answer = self._client.get(path, parameters)
        if answer.status in KEYLESS:
            raise self._client.rejected()
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        if answer.status != HTTPStatus.OK:
            raise UnexpectedAnswer(f"{NAME}: status {answer.status} for {path}")
        return answer.content


def _validated(kind: type[Kind], content: object, what: str) -> Kind:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors()[:3])
        raise UnexpectedAnswer(f"{NAME}: unexpected content of {what}: {places}") from None


def _trailers(videos: Sequence[_Video], languages: Iterable[str]) -> Iterable[Trailer]:
    """Return the best trailer of each language: an official one, and of these the newest."""
    usable = [one for one in videos if one.site == "YouTube" and one.type == "Trailer" and records.video_key(one.key)]
    usable.sort(key=lambda one: (one.official, one.published_at or ""), reverse=True)
    for language in dict.fromkeys(languages):
        best = next((one for one in usable if one.iso_639_1 == language), None)
        if best is not None:
            yield Trailer(language=language, key=best.key, name=best.name)


def _certificates(countries: Sequence[_Releases], regions: Sequence[str]) -> dict[str, str]:
    found = {}
    for country in countries:
        ranked = sorted(
            (THEATRICAL.index(release.type), release.certification)
            for release in country.release_dates
            if release.type in THEATRICAL and release.certification
        )
        if ranked and country.iso_3166_1 in regions:
            found[country.iso_3166_1] = ranked[0][1]
    return {region: found[region] for region in regions if region in found}


def _providers(region: Mapping[str, Any]) -> Iterable[records.Provider]:
    for name, kind in KINDS.items():
        offers = _validated(_Results[_Provider], {"results": region.get(name)}, "watch/providers").results
        for offer in sorted(offers, key=lambda one: one.display_priority)[:MAX_PROVIDERS]:
            yield records.Provider(name=offer.provider_name, kind=kind, image=offer.logo_path)


def _translations(found: Sequence[_Translation]) -> Iterable[records.TranslatedTexts]:
    """Return the texts in the languages of the site; of several countries, the one named like the language first."""
    for language in LANGUAGES:
        own = [one for one in found if one.iso_639_1 == language and one.data]
        own.sort(key=lambda one: (one.iso_3166_1 or "").lower() != language)
        texts = [
            records.TranslatedTexts(
                language=language, title=one.data.title, overview=one.data.overview, tagline=one.data.tagline
            )
            for one in own
            if one.data
        ]
        best = next((text for text in texts if text.overview), next((text for text in texts if text.title), None))
        if best is not None:
            yield best


def _in_order(found: _Collection) -> Collection:
    parts = sorted(found.parts, key=lambda part: (part.release_date or "9999", part.id))
    return Collection(
        id=found.id,
        name=found.name,
        parts=tuple(
            CollectionPart(id=part.id, title=part.title, released=part.release_date, poster=part.poster_path)
            for part in parts[:MAX_PARTS]
            if part.id > 0 and part.title
        ),
    )
