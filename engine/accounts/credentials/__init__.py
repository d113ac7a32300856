"""Passwords and keys: rules, hashes, and the key that signs."""
