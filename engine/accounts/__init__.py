"""Accounts: authentication, diaries, imports and the export of a user's data."""
