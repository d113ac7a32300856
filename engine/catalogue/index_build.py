"""Index builds: read the catalogue, encode it, export the encoder, write and publish the index."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.config import Settings
from core.errors import CatalogueShrank, IndexMissing, MarqueeError, ModelMissing, SearchUnavailable
from core.jobs.runs import Watch
from core.ports import Changes, Encoder, IndexInfo, IndexStore, Vectors
from data.catalogues import sources
from data.catalogues.report import Catalogue
from data.database.enrichment.entries import EnrichmentStore
from engine.catalogue import completion, losses
from engine.catalogue import tags as catalogue_tags
from engine.registry.registry import Registry
from engine.search.encoders import document_texts, manifest, multilingual, onnx_export
from engine.search.encoders.vectors import MovieVectors, encode_shard, movie_vectors
from engine.search.understanding import moods, tables
from engine.training import factor_publication
from indexer import build, schema
from indexer.names import gazetteer, gazetteer_builder
from indexer.related import lists as related

SAMPLE_NOTICE = "It is a small sample for trying things out; the operator of this site can load a full catalogue."

MULTILINGUAL = "-multilingual"
"""Suffix of the folder with the vectors of the multilingual encoder."""


@dataclass(frozen=True, slots=True)
class IndexingReport:
    """What a build read, encoded and published."""

    catalogue: Catalogue
    build: build.BuildReport
    encoded: int
    reused: int
    seconds: float

    @property
    def tagged(self) -> int:
        """The number of movies with tags."""
        return sum(bool(movie.tags) for movie in self.catalogue.movies)


@dataclass(frozen=True, slots=True)
class EncodingReport:
    """How many different movies of a shard were encoded now, how many were there, and where the vectors are."""

    folder: Path
    encoded: int
    there: int


def run(
    settings: Settings,
    watch: Watch,
    *,
    index_store: IndexStore,
    registry: Registry,
    accept_shrink: bool = False,
    enrichments: EnrichmentStore | None = None,
) -> IndexingReport:
    """Build and publish the index of the catalogue that the settings name. Searches continue meanwhile.

    Args:
        registry: the factors of its published model are written to the new index.
        enrichments: what TMDB says about movies, if it is known.
        accept_shrink: publish a catalogue that lost more than a fifth of its movies or rows.

    Raises:
        DataError, ModelMissing, BuildRejected, CatalogueShrank, SearchUnavailable: nothing was published.
    """
    started = time.perf_counter()
    catalogue = sources.load(settings, progress=watch.say)
    watch.say(catalogue.report())
    if not accept_shrink and (faults := losses.faults(catalogue, _published(index_store), sample=sources.SAMPLE_NAME)):
        raise CatalogueShrank("\n  ".join(("the index was not built; the previous one still serves:", *faults)))
    catalogue, tags = _completed(settings, catalogue, enrichments, watch)
    encoder = _encoder(settings, watch)
    vectors = _vectors(settings, catalogue, encoder, watch)
    second = _second_vectors(settings, catalogue, watch)
    words = tables.load(settings.moods_file)
    prototypes = [encoder.encode(mood.prototypes) for mood in words.moods]
    scores = moods.score(catalogue.movies, vectors.vectors, words.moods, prototypes)
    built = build.build(
        index_store,
        catalogue.movies,
        vectors=vectors.vectors,
        moods=[moods.as_mapping(row, words.moods) for row in scores],
        attachments=_attachments(catalogue, vectors.vectors),
        origin=build.Origin(
            encoder=encoder.name,
            recipe=document_texts.config_of(catalogue.movies).fingerprint,
            catalogue=catalogue.source.name,
            catalogue_hash=catalogue.source.content_hash,
            # Visitors learn that this is a sample; the operator reads in the terminal why it is served.
            notice=SAMPLE_NOTICE if catalogue.source.name == sources.SAMPLE_NAME else "",
            moods=words.mood_names,
            moods_hash=words.moods_hash,
            multilingual=second[0] if second is not None else "",
            tags=tags,
        ),
        multilingual=second[1] if second is not None else None,
        progress=lambda done, total: watch.step("writing", done, total),
    )
    if built.written < built.count:
        watch.say(f"wrote {built.written:,} movies that changed; the others are those of the previous index")
    if built.changes is None or not _keeps_factors(built.changes, index_store, registry):
        _publish_factors(index_store, registry, watch)
    return IndexingReport(catalogue, built, vectors.encoded, vectors.reused, time.perf_counter() - started)


def encode(
    settings: Settings,
    watch: Watch,
    shard: tuple[int, int] = (1, 1),
    *,
    enrichments: EnrichmentStore | None = None,
    spark: bool = False,
) -> EncodingReport:
    """Encode one of several shards of the catalogue into the cache of vectors, which the next build uses.

    Args:
        shard: its number, from 1, and the number of shards.
        spark: share the work among the workers of Spark (`MARQUEE_SPARK_MASTER`).

    Raises:
        DataError, ModelMissing, InvalidSettings, ServiceUnavailable: what was encoded before is kept.
    """
    catalogue, _ = _completed(settings, sources.load(settings, progress=watch.say), enrichments, watch)
    encoders = [("", _encoder(settings, watch))]
    second = multilingual.indexing(settings, say=watch.say)
    if second is not None:
        encoders.append((MULTILINGUAL, second))
    found = []
    with _encoding(settings, spark=spark) as sharing:
        for space, encoder in encoders:
            shared, chunk = sharing(encoder)
            found.append(
                encode_shard(
                    catalogue.movies,
                    shard,
                    encoder=shared,
                    config=document_texts.config_of(catalogue.movies),
                    cache_dir=vector_folder(settings, catalogue, space),
                    progress=lambda done, total: watch.step("encoding", done, total),
                    chunk=chunk,
                )
            )
    return EncodingReport(
        vector_folder(settings, catalogue), sum(new for new, _ in found), sum(there for _, there in found)
    )


@contextlib.contextmanager
def _encoding(settings: Settings, *, spark: bool) -> Iterator[Callable[[Encoder], tuple[Encoder, int | None]]]:
    """Yield a function that returns what encodes, and how many movies it should get at once, if it matters."""
    if not spark:
        yield lambda encoder: (encoder, None)
        return
    from engine.spark import encoders  # noqa: PLC0415 - its packages are an extra

    with encoders.sharing(settings) as sharing:
        yield sharing


def _completed(
    settings: Settings, catalogue: Catalogue, enrichments: EnrichmentStore | None, watch: Watch
) -> tuple[Catalogue, str]:
    """Return the catalogue with what other sources know of its movies, and the fingerprint of the tags."""
    catalogue = completion.complete(settings, catalogue, enrichments, say=watch.say)
    sources.ratings(settings, progress=watch.say)
    return catalogue_tags.tagged(settings, catalogue, say=watch.say)


def _encoder(settings: Settings, watch: Watch) -> Encoder:
    onnx_export.ensure_exported(settings, say=watch.say)
    encoder = onnx_export.indexing_encoder(settings)
    watch.say(f"encoder {encoder.name}, exported for serving as {settings.encoder_precision}")
    return encoder


def _publish_factors(index_store: IndexStore, registry: Registry, watch: Watch) -> None:
    """Write the model's factors into the new index, which serves the same recommendations without them, but slower."""
    try:
        updated = factor_publication.publish_factors(index_store, registry)
    except (MarqueeError, OSError) as error:
        watch.say(f"the index is published, but without the factors of the model, which is slower: {error}")
        return
    if updated:
        watch.say(f"published the model's factors of {updated:,} movies")


def _keeps_factors(changes: Changes, index_store: IndexStore, registry: Registry) -> bool:
    """Return whether a copied version has the factors of the current model for every movie that the model knows."""
    try:
        model = registry.load().model
        return index_store.open().factors_version() == model.version and not np.isin(changes.added, model.movies).any()
    except (MarqueeError, OSError):  # publishing factors reports it
        return False


def _attachments(catalogue: Catalogue, vectors: Vectors) -> dict[str, bytes]:
    """Return the names that searches recognise, without those of adult movies, which would lead nowhere; and the
    related movies."""
    names = gazetteer_builder.build([movie for movie in catalogue.movies if not movie.adult])
    return {gazetteer.NAME: gazetteer.dump(names), **related.attachments(catalogue.movies, vectors, names.movies)}


def _published(index_store: IndexStore) -> IndexInfo | None:
    try:
        return index_store.open().info()
    except SearchUnavailable:  # none yet, or unreadable: there is nothing to compare with
        return None


def _vectors(settings: Settings, catalogue: Catalogue, encoder: Encoder, watch: Watch, space: str = "") -> MovieVectors:
    return movie_vectors(
        catalogue.movies,
        encoder=encoder,
        config=document_texts.config_of(catalogue.movies),
        cache_dir=vector_folder(settings, catalogue, space),
        progress=lambda done, total: watch.step("encoding", done, total),
    )


def vector_folder(settings: Settings, catalogue: Catalogue, space: str = "") -> Path:
    """Return the folder of the cache of vectors of a catalogue; `space` is the suffix of another encoder."""
    return settings.home / "vectors" / f"{catalogue.source.name.replace(' ', '-').lower()}{space}"


def _second_vectors(settings: Settings, catalogue: Catalogue, watch: Watch) -> tuple[str, Vectors] | None:
    """Return the name of the multilingual encoder and its movie vectors; None if the settings name no such encoder."""
    encoder = multilingual.indexing(settings, say=watch.say)
    if encoder is None:
        return None
    watch.say(f"multilingual encoder {encoder.name}")
    return encoder.name, _vectors(settings, catalogue, encoder, watch, MULTILINGUAL).vectors


def rollback(index_store: IndexStore) -> str:
    """Publish the previous build again; return its version. Raises `NotFound` if there is none."""
    return build.rollback(index_store)


def stale(settings: Settings, index_store: IndexStore) -> str:
    """Return why the published index is out of date for these settings, or an empty text. Reads no catalogue."""
    try:
        info = index_store.open().info()
    except IndexMissing:
        return "no index is published yet"
    return _differs(settings, info)


def _differs(settings: Settings, info: IndexInfo) -> str:
    if changed := _built_otherwise(settings, info):
        return changed
    try:
        exported = manifest.read(manifest.folder(settings)).name
        second = multilingual.expected(settings)
    except ModelMissing as missing:
        return str(missing)
    if exported != info.encoder:
        return f"the index was built with the encoder {info.encoder}, but the settings name {exported}"
    built = info.multilingual.encoder if info.multilingual is not None else ""
    if second not in ("", built):
        return f"the index was built with the multilingual encoder {built or 'none'}, but the settings name {second}"
    source = sources.peek(settings)
    if source is not None and source.content_hash != info.catalogue_hash:
        return f"the catalogue has changed: {source.name} in {source.folder}"
    return "MovieLens' tags have changed" if catalogue_tags.fingerprint(settings) != info.tags else ""


def _built_otherwise(settings: Settings, info: IndexInfo) -> str:
    """Return what has changed in the program or its tables since the index was built, or an empty text."""
    if info.schema != schema.REVISION:
        return f"the index has schema revision {info.schema}, expected {schema.REVISION}"
    if info.moods_hash != tables.load(settings.moods_file).moods_hash:
        return "the table of moods has changed"
    recipes = {config.fingerprint for config in document_texts.CONFIGS}
    return "the composition of movie vectors has changed" if info.recipe not in recipes else ""
