from enum import StrEnum


class ReviewSort(StrEnum):
    FRIENDS = "friends"
    LIKED = "liked"
    NEWEST = "newest"

    def __str__(self) -> str:
        return str(self.value)
