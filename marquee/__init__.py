"""The command line: the only room that knows the website and the jobs."""

__version__ = "0.2.0"
