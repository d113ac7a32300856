"""Retention periods; the settings can override the first four."""

EVENTS_DAYS = 180
"""Impressions, clicks and searches."""
ARCHIVED_DAYS = 730
"""Days of events in the archive."""
SESSION_DAYS = 30
"""Days after which a browser has to sign in again."""
MODELS_KEPT = 5
"""Versions of the model."""
RUNS_DAYS = 180
"""Runs of jobs and evaluations: about half a year of weekly training runs."""
HOURLY_COUNTS_DAYS = 60
"""Hourly counts of movies, of which the lists need 35 days, and of requests."""
IDLE_DAYS = 14
"""Days without use after which a browser has to sign in again."""
TOKEN_DAYS = 90
"""Days until a new API token expires."""
SECURITY_DAYS = 180
"""Entries of the security log."""
EXPIRED_TOKENS_DAYS = 30
"""Expired API tokens, so that their owners see why a program stopped working."""
DELETED_LISTS_DAYS = 30
"""Names of deleted lists of which webhooks are told: longer than a webhook fails before it is disabled."""
BACKUPS_KEPT = 14
"""Backups of every night: also how many days a deleted account remains in them."""
