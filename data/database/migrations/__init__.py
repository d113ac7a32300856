"""Migrations between schema revisions, run by `data.database.migrate`."""
