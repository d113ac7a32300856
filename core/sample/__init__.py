"""Records of what belongs to the sample catalogue: demo users and example searches."""
