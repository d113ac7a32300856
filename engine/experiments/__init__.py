"""Experiments on users who allow events: assignment, exposures, outcomes and reports."""
