from enum import StrEnum


class Status(StrEnum):
    DAMAGED = "damaged"
    PUBLISHED = "published"
    READY = "ready"
    REJECTED = "rejected"

    def __str__(self) -> str:
        return str(self.value)
