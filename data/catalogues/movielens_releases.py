"""Updates of MovieLens: a conditional request, and verification before the current release is replaced."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from core.errors import DataError
from data.catalogues import download, movielens, movielens_layouts
from data.catalogues.download import GROUPLENS, MOVIELENS

RELEASE_FILE = f"{MOVIELENS}.release.json"
"""File next to the folder: the checksum and HTTP validators of the current release."""
LEAST_SHARE = 0.5
"""A release with fewer ratings than this share of the current one is considered faulty and not used."""

_CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


@dataclass(frozen=True, slots=True)
class Release:
    """A newer release, now in the folder."""

    folder: Path
    md5: str
    ratings: int
    before: int
    """Ratings of the release that it replaced; 0 if there was none."""


def renew(
    downloads: Path,
    *,
    base_url: str = GROUPLENS,
    pause: float = 1.0,
    anyway: bool = False,
    then: Callable[[Release], None] = lambda _: None,
) -> Release | None:
    """Update MovieLens to the latest release; return None if the current one is the latest.

    Args:
        pause: seconds between two attempts.
        anyway: download even if the current release seems to be the latest.
        then: called with a newer release before it counts as used, so that after a crash both are repeated.

    Raises:
        DataError: the server is unreachable or the release is unusable; the current release is unchanged.
    """
    folder, stamp = downloads / MOVIELENS, downloads / RELEASE_FILE
    _mend(folder)
    known = _read(stamp) if folder.is_dir() and not anyway else {}
    url = f"{base_url}/{MOVIELENS}.zip"
    checksum = _fetch_checksum(f"{url}.md5", known)
    if checksum is None or checksum["md5"] == known.get("md5"):
        return None
    newer = downloads / "newer"
    shutil.rmtree(newer / MOVIELENS, ignore_errors=True)
    try:
        download.fetch(url, newer / f"{MOVIELENS}.zip", md5=checksum["md5"], pause=pause)
        download.unpack(newer / f"{MOVIELENS}.zip", newer / MOVIELENS)
        release = _checked(newer / MOVIELENS, folder, checksum["md5"])
        _swap(newer / MOVIELENS, folder)
        then(release)
        stamp.write_text(json.dumps(checksum) + "\n", encoding="utf-8")
    except OSError as error:
        raise download.refused(downloads, error) from error
    shutil.rmtree(newer, ignore_errors=True)
    return release


def _fetch_checksum(url: str, known: Mapping[str, str]) -> dict[str, str] | None:
    """Return the published checksum with its HTTP validators, or None if it is unchanged."""
    import requests  # noqa: PLC0415  only downloads pay for it

    headers = {header: known[name] for name, header in _CONDITIONS.items() if known.get(name)}
    try:
        response = requests.get(url, headers=headers, timeout=download.TIMEOUTS)
        response.raise_for_status()
    except requests.RequestException as error:
        raise download.failed(url, error) from error
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        return None
    found = re.search(r"\b[0-9a-fA-F]{32}\b", response.text)
    if found is None:
        raise DataError(f"expected an MD5 checksum, got {response.text[:40]!r}", file=url)
    named = {name: response.headers[name] for name in _CONDITIONS if name in response.headers}
    return {"md5": found[0].lower(), **named}


def _checked(new: Path, old: Path, md5: str) -> Release:
    """Read the new release completely. Raises `DataError` if it is much smaller than the current one."""
    ratings = len(movielens.read_ratings(new).users)
    before = len(movielens.read_ratings(old).users) if old.is_dir() else 0
    if ratings < LEAST_SHARE * before:
        raise DataError(f"the new release has {ratings:,} ratings, the current one {before:,}: not used", file=str(new))
    return Release(old, md5, ratings, before)


def _swap(new: Path, folder: Path) -> None:
    """Replace a folder by another; `_mend` repairs the state after a crash in between."""
    aside = _aside(folder)
    shutil.rmtree(aside, ignore_errors=True)
    if folder.is_dir():
        folder.rename(aside)
    new.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)


def _mend(folder: Path) -> None:
    aside = _aside(folder)
    if aside.is_dir() and not folder.is_dir():
        aside.rename(folder)


def _aside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{movielens_layouts.ASIDE}")


def _read(stamp: Path) -> dict[str, str]:
    """Return what is known of the current release; empty if unreadable, so that it is downloaded again."""
    try:
        found = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
