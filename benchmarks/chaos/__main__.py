"""Cause faults on a site under load: `python -m benchmarks.chaos`; writes its table into docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from benchmarks import results
from benchmarks.chaos import clients, cluster, cluster_faults, faults, report, site
from benchmarks.chaos.faults import Fault
from benchmarks.chaos.site import Site

SITES = {
    "small": (site.small, faults.SMALL),
    "single": (site.single, faults.SINGLE),
    "clock": (site.clocked, faults.CLOCK),
    "cluster": (cluster.cluster, cluster_faults.FAULTS),
}
WARM_UP, AFTERWARDS = 2.0, 6.0
"""Seconds under load before and after a fault."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Cause all faults, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(SITES), default=list(SITES), help="measure these sites")
    parser.add_argument("--fault", default="", help="cause only faults whose name contains this text; stores nothing")
    asked = parser.parse_args(arguments)
    found = {}
    for name in asked.only:
        running, known = SITES[name]
        with running() as place:
            rows = [measure(place, fault) for fault in known if asked.fault in fault.name]
            found[place.name] = rows
    print(report.headline(found))
    if not asked.fault:
        results.save(found, results.CHAOS)
        results.update_documents()


def measure(place: Site, fault: Fault) -> dict[str, Any]:
    """Cause a fault under load, and return what the clients noticed."""
    print(f"  {place.name}: {fault.name} …", file=sys.stderr, flush=True)
    address = place.address
    movies = [int(one["id"]) for one in clients.call(address, "GET", "/api/popular?size=50")[1]["results"]]
    tokens = [clients.sign_up(address, int(time.time() * 1000) + number) for number in range(clients.WRITERS)]
    with clients.running(address, movies, tokens) as noticed:
        time.sleep(WARM_UP)
        began = time.monotonic()
        with fault.cause(place):
            time.sleep(fault.lasts)
            repaired = time.monotonic()
        time.sleep(AFTERWARDS)
        ended = time.monotonic()
    recovered = max(noticed.recovered_after(kind, repaired) for kind in ("search", "rating"))
    return {
        "fault": fault.name,
        "aim": fault.aim,
        "answers": len(noticed.answers),
        "failed": noticed.failures(),
        "refused": noticed.refused(),
        "refused_s": noticed.refused_after(),
        "silent": noticed.silent(),
        "gap_s": round(noticed.longest_gap("search", since=began, until=ended), 2),
        "rating_gap_s": round(noticed.longest_gap("rating", since=began, until=ended), 2),
        "lost": clients.lost(address, noticed),
        "recovered_s": None if recovered == float("inf") else round(recovered, 2),
    }


if __name__ == "__main__":
    main()
