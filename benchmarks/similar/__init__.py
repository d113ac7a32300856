"""Similar movies: lists against pairs that people judged, series, plots, and the lists of well-known movies."""
