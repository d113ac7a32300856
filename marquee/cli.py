"""The command `marquee`: its help, its subcommands, and the conversion of errors into messages and exit codes."""

from __future__ import annotations

import click

from core.errors import InvalidRequest, MarqueeError
from core.settings import redaction
from marquee import __version__, console
from marquee.commands.accounts import accounts
from marquee.commands.enrichment import enrich
from marquee.commands.evaluation import evaluate_understanding
from marquee.commands.index import encode, export_encoder, index
from marquee.commands.models import models
from marquee.commands.operations.backups import backup, restore
from marquee.commands.operations.database import database
from marquee.commands.operations.doctor import doctor
from marquee.commands.operations.events import count_events
from marquee.commands.operations.jobs import jobs
from marquee.commands.run import run, serve
from marquee.commands.search import info, search, similar, understand
from marquee.commands.training import export_similar, recommend, train, tune_ranking
from marquee.context import Parts

HELP = """Search for movies by describing them, and get recommendations.

Start with `marquee run`: it builds the index if there is none, and starts the website.

\b
Examples:
  marquee run
  marquee search "a man relives the same day"
  marquee search "heist" --genre Crime --year-from 1990 --json
  marquee similar "Metropolis"

\b
Exit codes:
  0  success
  1  the command failed; a message on standard error says why
  2  usage error: invalid options or values

Settings are read from environment variables (MARQUEE_...): see docs/settings.md. If something does not work, run
`marquee doctor`.
"""


class Commands(click.Group):
    """A group that reports every expected error as a message, never as a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command.

        Raises:
            UsageError, ClickException: the error message.
        """
        try:
            return super().invoke(ctx)
        except InvalidRequest as error:
            raise click.UsageError(str(error)) from error
        except MarqueeError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            raise  # the reader of the pipe is gone (`marquee search … | head`): click exits silently
        except OSError as error:
            raise click.ClickException(redaction.scrub(f"operating system error: {error}")) from error


@click.group(
    cls=Commands, help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="marquee")
@click.pass_context
def main(context: click.Context) -> None:
    """Parse the command line."""
    console.tolerate_encoding()
    console.hide_secrets()
    context.obj = context.obj or Parts()


for command in (
    run,
    index,
    encode,
    export_encoder,
    enrich,
    train,
    search,
    understand,
    similar,
    recommend,
    export_similar,
    tune_ranking,
    info,
    doctor,
    accounts,
    database,
    backup,
    restore,
    models,
    jobs,
    count_events,
    serve,
):
    main.add_command(command)
main.add_command(evaluate_understanding)
