"""Everything that can go wrong in words: one tree, whose leaves say what to do next."""

from __future__ import annotations

from collections.abc import Mapping


class MarqueeError(Exception):
    """Root of all expected failures. The message is for people: what happened, what was expected, what to do."""


class InvalidRequest(MarqueeError):
    """What a caller sent cannot be served; `fields` names each fault by field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__("; ".join(f"{name}: {fault}" for name, fault in self.fields.items()))


class InvalidSettings(MarqueeError):
    """The environment is faulty; lists every fault under its variable's name."""


class NotFound(MarqueeError):
    """What was asked for by name does not exist."""


class NotAllowed(MarqueeError):
    """The caller may not do this."""


class SearchUnavailable(MarqueeError):
    """The search engine cannot answer now: down, unreachable, too slow, refusing the credentials."""


class IndexMissing(SearchUnavailable):
    """No index is published yet."""


class FactorsMissing(SearchUnavailable):
    """The published index holds no factors of the model that was asked for."""


class EncoderMismatch(SearchUnavailable):
    """The published index holds vectors of another encoder than the one that would encode the query."""


class ModelMissing(MarqueeError):
    """A model that the settings name is not at hand."""


class LanguageModelUnavailable(MarqueeError):
    """The language model gave no usable answer: down, too slow, out of budget, or not speaking the protocol."""


class LanguageModelRefused(LanguageModelUnavailable):
    """The language model answered, and will not do this or did not do it as asked; trying again gives the same."""


class BuildRejected(MarqueeError):
    """A build was not published: verification or writing failed. The index before it still serves."""


class DataError(MarqueeError):
    """A data file cannot be read as a whole; names the file and, where known, row and column."""

    def __init__(self, message: str, *, file: str = "", row: int | None = None, column: str = "") -> None:
        self.file, self.row, self.column = file, row, column
        place = ", ".join(
            part
            for part in (file, f"row {row}" if row is not None else "", f"column {column!r}" if column else "")
            if part
        )
        super().__init__(f"{place}: {message}" if place else message)


class NameTaken(MarqueeError):
    """Another account has this name."""


class StoreUnavailable(MarqueeError):
    """The database of people cannot answer: down, unreachable, full, locked for too long, or of another version."""


class NotSignedIn(NotAllowed):
    """Nobody is signed in, or the token is unknown: signing in would help."""


class TooMany(MarqueeError):
    """Too many tries in a short time; waiting helps."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Busy(MarqueeError):
    """The same thing is being done already; its end is worth waiting for."""


class SchedulerAway(MarqueeError):
    """No process runs jobs, so that nobody would take up a wish."""


class Cancelled(MarqueeError):
    """Somebody asked for the work to stop, and it did; nothing was published."""
