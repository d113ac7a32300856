"""Removal of secrets from text: errors, log lines and notifications.

Settings register their secrets when they are read. From then on, `scrub` replaces them wherever they appear, in every
form in which libraries quote them.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, quote_plus, unquote, urlsplit

HIDDEN = "[hidden]"
SHORTEST = 8
"""Shorter secrets are ordinary words, whose replacement would garble the log. They are hidden as parts of URLs only."""
TOKEN_LENGTH = 16
"""Minimum length of a part of a URL's path that counts as secret: webhooks contain their key in the path."""
_CREDENTIALS = re.compile(r"(?<=://)[^\s/@]+@")

_lock = threading.Lock()
_known: set[str] = set()
_pattern: list[re.Pattern[str]] = []


def remember(secrets: Iterable[str]) -> None:
    """Register secrets of this process: passwords, keys, and URLs that contain some."""
    found = {form for secret in secrets for part in _parts(secret) for form in _forms(part)}
    with _lock:
        if found <= _known:
            return
        _known.update(found)
        longest_first = sorted(_known, key=lambda text: (-len(text), text))
        _pattern[:] = [re.compile("|".join(map(re.escape, longest_first)))]


def scrub(text: str) -> str:
    """Return `text` without registered secrets and without user and password in URLs."""
    for pattern in _pattern:
        text = pattern.sub(HIDDEN, text)
    return _CREDENTIALS.sub(f"{HIDDEN}@", text) if "@" in text else text


def scrub_values(value: Any) -> Any:  # noqa: ANN401 - plain JSON values
    """Return plain JSON values with all texts scrubbed."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {str(name): scrub_values(inner) for name, inner in value.items()}
    return [scrub_values(inner) for inner in value] if isinstance(value, list | tuple) else value


def _parts(secret: str) -> Iterator[str]:
    """Return what is secret in a setting: all of it, or the secret parts of a URL."""
    try:
        url = urlsplit(secret)
    except ValueError:
        yield secret
    else:
        yield from _of_url(url) if url.scheme and "://" in secret else [secret]


def _of_url(url: SplitResult) -> Iterator[str]:
    user, separator, password = url.netloc.rpartition("@")[0].partition(":")
    yield password if separator else user
    if separator and password:
        yield base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()
    yield from (value for _, value in parse_qsl(url.query))
    yield url.fragment
    tokens = [part for part in url.path.split("/") if len(part) >= TOKEN_LENGTH]
    if tokens and url.scheme in ("http", "https"):
        yield from (url.path, *tokens)


def _forms(text: str) -> Iterator[str]:
    """Return the forms in which a secret may be quoted: as it is, percent-encoded, escaped in Python or JSON."""
    plain = unquote(text)
    for form in (text, plain):
        for quoted in (form, quote(form), quote(form, safe=""), quote_plus(form), repr(form)[1:-1]):
            if len(quoted) >= SHORTEST:
                yield quoted
        if len(form) >= SHORTEST:
            yield json.dumps(form)[1:-1]
            yield json.dumps(form, ensure_ascii=False)[1:-1]
