from enum import StrEnum


class ListSort(StrEnum):
    ADDED = "added"
    STARS = "stars"
    TITLE = "title"
    YEAR = "year"

    def __str__(self) -> str:
        return str(self.value)
