"""Workers of a real server map the arrays of index and model, so that they share one copy of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import workers
from tests import sample
from tests.marquee.processes import Site, children, free_port
from tests.marquee.test_serving import until

pytestmark = pytest.mark.slow
MAPPED = ("model.npz", "ease.npy", "vectors.f32", "films.jsonl")


def mappings(process: str) -> dict[str, str]:
    """Return the access rights of the files that a process has mapped: `r--s` is read-only and shared."""
    lines = Path(f"/proc/{process}/maps").read_text(encoding="utf-8").splitlines()
    return {Path(line.split(maxsplit=5)[5]).name: line.split()[1] for line in lines if line.count("/")}


def test_every_worker_maps_the_same_files_of_index_and_model(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = sample.trained(sample.shared(tmp_path_factory.getbasetemp()) / "mapped").home
    site = Site(home, free_port(), {"MARQUEE_WORKERS": "2", "MARQUEE_DRAIN_SECONDS": "0"})
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("w") as file, site.running("serve", log=file) as process:
        until(lambda: len(children(process.pid)) == 2 and all(_loaded(worker) for worker in children(process.pid)))
        for worker in children(process.pid):
            found = mappings(worker)
            assert {name: found.get(name) for name in MAPPED} == dict.fromkeys(MAPPED, "r--s")
            assert 10 < workers.unshared_mb(int(worker)) < 1_000


def _loaded(worker: str) -> bool:
    return "model.npz" in mappings(worker)
