from enum import StrEnum


class NewEventKind(StrEnum):
    CLICK = "click"
    HELPFUL = "helpful"
    IMPRESSION = "impression"
    SWIPE_LEFT = "swipe_left"
    SWIPE_RIGHT = "swipe_right"
    UNHELPFUL = "unhelpful"

    def __str__(self) -> str:
        return str(self.value)
