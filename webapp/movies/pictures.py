"""URLs of pictures on the image host (`MARQUEE_POSTER_BASE`), the only foreign host that pages may load images from."""

from __future__ import annotations

import re

BACKDROP, PORTRAIT, LOGO, SMALL_POSTER = "w1280", "w185", "w92", "w185"
"""Sizes of TMDB's image host, the smallest that are sharp where the pages show them."""
_SIZE = re.compile(r"/(w\d+|h\d+|original)$")


def url(path: str, size: str, *, poster_base: str) -> str | None:
    """Return the URL of a picture; None without a path or if remote pictures are turned off.

    A host whose address does not end in a size has one size of each picture.
    """
    if not path or not poster_base:
        return None
    base = poster_base.rstrip("/")
    return _SIZE.sub(f"/{size}", base) + path
