"""The format of a version in Elasticsearch: settings, mapping, `_meta`, documents. Pure."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.ports import Entry, IndexInfo, Vectors
from core.recommendations import scores as core_scores
from core.types import Movie
from indexer import documents, queries, schema
from indexer import moods as rows
from indexer.analysis import traits
from indexer.elastic import vector_options
from indexer.elastic.vector_options import VectorOptions
from indexer.names import suggestions
from indexer.queries import Layout

Plain = dict[str, Any]

LEADS = 3
"""Number of leading billings, whose names are typed most."""

_KEYWORDS = ("title_key", "title_part", "title_word", "genres", "decade", "mood_names", *traits.FIELDS.values())
_UNSEARCHED = ("genre_list", "mood_scores")
_WHOLE = ("terms", "neighbours")
"""Columns of bytes that ranking reads of each candidate; a keyword holds at most 32 kB."""
_STARTS = ("title_start", "title_later", "lead_start", "person_start")
_NUMBERS = {
    "id": "integer",
    "year": "integer",
    "released": "integer",
    "runtime": "integer",
    "vote_count": "integer",
    "vote_average": "float",
    "popularity": "float",
    "rating": "double",
    "prominence": "float",
}


def create(
    info: IndexInfo, *, alias: str, shards: int, builder: Mapping[str, Any], options: VectorOptions | None = None
) -> Plain:
    """Return the body that creates the index of a version, without replicas and refreshes until it is filled.

    Args:
        info: the metadata of the version.
        alias: the alias of the published version.
        shards: number of primary shards.
        builder: the process that fills it (`indexer.elastic.cluster.builders`).
        options: how vectors are stored; by default, exactly.
    """
    options = options or VectorOptions()
    layout = new_layout(info, shards=shards, options=options)
    settings = {"number_of_shards": shards, "number_of_replicas": 0, "refresh_interval": "-1", **_similarity()}
    return {
        "settings": {"index": settings, "analysis": _analysis()},
        "mappings": {
            "dynamic": "strict",
            "_meta": draft_meta(info, alias=alias, layout=layout, builder=builder, options=options),
            # Only the movie as a whole is ever read back; searched fields need not be stored twice.
            "_source": {"includes": ["film", "attachment"]},
            "properties": _properties(info, options),
        },
    }


def new_layout(info: IndexInfo, *, shards: int, options: VectorOptions) -> Layout:
    """Return the layout of a new index."""
    return Layout(count=info.count, exact=options.exact, shards=shards)


def meta(info: IndexInfo, *, alias: str, layout: Layout, finished: bool, options: VectorOptions | None = None) -> Plain:
    """Return the metadata of an index for `_meta`; `read_meta` reads it."""
    own = {"alias": alias, "finished": finished, "exact": layout.exact, "shards": layout.shards, "normalised": True}
    vectors = vector_options.write(options or VectorOptions())
    return {"marquee": {**own, "vectors": vectors, "info": documents.plain_info(info)}}


def draft_meta(
    info: IndexInfo, *, alias: str, layout: Layout, builder: Mapping[str, Any], options: VectorOptions
) -> Plain:
    """Return the metadata of an index that is being filled by `builder`."""
    made = meta(info, alias=alias, layout=layout, finished=False, options=options)
    made["marquee"]["builder"] = dict(builder)
    return made


def read_meta(written: Mapping[str, Any]) -> tuple[IndexInfo, Layout]:
    """Read what `meta` wrote.

    Raises:
        KeyError, TypeError: it was not written by this schema revision.
    """
    own = written["marquee"]
    shards = f"{own['shards']} shard{'' if own['shards'] == 1 else 's'}"
    storage = f"{vector_options.read(own).described()}, {shards}"
    info = dataclasses.replace(documents.read_info(own["info"]), storage=storage)
    return info, Layout(count=info.count, exact=own["exact"], shards=own["shards"], moods=info.moods)


def document(entry: Entry, *, moods: Sequence[str] = ()) -> Plain:
    """Convert a movie, its vector and its moods to a document.

    Unknown values are omitted, so that no filter on them matches.

    Args:
        moods: the moods of the index, in its order.
    """
    movie = entry.movie
    known = {
        "year": movie.year,
        "released": movie.release_date.toordinal() if movie.release_date else None,
        "runtime": movie.runtime,
        "vote_average": movie.vote_average,
        "decade": str(movie.year // 10 * 10) if movie.year else None,
    }
    return {
        "id": movie.id,
        "film": documents.to_plain(movie),
        **documents.word_fields(movie),
        schema.PHRASES: documents.phrase_texts(movie),
        **_names(movie),
        **{name: value for name, value in known.items() if value is not None},
        **traits.terms(movie, entry.moods),
        **_moods(entry.moods, moods),
        "terms": base64.b64encode(entry.terms).decode(),
        "neighbours": pack_ids(entry.neighbours),
        "genres": list(movie.genres),
        # Columns are sorted; this one keeps the order of the catalogue.
        "genre_list": "\n".join(movie.genres),
        "vote_count": movie.vote_count,
        "popularity": movie.popularity,
        "rating": _rating(movie),
        "prominence": float(core_scores.prominence(movie.vote_count, movie.popularity)),
        **_vectors(entry),
    }


def _vectors(entry: Entry) -> Plain:
    both = {queries.VECTOR: entry.vector, queries.MULTILINGUAL: entry.multilingual}
    return {
        field: np.ascontiguousarray(vector, dtype=np.float32) for field, vector in both.items() if vector is not None
    }


def _moods(scores: Mapping[str, float], moods: Sequence[str]) -> Plain:
    """Return the scores as one field each, for orders, and all in one column, for candidates."""
    row = rows.row(scores, moods)
    return {
        "moods": {f"m{place}": score for place, score in enumerate(row.tolist()) if score > 0},
        "mood_names": [mood for mood in moods if mood in scores],
        "mood_scores": pack(row),
    }


def pack(row: Vectors) -> str:
    """Encode a row of numbers as text, for a column that is only read as a whole."""
    return base64.b64encode(row.astype("<f4").tobytes()).decode()


def pack_ids(ids: Sequence[int]) -> str:
    """Encode ids as text, which preserves their order, unlike a numeric column."""
    return base64.b64encode(np.array(ids, "<i8").tobytes()).decode()


def unpack_ids(packed: str) -> tuple[int, ...]:
    """Decode what `pack_ids` wrote."""
    return tuple(np.frombuffer(base64.b64decode(packed), "<i8").tolist())


def unpack(packed: str) -> Vectors:
    """Decode what `pack` wrote."""
    return np.frombuffer(base64.b64decode(packed), dtype="<f4")


def _names(movie: Movie) -> Plain:
    names = list(suggestions.names(movie))
    titles = [name for name in names if name.kind == "movie"]
    people = [name for name in names if name.kind == "person"]
    leads = [name for name in people if name.weight * LEADS >= movie.popularity]
    title_starts, title_later, lead_starts, person_starts = (
        sorted({tail for name in chosen for tail in tails(name)})
        for chosen, tails in (
            (titles, suggestions.starts),
            (titles, suggestions.later_starts),
            (leads, suggestions.starts),
            (people, suggestions.starts),
        )
    )
    return {
        **documents.title_terms(movie),
        "title_start": title_starts,
        "title_later": title_later,
        "lead_start": lead_starts,
        "person_start": person_starts,
        "title_beginning": sorted({tail.replace(" ", "_") for tail in (*title_starts, *title_later)}),
        "person_beginning": [tail.replace(" ", "_") for tail in person_starts],
    }


def _rating(movie: Movie) -> float:
    average = np.float32(np.nan if movie.vote_average is None else movie.vote_average)
    return float(core_scores.bayesian_mean(average, movie.vote_count))


def _similarity() -> Plain:
    return {"similarity.default": {"type": "BM25", "k1": schema.BM25_K1, "b": schema.BM25_B}}


def _analysis() -> Plain:
    plain = ["lowercase", "asciifolding"]
    return {
        "filter": {
            "english_stop": {"type": "stop", "stopwords": list(schema.STOP_WORDS)},
            "english_stem": {"type": "stemmer", "language": "porter2"},
            "beginnings": {"type": "edge_ngram", "min_gram": 3, "max_gram": queries.BEGINNING + 1},
        },
        "analyzer": {
            "english_words": {
                "type": "custom",
                "tokenizer": "standard",
                "filter": [*plain, "english_stop", "english_stem"],
            },
            "name_words": {"type": "custom", "tokenizer": "standard", "filter": plain},
            # Words are joined by `_`, at which the standard tokenizer does not split.
            "name_beginnings": {"type": "custom", "tokenizer": "standard", "filter": [*plain, "beginnings"]},
        },
    }


def _properties(info: IndexInfo, options: VectorOptions) -> Plain:
    moods = {f"m{place}": {"type": "float", "index": False} for place in range(len(info.moods))}
    return {
        "attachment": {"type": "object", "enabled": False},
        "moods": {"properties": moods},
        "film": {"type": "object", "enabled": False},
        **{name: {"type": kind} for name, kind in _NUMBERS.items()},
        **{name: {"type": "keyword"} for name in _KEYWORDS},
        **{name: {"type": "keyword", "index": False} for name in _UNSEARCHED},
        **{name: {"type": "binary", "doc_values": True} for name in _WHOLE},
        **{name: {"type": "keyword", "doc_values": False} for name in _STARTS},
        **{name: _text("name_words" if name == "people" else "english_words") for name in schema.WORD_FIELDS},
        schema.PHRASES: {"type": "text", "analyzer": "name_words", "norms": False},
        **{name: _unscored("name_beginnings") for name in ("title_beginning", "person_beginning")},
        **{field: _vector(dimension, options) for field, dimension in vector_fields(info).items()},
    }


def vector_fields(info: IndexInfo) -> dict[str, int]:
    """Return the vector fields of an index with their dimensions."""
    second = {queries.MULTILINGUAL: info.multilingual.dimension} if info.multilingual is not None else {}
    return {queries.VECTOR: info.dimension, **second}


def _vector(dimension: int, options: VectorOptions) -> Plain:
    return {
        "type": "dense_vector",
        "dims": dimension,
        "similarity": "dot_product",
        "index_options": options.index_options(),
    }


def _text(analyzer: str) -> Plain:
    return {"type": "text", "analyzer": analyzer, "index_options": "freqs"}


def _unscored(analyzer: str) -> Plain:
    return {"type": "text", "analyzer": analyzer, "index_options": "docs", "norms": False}
