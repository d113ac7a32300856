from enum import StrEnum


class GetThePreviewOfAnImportShow(StrEnum):
    MATCHED = "matched"
    SKIPPED = "skipped"
    UNMATCHED = "unmatched"

    def __str__(self) -> str:
        return str(self.value)
