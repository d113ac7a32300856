"""The jobs `refresh-catalogue` and `download-movielens`: update the index and the MovieLens ratings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.config import Settings, variable
from core.errors import BuildRejected, Busy, CatalogueShrank, DataError, ModelMissing, SearchUnavailable
from core.jobs.job_catalogue import RETRAIN
from core.jobs.runs import Kind, Parameter, Result, Work
from core.ports import MovieIndex
from data.catalogues import download, movielens_releases, sources, tmdb
from data.catalogues.movielens_releases import Release
from engine.catalogue import index_build
from engine.demo import upkeep
from engine.job_context import JobContext
from engine.registry import derived_versions
from engine.training import dataset, factor_publication, service
from engine.training.dataset import Dataset
from engine.training.derived import catalogue_extension
from engine.training.evaluation import holdout

PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {"anyway": Parameter("anyway", Kind.SWITCH, None, None, False, "run even if nothing seems to have changed")}
)
"""Parameters of both jobs."""


def catalogue(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Bring the index up to date with the catalogue's files; only movies whose texts changed are encoded.

    The published model is extended to the new catalogue at once, and a retraining is queued, which fits the map from
    features to factors on the new movies too. A catalogue that lost too much is rejected.

    Raises:
        DataError, ModelMissing, BuildRejected, SearchUnavailable: nothing was published.
    """
    reason = "requested" if parameters.get("anyway") else _stale(context, work)
    if not reason:
        work.say("the index is up to date")
        return Result({"built": False, **_fitted(context, work)})
    work.say(f"building the index: {reason}")
    try:
        report = index_build.run(
            context.settings,
            work,
            index_store=context.index_store,
            registry=context.registry,
            enrichments=context.stores.enrichments,
        )
    except CatalogueShrank as shrank:
        work.say(str(shrank))
        return Result({"built": False}, rejected=" ".join(str(shrank).split()))
    if upkeep.remove_if_misplaced(context.stores, context.index_store.open()):
        work.say(upkeep.REMOVED)
    figures = {
        "built": True,
        "version": report.build.version,
        "movies": report.build.count,
        "encoded": report.encoded,
        "reused": report.reused,
        "skipped": report.catalogue.bad,
        "seconds": round(report.seconds, 1),
    }
    work.say(f"published {report.build.version}: {report.encoded:,} movies encoded, {report.reused:,} vectors reused")
    return Result({**figures, **_fitted(context, work)})


def movielens(
    context: JobContext,
    work: Work,
    *,
    parameters: Mapping[str, Any],
    base_url: str = download.GROUPLENS,
    pause: float = 1.0,
) -> Result:
    """Download a newer release of MovieLens, verify it, replace the current one, and queue a retraining.

    Args:
        base_url: the folder of the releases.
        pause: seconds between two attempts to download.

    Raises:
        DataError: the server is unreachable or the release is unusable; the current release is unchanged.
    """
    why_not = _not_ours(context.settings)
    if why_not:
        work.say(why_not)
        return Result({"newer": False, "why": why_not})
    work.say(f"checking {base_url} for a newer release")
    anyway = bool(parameters.get("anyway"))

    def learn(release: Release) -> None:
        work.say(f"{release.ratings:,} ratings, {release.before:,} before")
        _ask_for_training(context, work, "MovieLens has a newer release")

    folder = sources.downloads(context.settings)
    release = movielens_releases.renew(folder, base_url=base_url, pause=pause, anyway=anyway, then=learn)
    if release is None:
        work.say("no newer release")
        return Result({"newer": False})
    figures = {"newer": True, "md5": release.md5, "ratings": release.ratings, "ratings_before": release.before}
    return Result({**figures, "training": True})


def _stale(context: JobContext, work: Work) -> str:
    """Return why the index is out of date, or an empty text; if only the sample is served, try to download again."""
    settings, index_store = context.settings, context.index_store
    reason = index_build.stale(settings, index_store)
    if reason or settings.offline or sources.peek(settings) is not None:
        return reason
    sources.load(settings, progress=work.say)
    return index_build.stale(settings, index_store)


def _fitted(context: JobContext, work: Work) -> dict[str, Any]:
    """Make the model fit the index, also after a run that was interrupted once the index was published."""
    unfit = service.stale(context.index_store, context.registry)
    if not unfit:
        return {"training": False}
    figures = _widened(context, work)
    restamped = set(figures) == {"stamped"}
    return {**figures, "training": _ask_for_training(context, work, "" if restamped else unfit)}


def _widened(context: JobContext, work: Work) -> dict[str, int]:
    """Publish the current model for the movies of the new index; return figures, empty if that is not possible."""
    settings, index_store, registry = context.settings, context.index_store, context.registry
    if registry.current() is None:
        return {}
    try:
        parent = derived_versions.parent(registry)
        given = service.gather(settings, work, stores=context.stores, index_store=index_store)
        if parent.manifest.get("catalogue_hash") == given.catalogue_hash:
            return {"stamped": factor_publication.publish_factors(index_store, registry)}
        if unlike := _unlike(parent.manifest, given, index_store.open()):
            work.say(f"the model is unchanged until the next training: {unlike}")
            return {}
        wide = catalogue_extension.extend(
            parent.model,
            given.world,
            dataset.learnable(given.rated, settings),
            rated=given.rated,
            fit_config=derived_versions.fit_config(parent.manifest),
            vectors_of=index_store.open().vectors,
            version=registry.new_version(),
        )
        if wide is None or holdout.sane(wide.model, given.rated.histories()[: holdout.PROBES]):
            return {}
        movies = f"{wide.new:,} new movies placed by their features, {wide.gone:,} removed"
        reason = f"{parent.model.version} extended to the changed catalogue: {movies}"
        derived_versions.publish(
            registry, parent, wide.model, {"catalogue_hash": given.catalogue_hash, "reasons": [reason]}
        )
        work.say(f"published {reason}")
        stamped = factor_publication.publish_factors(index_store, registry)
    except (ModelMissing, Busy, SearchUnavailable, BuildRejected, DataError) as fault:
        work.say(f"the model is unchanged until the next training: {fault}")
        return {}
    return {"new_movies": wide.new, "gone_movies": wide.gone, "stamped": stamped}


def _unlike(manifest: Mapping[str, Any], given: Dataset, index: MovieIndex) -> str:
    """Return why a model cannot be extended to the served catalogue, or an empty text."""
    if upkeep.misplaced(manifest, index):
        return "it was trained on demo ratings"
    return "" if manifest.get("encoder") == given.encoder else "it was trained with another encoder"


def _not_ours(settings: Settings) -> str:
    """Return why MovieLens must not be downloaded here, or an empty text."""
    if settings.offline:
        return f"{variable('offline')} is set: downloads are disabled"
    if settings.data_dir is not None:
        return f"{variable('data_dir')} is set: update its files by hand"
    downloads = sources.downloads(settings)
    if not tmdb.present(downloads / sources.TMDB_FOLDER) and not (downloads / download.MOVIELENS).is_dir():
        return "the sample catalogue is served: MovieLens has no ratings of its movies"
    return ""


def _ask_for_training(context: JobContext, work: Work, why: str) -> bool:
    """Queue a retraining for the reason `why`; return whether one is queued."""
    if not why:
        return False
    work.say(f"queueing a retraining: {why}")
    try:
        context.stores.jobs.enqueue(RETRAIN, parameters={}, by=None, at=context.clock())
    except Busy as busy:
        work.say(str(busy))
    return True
