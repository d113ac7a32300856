"""The job catalogue, the record of a run, and retention periods."""

JobName = str
"""Referenced in pickled retries stored by the last release; to be removed in the next one."""
