from enum import StrEnum


class ActivityKind(StrEnum):
    LISTED = "listed"
    RATED = "rated"
    REVIEWED = "reviewed"
    WATCHED = "watched"

    def __str__(self) -> str:
        return str(self.value)
