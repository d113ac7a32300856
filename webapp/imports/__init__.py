"""Imports of diaries from other sites: upload, preview with corrections, and the same over the API."""
