"""`marquee run` and `marquee serve`: the website, with and without making sure of an index first."""

from __future__ import annotations

import click

from core.config import Settings
from core.errors import MarqueeError
from marquee import addresses, console
from marquee.context import Parts

DEMO: dict[str, str] = {
    "loaded": "loaded demo data, made up and labelled as such on every page that uses it (MARQUEE_DEMO=false: none)",
    "kept": "demo data is loaded; its visits were moved up to today",
    "removed": "demo data was removed: it goes with the sample catalogue only",
}
"""What became of demo data, in words; nothing is said where there is none."""


@click.command()
@click.pass_obj
def run(parts: Parts) -> None:
    """Build the index and train the model of taste if needed, then serve the website and the API.

    What a newcomer calls. The index is built when there is none yet, or when the catalogue, the encoder or Marquee
    itself has changed since; the model is trained when it does not know the movies of the index. Else the server starts
    at once. Beside the sample catalogue, made-up users with ratings and visits are loaded, labelled as demo data; they
    are removed as soon as another catalogue is served. Ctrl-C stops it.

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
            "the index was not built, see above; `marquee serve` serves the one before, if there is one"
        )


def _settle_demo(parts: Parts, settings: Settings) -> None:
    """Load, keep or remove demo data; the site answers without it, so a failure is said and no more."""
    try:
        outcome = parts.settle_demo(settings, console.Quiet())
    except MarqueeError as error:
        console.say(f"demo data was neither loaded nor removed: {error}")
        return
    if outcome in DEMO:
        console.say(DEMO[outcome])


def _make_sure_of_a_model(parts: Parts, settings: Settings) -> None:
    """Train where it is needed. Without a model the site still answers, so a failure is said and no more."""
    reason = parts.untrained(settings)
    if not reason:
        console.say("the model of taste is up to date")
        return
    console.say(
        f"training the model of taste: {reason}\n"
        "  learns from ratings what to recommend; usually 10 seconds for the sample catalogue, "
        "a minute with MovieLens"
    )
    if parts.apart("train") != 0:
        console.say("the model was not trained, see above: recommendations go by popularity, or by the model before")
