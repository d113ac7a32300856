"""The restore drill: restore a backup into a temporary folder, to learn in time whether it can be restored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from core.config import Settings
from core.jobs.runs import Watch
from engine.backups import creation, restoration
from engine.backups.archive import StoredBackup
from engine.backups.restoration import RestoreReport
from engine.registry.registry import Registry


def run(settings: Settings, backup: StoredBackup, watch: Watch) -> RestoreReport:
    """Restore a backup into a temporary folder: an SQLite file, the model and the catalogue. Nothing else is touched.

    Raises:
        BackupUnusable, StoreUnavailable, DataError, ModelMissing: the backup cannot be restored.
    """
    with creation.scratch_folder(settings) as folder:
        alone = _elsewhere(settings, folder)
        registry = Registry(folder / "models")
        report = restoration.restore(alone, backup, registry, watch)
        if report.manifest.model:
            registry.load(report.manifest.model)
        return report


def _elsewhere(settings: Settings, folder: Path) -> Settings:
    changes: dict[str, Any] = {
        "home": folder,
        "data_dir": folder / "catalogue",
        "database_url": SecretStr(f"sqlite:///{folder / 'people.sqlite'}"),
        "database_direct_url": None,
        "database_replica_url": None,
        "secret_key": None,
    }
    return settings.model_copy(update=changes)
