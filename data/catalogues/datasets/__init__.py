"""Catalogues of others, by their files: TMDB's export of a million movies, The Movies Dataset, IMDb's own files."""
