"""The second, multilingual encoder: where the settings name one, and what stands before its texts.

It is exported, kept and opened like the first one (`export`, `encoder`); what differs is told here.
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
"""What models of the E5 family were trained with; their files do not say so."""


@dataclass(frozen=True, slots=True)
class Prefixes:
    """What stands before search texts and before texts of movies."""

    query: str
    passage: str

    @classmethod
    def of(cls, settings: Settings, found: manifest.Manifest) -> Prefixes:
        """Those of the settings, else the model's own."""
        own = found.query_prompt, found.document_prompt
        if not any(own) and _E5 in found.name.partition("@")[0].lower().split("-"):
            own = _E5_PREFIXES
        return cls(
            settings.encoder_multilingual_query_prefix or own[0], settings.encoder_multilingual_passage_prefix or own[1]
        )


@dataclass(frozen=True, slots=True)
class Prefixed:
    """An encoder whose name tells its prefixes as well: vectors made with other ones do not compare."""

    encoder: encoder.OnnxEncoder
    prefixes: Prefixes

    @property
    def name(self) -> str:
        """`<model>@<hash>`, and the prefixes."""
        return name(self.encoder.manifest, self.prefixes)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self.encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode each text on its own; float32, (n_texts, dimension), unit rows."""
        return self.encoder.encode(texts)


def name(found: manifest.Manifest, prefixes: Prefixes) -> str:
    """The identity of the space: that of the model and its prefixes."""
    return f"{found.name} [{prefixes.query}|{prefixes.passage}]" if prefixes.query or prefixes.passage else found.name


def as_first(settings: Settings) -> Settings:
    """The settings in which the second model is the first one."""
    return settings.model_copy(update={"encoder_model": settings.encoder_multilingual, "encoder_multilingual": ""})


def load(settings: Settings) -> Encoder | None:
    """The exported encoder for search texts, with a cache before it; None where the settings name none.

    Raises:
        ModelMissing: it was not exported yet, or cannot be read; says what to run.
    """
    if not settings.encoder_multilingual:
        return None
    opened = _open(settings, manifest.folder(as_first(settings)), threads=settings.encoder_threads)
    return encoder.CachedEncoder(opened, uncased=opened.encoder.manifest.uncased)


def indexing(settings: Settings, *, say: Callable[[str], None] = lambda _: None) -> Encoder | None:
    """The encoder for movies, exported where that was not done yet; None where the settings name none.

    Raises:
        ModelMissing: the model cannot be had, or is of a kind that cannot be exported.
    """
    from engine.search.encoders import onnx_export  # noqa: PLC0415 - brings onnx along, which serving does without

    if not settings.encoder_multilingual:
        return None
    with _blamed():
        onnx_export.ensure_exported(as_first(settings), say=say)
        folder = onnx_export.ensure_exported(as_first(settings).model_copy(update={"encoder_precision": "float32"}))
    return _open(settings, folder, workers=os.cpu_count() or 1, documents=True)


def expected(settings: Settings) -> str:
    """The name of the space that the settings ask for; empty where they name no model. Loads nothing.

    Raises:
        ModelMissing: it was not exported yet.
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
    """Name the setting of the second model where that of the first would be named."""
    try:
        yield
    except ModelMissing as missing:
        raise ModelMissing(str(missing).replace(FIRST, VARIABLE)) from missing
