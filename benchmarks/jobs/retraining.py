"""How long the job `retrain` takes on ml-latest-small, from the snapshot to the stamped index, and how much memory.

Four runs in processes of their own: a first model, one that is compared with it, one that starts from its factors, and
one with neural collaborative filtering as a further part.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import workplace
from core.config import Settings

RUNS: Mapping[str, Mapping[str, Any]] = {
    "first": {},
    "again": {},
    "warm": {"warm_start": True, "patience": 2},
    "with NCF": {"model": "blend+ncf"},
}
"""Each run and its parameters."""
CODE = """
import json, resource, sys, time
from core.config import load
from engine import wiring
from engine.training import retrain

class Nobody:
    steps = []
    def say(self, sentence): ...
    def step(self, name, done, total): self.steps.append((name, done, time.perf_counter()))
    def note(self, figures): ...
    def check(self): ...

began = time.perf_counter()
settings = load()
context = wiring.job_context(settings, wiring.people(settings))
result = retrain.run(context, Nobody(), parameters=json.loads(sys.argv[1]))
told = dict(result.figures)
steps = [at - began for name, done, at in Nobody.steps if name == "training"]
print(json.dumps({
    "seconds": round(time.perf_counter() - began, 1),
    "cpu_seconds": round(time.process_time(), 1),
    "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    "steps": [round(at, 1) for at in steps],
    "published": told["published"],
    "metrics": told["metrics"],
    "reasons": told["reasons"],
    "epochs": {name: len(losses) for name, losses in told["loss"].items()},
    "loss": {name: [losses[0], losses[-1]] for name, losses in told["loss"].items()},
    "ratings": told["ratings"],
}))
"""


def measure() -> dict[str, Any]:
    """Every run on a copy of the caller's index, so that neither it nor its models are touched."""
    settings = workplace.settings_of_caller()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(settings.home / "index", home / "index")
        return {name: _run(settings, home, parameters) for name, parameters in RUNS.items()}


def _run(settings: Settings, home: Path, parameters: Mapping[str, Any]) -> dict[str, Any]:
    own = {"MARQUEE_HOME": str(home), "MARQUEE_DATA_DIR": str(settings.data_dir), "MARQUEE_OFFLINE": "true"}
    command = [sys.executable, "-c", CODE, json.dumps(parameters)]
    done = subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))
