from enum import StrEnum


class Kind(StrEnum):
    CHOICE = "choice"
    NUMBER = "number"
    TRUE_OR_FALSE = "true or false"
    WHOLE_NUMBER = "whole number"

    def __str__(self) -> str:
        return str(self.value)
