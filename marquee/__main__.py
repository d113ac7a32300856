"""Entry point of `python -m marquee`, the same as `marquee`."""

from marquee.cli import main

main(prog_name="marquee")
