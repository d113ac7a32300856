"""The composition root: build services from settings. The only place that chooses between implementations."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from core.config import Settings
from core.errors import SharedStoreUnavailable
from core.jobs.job_catalogue import RETRAIN
from core.jobs.retention import HOURLY_COUNTS_DAYS
from core.ports import Encoder, IndexStore, MovieIndex
from core.trends import ServedRequest
from data import database
from data.catalogues import sources
from data.database import Stores
from data.exports import imdb_ids
from data.shared_store import store as shared_stores
from data.shared_store.store import SharedStore
from engine.accounts import email_recovery
from engine.accounts.accounts import AccountPolicy, Accounts
from engine.accounts.credentials import signing_keys
from engine.accounts.diaries import Diaries
from engine.accounts.diary.lists import Lists
from engine.accounts.diary.watches import Watches
from engine.accounts.imports.importer import Importer
from engine.accounts.imports.previews import ImportDrafts
from engine.accounts.imports.turns import ImportTurns
from engine.accounts.letterboxd_export import LetterboxdExport
from engine.catalogue.availability import Availability
from engine.catalogue.extras import MovieExtras
from engine.catalogue.movies import Movies
from engine.catalogue.remembered_index import RememberedIndex
from engine.catalogue.status import Library
from engine.clock import Clock, now
from engine.demo import upkeep
from engine.demo.label import DemoLabel
from engine.diagnosis.doctor import Installation
from engine.experiments.candidate_models import Versions
from engine.experiments.exposure_recorder import ExposureRecorder
from engine.experiments.plan import Plan
from engine.experiments.report import Experiments
from engine.experiments.request_variant import RunningExperiments
from engine.job_context import JobContext
from engine.online.activity import Activity
from engine.online.event_queue import EventQueue
from engine.online.exploration_log import ExplorationLog
from engine.online.reports import Reports
from engine.operations import Operations
from engine.published_model import PublishedModel
from engine.recommender.recommendation import Recommend
from engine.registry.hot_reload import HotReload
from engine.registry.lifecycle import Lifecycle
from engine.registry.registry import Registry
from engine.registry.storage import factory
from engine.search import language_detection
from engine.search.answers import QuestionAnswering
from engine.search.encoders import encoder as encoders
from engine.search.encoders import multilingual
from engine.search.evaluation.label_editor import Labelling
from engine.search.llm import model as language_models
from engine.search.llm.model import LanguageModel
from engine.search.llm.reader import CarefulReader, ModelReader
from engine.search.ranking import weights
from engine.search.resilience import serving_encoders
from engine.search.resilience.popular_movies import PopularMovies
from engine.search.resilience.resilient_search import ResilientSearch
from engine.search.search import Search, vocabulary_of
from engine.search.second_space import LEVEL, SPREADS, WEIGHTS, SecondSpace
from engine.search.understanding import reader as understanding_reader
from engine.search.understanding import tables
from engine.search.understanding.vocabulary import Vocabulary
from engine.services import Services
from engine.social import service as social
from engine.sync.scrobbles import Scrobbles
from engine.sync.webhooks import Webhooks
from engine.trending.lists import Trending

REQUEST_COUNTS_SECONDS = 30.0
"""Seconds until a process writes its counts of requests: they are for people, and a write has its cost."""


def build(
    settings: Settings,
    *,
    index: MovieIndex | None = None,
    encoder: Encoder | None = None,
    stores: Stores | None = None,
    serving: bool = False,
) -> Services:
    """Build the services of pages, API and command line from settings. Loads the exported encoder, never torch.

    Args:
        index, encoder, stores: used instead of the published index, the exported encoder and the database.
        serving: for a web server, which starts without database or search engine, and whose calls of both are bounded.

    Raises:
        ModelMissing, StoreUnavailable, InvalidSettings: no encoder, no database, or no client for Redis.
    """
    builds, registry = store(settings, interactive=True), models(settings)
    engine, index = _indexes(settings, index or builds.open(), serving=serving)
    encoder, second = _encoders(settings, encoder, serving=serving)
    stores = stores or (serving_stores(settings) if serving else people(settings))
    movies, events = Movies(index), EventQueue(stores.events, days=settings.events_days)
    trending, lifecycle = Trending(stores.trends, movies), Lifecycle(registry, stores.audit_log, builds)
    recommending = _recommending(settings, stores, movies, registry, trending)
    shared, lists = shared_store(settings, serving=serving), Lists(stores.lists, index)
    language_model = language_models.of(settings, shared=shared)
    search = with_languages(searching(settings, index, encoder, taste=recommending, model=language_model), second)
    asked, popular = _resilient(search, engine) if serving else (search, None)
    diaries, watches = _diaries(settings, stores, index), Watches(stores.watches, index)
    return Services(
        settings=settings,
        search=asked,
        movies=movies,
        extras=MovieExtras(stores.enrichments, settings),
        availability=Availability(stores.enrichments, settings),
        library=Library(index, encoder, search.abroad.index if search.abroad is not None else None, popular),
        accounts=accounts(settings, stores, settle=events.flush),
        diaries=diaries,
        watches=watches,
        lists=lists,
        imports=ImportDrafts(stores.import_drafts, diaries, movies),
        letterboxd=_letterboxd(settings, stores, movies),
        webhooks=_webhooks(settings, stores),
        scrobbles=Scrobbles(stores.scrobbles, diaries, watches),
        events=events,
        request_counts=_request_counts(stores),
        recommending=recommending,
        trending=trending,
        lifecycle=lifecycle,
        operations=Operations(stores, usual={RETRAIN: settings.training}),
        experiments=Experiments(Plan.of(settings.experiments), stores),
        reports=Reports(stores, index, lifecycle, zone=settings.zone),
        activity=Activity(stores, zone=settings.zone),
        question_answering=QuestionAnswering(asked, encoder, language_model, settings.llm_ask_timeout, second),
        understandings=Labelling(stores),
        demo=DemoLabel(stores.demo, index),
        social=social.build(stores, lists),
        shared=shared,
    )


def _resilient(search: Search, engine: MovieIndex) -> tuple[ResilientSearch, PopularMovies]:
    """Return the search of a web server, and the movies that it shows while the engine does not respond."""
    popular = PopularMovies(engine)
    return ResilientSearch(search, popular), popular


def shared_store(settings: Settings, *, serving: bool = False) -> SharedStore | None:
    """Return what all servers count together; None if each process counts by itself.

    An unreachable server is logged when a web server starts. Raises `InvalidSettings` if its client is not installed.
    """
    shared = shared_stores.of(settings)
    if shared is not None and serving:
        with suppress(SharedStoreUnavailable):
            shared.check()
    return shared


def _indexes(settings: Settings, engine: MovieIndex, *, serving: bool) -> tuple[MovieIndex, MovieIndex]:
    """Return the index itself, and for a web server with an engine on other machines one that survives its outages."""
    return engine, RememberedIndex(engine) if serving and settings.elasticsearch_url else engine


def _encoders(settings: Settings, first: Encoder | None, *, serving: bool) -> tuple[Encoder, Encoder | None]:
    """Return the encoder and the multilingual one, which a web server can be without."""
    if serving:
        return first or serving_encoders.first(settings), serving_encoders.second(settings)
    return first or encoders.load(settings), multilingual.load(settings)


def _recommending(
    settings: Settings, stores: Stores, movies: Movies, registry: Registry, trending: Trending
) -> Recommend:
    model = PublishedModel(HotReload(registry), lambda manifest: not upkeep.misplaced(manifest, movies.index))
    return Recommend(
        movies.index,
        movies,
        model,
        stores.diaries,
        stores.accounts,
        cold_share=settings.cold_share,
        experiments=experiments(settings, stores),
        trending=trending.popular,
        exploring=_exploring(settings, stores),
    )


def _exploring(settings: Settings, stores: Stores) -> ExplorationLog | None:
    if not settings.exploration_share or not settings.events_days:
        return None
    return ExplorationLog(stores.explorations, settings.exploration_share, settings.events_days, zone=settings.zone)


def _request_counts(stores: Stores) -> EventQueue[ServedRequest]:
    return EventQueue(
        stores.request_counts, days=HOURLY_COUNTS_DAYS, max_age=REQUEST_COUNTS_SECONDS, what="request counts"
    )


def _diaries(settings: Settings, stores: Stores, index: MovieIndex) -> Diaries:
    importer = Importer(index, imdb_ids=lambda: imdb_ids.read(settings))
    return Diaries(stores.diaries, index, importer=importer, turns=ImportTurns(stores.leases))


def _letterboxd(settings: Settings, stores: Stores, movies: Movies) -> LetterboxdExport:
    of_imdb = sources.numbered_by_imdb(settings)
    return LetterboxdExport(stores, movies, imdb_ids=lambda: imdb_ids.read(settings), tmdb_ids=not of_imdb)


def _webhooks(settings: Settings, stores: Stores) -> Webhooks:
    return Webhooks(stores.webhooks, key=partial(signing_keys.secret_key, settings), private=settings.webhook_private)


def accounts(settings: Settings, stores: Stores, *, settle: Callable[[], None]) -> Accounts:
    """Return the accounts of a site."""
    return Accounts(
        stores,
        policy=AccountPolicy.of(settings),
        key=partial(signing_keys.secret_key, settings),
        site_url=settings.site_url,
        send=email_recovery.sender(settings),
        settle=settle,
    )


def job_context(settings: Settings, stores: Stores, clock: Clock = now) -> JobContext:
    """Return the context of jobs; everything is opened on first use."""
    return JobContext(settings, stores, partial(store, settings), partial(models, settings), clock)


def searching(
    settings: Settings, index: MovieIndex, encoder: Encoder, *, taste: Recommend, model: LanguageModel | None
) -> Search:
    """Build the search of a site."""
    language_detection.warm()
    return Search(
        index,
        encoder,
        relevance_floor=settings.relevance_floor,
        taste=taste,
        taste_band=settings.search_taste,
        ranker=weights.serving(settings),
        tables=tables.load(settings.moods_file),
        reader=reader(settings, model),
    )


def with_languages(search: Search, encoder: Encoder | None) -> Search:
    """Return the search with the multilingual encoder for texts in other languages; unchanged if there is none."""
    if encoder is None:
        return search
    abroad = dataclasses.replace(
        search,
        index=SecondSpace(search.index, encoder),
        encoder=encoder,
        ranker=None,  # it was fitted to the cosines of the first encoder
        level=LEVEL,
        weights=WEIGHTS,
        spreads=SPREADS,
    )
    return dataclasses.replace(search, abroad=abroad)


def reader(settings: Settings, model: LanguageModel | None) -> understanding_reader.Reader:
    """Return the reader of search texts: the rules, plus the language model if the settings name one."""
    return understanding_reader.read if model is None else CarefulReader(ModelReader(model, settings.llm_timeout))


def vocabulary(settings: Settings) -> Vocabulary:
    """Return the vocabulary of the published index for reading search texts. Raises `IndexMissing`."""
    return vocabulary_of(store(settings).open(), tables.load(settings.moods_file))


def people(settings: Settings) -> Stores:
    """Open the database at the newest revision. Raises `StoreUnavailable`."""
    return database.open_for(settings)


def serving_stores(settings: Settings) -> Stores:
    """Open the database for a web server, even if it is unreachable now."""
    return database.open_serving(settings, share=_share(settings))


def _share(settings: Settings) -> int:
    """Return how many threads may wait for one dependency, so that one thread at least is left for everything else."""
    return max(1, settings.threads - 1)


def experiments(settings: Settings, stores: Stores) -> RunningExperiments | None:
    """Return the experiments of the settings; None if there are none."""
    plan = Plan.of(settings.experiments)
    if not plan.experiments:
        return None
    registry = models(settings)
    versions = Versions(lambda version: registry.load(version).model, plan.versions)
    return RunningExperiments(plan, versions, ExposureRecorder(stores.exposures), zone=settings.zone)


def models(settings: Settings) -> Registry:
    """Return the registry of this site's trained models."""
    storage = factory.storage(settings.models_url.get_secret_value(), home=settings.home)
    needed = Plan.of(settings.experiments).versions
    return Registry(storage, kept=settings.models_kept, needed=needed)


def lifecycle(settings: Settings) -> Lifecycle:
    """Return the administration of model versions. Raises `StoreUnavailable`."""
    return Lifecycle(models(settings), people(settings).audit_log, store(settings))


def store(settings: Settings, *, interactive: bool = False) -> IndexStore:
    """Return the index store of the engine that the settings name.

    Args:
        settings: the settings of the site.
        interactive: whether somebody waits for answers of the published index, rather than a build or a job.
    """
    if settings.elasticsearch_url:
        from indexer.elastic import ElasticStore  # noqa: PLC0415 - the client is slow to import

        return ElasticStore(settings, interactive=interactive)
    from indexer.embedded import EmbeddedStore  # noqa: PLC0415 - so is tantivy

    return EmbeddedStore(settings.home / "index")


def installation(settings: Settings) -> Installation:
    """Return what `marquee doctor` checks; everything is opened by the checks."""
    made = Installation(settings, partial(store, settings), partial(models, settings))
    if not settings.elasticsearch_url:
        return made
    from indexer.elastic.cluster import client, inspection  # noqa: PLC0415 - the client is slow to import

    return dataclasses.replace(
        made,
        cluster=lambda: inspection.inspect(client.connect(settings, batch=False)),
        cluster_clock=lambda: inspection.clock(client.connect(settings, batch=False)),
    )
