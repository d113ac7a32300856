"""The settings of backups, a part of `core.config.Settings`."""

from __future__ import annotations

from pydantic import BaseModel, Field, SecretStr

from core.jobs import retention

RECIPIENT = r"^(age1[0-9a-z]{20,})?$"


class BackupSettings(BaseModel):
    """Where backups are stored, how many are kept, and how they are encrypted."""

    backup_url: SecretStr = Field(
        SecretStr(""),
        description="Place of backups: a folder or any fsspec URL (`s3://bucket/backups`). Unset: none are made.",
    )
    backup_recipient: str = Field(
        "", pattern=RECIPIENT, description="Public key (`age1…`) for which backups are encrypted. Unset: not encrypted."
    )
    backup_identity: SecretStr | None = Field(
        None,
        description="Secret key (`AGE-SECRET-KEY-1…`) that decrypts backups, to restore them and for the drill.",
    )
    backup_catalogue: bool = Field(
        True, description="Whether backups contain the files in `MARQUEE_DATA_DIR`, without which no index is built."
    )
    backups_kept: int = Field(
        retention.BACKUPS_KEPT, ge=1, le=10_000, description="Backups to keep; older ones are deleted after a new one."
    )
