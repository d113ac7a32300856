from enum import StrEnum


class DecisionRequestReason(StrEnum):
    HARASSMENT = "harassment"
    HATE = "hate"
    ILLEGAL = "illegal"
    OTHER = "other"
    PERSONAL_DATA = "personal-data"
    SEXUAL = "sexual"
    SPAM = "spam"
    SPOILERS = "spoilers"

    def __str__(self) -> str:
        return str(self.value)
