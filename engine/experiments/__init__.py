"""Experiments on users who agree to be noticed: who gets what, what they were shown, and what it came to."""
