"""Records that belong to the sample catalogue: demo users and example searches."""
