"""What a training has done so far, on disk, so that one that was cut is taken up and not begun anew.

    training/<hash of data, parameters, parent>/
      state.json            trials of the search with what they were worth, finished folds, seconds spent
      als-twin.npz, …       factors after the newest whole epoch of each fit
      ncf-twin.npz, …       each network that was learned to its end

Each file is replaced in one step: a kill leaves the one before. One process at a time works on a draft.
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
"""Seconds after which a draft that nobody took up is of no use: its data have changed by then."""

log = logging.getLogger(__name__)


def key(*parts: object) -> str:
    """Names a training by all that its course depends on."""
    told = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:DIGITS]


class Checkpoint:
    """The state of one training. Written by one process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._state: dict[str, Any] = _read(folder / STATE)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Work on it. Raises `Busy` where another process does; the lock goes with the process that holds it."""
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(artifacts.locked(self.folder / LOCK, wait=False))
            except BlockingIOError as error:
                raise Busy("a training of the same data with the same options is running already") from error
            yield

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - plain JSON values
        """Something that was put here."""
        return self._state.get(name, default)

    def put(self, name: str, value: Any) -> None:  # noqa: ANN401 - plain JSON values
        """Keep something, on disk when this returns."""
        self._state[name] = value
        _replace(self.folder / STATE, lambda path: path.write_text(json.dumps(self._state), encoding="utf-8"))

    def append(self, name: str, value: Any) -> None:  # noqa: ANN401 - plain JSON values
        """Keep one more of a list."""
        self.put(name, [*self.get(name, []), value])

    def keep_epoch(self, name: str, epoch: Epoch) -> None:
        """Keep the factors of an epoch in place of the one before."""
        values: dict[str, NDArray[Any]] = {
            "movies": epoch.movies,
            "films": epoch.movie_factors,
            "viewers": epoch.user_factors,
            "losses": np.array(epoch.losses, np.float64),
        }
        _replace(self._epochs(name), lambda path: np.savez(path, allow_pickle=False, **values))

    def epoch(self, name: str) -> Start | None:
        """Where a fit was cut, or None where it had not begun."""
        try:
            with np.load(self._epochs(name), allow_pickle=False) as stored:
                losses = tuple(stored["losses"].tolist())
                return Start(stored["movies"], stored["films"], stored["viewers"], losses)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            log.warning("a half-done training cannot be taken up: %s", error)
            return None

    def keep_network(self, name: str, network: Ncf) -> None:
        """Keep a network that was learned to its end."""
        _replace(self._networks(name), lambda path: np.savez(path, allow_pickle=False, **network.arrays()))

    def network(self, name: str) -> Ncf | None:
        """A network that was kept, or None."""
        try:
            with np.load(self._networks(name), allow_pickle=False) as stored:
                return ncf.from_arrays({part: stored[part] for part in stored.files})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, DataError) as error:
            log.warning("a half-done training cannot be taken up: %s", error)
            return None

    def done(self) -> None:
        """The training came to its end: delete this draft, and those that are too old to be taken up."""
        shutil.rmtree(self.folder, ignore_errors=True)
        bound = time.time() - OLD
        for other in self.folder.parent.iterdir():
            with contextlib.suppress(OSError):  # somebody else tidies up too
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
    """Write beside, then put in place in one step."""
    handle, beside = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=file.suffix)
    os.close(handle)
    try:
        write(Path(beside))
        Path(beside).replace(file)
    finally:
        Path(beside).unlink(missing_ok=True)
