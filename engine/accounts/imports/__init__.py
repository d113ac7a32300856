"""Imports of diaries from other sites: matching, effects, drafts that can be corrected, and turns."""
