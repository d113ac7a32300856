"""Environment variables as values of settings: names, renamed variables, and secrets that are read from files."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, SecretStr, ValidationError

PREFIX = "MARQUEE_"
FILE = "_file"
"""Suffix of the variable that names the file of a secret, as usual with the secrets of Docker and Kubernetes."""
RESERVED = ("MARQUEE_TEST_", "MARQUEE_REQUIRE")
"""Variables that are not settings: the tests read them."""
RENAMED = {"min_viewer_films": "min_user_ratings", "min_film_ratings": "min_movie_ratings"}
"""Fields that were renamed; the old names are accepted until the next release."""
MAX_SECRET_BYTES = 64 * 1024
"""Far more than any key, password or URL; a larger file is another one than intended."""
UNKNOWN = "no such setting; see docs/settings.md"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a setting; it never quotes the value."""

    field: str
    """The field; empty if settings contradict each other."""
    variable: str
    """The variable that the value comes from."""
    problem: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Given:
    """The values of an environment by field, before they are validated."""

    values: Mapping[str, str]
    from_files: frozenset[str] = frozenset()
    """Fields whose value was read from a file."""
    faults: tuple[Fault, ...] = ()
    """Secrets that could not be read; they have no value."""
    _known: frozenset[str] = field(default=frozenset(), repr=False)

    def without(self, names: Collection[str]) -> Given:
        """Return the values without some fields."""
        kept = {name: value for name, value in self.values.items() if name not in names}
        return Given(kept, self.from_files, self.faults, self._known)

    def described(self, error: ValidationError) -> Iterator[Fault]:
        """Return what is wrong with the values, without the consequences of secrets that could not be read."""
        unread = {fault.field for fault in self.faults}
        for fault in error.errors(include_url=False, include_context=False):
            name = str(fault["loc"][0]) if fault["loc"] else ""
            if unread and (not name or name in unread):
                continue
            if fault["type"] == "extra_forbidden":
                yield Fault(name, variable(name), self._unknown(name))
            else:
                yield Fault(name, self._source(name) if name else "settings", fault["msg"])

    def _source(self, name: str) -> str:
        """Return the variable that a field was read from."""
        return variable(name + FILE if name in self.from_files else name)

    def _unknown(self, name: str) -> str:
        """Return what is wrong with a variable that is not a setting, with the most similar name."""
        similar = difflib.get_close_matches(name, sorted(self._known), n=1)
        return f"{UNKNOWN}; did you mean {variable(similar[0])}?" if similar else UNKNOWN


def variable(name: str) -> str:
    """Return the environment variable of a settings field."""
    return PREFIX + name.upper()


def secrets(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of the fields that contain a secret."""
    return frozenset(name for name, found in model.model_fields.items() if _is_secret(found.annotation))


def _is_secret(annotation: object) -> bool:
    return annotation is SecretStr or any(map(_is_secret, get_args(annotation)))


def read(source: Mapping[str, str], *, fields: Iterable[str], secrets: Collection[str]) -> Given:
    """Return the values of the variables in `source`; an empty variable counts as unset.

    Args:
        source: the environment.
        fields: names of all fields.
        secrets: names of the fields that may be read from files.
    """
    values = {
        name[len(PREFIX) :].lower(): value
        for name, value in source.items()
        if name.startswith(PREFIX) and not name.startswith(RESERVED) and value != ""
    }
    for old, new in RENAMED.items():
        if old in values and new not in values:
            log.warning("%s was renamed to %s; the old name works until the next release", variable(old), variable(new))
            values[new] = values.pop(old)
    return _with_files(values, secrets, frozenset((*fields, *(name + FILE for name in secrets))))


def _with_files(values: dict[str, str], secrets: Collection[str], known: frozenset[str]) -> Given:
    files = {name: values.pop(name + FILE) for name in secrets if name + FILE in values}
    faults = []
    for name, path in files.items():
        own, other = variable(name), variable(name + FILE)
        if values.pop(name, None) is not None:
            faults.append(Fault(name, own, f"set either {own} or {other}, not both"))
            continue
        try:
            values[name] = _content(Path(path))
        except (OSError, ValueError) as error:
            reason = (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)
            faults.append(Fault(name, other, f"the file {path} cannot be used: {reason}"))
    return Given(values, frozenset(files), tuple(faults), known)


def _content(path: Path) -> str:
    """Return the content of a file without its final newline. Raises `ValueError`, which does not quote it."""
    if path.exists() and not path.is_file():  # opening a pipe would wait for somebody who writes to it
        raise ValueError("expected a regular file")
    with path.open("rb") as file:
        content = file.read(MAX_SECRET_BYTES + 1)
    if len(content) > MAX_SECRET_BYTES:
        raise ValueError(f"it is larger than {MAX_SECRET_BYTES // 1024} KiB; expected a file with only the secret")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise ValueError("it is empty")
    return text
