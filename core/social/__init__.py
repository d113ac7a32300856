"""The records of profiles, follows, reviews and moderation."""
