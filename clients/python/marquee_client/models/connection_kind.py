from enum import StrEnum


class ConnectionKind(StrEnum):
    BLOCKED = "blocked"
    FOLLOWERS = "followers"
    FOLLOWING = "following"
    REQUESTS = "requests"

    def __str__(self) -> str:
        return str(self.value)
