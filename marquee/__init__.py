"""The command line, the only package that imports both the website and the jobs."""

__version__ = "0.2.0"
