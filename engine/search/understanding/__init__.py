"""What search texts ask for: read by rules over word tables and the names of the catalogue."""
