"""Measurements of what users experience: speed over HTTP, concurrency, served lists, taste in search."""
