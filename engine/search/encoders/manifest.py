"""What an exported encoder says about itself, and the folder where it lies."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from core.config import Settings
from core.errors import ModelMissing

FORMAT = 3
"""Raised when the files of an export change; exports of another format are made anew."""
MODEL, TOKENIZER, MANIFEST = "model.onnx", "tokenizer.json", "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description beside an exported model.

    Attributes:
        name: identity of the space, `<model>@<hash of the weights>`; an int8 export serves the same space.
        query_prompt, document_prompt: what the model wants in front of a text, mostly nothing.
        recalled: checksum of the learned pooling (`engine.search.encoders.pooling`) whose vectors are the second
            output; empty where there is none for the model.
        uncased: whether the tokenizer ignores case.
        sizes: bytes of each file, by which a damaged export is told.
        versions: of the libraries that made the export, for people who look into it.
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
    format: int = FORMAT


def folder(settings: Settings, *, precision: str = "") -> Path:
    """Where the export of the model that the settings name belongs, in their precision or in another."""
    name = settings.encoder_model.removeprefix("sentence-transformers/")
    safe = re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("._")
    return settings.home / "encoders" / f"{safe}-{precision or settings.encoder_precision}"


def read(place: Path) -> Manifest:
    """Read the manifest of an export, and check that its files are whole.

    Raises:
        ModelMissing: there is no export, or it cannot be used.
    """
    try:
        content = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        found = Manifest(**content)
        if found.format != FORMAT or found.sizes != sizes(place):
            raise ValueError("its files are not those of its manifest")
    except FileNotFoundError:
        raise ModelMissing(f"no exported encoder in {place}; run `marquee index`, which makes it") from None
    except (OSError, ValueError, TypeError) as error:
        raise ModelMissing(f"the encoder in {place} cannot be used ({error}); `marquee index` makes it anew") from error
    return found


def write(manifest: Manifest, place: Path) -> None:
    """Write the manifest into an export."""
    (place / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")


def sizes(place: Path) -> dict[str, int]:
    """Measure the files of an export."""
    return {name: (place / name).stat().st_size for name in (MODEL, TOKENIZER)}
