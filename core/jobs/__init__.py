"""The job catalogue, the record of a run, and retention periods."""
