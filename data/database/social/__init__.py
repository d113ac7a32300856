"""The stores of profiles, follows, reviews and moderation."""
