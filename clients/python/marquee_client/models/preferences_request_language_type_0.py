from enum import StrEnum


class PreferencesRequestLanguageType0(StrEnum):
    DE = "de"
    EN = "en"
    ES = "es"
    FR = "fr"
    VALUE_0 = ""

    def __str__(self) -> str:
        return str(self.value)
