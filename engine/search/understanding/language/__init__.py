"""Tokens, phrases and word lists for requests in English and other languages."""
