"""The jobs `refresh-catalogue` and `download-movielens`: what is new outside, brought in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.config import Settings, variable
from core.errors import BuildRejected, Busy, DataError, ModelMissing, SearchUnavailable
from core.jobs.job_catalogue import RETRAIN
from core.jobs.runs import Kind, Parameter, Result, Work
from data.catalogues import download, movielens_releases, sources, tmdb
from data.catalogues.movielens_releases import Release
from engine.catalogue import index_build
from engine.job_context import JobContext
from engine.registry import derived_versions
from engine.training import catalogue_extension, dataset, factor_publication, service
from engine.training.evaluation import holdout

PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {"anyway": Parameter("anyway", Kind.SWITCH, None, None, False, "do it even where nothing seems to have changed")}
)
"""Of both jobs."""


def catalogue(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Bring the index up to the catalogue's files; only movies whose texts changed are encoded.

    The published model is widened to the new catalogue at once, and a training is asked for, whose map of features to
    factors knows the new movies too.

    Raises:
        DataError, ModelMissing, BuildRejected, SearchUnavailable: nothing was published.
    """
    reason = "it was asked for" if parameters.get("anyway") else _stale(context, work)
    if not reason:
        work.say("the index is up to date")
        return Result({"built": False, **_fitted(context, work)})
    work.say(f"building the index: {reason}")
    report = index_build.run(context.settings, work, index_store=context.index_store, registry=context.registry)
    figures = {
        "built": True,
        "version": report.build.version,
        "movies": report.build.count,
        "encoded": report.encoded,
        "reused": report.reused,
        "skipped": len(report.catalogue.skipped),
        "seconds": round(report.seconds, 1),
    }
    work.say(f"published {report.build.version}: {report.encoded:,} films encoded, {report.reused:,} as before")
    return Result({**figures, **_fitted(context, work)})


def movielens(
    context: JobContext,
    work: Work,
    *,
    parameters: Mapping[str, Any],
    base_url: str = download.GROUPLENS,
    pause: float = 1.0,
) -> Result:
    """Fetch a newer release of MovieLens, check it, put it in place of the one at hand, and ask for a training.

    Args:
        base_url: where releases lie.
        pause: seconds between two attempts to download.

    Raises:
        DataError: the server cannot be reached, or what it gave cannot be used; the release at hand is untouched.
    """
    why_not = _not_ours(context.settings)
    if why_not:
        work.say(why_not)
        return Result({"newer": False, "why": why_not})
    work.say(f"asking {base_url} for a newer release")
    anyway = bool(parameters.get("anyway"))

    def learn(release: Release) -> None:
        work.say(f"{release.ratings:,} ratings, {release.before:,} before")
        _ask_for_training(context, work, "MovieLens has a newer release")

    folder = sources.downloads(context.settings)
    release = movielens_releases.renew(folder, base_url=base_url, pause=pause, anyway=anyway, then=learn)
    if release is None:
        work.say("there is none")
        return Result({"newer": False})
    figures = {"newer": True, "md5": release.md5, "ratings": release.ratings, "ratings_before": release.before}
    return Result({**figures, "training": True})


def _stale(context: JobContext, work: Work) -> str:
    """Why the index is not up to date. Where the sample serves for want of a network, the network is tried again."""
    settings, index_store = context.settings, context.index_store
    reason = index_build.stale(settings, index_store)
    if reason or settings.offline or sources.peek(settings) is not None:
        return reason
    sources.load(settings, progress=work.say)
    return index_build.stale(settings, index_store)


def _fitted(context: JobContext, work: Work) -> dict[str, Any]:
    """See to it that the model fits the index, also where an earlier run was cut after the index was published."""
    unfit = service.stale(context.index_store, context.registry)
    if not unfit:
        return {"training": False}
    figures = _widened(context, work)
    restamped = set(figures) == {"stamped"}
    return {**figures, "training": _ask_for_training(context, work, "" if restamped else unfit)}


def _widened(context: JobContext, work: Work) -> dict[str, int]:
    """Publish the model that serves for the movies of the new index; figures of it, none where that is not possible."""
    settings, index_store, registry = context.settings, context.index_store, context.registry
    if registry.current() is None:
        return {}
    try:
        parent = derived_versions.parent(registry)
        given = service.gather(settings, work, stores=context.stores, index_store=index_store)
        if parent.manifest.get("catalogue_hash") == given.catalogue_hash:
            return {"stamped": factor_publication.publish_factors(index_store, registry)}
        if parent.manifest.get("encoder") != given.encoder:
            work.say("the model stays as it is until the next training: its films were described by another encoder")
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
        movies = f"{wide.new:,} new films by their features, {wide.gone:,} gone"
        told = f"{parent.model.version} for a changed catalogue: {movies}"
        derived_versions.publish(
            registry, parent, wide.model, {"catalogue_hash": given.catalogue_hash, "reasons": [told]}
        )
        work.say(f"published {told}")
        stamped = factor_publication.publish_factors(index_store, registry)
    except (ModelMissing, Busy, SearchUnavailable, BuildRejected, DataError) as fault:
        work.say(f"the model stays as it is until the next training: {fault}")
        return {}
    return {"new_movies": wide.new, "gone_movies": wide.gone, "stamped": stamped}


def _not_ours(settings: Settings) -> str:
    """Why MovieLens is not to be downloaded here."""
    if settings.offline:
        return f"{variable('offline')} is set: nothing is downloaded"
    if settings.data_dir is not None:
        return f"{variable('data_dir')} is set: what lies there is renewed by hand"
    downloads = sources.downloads(settings)
    if not tmdb.present(downloads / sources.TMDB_FOLDER) and not (downloads / download.MOVIELENS).is_dir():
        return "the sample catalogue is served, which MovieLens does not know"
    return ""


def _ask_for_training(context: JobContext, work: Work, why: str) -> bool:
    """Leave a wish for the scheduler; whether there is one now."""
    if not why:
        return False
    work.say(f"asking for a training: {why}")
    try:
        context.stores.jobs.enqueue(RETRAIN, parameters={}, by=None, at=context.clock())
    except Busy as busy:
        work.say(str(busy))
    return True
