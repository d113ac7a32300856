from enum import StrEnum


class ReportOutcome(StrEnum):
    DISMISSED = "dismissed"
    HIDDEN = "hidden"
    OPEN = "open"
    RESTORED = "restored"
    SUSPENDED = "suspended"

    def __str__(self) -> str:
        return str(self.value)
