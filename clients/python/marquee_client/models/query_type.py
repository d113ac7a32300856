from enum import StrEnum


class QueryType(StrEnum):
    DESCRIPTION = "description"
    MEMORY = "memory"
    TITLE = "title"
    WISH = "wish"

    def __str__(self) -> str:
        return str(self.value)
