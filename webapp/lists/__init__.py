"""Users' lists of movies: pages, API and feeds."""
