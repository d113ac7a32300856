"""The settings of folders, the search engine and the encoders, a part of `core.config.Settings`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import BaseModel, BeforeValidator, Field, SecretStr

VectorIndex = Literal["auto", "flat", "hnsw", "int8_hnsw", "bbq_hnsw"]
"""How Elasticsearch stores and searches vectors."""


def _split(value: object) -> object:
    """Split a comma-separated string from the environment into a tuple; return any other value unchanged."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
SecretNames = Annotated[tuple[SecretStr, ...], BeforeValidator(_split)]


class FolderSettings(BaseModel):
    """Where the data are."""

    data_dir: Path | None = Field(
        None,
        description="Folder with catalogue files, or with a `tmdb5000` folder. Takes precedence over other sources.",
    )
    home: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("marquee"),
        description="Folder for downloads, the embedded index, cached vectors and exported encoders.",
    )
    offline: bool = Field(
        False, description="Never download anything; without local data, the sample catalogue is used."
    )
    demo: bool = Field(True, description="Whether `marquee run` adds made-up users to the sample catalogue.")


class SearchEngineSettings(FolderSettings):
    """Elasticsearch and the encoders. Field `x` is read from `MARQUEE_X`."""

    elasticsearch_url: SecretNames = Field(
        (), description="Addresses of Elasticsearch 9, comma-separated. Unset: the embedded engine is used."
    )
    elasticsearch_api_key: SecretStr | None = Field(None, description="API key in its encoded form.")
    elasticsearch_user: str = Field("", description="User for basic authentication.")
    elasticsearch_password: SecretStr | None = Field(None, description="Password for basic authentication.")
    elasticsearch_ca_file: Path | None = Field(
        None, description="Certificate authority that signed the cluster's certificate."
    )
    elasticsearch_index: str = Field(
        "marquee-movies",
        pattern=r"^[a-z][a-z0-9-]*$",
        description="Alias of the index; names of versions start with it.",
    )
    elasticsearch_shards: int = Field(1, ge=1, le=64, description="Primary shards of a new index.")
    elasticsearch_replicas: int = Field(
        0, ge=0, le=8, description="Replicas of a new index; use 1 or more on a cluster."
    )
    elasticsearch_vectors: VectorIndex = Field(
        "auto",
        description="How a new index stores vectors: `flat`, `hnsw`, `int8_hnsw` or `bbq_hnsw`; `auto`: `flat` up to "
        "10,000 movies, otherwise `int8_hnsw`.",
    )
    elasticsearch_hnsw_links: int = Field(
        16, ge=2, le=512, description="Links of each movie in the graph of a new index (`m`)."
    )
    elasticsearch_hnsw_build: int = Field(
        200, ge=2, le=3200, description="Candidates examined when a movie is added to the graph (`ef_construction`)."
    )
    elasticsearch_oversample: float | None = Field(
        None,
        ge=1,
        le=10,
        description="Cosines recomputed exactly per requested movie. Unset: 2 for `int8_hnsw`, 3 for `bbq_hnsw`.",
    )
    elasticsearch_effort: float = Field(
        2.0, ge=1, le=20, description="Candidates examined in the graph per requested movie of a search."
    )
    elasticsearch_segments: int = Field(
        4,
        ge=0,
        le=100,
        description="Segments of each shard, at most, to which a graph is merged after it was written: fewer are "
        "searched faster and take longer to merge. 0: merging is left to Elasticsearch.",
    )
    elasticsearch_timeout: float = Field(
        3.0, gt=0, le=60, description="Time-out of Elasticsearch for pages, in seconds."
    )
    elasticsearch_batch_timeout: float = Field(
        60.0, gt=0, le=3600, description="Time-out of Elasticsearch for one call of a build, in seconds."
    )

    encoder_model: str = Field(
        "all-MiniLM-L6-v2",
        min_length=1,
        description="A sentence-transformers model, by name or folder; all but the default need marquee[encoders].",
    )
    encoder_precision: Literal["int8", "float32"] = Field(
        "int8", description="Precision for encoding search texts; movies are always encoded in float32."
    )
    encoder_threads: int = Field(1, ge=1, le=64, description="Threads for encoding one query.")
    encoder_timeout: float = Field(
        1.5, gt=0, le=60, description="Seconds that a search waits for the encoder before it uses words alone."
    )

    encoder_multilingual: str = Field(
        "", description="A second, multilingual model for searches in languages other than English. Unset: none."
    )
    encoder_multilingual_query_prefix: str = Field(
        "", max_length=200, description="Prefix of search texts for that model. Unset: the model's own prompt."
    )
    encoder_multilingual_passage_prefix: str = Field(
        "", max_length=200, description="Prefix of movie texts for that model. Unset: the model's own prompt."
    )

    relevance_floor: float = Field(
        0.32,
        ge=-1,
        le=1,
        description="Minimum cosine that counts as similar in meaning, measured for the default encoder.",
    )

    @property
    def elasticsearch_hosts(self) -> tuple[str, ...]:
        """Addresses of Elasticsearch. They may contain a password: never log them."""
        return tuple(url.get_secret_value() for url in self.elasticsearch_url)
