"""How long what is recorded is kept; of the first three, the settings may say otherwise."""

EVENTS_DAYS = 180
"""Impressions, clicks and searches."""
SESSION_DAYS = 30
"""Days after which a browser has to sign in again."""
MODELS_KEPT = 5
"""Versions of the model."""
RUNS_DAYS = 180
"""Runs of jobs and evaluations: two seasons of weekly trainings can be looked through."""
HOURLY_COUNTS_DAYS = 60
"""Counts of movies by the hour: what the lists need (35), and a past to look at."""
