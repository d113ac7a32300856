"""Portable copies of all rows: made in one consistent read, restored into SQLite or PostgreSQL."""
