from enum import StrEnum


class Mode(StrEnum):
    HYBRID = "hybrid"
    MEANING = "meaning"
    WORDS = "words"

    def __str__(self) -> str:
        return str(self.value)
