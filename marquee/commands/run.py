"""`marquee run` and `marquee serve`: start the website, with or without building the index first."""

from __future__ import annotations

import click

from core.config import Settings
from core.errors import MarqueeError
from core.jobs.work import SilentWatch
from marquee import addresses, console
from marquee.commands.operations.database import migrating, no_migrate
from marquee.context import Parts

DEMO: dict[str, str] = {
    "loaded": "loaded demo data: made-up users, labelled on every page that uses them (MARQUEE_DEMO=false disables it)",
    "kept": "demo data is loaded; its visits were moved up to today",
    "removed": "removed demo data: it is only used with the sample catalogue",
}
"""Messages by `engine.demo.startup.Outcome`; no message if there is no demo data."""


@click.command()
@click.pass_obj
def run(parts: Parts) -> None:
    """Build the index and train the recommendation model if needed, then serve the website and the API.

    The index is built if there is none, or if the catalogue, the encoder or Marquee itself has changed since the last
    build. The model is trained if it does not match the movies of the index. Otherwise the server starts immediately.
    With the sample catalogue, made-up users with ratings and visits are added, labelled as demo data; they are removed
    when another catalogue is served. Press Ctrl-C to stop it.

    \b
    Examples:
      marquee run
      MARQUEE_PORT=8080 marquee run
      MARQUEE_ELASTICSEARCH_URL=http://127.0.0.1:9200 marquee run
    """
    settings = parts.settings()
    addresses.check(settings)
    _make_sure_of_an_index(parts, settings)
    _settle_demo(parts, settings)
    _make_sure_of_a_model(parts, settings)
    console.say("starting the server (usually 5 seconds)")
    parts.become_server(settings)


@click.command()
@no_migrate
@click.pass_obj
def serve(parts: Parts, /, *, migrate: bool) -> None:
    """Serve the website and the API from the published index.

    Nothing is built; run `marquee index` first. Neither torch nor the catalogue is needed. On Ctrl-C or SIGTERM,
    running requests are completed first.

    With --no-migrate (or MARQUEE_MIGRATE=false), the server starts whatever the revision of the database. Until it is
    the one of this version, /health/ready answers 503 with the reason, so that a load balancer keeps the servers of
    the previous version; after `marquee database migrate`, it is ready within seconds, without a restart.

    \b
    Examples:
      marquee serve
      marquee serve --no-migrate
      MARQUEE_HOST=0.0.0.0 MARQUEE_THREADS=8 marquee serve
    """
    settings = migrating(parts.settings(), migrate=migrate)
    addresses.check(settings)
    parts.serve(settings)


def _make_sure_of_an_index(parts: Parts, settings: Settings) -> None:
    reason = parts.stale(settings)
    if not reason:
        console.say("the index is up to date")
        return
    console.say(
        f"building the index: {reason}\n"
        "  reads the catalogue and encodes every movie; usually half a minute for the sample catalogue, "
        "2 to 10 minutes for TMDB 5000"
    )
    if parts.apart("index") != 0:
        raise click.ClickException(
            "the index was not built, see above; `marquee serve` serves the previous one, if any"
        )


def _settle_demo(parts: Parts, settings: Settings) -> None:
    """Load, keep or remove demo data. The site works without it, so a failure is only reported."""
    try:
        outcome = parts.settle_demo(settings, SilentWatch())
    except MarqueeError as error:
        console.say(f"demo data could not be updated: {error}")
        return
    if outcome in DEMO:
        console.say(DEMO[outcome])


def _make_sure_of_a_model(parts: Parts, settings: Settings) -> None:
    """Train the model if needed. The site works without one, so a failure is only reported."""
    reason = parts.untrained(settings)
    if not reason:
        console.say("the recommendation model is up to date")
        return
    console.say(
        f"training the recommendation model: {reason}\n"
        "  learns from ratings what to recommend; usually 10 seconds for the sample catalogue, "
        "a minute with MovieLens"
    )
    if parts.apart("train") != 0:
        console.say("training failed, see above; recommendations use the previous model, or popularity")
