"""Fuzzing of the whole site over HTTP: every path, method, form, header and archive, from a seed."""
