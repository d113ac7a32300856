"""Exports from Letterboxd and IMDb, uploaded by users: untrusted, so all sizes are limited.

Read without pandas, since imports run in a serving process.
"""
