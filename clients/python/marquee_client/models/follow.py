from enum import StrEnum


class Follow(StrEnum):
    FOLLOWING = "following"
    NO = "no"
    REQUESTED = "requested"

    def __str__(self) -> str:
        return str(self.value)
