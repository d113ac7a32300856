"""What servers have in common that tests and benchmarks start, stop and kill."""

from __future__ import annotations

import os
import signal
import subprocess


class ServerProcess:
    """A server of one process group. `start`, which each has, assigns a process with a session of its own."""

    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its first process."""
        assert self._process is not None, "it does not run"
        return self._process.pid

    def stop(self) -> None:
        """Stop it, so that it finishes what it has begun."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def kill(self) -> None:
        """Kill all its processes, as a crash of its machine would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
