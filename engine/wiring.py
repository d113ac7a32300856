"""The one composition root: settings become services. The only place that chooses between implementations."""

from __future__ import annotations

from core.config import Settings
from core.ports import Encoder, IndexStore, MovieIndex
from core.stores import Stores
from data import database
from data.exports import imdb_ids
from engine.films import Films
from engine.library import Library
from engine.models.registry import Following, Registry
from engine.people.accounts import Accounts
from engine.people.diaries import Diaries
from engine.people.importing import Importing
from engine.people.noticing import Noticing
from engine.search import encoder as encoders
from engine.search.search import Search
from engine.served import Served
from engine.services import Services
from engine.taste.recommend import Recommend


def build(
    settings: Settings,
    *,
    index: MovieIndex | None = None,
    encoder: Encoder | None = None,
    stores: Stores | None = None,
) -> Services:
    """Everything that pages, API and command line need, for serving: loads the exported encoder, never torch.

    Raises:
        ModelMissing: the encoder was not exported yet; says which command does it.
        StoreUnavailable: the database of people cannot be opened.
    """
    index = index or store(settings).open()
    encoder = encoder or encoders.load(settings)
    stores = stores or people(settings)
    films = Films(index)
    events = Noticing(stores.events, days=settings.events_days)
    recommending = Recommend(
        index,
        films,
        Served(Following(models(settings))),
        stores.diaries,
        stores.accounts,
        cold_share=settings.cold_share,
    )
    return Services(
        settings=settings,
        search=Search(
            index,
            encoder,
            relevance_floor=settings.relevance_floor,
            taste=recommending,
            taste_band=settings.search_taste,
        ),
        films=films,
        library=Library(index, encoder),
        accounts=Accounts(stores, session_days=settings.session_days, settle=events.flush),
        diaries=Diaries(stores.diaries, index, importing=Importing(index, imdb_ids=lambda: imdb_ids.read(settings))),
        events=events,
        recommending=recommending,
    )


def people(settings: Settings) -> Stores:
    """The database of people, migrated to the newest revision. Raises `StoreUnavailable`."""
    return database.open(settings.database)


def models(settings: Settings) -> Registry:
    """The trained models of this site."""
    return Registry(settings.home / "models")


def store(settings: Settings) -> IndexStore:
    """The builds of the engine that the settings name."""
    if settings.elasticsearch_url:
        from indexer.elastic import ElasticStore  # noqa: PLC0415 - only who uses it pays for the client

        return ElasticStore(settings)
    from indexer.embedded import EmbeddedStore  # noqa: PLC0415 - nor for tantivy

    return EmbeddedStore(settings.home / "index")
