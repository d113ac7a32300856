"""Facts about a database, for `marquee doctor`. Nothing is created or changed."""
