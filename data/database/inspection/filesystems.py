"""The file system of a path, from the kernel's table of mounts."""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
"""The table on Linux; elsewhere, file systems are unknown."""
NETWORK = frozenset({
    "9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs",
    "nfs4", "smb3", "smbfs",
})  # fmt: skip
"""File systems whose locks SQLite cannot rely on."""


def network_of(path: Path, table: str | None = None) -> str:
    """Return the network file system that a path is on; empty if it is on another one or unknown.

    Args:
        path: an absolute path.
        table: the table of mounts; None: the kernel's.
    """
    if table is None:
        table = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape") if MOUNTS.exists() else ""
    mounts = (line.split()[1:3] for line in table.splitlines())
    kinds = {Path(_plain(place)): kind for place, kind in mounts}
    kind = next((kinds[place] for place in (path, *path.parents) if place in kinds), "")
    return kind if kind in NETWORK else ""


def _plain(place: str) -> str:
    """Return a mount point without its octal escapes, such as that of a blank."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), place)
