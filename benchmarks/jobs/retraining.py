"""Time and memory of the job `retrain` on ml-latest-small, from the snapshot to the updated index.

Four runs in separate processes: a first model, one that is compared with it, one that starts from its factors, and one
with neural collaborative filtering in the blend.
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
"""The runs with their parameters."""
CODE = """
import json, resource, sys, time
from core.config import load
from engine import wiring
from engine.training import retrain

class Recorder:
    steps = []
    def say(self, sentence): ...
    def step(self, name, done, total): self.steps.append((name, done, time.perf_counter()))
    def note(self, figures): ...
    def check(self): ...

began = time.perf_counter()
settings = load()
context = wiring.job_context(settings, wiring.people(settings))
result = retrain.run(context, Recorder(), parameters=json.loads(sys.argv[1]))
figures = dict(result.figures)
steps = [at - began for name, done, at in Recorder.steps if name == "training"]
print(json.dumps({
    "seconds": round(time.perf_counter() - began, 1),
    "cpu_seconds": round(time.process_time(), 1),
    "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    "steps": [round(at, 1) for at in steps],
    "published": figures["published"],
    "metrics": figures["metrics"],
    "reasons": figures["reasons"],
    "epochs": {name: len(losses) for name, losses in figures["loss"].items()},
    "loss": {name: [losses[0], losses[-1]] for name, losses in figures["loss"].items()},
    "ratings": figures["ratings"],
}))
"""


def measure() -> dict[str, Any]:
    """Do every run on a copy of the caller's index, so that neither it nor its models change."""
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
