from enum import StrEnum


class ScrobbleOutcome(StrEnum):
    IGNORED = "ignored"
    LOGGED = "logged"
    RATED = "rated"
    REPEATED = "repeated"
    SERIES = "series"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return str(self.value)
