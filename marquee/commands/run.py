"""`marquee run` and `marquee serve`: start the website, with or without building the index first."""

from __future__ import annotations

import click

from core.config import Settings
from marquee import addresses, console
from marquee.context import Parts


@click.command()
@click.pass_obj
def run(parts: Parts) -> None:
    """Build the index and train the recommendation model if needed, then serve the website and the API.

    The index is built if there is none, or if the catalogue, the encoder or Marquee itself has changed since the last
    build. The model is trained if it does not match the movies of the index. Otherwise the server starts immediately.
    Press Ctrl-C to stop it.

    \b
    Examples:
      marquee run
      MARQUEE_PORT=8080 marquee run
      MARQUEE_ELASTICSEARCH_URL=http://127.0.0.1:9200 marquee run
    """
    settings = parts.settings()
    addresses.check(settings)
    reason = parts.stale(settings)
    if reason:
        console.say(f"building the index: {reason}")
        if parts.apart("index") != 0:
            raise click.ClickException(
                "building the index failed, see above; `marquee serve` serves the previous one, if there is one"
            )
    else:
        console.say("the index is up to date")
    _make_sure_of_a_model(parts, settings)
    parts.become_server()


@click.command()
@click.pass_obj
def serve(parts: Parts) -> None:
    """Serve the website and the API from the published index.

    Nothing is built; run `marquee index` first. Neither torch nor the catalogue is needed. On Ctrl-C or SIGTERM,
    running requests are completed first.

    \b
    Examples:
      marquee serve
      MARQUEE_HOST=0.0.0.0 MARQUEE_THREADS=8 marquee serve
    """
    settings = parts.settings()
    addresses.check(settings)
    parts.serve(settings)


def _make_sure_of_a_model(parts: Parts, settings: Settings) -> None:
    """Train the model if needed. The site works without one, so a failure is only reported."""
    reason = parts.untrained(settings)
    if not reason:
        console.say("the recommendation model is up to date")
        return
    console.say(f"training the recommendation model: {reason}")
    if parts.apart("train") != 0:
        console.say("training failed, see above; recommendations use the previous model, or popularity")
