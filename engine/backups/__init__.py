"""Backups of everything that cannot be recreated, made while the site serves: `marquee backup`, `marquee restore`."""
