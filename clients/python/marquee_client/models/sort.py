from enum import StrEnum


class Sort(StrEnum):
    NEWEST = "newest"
    POPULARITY = "popularity"
    RATING = "rating"
    RELEVANCE = "relevance"

    def __str__(self) -> str:
        return str(self.value)
