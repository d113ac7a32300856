from enum import StrEnum


class ListSimilarMoviesBy(StrEnum):
    BOTH = "both"
    MEANING = "meaning"
    TASTE = "taste"

    def __str__(self) -> str:
        return str(self.value)
