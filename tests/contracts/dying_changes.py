"""A build of changes that stops at a step to be killed: `python -m tests.contracts.dying_changes ENGINE WHERE STEP`.

`tests/contracts/dying.py` builds everything.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from indexer import changes
from tests.contracts import test_changes_contract
from tests.contracts.places import Place

_CALLS = {"begun": "begin", "filled": "fill", "finished": "finish"}


class Dying:
    """A store that waits to be killed after a call."""

    def __init__(self, place: Place, step: str) -> None:
        self._store, self._step = place.open(), step

    def __getattr__(self, name: str) -> Any:
        """Return a method of the store."""
        found = getattr(self._store, name)
        if name != _CALLS[self._step]:
            return found

        def last(*given: Any, **named: Any) -> None:
            found(*given, **named)
            sys.stdout.write(self._step + "\n")
            sys.stdout.flush()
            time.sleep(600)

        return last


if __name__ == "__main__":
    changes.MOST_WRITTEN = 0.8
    test_changes_contract._build(Dying(Place(*sys.argv[1:3]), sys.argv[3]), 2, test_changes_contract._changed())
