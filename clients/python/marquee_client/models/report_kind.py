from enum import StrEnum


class ReportKind(StrEnum):
    LIST = "list"
    PROFILE = "profile"
    REVIEW = "review"

    def __str__(self) -> str:
        return str(self.value)
