"""Records of what other services know about movies."""
