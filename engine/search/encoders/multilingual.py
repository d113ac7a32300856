"""The optional second, multilingual encoder and the prefixes of its texts.

It is exported, stored and loaded like the first one (`onnx_export`, `encoder`).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.config import Settings
from core.errors import ModelMissing
from core.ports import Encoder, Vectors
from engine.search.encoders import encoder, manifest

VARIABLE, FIRST = "MARQUEE_ENCODER_MULTILINGUAL", "MARQUEE_ENCODER_MODEL"
_E5 = "e5"
_E5_PREFIXES = "query: ", "passage: "
"""Prefixes that models of the E5 family were trained with; their files do not include them."""


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Prefixes of search texts and of movie texts."""

    query: str
    passage: str

    @classmethod
    def of(cls, settings: Settings, found: manifest.Manifest) -> Prefixes:
        """Return the configured prefixes, or else the model's."""
        query, passage = found.query_prompt, found.document_prompt
        if not (query or passage) and _E5 in found.name.partition("@")[0].lower().split("-"):
            query, passage = _E5_PREFIXES
        return cls(
            settings.encoder_multilingual_query_prefix or query, settings.encoder_multilingual_passage_prefix or passage
        )


@dataclass(frozen=True, slots=True)
class Prefixed:
    """An encoder whose name includes its prefixes, since vectors made with different prefixes are not comparable."""

    encoder: encoder.OnnxEncoder
    prefixes: Prefixes

    @property
    def name(self) -> str:
        """Return `<model>@<hash>` and the prefixes."""
        return name(self.encoder.manifest, self.prefixes)

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self.encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode each text separately; float32, (n_texts, dimension), unit rows."""
        return self.encoder.encode(texts)


def name(found: manifest.Manifest, prefixes: Prefixes) -> str:
    """Return the identity of the space: the model and its prefixes."""
    return f"{found.name} [{prefixes.query}|{prefixes.passage}]" if prefixes.query or prefixes.passage else found.name


def as_first(settings: Settings) -> Settings:
    """Return the settings with the second model in place of the first."""
    return settings.model_copy(update={"encoder_model": settings.encoder_multilingual, "encoder_multilingual": ""})


def load(settings: Settings) -> Encoder | None:
    """Return the exported encoder for search texts, with a cache; None if not configured.

    Raises:
        ModelMissing: the encoder was not exported yet or cannot be read; names the command to run.
    """
    return load_configured(settings) if settings.encoder_multilingual else None


def load_configured(settings: Settings, *, bound: Callable[[Encoder], Encoder] = lambda encoder: encoder) -> Encoder:
    """Return the exported encoder for search texts, which the settings name; `bound` limits its time."""
    opened = _open(settings, manifest.folder(as_first(settings)), threads=settings.encoder_threads)
    return encoder.CachedEncoder(bound(opened), uncased=opened.encoder.manifest.uncased)


def indexing(settings: Settings, *, say: Callable[[str], None] = lambda _: None) -> Encoder | None:
    """Return the encoder for movies, exporting it if needed; None if not configured.

    Raises:
        ModelMissing: the model cannot be loaded, or is of a kind that cannot be exported.
    """
    from engine.search.encoders import onnx_export  # noqa: PLC0415 - imports onnx, which is not needed for serving

    if not settings.encoder_multilingual:
        return None
    with _blamed():
        onnx_export.ensure_exported(as_first(settings), say=say)
        folder = onnx_export.ensure_exported(as_first(settings).model_copy(update={"encoder_precision": "float32"}))
    return _open(settings, folder, workers=os.cpu_count() or 1, documents=True)


def expected(settings: Settings) -> str:
    """Return the name of the configured space without loading the model; empty if not configured.

    Raises:
        ModelMissing: the encoder was not exported yet.
    """
    if not settings.encoder_multilingual:
        return ""
    found = manifest.read(manifest.folder(as_first(settings)))
    return name(found, Prefixes.of(settings, found))


def _open(settings: Settings, folder: Path, *, documents: bool = False, **options: int) -> Prefixed:
    prefixes = Prefixes.of(settings, manifest.read(folder))
    prompt = prefixes.passage if documents else prefixes.query
    return Prefixed(encoder.OnnxEncoder(folder, documents=documents, prompt=prompt, **options), prefixes)


@contextlib.contextmanager
def _blamed() -> Iterator[None]:
    """Replace the setting of the first model by that of the second in error messages."""
    try:
        yield
    except ModelMissing as missing:
        raise ModelMissing(str(missing).replace(FIRST, VARIABLE)) from missing
