"""Profiles, follows, published reviews, and moderation."""
