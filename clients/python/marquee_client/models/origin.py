from enum import StrEnum


class Origin(StrEnum):
    EVENTS = "events"
    MOVIELENS = "movielens"

    def __str__(self) -> str:
        return str(self.value)
