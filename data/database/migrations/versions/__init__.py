"""One file per revision. Released revisions never change: a schema change is a new file."""
