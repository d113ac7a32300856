"""`marquee run` and `marquee serve`: the website, with and without making sure of an index first."""

from __future__ import annotations

import click

from core.config import Settings
from marquee import addresses, console
from marquee.context import Parts


@click.command()
@click.pass_obj
def run(parts: Parts) -> None:
    """Build the index and train the model of taste if needed, then serve the website and the API.

    What a newcomer calls. The index is built when there is none yet, or when the catalogue, the encoder or Marquee
    itself has changed since; the model is trained when it does not know the movies of the index. Else the server starts
    at once. Ctrl-C stops it.

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
                "the index was not built, see above; `marquee serve` serves the one before, if there is one"
            )
    else:
        console.say("the index is up to date")
    _make_sure_of_a_model(parts, settings)
    parts.become_server()


@click.command()
@click.pass_obj
def serve(parts: Parts) -> None:
    """Serve the website and the API from the published index.

    Builds nothing: `marquee index` does. Needs neither torch nor the catalogue. Ctrl-C and SIGTERM let running
    requests finish.

    \b
    Examples:
      marquee serve
      MARQUEE_HOST=0.0.0.0 MARQUEE_THREADS=8 marquee serve
    """
    settings = parts.settings()
    addresses.check(settings)
    parts.serve(settings)


def _make_sure_of_a_model(parts: Parts, settings: Settings) -> None:
    """Train where it is needed. Without a model the site still answers, so a failure is said and no more."""
    reason = parts.untrained(settings)
    if not reason:
        console.say("the model of taste is up to date")
        return
    console.say(f"training the model of taste: {reason}")
    if parts.apart("train") != 0:
        console.say("the model was not trained, see above: recommendations go by popularity, or by the model before")
