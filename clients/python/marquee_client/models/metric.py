from enum import StrEnum


class Metric(StrEnum):
    CLICK_THROUGH = "click-through"
    RATED_WELL = "rated-well"
    SUCCESS = "success"

    def __str__(self) -> str:
        return str(self.value)
