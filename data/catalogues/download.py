"""Downloads that resume after interruptions, verify checksums, and are moved into place atomically."""

from __future__ import annotations

import hashlib
import re
import shutil
import time
import zipfile
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DataError

if TYPE_CHECKING:
    import requests

GROUPLENS = "https://files.grouplens.org/datasets/movielens"
MOVIELENS = "ml-latest-small"

TIMEOUTS = (5.0, 30.0)
"""Time-outs for connecting and between two reads, in seconds."""
ATTEMPTS = 5
"""Consecutive failures without any new byte before giving up."""
CHUNK = 1 << 13
"""Bytes written at a time; small, since an interruption loses up to one chunk."""
MAX_UNPACKED = 2 << 30
"""Maximum uncompressed size of an archive, far above that of any supported MovieLens release."""

_MD5 = re.compile(r"\b[0-9a-fA-F]{32}\b")


def movielens(downloads: Path, *, base_url: str = GROUPLENS, pause: float = 1.0) -> Path:
    """Return the folder of MovieLens' small release, downloading it if necessary.

    Args:
        pause: seconds between two attempts.

    Raises:
        DataError: no network, a damaged archive, or a disk that cannot be written; the message says which.
    """
    folder = downloads / MOVIELENS
    if not folder.exists():
        archive = downloads / f"{MOVIELENS}.zip"
        url = f"{base_url}/{archive.name}"
        fetch(url, archive, md5=_published_md5(f"{url}.md5"), pause=pause)
        unpack(archive, folder)
    return folder


def fetch(url: str, target: Path, *, md5: str = "", pause: float = 1.0) -> None:
    """Download `url` to `target`, resuming a `.part` file of an earlier run.

    Raises:
        DataError: says what happened and what to do.
    """
    if target.exists() and _matches(target, md5):
        return
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        resumed = part.exists()
        _complete(url, part, pause=pause)
        if resumed and not _matches(part, md5):  # the file may have changed on the server
            part.unlink()
            _complete(url, part, pause=pause)
        _verify(part, md5, url=url)
        part.replace(target)
    except OSError as error:
        raise refused(target.parent, error) from error


def unpack(archive: Path, folder: Path, *, limit: int = MAX_UNPACKED) -> None:
    """Unpack the single folder of a zip archive into `folder` atomically, and delete the archive.

    Raises:
        DataError: the archive is damaged, too large, or contains paths outside its folder.
    """
    beside = folder.with_name(f"{folder.name}.unpacking")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as bundle:
            _inspect(bundle, archive, limit=limit)
            bundle.extractall(beside)
        inner = beside / folder.name
        (inner if inner.is_dir() else beside).replace(folder)
    except zipfile.BadZipFile:
        archive.unlink()
        raise DataError("not a zip archive; it was deleted, so try again", file=str(archive)) from None
    except OSError as error:
        raise refused(folder.parent, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    archive.unlink()


def refused(folder: Path, error: OSError) -> DataError:
    """Return the error for a disk that cannot be written."""
    return DataError(f"cannot write: {error.strerror or error}; free some space or set MARQUEE_HOME", file=str(folder))


def failed(url: str, error: Exception) -> DataError:
    """Return the error for a server that does not deliver the file."""
    response: requests.Response | None = getattr(error, "response", None)
    reason = f"the server responded with {response.status_code}" if response is not None else "no connection"
    return DataError(f"{reason}; the partial download is kept, so a later run resumes it", file=url)


def _published_md5(url: str) -> str:
    """Read the checksum published with an archive."""
    import requests  # noqa: PLC0415  only downloads pay for it

    try:
        response = requests.get(url, timeout=TIMEOUTS)
        response.raise_for_status()
    except requests.RequestException as error:
        raise failed(url, error) from error
    found = _MD5.search(response.text)
    if found is None:
        raise DataError(f"expected an MD5 checksum, got {response.text[:40]!r}", file=url)
    return found[0].lower()


def _complete(url: str, part: Path, *, pause: float) -> None:
    """Fill `part` to its full length, resuming after every interruption."""
    import requests  # noqa: PLC0415

    failures = 0
    while True:
        before = _size(part)
        try:
            return _continue(url, part)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            failures = failures + 1 if _size(part) == before else 0
            if failures >= ATTEMPTS:
                raise failed(url, error) from error
            time.sleep(pause)
        except requests.RequestException as error:
            raise failed(url, error) from error


def _continue(url: str, part: Path) -> None:
    """Request the missing bytes of `part` and append them."""
    import requests  # noqa: PLC0415

    start = _size(part)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUTS) as response:
        if start and response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            if response.headers.get("Content-Range") != f"bytes */{start}":
                part.unlink()  # longer than the server's file, so it is a different one
                raise requests.ConnectionError("the partial download does not match the server's file")
            return
        response.raise_for_status()
        resumes = response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
        _append(response, part, start=start if resumes else 0)


def _append(response: requests.Response, part: Path, *, start: int) -> None:
    """Write the body after the first `start` bytes; `requests` raises if the body ends early."""
    from tqdm import tqdm  # noqa: PLC0415

    length = response.headers.get("Content-Length")
    total = start + int(length) if length else None
    title = part.name.removesuffix(".part")
    with (
        part.open("ab" if start else "wb") as file,
        tqdm(total=total, initial=start, unit="B", unit_scale=True, desc=title, disable=None) as bar,
    ):
        for chunk in response.iter_content(CHUNK):
            file.write(chunk)
            bar.update(len(chunk))


def _verify(part: Path, md5: str, *, url: str) -> None:
    if not _matches(part, md5):
        found = _md5(part)
        part.unlink()
        raise DataError(f"the checksum is {found}, expected {md5}; the download was deleted, so try again", file=url)


def _matches(path: Path, md5: str) -> bool:
    return not md5 or _md5(path) == md5


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _inspect(bundle: zipfile.ZipFile, archive: Path, *, limit: int) -> None:
    """Reject paths outside the folder, and archives that would fill the disk."""
    for name in bundle.namelist():
        if name.startswith(("/", "\\")) or ":" in name or ".." in re.split(r"[/\\]", name):
            raise DataError(f"the archive contains a path outside its folder: {name!r}", file=str(archive))
    size = sum(entry.file_size for entry in bundle.infolist())
    if size > limit:
        raise DataError(f"the archive unpacks to {size:,} bytes, more than {limit:,}", file=str(archive))
