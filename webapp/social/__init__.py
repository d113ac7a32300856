"""Profiles, follows, reviews and reports, as pages and in the API."""
