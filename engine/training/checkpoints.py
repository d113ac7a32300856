"""Checkpoints: the state of an unfinished training on disk, from which it resumes.

    training/<hash of data, parameters, parent>/
      state.json            trials of the search with their results, finished folds, seconds spent
      als-twin.npz, …       factors after the latest complete epoch of each fit
      ncf-twin.npz, …       each network that was fitted completely

Files are replaced atomically: a killed process leaves the previous one. One process at a time uses a checkpoint.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import Busy, DataError
from engine.recommender.models.als import Epoch, Start
from engine.recommender.neural import ncf
from engine.recommender.neural.ncf import Ncf
from engine.registry import artifacts

FOLDER = "training"
STATE = "state.json"
LOCK = ".lock"
DIGITS = 16
OLD = 7 * 86_400
"""Seconds after which a checkpoint is deleted: the data have changed by then."""

log = logging.getLogger(__name__)


def key(*parts: object) -> str:
    """Return the key of a training: a hash of all that it depends on."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


class Checkpoint:
    """The state of one training. Written by one process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._state: dict[str, Any] = _read(folder / STATE)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Lock the checkpoint. Raises `Busy` if another process has locked it; the lock ends with its process."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(artifacts.locked(self.folder / LOCK, wait=False))
            except BlockingIOError as error:
                raise Busy("a training with the same data and options is already running") from error
            yield

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - plain JSON values
        """Return a stored value."""
        return self._state.get(name, default)

    def put(self, name: str, value: Any) -> None:  # noqa: ANN401 - plain JSON values
        """Store a value; it is on disk when this returns."""
        self._state[name] = value
        _replace(self.folder / STATE, lambda path: path.write_text(json.dumps(self._state), encoding="utf-8"))

    def append(self, name: str, value: Any) -> None:  # noqa: ANN401 - plain JSON values
        """Append a value to a stored list."""
        self.put(name, [*self.get(name, []), value])

    def keep_epoch(self, name: str, epoch: Epoch) -> None:
        """Store the factors of an epoch in place of the previous one's."""
        values: dict[str, NDArray[Any]] = {
            "movies": epoch.movies,
            "films": epoch.movie_factors,
            "viewers": epoch.user_factors,
            "losses": np.array(epoch.losses, np.float64),
        }
        _replace(self._epochs(name), lambda path: np.savez(path, allow_pickle=False, **values))

    def epoch(self, name: str) -> Start | None:
        """Return the state of an interrupted fit; None if it had not begun."""
        try:
            with np.load(self._epochs(name), allow_pickle=False) as stored:
                losses = tuple(stored["losses"].tolist())
                return Start(stored["movies"], stored["films"], stored["viewers"], losses)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            log.warning("cannot resume from a checkpoint: %s", error)
            return None

    def keep_network(self, name: str, network: Ncf) -> None:
        """Store a completely fitted network."""
        _replace(self._networks(name), lambda path: np.savez(path, allow_pickle=False, **network.arrays()))

    def network(self, name: str) -> Ncf | None:
        """Return a stored network, or None."""
        try:
            with np.load(self._networks(name), allow_pickle=False) as stored:
                return ncf.from_arrays({part: stored[part] for part in stored.files})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, DataError) as error:
            log.warning("cannot resume from a checkpoint: %s", error)
            return None

    def done(self) -> None:
        """Delete this checkpoint after the training has finished, and other checkpoints that are too old."""
        shutil.rmtree(self.folder, ignore_errors=True)
        bound = time.time() - OLD
        for other in self.folder.parent.iterdir():
            with contextlib.suppress(OSError):  # another process may delete it too
                if other.is_dir() and other.stat().st_mtime < bound:
                    shutil.rmtree(other, ignore_errors=True)

    def _epochs(self, name: str) -> Path:
        return self.folder / f"als-{name}.npz"

    def _networks(self, name: str) -> Path:
        return self.folder / f"ncf-{name}.npz"


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(found) if isinstance(found, Mapping) else {}


def _replace(file: Path, write: Callable[[Path], object]) -> None:
    """Write a temporary file, then replace `file` atomically."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=file.suffix)
    os.close(handle)
    try:
        write(Path(temporary))
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)
