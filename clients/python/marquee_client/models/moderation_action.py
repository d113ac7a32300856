from enum import StrEnum


class ModerationAction(StrEnum):
    DISMISS = "dismiss"
    HIDE = "hide"
    RESTORE = "restore"
    SUSPEND = "suspend"

    def __str__(self) -> str:
        return str(self.value)
