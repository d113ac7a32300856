"""What users feel: speed over HTTP, a crowd at once, lists as they are served, taste in search."""
