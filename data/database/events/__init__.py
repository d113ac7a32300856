"""Counting events in SQL, the hours whose counts must be made again, and the partitions of PostgreSQL."""
