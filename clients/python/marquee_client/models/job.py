from enum import StrEnum


class Job(StrEnum):
    ACTOR = "actor"
    COMPOSER = "composer"
    DIRECTOR = "director"
    WRITER = "writer"

    def __str__(self) -> str:
        return str(self.value)
