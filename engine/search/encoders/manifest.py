"""The manifest of an exported encoder and the folder of the export."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from core.config import Settings
from core.errors import ModelMissing

FORMAT = 3
"""Incremented when the files of an export change; exports in another format are recreated."""
MODEL, TOKENIZER, MANIFEST = "model.onnx", "tokenizer.json", "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of an exported model.

    Attributes:
        name: identity of the space, `<model>@<hash of the weights>`; an int8 export has the same space.
        query_prompt, document_prompt: prefixes that the model expects, usually empty.
        recalled: checksum of the learned pooling (`engine.search.encoders.pooling`) that computes the second output;
            empty if there is none for the model.
        uncased: whether the tokenizer ignores case.
        sizes: size of each file in bytes, to detect damaged exports.
        sha256: hash of each file, checked when the encoder is loaded; empty in exports of older versions.
        versions: versions of the libraries that made the export, for debugging.
    """

    name: str
    dimension: int
    max_length: int
    pooling: str
    precision: str
    query_prompt: str
    document_prompt: str
    uncased: bool
    versions: dict[str, str]
    sizes: dict[str, int]
    normalised: bool = True
    recalled: str = ""
    sha256: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def folder(settings: Settings, *, precision: str = "") -> Path:
    """Return the folder for the export of the configured model, in the configured precision or another."""
    name = settings.encoder_model.removeprefix("sentence-transformers/")
    safe = re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("._")
    return settings.home / "encoders" / f"{safe}-{precision or settings.encoder_precision}"


def read(place: Path) -> Manifest:
    """Read the manifest of an export and check that its files are complete.

    Raises:
        ModelMissing: there is no export, or it cannot be used.
    """
    try:
        content = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        found = Manifest(**content)
        if found.format != FORMAT or found.sizes != sizes(place):
            raise ValueError("its files do not match its manifest")
    except FileNotFoundError:
        raise ModelMissing(f"no exported encoder in {place}; run `marquee index` to create it") from None
    except (OSError, ValueError, TypeError) as error:
        raise ModelMissing(
            f"the encoder in {place} cannot be used ({error}); run `marquee index` to recreate it"
        ) from error
    return found


def verified(place: Path) -> Manifest:
    """Read the manifest of an export and check that its files are the ones that were exported.

    Raises:
        ModelMissing: there is no export, or it was changed.
    """
    found = read(place)
    if found.sha256 and found.sha256 != hashes(place):
        raise ModelMissing(f"the encoder in {place} was changed after its export; run `marquee index` to recreate it")
    return found


def write(manifest: Manifest, place: Path) -> None:
    """Write the manifest of an export."""
    (place / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")


def sizes(place: Path) -> dict[str, int]:
    """Return the sizes of an export's files in bytes."""
    return {name: (place / name).stat().st_size for name in (MODEL, TOKENIZER)}


def hashes(place: Path) -> dict[str, str]:
    """Return the SHA-256 of an export's files."""
    return {name: _hash(place / name) for name in (MODEL, TOKENIZER)}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
