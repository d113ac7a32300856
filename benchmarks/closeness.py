"""Whether nonsense is answered with "nothing close", and ordinary requests with movies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from benchmarks import workplace
from core.config import Settings
from core.types import SearchRequest
from engine import wiring
from engine.search.encoders import encoder as encoders
from engine.services import Searching

# Texts that ask for no movie: random keys, other topics, arithmetic, code.
NONSENSE = (
    "asdf qwer zxcv",
    "fghjkl rtyuio vbnm",
    "xqzt plmk wrrgh",
    "blorptang frumious zzyzx",
    "lorem ipsum dolor sit amet consectetur",
    "0x7fff5fbff8c8 segmentation fault",
    "SELECT COUNT(*) FROM invoices WHERE vat IS NULL",
    "pip install numpy==1.26",
    "how do i cancel my gym subscription",
    "dishwasher error code E24 drain hose",
    "convert 250 grams of butter to tablespoons",
    "derivative of x squared times sine x",
    "best mortgage rates fixed for ten years",
    "tax return form 1099 deadline",
    "kubernetes pod crashloopbackoff",
    "cheap flights frankfurt lisbon tuesday",
    "gluten free banana bread recipe",
    "weather tomorrow in bratislava",
    "javascript array remove duplicates",
    "size 43 running shoes waterproof",
    "reset router password 192.168.1.1",
    "symptoms of vitamin b12 deficiency",
    "compound interest formula excel",
    "usb c docking station dual monitor",
    "lawn mower carburetor cleaning",
    "pdf merge online free",
    "conjugate the verb avoir subjunctive",
    "torque specs m8 bolt stainless",
    "iban number validation checksum",
    "qqqqqqqqqqqqqqqq",
    "12345 67890 13579",
    "ph value of aquarium water",
)
ORDINARY = (
    "movie about a shark attack",
    "time travel comedy",
    "funny dog movie",
    "heist in las vegas",
    "zombies in london",
    "alien invasion",
    "haunted house with a family",
    "boxing underdog",
    "romantic comedy in new york",
    "world war two submarine",
    "serial killer thriller",
    "a robot that falls in love",
    "stranded on an island",
    "vampires and werewolves",
    "bank robbery gone wrong",
    "high school prom",
    "sad film about cancer",
    "space station disaster",
    "kung fu master",
    "a wizard goes to school",
    "car racing",
    "western with a bounty hunter",
    "christmas movie for kids",
    "courtroom drama",
    "pirates looking for treasure",
    "talking animals",
    "undercover cop in the mafia",
    "plane crash survivors",
    "dinosaurs",
    "life of a musician",
    "escape from prison",
    "twins switched at birth",
    "ghost in a hotel",
    "wedding goes wrong",
    "virus outbreak",
    "secret agent saves the world",
    "baseball team",
    "memory loss",
    "samurai",
    "dystopian future society",
    "road trip with friends",
    "chess prodigy",
)


def measure(engines: Mapping[str, Settings]) -> dict[str, dict[str, float]]:
    """Return the share of right answers by engine."""
    encoder = encoders.load(next(iter(engines.values())))
    found = {}
    for name, own in engines.items():
        search = wiring.build(own, encoder=encoder).search
        found[name] = workplace.timed(f"nothing close, {name}", ask, search)
    return found


def ask(search: Searching) -> dict[str, float]:
    """Return the shares of nonsense that is rejected and of requests that are answered."""
    return {
        "nonsense_turned_away": round(1 - _share_answered(search, NONSENSE), 3),
        "ordinary_answered": round(_share_answered(search, ORDINARY), 3),
    }


def _share_answered(search: Searching, texts: Sequence[str]) -> float:
    return fmean(search.run(SearchRequest(text)).total > 0 for text in texts)
