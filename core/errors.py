"""The exceptions for expected failures, all derived from `MarqueeError`."""

from __future__ import annotations

from collections.abc import Mapping

from core.settings import redaction


class MarqueeError(Exception):
    """Base class of expected failures. The message tells users what happened, what was expected and what to do.

    It never contains a secret of the settings, even if it quotes an error of a library.
    """

    def __str__(self) -> str:
        """Return the message without secrets."""
        return redaction.scrub(super().__str__())


class InvalidRequest(MarqueeError):
    """The request is invalid; `fields` maps each faulty field to its error."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__("; ".join(f"{name}: {fault}" for name, fault in self.fields.items()))


class InvalidSettings(MarqueeError):
    """The environment contains invalid settings; the message lists each one under its variable's name."""


class NotFound(MarqueeError):
    """The requested object does not exist."""


class NotAllowed(MarqueeError):
    """The caller lacks the permission."""


class SearchUnavailable(MarqueeError):
    """The search engine cannot respond: down, unreachable, too slow, or rejecting the credentials."""


class IndexMissing(SearchUnavailable):
    """No index has been published yet."""


class FactorsMissing(SearchUnavailable):
    """The published index has no factors of the requested model."""


class EncoderMismatch(SearchUnavailable):
    """The vectors of the published index come from an encoder other than the one for queries."""


class EncoderUnavailable(SearchUnavailable):
    """A search text cannot be encoded: the encoder is missing, broken or too slow. Words can still be searched."""


class DeadlineExceeded(SearchUnavailable):
    """The time for the request is used up, so the call was not made."""


class ModelMissing(MarqueeError):
    """A model named in the settings is not available."""


class LanguageModelUnavailable(MarqueeError):
    """The language model returned no usable answer: down, too slow, over budget, or violating the protocol."""


class LanguageModelRefused(LanguageModelUnavailable):
    """The language model refused the request or gave an invalid answer; a retry would give the same."""


class BuildRejected(MarqueeError):
    """A build was not published because verification or writing failed. The previous index continues to serve."""


class CatalogueShrank(BuildRejected):
    """The catalogue lost so much that it is published only if somebody confirms it."""


class DataError(MarqueeError):
    """A data file cannot be read; names the file and, if known, row and column."""

    def __init__(self, message: str, *, file: str = "", row: int | None = None, column: str = "") -> None:
        self.reason, self.file, self.row, self.column = message, file, row, column
        place = ", ".join(
            part
            for part in (file, f"row {row}" if row is not None else "", f"column {column!r}" if column else "")
            if part
        )
        super().__init__(f"{place}: {message}" if place else message)


class ServiceUnavailable(MarqueeError):
    """An external service gives no usable answer: down, unreachable, too slow, or violating its protocol."""


class UnexpectedAnswer(ServiceUnavailable):
    """An external service answers a single request with something unusable; other requests may succeed."""


class SharedStoreUnavailable(ServiceUnavailable):
    """Redis or Valkey does not respond; each process counts by itself meanwhile."""


class QuotaExhausted(ServiceUnavailable):
    """An external service accepts no further requests for now."""


class NameTaken(MarqueeError):
    """The name belongs to another account."""


class StoreUnavailable(MarqueeError):
    """The user database cannot respond: down, unreachable, full, locked for too long, or of another version."""


class WrongRevision(StoreUnavailable):
    """The tables of the user database belong to another version of Marquee."""


class BackupUnusable(MarqueeError):
    """A backup cannot be made, read, decrypted or restored; names the place and the file."""


class EventArchiveUnusable(MarqueeError):
    """The archive of events cannot be read or written; names the place and the file."""


class NotSignedIn(NotAllowed):
    """The caller is not signed in, or the token is unknown; signing in would help."""


class TooMany(MarqueeError):
    """Too many attempts in a short time; retry later."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Busy(MarqueeError):
    """The same operation is already running; wait for it to finish."""


class SchedulerAway(MarqueeError):
    """No process runs jobs, so a queued run would never start."""


class Cancelled(MarqueeError):
    """The work was cancelled on request; nothing was published."""
