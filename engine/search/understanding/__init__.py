"""Query understanding: rules that read search texts using word tables and the names in the catalogue."""
