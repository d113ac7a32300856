"""The records of the watch diary."""
