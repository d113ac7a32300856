from enum import StrEnum


class Window(StrEnum):
    DAY = "day"
    RISING = "rising"
    WEEK = "week"

    def __str__(self) -> str:
        return str(self.value)
